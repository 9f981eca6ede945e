# Copyright: (c) The Probealarm contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Values out of JSON that another host wrote, which must be of the type that they should be."""

from __future__ import annotations

from datetime import UTC, date, datetime


def text_of(value: object) -> str:
    """Give a text.

    Raises:
        TypeError: it is none.
    """
    if not isinstance(value, str):
        raise TypeError(f"{value!r:.80} should be a text")
    return value


def number_of(value: object) -> int:
    """Give a whole number that counts something.

    Raises:
        TypeError: it is none. ValueError: it is negative.
    """
    if not isinstance(value, int) or isinstance(value, bool):
        raise TypeError(f"{value!r:.80} should be a whole number")
    if value < 0:
        raise ValueError("a number is below zero")
    return value


def moment_of(value: object) -> datetime:
    """Give a moment, in UTC.

    Raises:
        TypeError: it is no text. ValueError: it is no moment, or names no time zone.
    """
    moment = datetime.fromisoformat(text_of(value))
    if moment.tzinfo is None:
        raise ValueError(f"the moment {value} names no time zone")
    return moment.astimezone(UTC)


def day_of(value: object) -> date:
    """Give a day.

    Raises:
        TypeError: it is no text. ValueError: it is no day.
    """
    return date.fromisoformat(text_of(value))
