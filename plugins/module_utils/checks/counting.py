# Copyright: (c) The Probealarm contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Rules about numbers that a database answers with."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation

from .evidence import Answer, Asking, Evidence, Finding, Unjudged
from .words import amount, ids, number, plain


@dataclass(frozen=True, kw_only=True)
class Number(Asking):
    """One number within bounds.

    Attributes:
        unit: what is counted, in the plural.
    """

    unit: str
    at_least: float | None = None
    at_most: float | None = None

    def find(self, evidence: Evidence) -> Finding:
        """See :meth:`Check.find`."""
        seen = one_number(self.answer(evidence))
        missed = "; ".join(outside(seen, self.at_least, self.at_most))
        return self.objection(f"{number(seen)} {self.unit}, {missed}") if missed else Finding()


@dataclass(frozen=True, kw_only=True)
class NoRows(Asking):
    """Rows that must not be; the first column of each is an id."""

    unit: str
    at_most: float = 0

    def find(self, evidence: Evidence) -> Finding:
        """See :meth:`Check.find`."""
        rows = self.answer(evidence)
        if len(rows) <= self.at_most:
            return Finding()
        wanted = f"at most {number(self.at_most)}" if self.at_most else "none"
        example = ids(row[0] for row in rows)
        return self.objection(
            f"{amount(len(rows), self.unit)}, {wanted} wanted"
            + (f" ({example})" if example else "")
        )


@dataclass(frozen=True, kw_only=True)
class NeverFalls(Asking):
    """One number that only grows: not below what it was in the last proven snapshot."""

    unit: str
    tolerance_percent: float = 0

    def find(self, evidence: Evidence) -> Finding:
        """See :meth:`Check.find`."""
        seen = one_number(self.answer(evidence))
        before = evidence.before.get(self.name)
        if isinstance(before, bool) or not isinstance(before, int | float):
            return Finding(fact=plain(seen))
        allowed = Decimal(str(before)) * (1 - Decimal(str(self.tolerance_percent)) / 100)
        if seen >= allowed:
            return Finding(fact=plain(seen))
        tolerated = f", {self.tolerance_percent:g} % less is tolerated"
        return self.objection(
            f"{number(seen)} {self.unit}, the last proven snapshot had {number(before)}"
            + (tolerated if self.tolerance_percent else ""),
            fact=plain(seen),
        )


def one_number(answer: Answer) -> Decimal:
    """Read an answer as one number.

    Raises:
        Unjudged: it is none, or more than one.
    """
    if len(answer) != 1 or len(answer[0]) != 1:
        raise Unjudged(
            f"the query answered with {amount(len(answer), 'rows')}, not with one number"
        )
    value = answer[0][0]
    if value is None:
        raise Unjudged("the query answered with NULL, not with a number")
    try:
        read = Decimal(value.strip())
    except InvalidOperation:
        raise Unjudged("what the query answered is not a number") from None
    if not read.is_finite():
        raise Unjudged("what the query answered is not a number")
    return read


def outside(seen: Decimal | int, at_least: float | None, at_most: float | None) -> Iterator[str]:
    """Say which bound a number misses."""
    if at_least is not None and seen < at_least:
        yield f"at least {number(at_least)} wanted"
    if at_most is not None and seen > at_most:
        yield f"at most {number(at_most)} wanted"
