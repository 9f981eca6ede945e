# Copyright: (c) The Probealarm contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""One drill as it stands in the ledger and in the report."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from ..contract import Contract
from ..manifest import Manifest, Measure
from ..measures import RedisMeasure
from ..stores import DatabaseStore, SqliteStore
from ..text import count
from ..tools.restic import Snapshot
from .checking import CheckFindings
from .comparison import FilesSeen
from .judgement import BYTES, DATABASE, MEANING, Objection
from .small_judgement import entries_by_pattern

LEVELS = {BYTES: "L2", DATABASE: "L3", MEANING: "L4"}


@dataclass
class Attempt:
    """Everything that one drill came to know, filled in as it goes.

    Attributes:
        is_newest: the newest snapshot was drilled, as every night, and not an older one by choice.
        unproven: why the drill could not be tried; empty when it could.
        copies: what each loaded database held, by store.
        keys: what each loaded Redis held, by store.
        checks: what the checks found.
        seconds: of each step.
        load_seconds: from starting the throw-away servers to the last loaded row.
    """

    contract: Contract
    began_at: datetime
    snapshot: Snapshot | None = None
    is_newest: bool = True
    unproven: str = ""
    manifest: Manifest | None = None
    files: FilesSeen | None = None
    copies: dict[str, Measure] = field(default_factory=dict)
    keys: dict[str, RedisMeasure] = field(default_factory=dict)
    objections: list[Objection] = field(default_factory=list)
    checks: CheckFindings = field(default_factory=CheckFindings)
    seconds: dict[str, float] = field(default_factory=dict)
    load_seconds: float = 0.0

    @property
    def verdict(self) -> str:
        """The verdict; only ``proven`` is green."""
        if self.unproven:
            return "unproven"
        return "broken" if self.objections else "proven"

    def restore_seconds(self, seconds: dict[str, float]) -> float:
        """Seconds that bringing the data back took, without the time for judging it."""
        return seconds.get("restore files", 0.0) + self.load_seconds

    def irreplaceable_rows(self) -> dict[str, int]:
        """Rows of every irreplaceable table of the copies, by ``store.table``.

        Of Redis these are the entries of every irreplaceable pattern of keys.
        """
        stores: list[DatabaseStore | SqliteStore] = [
            *self.contract.databases,
            *self.contract.sqlite,
        ]
        return {
            f"{store.name}.{name}": table.rows
            for store in stores
            for name, table in self._tables(store.name).items()
            if store.is_irreplaceable(name)
        } | entries_by_pattern(self.contract.redis, self.keys)

    def compared(self) -> tuple[int, int] | tuple[None, None]:
        """Count tables and rows of all copies; of Redis, patterns and keys are counted as these."""
        if not self.copies and not self.keys:
            return None, None
        copies, keys = self.copies.values(), self.keys.values()
        return (
            sum(len(copy.tables) for copy in copies) + sum(len(held.patterns) for held in keys),
            sum(copy.rows for copy in copies) + sum(held.keys for held in keys),
        )

    def level(self) -> str | None:
        """The highest level of the ladder below which nothing was found wanting.

        Meaning is reached where there was some to judge: a database, or rules about files.
        """
        if self.unproven or self.files is None:
            return None
        tried = [BYTES]
        loaded = self.contract.databases or self.contract.sqlite or self.contract.redis
        if loaded:
            tried.append(DATABASE)
        if loaded or self.checks.judged:
            tried.append(MEANING)
        failed = min((o.level for o in self.objections if o.level > 0), default=MEANING + 1)
        return LEVELS[max(ok)] if (ok := [level for level in tried if level < failed]) else None

    def _tables(self, store: str) -> dict[str, Any]:
        return dict(self.copies[store].tables) if store in self.copies else {}


def record_of(attempt: Attempt) -> dict[str, Any]:
    """Write a drill as one record: numbers and reasons, never a person's data."""
    contract, snapshot, files = attempt.contract, attempt.snapshot, attempt.files
    reasons = [attempt.unproven] if attempt.unproven else [o.reason for o in attempt.objections]
    restored = "restore files" in attempt.seconds
    tables, rows = attempt.compared()
    return {
        "kind": "drill",
        "service": contract.name,
        "host": contract.host,
        "verdict": attempt.verdict,
        "level": attempt.level(),
        "reasons": reasons,
        "notes": _notes(attempt),
        "snapshot": snapshot.short if snapshot else None,
        "of_newest_snapshot": attempt.is_newest,
        "taken_at": snapshot.taken_at.isoformat() if snapshot else None,
        "drilled_at": attempt.began_at.isoformat(),
        "rpo_seconds": contract.rpo_seconds,
        "rto_seconds": contract.rto_seconds,
        "restore_seconds": round(attempt.restore_seconds(attempt.seconds), 1) if restored else None,
        "tables_compared": tables,
        "rows_compared": rows,
        "files_compared": files.compared if files else None,
        "bytes_compared": files.bytes if files else None,
        "checks_judged": attempt.checks.judged,
        "steps": [{"name": name, "seconds": spent} for name, spent in attempt.seconds.items()],
        "tables": attempt.irreplaceable_rows(),
        "files": files.compared + len(files.moving) if files else 0,
        "facts": attempt.checks.facts,
    }


def _notes(attempt: Attempt) -> list[str]:
    notes = []
    if attempt.files and attempt.files.moving:
        notes.append(
            f"{count(len(attempt.files.moving), 'file')} changed while the backup ran and could "
            "not be held to a hash"
        )
    notes += attempt.files.notes() if attempt.files else ()
    if not attempt.is_newest:
        notes.append("an older snapshot was drilled by choice; its age is not judged")
    databases = attempt.manifest.databases if attempt.manifest else ()
    notes += [said for database in databases for said in database.notes()]
    return [*notes, *attempt.checks.notes]
