# Copyright: (c) The Probealarm contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the ledger remembers that matters for pruning one service."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any


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
    """

    drills: Mapping[str, Drilled] = field(default_factory=dict)
    accepted: frozenset[str] = frozenset()

    def levels(self, short: str) -> frozenset[str]:
        """The levels at which a snapshot stands proven."""
        return self.drills[short].levels if short in self.drills else frozenset()


def past_of(records: Iterable[Mapping[str, Any]], service: str) -> Past:
    """Read what the ledger says of one service, oldest record first.

    A drill of a copy off site speaks of another repository with other ids, so it does not count.
    """
    drills: dict[str, Drilled] = {}
    accepted = set()
    for record in records:
        if record.get("service") != service or record.get("store"):
            continue
        if record.get("kind") == "prune" and record["accepted_loss"]:
            accepted.add(record["accepted_loss"])
        elif record.get("kind") == "drill" and record["snapshot"]:
            drills[record["snapshot"]] = _after(drills.get(record["snapshot"]), record)
    return Past(drills, frozenset(accepted))


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
