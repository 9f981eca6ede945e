# Copyright: (c) The Probealarm contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""How the repositories stand, for the terminal and for the page: one row each, and what is wrong.

Another column, for the audit for example, is another entry in ``COLUMNS`` and ``cells``.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from itertools import islice

from ..text import show_duration
from ..upkeep.standings import StoreStanding
from .words import UNKNOWN, listed, printable

COLUMNS = (
    "Store",
    "Structure checked",
    "Data read (31 days)",
    "Pruned",
    "Copied",
    "Drilled from it",
)
REASONS_SHOWN = 10

#: What judy cannot know, said so that nobody waits for it here.
UNSEEN = (
    "A backup that fails leaves its reason in the ledger of the protected host, which this report "
    "cannot read; here it shows as a snapshot that grows too old."
)


def cells(standing: StoreStanding, *, now: datetime) -> tuple[str, ...]:
    """Write one row, in the order of ``COLUMNS``."""
    pruned = _ago(standing.pruned_at, now)
    return (
        printable(standing.name),
        _ago(standing.checked_at, now),
        f"{standing.read_percent} %",
        f"{pruned}, FROZEN" if standing.frozen else pruned,
        _ago(standing.copied_at, now) if standing.is_copy else "",
        _ago(standing.drilled_at, now) if standing.is_copy else "",
    )


def said_of(standing: StoreStanding) -> Iterator[str]:
    """Yield what is wrong with a repository, what is red first."""
    for reason in (*standing.faults, *standing.frozen):
        yield printable(reason).strip()


def concerned(standings: Sequence[StoreStanding]) -> list[StoreStanding]:
    """Keep those that are not green, the red ones first."""
    bad = [standing for standing in standings if standing.state != "proven"]
    return sorted(bad, key=lambda standing: standing.state != "broken")


def sentence(standings: Sequence[StoreStanding]) -> str:
    """Say of all stores what the first line of the report must not leave out."""
    red = [one.name for one in standings if one.state == "broken"]
    if not red:
        return ""
    return f" The upkeep of {listed(red)} needs somebody."


def lines(standings: Sequence[StoreStanding], *, now: datetime) -> Iterator[str]:
    """Yield the table for a terminal, and below it what is wrong."""
    rows = [tuple(column.lower() for column in COLUMNS), *(cells(s, now=now) for s in standings)]
    widths = [max(len(row[number]) for row in rows) for number in range(len(COLUMNS))]
    rows.insert(1, tuple("-" * width for width in widths))
    for row in rows:
        padded = (cell.ljust(width) for cell, width in zip(row, widths, strict=True))
        yield "  ".join(padded).rstrip()


def few(reasons: Iterator[str]) -> Iterator[str]:
    """Name the first reasons; the page has all."""
    shown = list(islice(reasons, REASONS_SHOWN + 1))
    yield from shown[:REASONS_SHOWN]
    if len(shown) > REASONS_SHOWN:
        yield "and more, which the page lists"


def _ago(moment: datetime | None, now: datetime) -> str:
    if moment is None:
        return UNKNOWN
    return f"{show_duration(max(0.0, (now - moment).total_seconds()))} ago"
