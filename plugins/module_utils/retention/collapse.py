# Copyright: (c) The Probealarm contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Whether a service has lost so much that no older snapshot of it may go."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from ..contract import Contract
from ..text import count, show_bytes
from ..tools.restic import Snapshot
from .past import Drilled, Past


@dataclass(frozen=True)
class Figure:
    """One number of one snapshot that should not fall far."""

    snapshot: Snapshot
    value: int


@dataclass(frozen=True)
class Series:
    """One kind of number along the snapshots of a service, oldest first.

    Attributes:
        what: the noun, ``byte``, ``file`` or ``row``.
        where: what it counts, as a phrase.
        largest_loss_percent: how far one snapshot may fall below the one before.
    """

    what: str
    where: str
    largest_loss_percent: float
    figures: tuple[Figure, ...]

    def show(self, value: int) -> str:
        """Write a value as people read it."""
        return show_bytes(value) if self.what == "byte" else count(value, self.what)

    def fell(self, before: int, after: int) -> bool:
        """Tell whether too much is gone."""
        return after < before * (1 - self.largest_loss_percent / 100)


def collapses(contract: Contract, snapshots: Sequence[Snapshot], past: Past) -> Iterator[str]:
    """Say where a snapshot fell far below the one before it and the newest has not come back up.

    Every step counts that is still in the store, not only the last one: a collapse in the middle of
    the week must stop the pruning at its end. It stops it until the data is back, or until a person
    accepts the loss.
    """
    since = _since_accepted(snapshots, past)
    for series in _all_series(contract, since, past):
        if sentence := _fall(series, since[-1]):
            yield sentence


def _fall(series: Series, newest: Snapshot) -> str:
    if not series.figures or series.figures[-1].snapshot != newest:
        return ""
    now = series.figures[-1]
    for before, after in pairwise(series.figures):
        if series.fell(before.value, after.value) and series.fell(before.value, now.value):
            return (
                f"{series.where} fell from {series.show(before.value)} in snapshot "
                f"{before.snapshot.short} ({before.snapshot.taken_at:%Y-%m-%d %H:%M} UTC) to "
                f"{series.show(after.value)} in {after.snapshot.short} "
                f"({after.snapshot.taken_at:%Y-%m-%d %H:%M} UTC), more than the "
                f"{series.largest_loss_percent:g} % that may be gone, and the newest snapshot has "
                f"{series.show(now.value)}"
            )
    return ""


def _since_accepted(snapshots: Sequence[Snapshot], past: Past) -> Sequence[Snapshot]:
    """Leave out what is older than the newest snapshot whose loss was accepted."""
    accepted = [place for place, one in enumerate(snapshots) if one.short in past.accepted]
    return snapshots[accepted[-1] :] if accepted else snapshots


def _all_series(contract: Contract, snapshots: Sequence[Snapshot], past: Past) -> Iterator[Series]:
    tables = _limits_of_tables(contract)
    files = [store.largest_loss_percent for store in contract.files]
    yield Series(
        what="byte",
        where="the size of the snapshot",
        largest_loss_percent=min([*tables.values(), *files], default=100.0),
        figures=tuple(Figure(one, one.bytes) for one in snapshots if one.bytes),
    )
    drilled = [(one, past.drills[one.short]) for one in snapshots if one.short in past.drills]
    yield Series(
        what="file",
        where="the number of files",
        largest_loss_percent=min(files, default=100.0),
        figures=tuple(Figure(one, seen.files) for one, seen in drilled if seen.files),
    )
    for name, limit in tables.items():
        rows = [(one, _rows(seen, name)) for one, seen in drilled]
        yield Series(
            what="row",
            where=f"the irreplaceable tables of store {name}",
            largest_loss_percent=limit,
            figures=tuple(Figure(one, number) for one, number in rows if number is not None),
        )


def _limits_of_tables(contract: Contract) -> dict[str, float]:
    """The stores that hold rows or keys, with how many percent of them may be gone."""
    return {
        **{store.name: store.largest_loss_percent for store in contract.databases},
        **{store.name: store.largest_loss_percent for store in contract.sqlite},
        **{store.name: store.largest_loss_percent for store in contract.redis},
    }


def _rows(seen: Drilled, store: str) -> int | None:
    """Add up the rows of a store's tables; None where its database was not counted."""
    rows = [number for table, number in seen.tables.items() if table.startswith(f"{store}.")]
    return sum(rows) if rows else None
