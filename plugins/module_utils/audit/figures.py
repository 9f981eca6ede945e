# Copyright: (c) The Probealarm contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""How much the newest snapshots hold, and whether a store holds far less than it did."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any

from ..contract import Contract
from ..manifest import Manifest
from ..text import count
from .checked_values import moment_of, number_of, text_of
from .finding import Alarm
from .saved import Held

SAID_FOR = timedelta(days=7)
"""How long the loss of a store is said, if it does not come back; then it counts as meant."""


@dataclass(frozen=True)
class Figures:
    """How much the newest snapshot of a service holds: files, and rows or keys by store.

    Attributes:
        kept_since: since when these are of an older snapshot, because all newer ones hold far less.
    """

    snapshot: str
    files: int
    rows: Mapping[str, int] = field(default_factory=dict)
    kept_since: datetime | None = None

    def as_json(self) -> dict[str, Any]:
        """Turn into plain values."""
        since = {"kept_since": self.kept_since.isoformat()} if self.kept_since else {}
        return {"snapshot": self.snapshot, "files": self.files, "rows": dict(self.rows), **since}

    @classmethod
    def of(cls, content: Mapping[str, Any]) -> Figures:
        """Read plain values.

        Raises:
            ValueError, KeyError, TypeError, AttributeError: they are none.
        """
        since = content.get("kept_since")
        rows = {text_of(store): number_of(number) for store, number in content["rows"].items()}
        return cls(
            snapshot=text_of(content["snapshot"]),
            files=number_of(content["files"]),
            rows=rows,
            kept_since=None if since is None else moment_of(since),
        )


def figures_of(held: Mapping[str, Held]) -> dict[str, Figures]:
    """Count what the newest snapshots hold, by their manifests."""
    return {
        service: _figures(one.snapshot.short, one.manifest)
        for service, one in held.items()
        if one.manifest is not None
    }


def compared(
    contracts: tuple[Contract, ...],
    newest: Mapping[str, Figures],
    before: Mapping[str, Figures],
    *,
    now: datetime,
) -> tuple[tuple[Alarm, ...], dict[str, Figures]]:
    """Name the stores that hold far less than they did, by the limits of the contract.

    Args:
        contracts: of all services.
        newest: what the newest snapshots hold.
        before: what the last audit kept.
        now: the time.

    Returns:
        The alarms, and what the next audit is to compare with: while a loss is said, the figures
        of before it.
    """
    alarms: list[Alarm] = []
    kept = dict(newest)
    for contract in contracts:
        new, old = newest.get(contract.name), before.get(contract.name)
        if old is None:
            continue
        if new is None:
            kept[contract.name] = old
            continue
        since = old.kept_since or now
        if (fell := [*_shrunk(contract, new, old)]) and now - since < SAID_FOR:
            alarms += fell
            kept[contract.name] = replace(old, kept_since=since)
    return tuple(alarms), kept


def _shrunk(contract: Contract, new: Figures, old: Figures) -> Iterator[Alarm]:
    if new.snapshot == old.snapshot:
        return
    limits = [store.largest_loss_percent for store in contract.files]
    if limits and _fell(old.files, new.files, min(limits)):
        yield _shrank(contract.name, "its files", (old.files, new.files), (old, new), "file")
    for store, percent in _limits(contract):
        were, are = old.rows.get(store, 0), new.rows.get(store, 0)
        if _fell(were, are, percent):
            yield _shrank(contract.name, f"store {store}", (were, are), (old, new), "row")


def _limits(contract: Contract) -> Iterator[tuple[str, float]]:
    for database in contract.databases:
        yield database.name, database.largest_loss_percent
    for file in contract.sqlite:
        yield file.name, file.largest_loss_percent
    for keys in contract.redis:
        yield keys.name, keys.largest_loss_percent


def _shrank(
    service: str, what: str, sizes: tuple[int, int], of: tuple[Figures, Figures], noun: str
) -> Alarm:
    return Alarm(
        "store shrank",
        service,
        f"{service}: {what} fell from {count(sizes[0], noun)} in snapshot {of[0].snapshot} to "
        f"{count(sizes[1], noun)} in {of[1].snapshot}. If nobody did that on purpose, restore from "
        "the older one before it is pruned. It is said for seven days.",
    )


def _fell(before: int, after: int, percent: float) -> bool:
    return after < before * (1 - percent / 100)


def _figures(short: str, manifest: Manifest) -> Figures:
    rows = {base.store: base.measure.rows for base in manifest.databases}
    rows |= {base.store: base.measure.rows for base in manifest.sqlite}
    rows |= {base.store: base.measure.keys for base in manifest.redis}
    return Figures(short, manifest.file_count, rows)
