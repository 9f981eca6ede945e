# Copyright: (c) The Probealarm contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What was there at the last proven snapshot and is there no more.

Copy and source agreeing with each other proves nothing when both are empty.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from ..checks.evidence import Json
from ..contract import Contract
from ..stores import DatabaseStore, SqliteStore
from ..text import count
from .judgement import EXAMPLES, MEANING, Objection

FEWEST_LOST_ROWS = 10
"""Fewer lost rows than this are life, unless the table is empty now."""


@dataclass(frozen=True)
class Proven:
    """What the last proven snapshot held: rows of irreplaceable tables, number of files.

    Attributes:
        tables: by ``store.table``.
        facts: of its checks, by their names; records of older versions have none.
    """

    snapshot: str
    taken_at: datetime
    tables: Mapping[str, int]
    files: int
    facts: Mapping[str, Json] = field(default_factory=dict)


def about_losses(
    contract: Contract, tables: Mapping[str, int], files: int, before: Proven | None
) -> Iterator[Objection]:
    """Compare with the last proven snapshot: what was there must still be there."""
    if before is None:
        return
    last = f"the last proven snapshot ({before.snapshot}, {before.taken_at:%Y-%m-%d %H:%M} UTC)"
    losses = sorted(
        _lost_rows((*contract.databases, *contract.sqlite), tables, before, last),
        key=lambda loss: -loss.rows,
    )
    yield from (Objection(MEANING, loss.reason) for loss in losses[:EXAMPLES])
    if len(losses) > EXAMPLES:
        others = ", ".join(loss.table for loss in losses[EXAMPLES:])
        yield Objection(
            MEANING, f"and {count(len(losses) - EXAMPLES, 'more table')} lost rows: {others}"
        )
    allowed = min((store.largest_loss_percent for store in contract.files), default=100.0)
    if files < before.files * (1 - allowed / 100):
        yield Objection(
            MEANING,
            f"the snapshot has {count(files, 'file')}, {last} had {count(before.files)}; more than "
            f"{allowed:g} % are gone",
        )


@dataclass(frozen=True)
class _Loss:
    """Rows that an irreplaceable table had in the last proven snapshot and has no more."""

    table: str
    rows: int
    reason: str


def _lost_rows(
    stores: Sequence[DatabaseStore | SqliteStore],
    tables: Mapping[str, int],
    before: Proven,
    last: str,
) -> Iterator[_Loss]:
    for store in stores:
        for key, rows_before in before.tables.items():
            table = key.removeprefix(f"{store.name}.")
            if key == table or not store.is_irreplaceable(table) or store.is_excused(table):
                continue
            is_named = store.is_named(table)
            if key not in tables:
                if not is_named and rows_before < FEWEST_LOST_ROWS:
                    continue
                reason = f"is gone; {last} had {count(rows_before, 'row')} in it"
                yield _Loss(table, rows_before, f"{store.database}: table {table} {reason}")
            elif is_a_loss(rows_before, tables[key], store.largest_loss_percent, is_named):
                reason = (
                    f"has {count(tables[key], 'row')}, {last} had {count(rows_before)}; a loss of "
                    f"more than {store.largest_loss_percent:g} % needs an explanation"
                )
                lost = rows_before - tables[key]
                yield _Loss(table, lost, f"{store.database}: table {table} {reason}")


def is_a_loss(before: int, now: int, allowed_percent: float, is_named: bool = True) -> bool:
    """Tell a loss from life: of a table with a few rows, one row less is no alarm, none left is.

    A table that only a wildcard makes irreplaceable may be a queue, which is empty at times.
    """
    lost = before - now
    if lost <= before * allowed_percent / 100:
        return False
    return lost >= FEWEST_LOST_ROWS or (now == 0 and is_named)
