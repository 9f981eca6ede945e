# Copyright: (c) The Probealarm contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The failures that a front desk translates, once, into what the operator reads."""

from __future__ import annotations


class Trouble(Exception):  # noqa: N818 (it is a sentence for a person, not a kind of error)
    """Something went wrong that a person can act on.

    The text is a sentence in the operator's words: what is wrong, what was seen, what to do.
    """


class Unproven(Trouble):
    """A drill could not be tried: says nothing about the snapshot, good or bad."""


class Broken(Trouble):
    """A drill was tried, and the snapshot was found so wanting that it could not go on."""
