# Copyright: (c) The Probealarm contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""How durations, sizes and numbers are read and written, everywhere alike.

People type ``24h`` into a declaration and read ``2 h 5 min`` in a report.  Both directions live
here so that no report invents a format of its own.  Durations are seconds, sizes are bytes.
"""

from __future__ import annotations

import re
from itertools import pairwise

_SECONDS = {"s": 1, "m": 60, "h": 3_600, "d": 86_400, "w": 604_800}
_DURATION = re.compile(r"([0-9]{1,6})([smhdw])")
_SHOWN_UNITS = ((86_400, "d"), (3_600, "h"), (60, "min"), (1, "s"))
_BYTE_UNITS = ("KiB", "MiB", "GiB", "TiB", "PiB", "EiB")


def parse_duration(text: str) -> int:
    """Return the seconds in ``90s``, ``30m``, ``24h``, ``7d`` or ``2w``.

    One number and one unit, because ``1h30`` and a bare ``30`` are where people mean different
    things.  Raises ValueError with a sentence for the operator.
    """
    match = _DURATION.fullmatch(text)
    if match is None:
        raise ValueError(
            f"{text!r} is not a duration; write a whole number and a unit, for example 30m, 24h"
            " or 7d (s seconds, m minutes, h hours, d days, w weeks)"
        )
    seconds = int(match[1]) * _SECONDS[match[2]]
    if seconds == 0:
        raise ValueError(
            f"{text!r} is no time at all; write a duration above zero, for example 30m"
        )
    return seconds


def show_duration(seconds: float) -> str:
    """Write seconds as a person says them: ``0.4 s``, ``5 min 3 s``, ``2 h 5 min``, ``3 d``.

    The two largest units are shown, the rest is rounded into the smaller one.
    """
    if seconds < 0:
        return "-" + show_duration(-seconds)
    if seconds < 9.95:
        return "0 s" if seconds < 0.05 else f"{seconds:.1f} s"
    for (large, large_name), (small, small_name) in pairwise(_SHOWN_UNITS):
        rounded = int(seconds / small + 0.5) * small
        if rounded >= large:
            whole, rest = divmod(rounded, large)
            shown = f"{count(whole)} {large_name}"
            return f"{shown} {rest // small} {small_name}" if rest else shown
    return f"{int(seconds + 0.5)} s"


def show_bytes(size: int) -> str:
    """Write a size in bytes as ``0 bytes``, ``1 byte``, ``812 bytes``, ``1.2 GiB``."""
    if size < 0:
        return "-" + show_bytes(-size)
    if size < 1024:
        return count(size, "byte")
    unit = 0
    while round(scaled := size / 1024 ** (unit + 1), 1) >= 1024 and unit < len(_BYTE_UNITS) - 1:
        unit += 1
    return f"{scaled:,.1f} {_BYTE_UNITS[unit]}"


def count(number: int, noun: str = "") -> str:
    """Write a whole number with thousands separators, and its noun if given.

    ``count(50000)`` is ``50,000``, ``count(1, "row")`` ``1 row``, ``count(2, "copy")`` two copies.
    """
    if not noun:
        return f"{number:,}"
    if number != 1:
        ends_in_consonant_y = noun.endswith("y") and noun[-2:-1] not in "aeiou"
        noun = noun[:-1] + "ies" if ends_in_consonant_y else noun + "s"
    return f"{number:,} {noun}"
