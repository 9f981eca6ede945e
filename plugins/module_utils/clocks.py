# Copyright: (c) The Probealarm contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""How far two hosts' clocks may be apart before what they say of time is worth nothing."""

from __future__ import annotations

from datetime import datetime, timedelta

from .text import show_duration

CLOCKS_DIFFER = timedelta(minutes=10)
"""Two clocks are never quite alike; a host that asks a time server is within a second."""


def disagreement(here: datetime, there: datetime) -> str:
    """Say how far the clock here is before or behind one there; nothing while that is no matter."""
    difference = (here - there).total_seconds()
    if abs(difference) <= CLOCKS_DIFFER.total_seconds():
        return ""
    return f"{show_duration(abs(difference))} {'ahead of' if difference > 0 else 'behind'}"
