# Copyright: (c) The Probealarm contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the ledger remembers that matters for pruning one service."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from ..tools.restic import Snapshot


@dataclass(frozen=True)
class Drilled:
    """What became of one snapshot in its drills.

    Attributes:
        verdict: of the last drill.
        reasons: of the last drill.
        levels: at which it stands proven. A drill that could not be tried takes nothing away; one
            that found it broken takes all.
        tables: rows of irreplaceable tables, by ``store.table``; empty when never counted.
        files: number of files; 0 when never counted.
    """

    verdict: str
    reasons: tuple[str, ...] = ()
    levels: frozenset[str] = frozenset()
    tables: Mapping[str, int] = field(default_factory=dict)
    files: int = 0


@dataclass(frozen=True)
class Past:
    """The drills of a service by the short id of their snapshot, and the losses people accepted.

    Attributes:
        accepted: short ids of snapshots of which a person said that what they lack may be gone.
        copy: the copy off site that is looked at; empty for the store itself.
        from_copy: the last drill that restored from that copy, whichever snapshot it took.
    """

    drills: Mapping[str, Drilled] = field(default_factory=dict)
    accepted: frozenset[str] = frozenset()
    copy: str = ""
    from_copy: Drilled | None = None

    def levels(self, short: str) -> frozenset[str]:
        """The levels at which a snapshot stands proven."""
        return self.drills[short].levels if short in self.drills else frozenset()


@dataclass(frozen=True)
class Copied:
    """A copy off site, and what it has of the store.

    Attributes:
        snapshots: as they are in the copy, by the short id that they have in the store.
    """

    name: str
    snapshots: Mapping[str, Snapshot]

    @classmethod
    def of(cls, name: str, there: Iterable[Snapshot], originals: Mapping[str, str]) -> Copied:
        """Tell which snapshot of a copy is which of the store.

        Two that claim to be the same one are none: somebody who may add snapshots to the store may
        write into one that it is a copy of another.
        """
        found: dict[str, list[Snapshot]] = {}
        for snapshot in there:
            found.setdefault(originals[snapshot.id][:8], []).append(snapshot)
        return cls(name, {short: same[0] for short, same in found.items() if len(same) == 1})

    def short(self, in_store: str, taken_at: str = "") -> str:
        """The id in the copy, empty where it is not there, or was taken at another time."""
        snapshot = self.snapshots.get(in_store)
        if snapshot is None or (taken_at and datetime.fromisoformat(taken_at) != snapshot.taken_at):
            return ""
        return snapshot.short


def past_of(
    records: Iterable[Mapping[str, Any]], service: str, copied: Copied | None = None
) -> Past:
    """Read what the ledger says of one service, oldest record first.

    A drill of a copy off site speaks of another repository with other ids, so it does not count for
    the store. For a copy, what is known of its snapshots in the store counts as well.
    """
    drills: dict[str, Drilled] = {}
    accepted = set()
    from_copy: Drilled | None = None
    for record in records:
        place = record.get("store") or ""
        if record.get("service") != service or (place and (copied is None or place != copied.name)):
            continue
        is_renamed = copied is not None and not place
        if record.get("kind") == "prune" and record["accepted_loss"]:
            short = record["accepted_loss"]
            accepted.add(copied.short(short) if copied and is_renamed else short)
        elif record.get("kind") == "drill":
            if place:
                from_copy = _after(None, record)
            short = record["snapshot"] or ""
            if copied and is_renamed and short:
                short = copied.short(short, record["taken_at"])
            if short:
                drills[short] = _after(drills.get(short), record)
    return Past(drills, frozenset(accepted - {""}), copied.name if copied else "", from_copy)


def _after(before: Drilled | None, record: Mapping[str, Any]) -> Drilled:
    before = before or Drilled("unproven")
    levels = before.levels
    if record["verdict"] == "broken":
        levels = frozenset()
    elif record["verdict"] == "proven" and record["level"]:
        levels |= {record["level"]}
    return Drilled(
        verdict=record["verdict"],
        reasons=tuple(record["reasons"]),
        levels=levels,
        tables=record["tables"] or before.tables,
        files=record["files"] or before.files,
    )
