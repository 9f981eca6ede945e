# Copyright: (c) The Probealarm contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""How findings say numbers, units and ids, all alike."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from decimal import Decimal

from ..text import count

EXAMPLES = 5
ID = re.compile(r"[0-9]{1,20}|(?=.*[0-9])(?:[0-9a-f]{8,64}|[0-9a-f-]{36}|[a-z0-9]{26})")
"""What is shown as an id: a number, a hexadecimal digest, a UUID, or Mattermost's 26 signs. All
else may be a name or an address, whatever the query says its column is."""


def amount(number: int, unit: str) -> str:
    """Write a number with its unit, which a declaration gives in the plural."""
    return f"{count(number)} {one_of(unit) if number == 1 else unit}"


def one_of(unit: str) -> str:
    """Return the singular of a plain English plural."""
    if unit.endswith("ies"):
        return unit[:-3] + "y"
    if unit.endswith(("sses", "xes")) and not unit.endswith("axes"):
        return unit[:-2]
    return unit[:-1] if unit.endswith("s") and not unit.endswith("ss") else unit


def not_so_for(wrong: int, total: int, unit: str, details: Iterable[str] = ()) -> str:
    """Say how many of how many are wrong, and in which way."""
    told = "; ".join(detail for detail in details if detail)
    return f"not so for {count(wrong)} of {amount(total, unit)}" + (f" ({told})" if told else "")


def parts(counted: Sequence[tuple[int, str]]) -> str:
    """Say what is wrong with how many: ``2 missing, 1 of another size``."""
    return ", ".join(f"{count(number)} {fault}" for number, fault in counted if number)


def ids(values: Iterable[str | None]) -> str:
    """Name the first few ids and count the rest; nothing when they are no ids."""
    known = [value for value in values if value is not None and ID.fullmatch(value)]
    if not known:
        return ""
    shown = ", ".join(known[:EXAMPLES])
    more = f" and {count(len(known) - EXAMPLES)} more" if len(known) > EXAMPLES else ""
    return f"{'id' if len(known) == 1 else 'ids'} {shown}{more}"


def number(value: Decimal | float) -> str:
    """Write a number as short as it can be: ``1,200``, ``3.25``."""
    exact = Decimal(str(value))
    return count(int(exact)) if exact == exact.to_integral_value() else f"{exact:,f}"


def plain(value: Decimal) -> int | float:
    """Return a number as JSON has it."""
    return int(value) if value == value.to_integral_value() else float(value)


def beyond(wrong: int, total: int, tolerance_percent: float) -> bool:
    """Tell whether more are wrong than is tolerated."""
    return wrong > total * tolerance_percent / 100
