# Copyright: (c) The Probealarm contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Judge every database that a running server holds, by what the newest snapshots hold of it.

A database is saved when the declaration names it **and** the manifest of the newest snapshot has
it. Paths never decide: the files of a running server are not a database that comes back.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from ..contract import Contract
from .claims import Claims, DatabaseExemption, Exemption, Patterns, one_spelling
from .database_stores import (
    Store,
    covering,
    is_in,
    measure_in,
    still_in,
    store_of,
    subject_of,
    tables_lacking,
    writer_of,
)
from .database_words import name_in, parts_of, told
from .facts import DatabaseSeen, ServerSeen, TableSeen
from .finding import Alarm, Finding, State
from .grouping import CONTAINERS
from .saved import Held

OF_THE_SERVER = frozenset(
    {"information_schema", "mysql", "performance_schema", "sys", "template0", "template1"}
)
REDIS_FILES = ("*.rdb", "*.aof", "appendonlydir")


@dataclass
class DatabasesJudged:
    """What became of the databases.

    Attributes:
        used: the exemptions that exempted something.
        directories: patterns of files that need no judgement, because their server was asked.
        newer: by service: tables that came after its newest snapshot.
    """

    findings: list[Finding] = field(default_factory=list)
    alarms: list[Alarm] = field(default_factory=list)
    used: set[DatabaseExemption | Exemption] = field(default_factory=set)
    directories: dict[str, str] = field(default_factory=dict)
    newer: dict[str, list[str]] = field(default_factory=dict)


def judge_databases(
    seen: Iterable[DatabaseSeen], claims: Claims, held: Mapping[str, Held]
) -> DatabasesJudged:
    """Judge what servers told, and name the directories that are theirs."""
    judge = _Judge(claims, held)
    databases = list(seen)
    for database in databases:
        judge.take(database)
    by_server: dict[ServerSeen, list[DatabaseSeen]] = {}
    for database in databases:
        by_server.setdefault(database.server, []).append(database)
    for server, own in by_server.items():
        judge.take_directory(server, own)
    return judge.judged


class _Judge:
    def __init__(self, claims: Claims, held: Mapping[str, Held]) -> None:
        self._claims = claims
        self._held = held
        self._declared = Patterns(claims.exemptions)
        self.judged = DatabasesJudged()

    def take(self, seen: DatabaseSeen) -> None:
        if seen.refused:
            self._refused(seen)
        elif seen.name in OF_THE_SERVER or not (seen.tables or seen.cannot_dump):
            return
        elif seen.cannot_dump:
            self._recognised_only(seen)
        elif declared := store_of(seen, self._claims.contracts):
            self._declared_as(seen, *declared)
        elif exemption := self._exemption(seen):
            self._exempt(seen, exemption)
        else:
            still = still_in(seen, self._held)
            self._unclaimed(seen, f"{told(seen)}{still}")

    def take_directory(self, server: ServerSeen, databases: Sequence[DatabaseSeen]) -> None:
        """Leave a server's own files to its databases, and object to copies of them alone."""
        directory = one_spelling(server.data_directory)
        if not directory or directory == "/":
            return
        why = f"Files of the running {server.engine}, whose databases are judged one by one"
        if server.engine == "redis":
            for name in REDIS_FILES:
                self.judged.directories[f"{directory}/{name}"] = why
        elif directory not in CONTAINERS:
            self.judged.directories[directory] = why
        unsaved = [one for one in databases if self._is_only_files(one)]
        for contract in covering(self._claims, directory):
            if unsaved and contract.quiesce is None:
                self.judged.alarms.append(_only_files(server, directory, contract, unsaved))
                break

    def _is_only_files(self, seen: DatabaseSeen) -> bool:
        return any(
            one.state == "unclaimed" and one.subject == subject_of(seen)
            for one in self.judged.findings
        )

    def _declared_as(self, seen: DatabaseSeen, contract: Contract, store: Store) -> None:
        held = self._held.get(contract.name)
        label = f"{contract.name}/{store.name}"
        if held is None or not is_in(held, store):
            where = f"snapshot {held.snapshot.short}" if held else "the store"
            self._unclaimed(
                seen,
                f"{told(seen)}; declared as {label}, and {where} does not hold it",
                hint="# Nothing to add: back up, ansible-playbook playbooks/back_up.yml --limit "
                f"{contract.name}\n",
            )
            return
        measure = measure_in(held, store)
        late = list(tables_lacking(seen, measure)) if measure else []
        for table in late:
            if table.changed is not None and table.changed < held.snapshot.taken_at:
                self._lost_table(seen, table, label, held)
            else:
                self.judged.newer.setdefault(contract.name, []).append(
                    f"{subject_of(seen)}.{name_in(table)}"
                )
        self._saved(seen, label, held, told(seen))

    def _lost_table(self, seen: DatabaseSeen, table: TableSeen, label: str, held: Held) -> None:
        self.judged.findings.append(
            Finding(
                "table",
                f"{subject_of(seen)}.{name_in(table)}",
                "unclaimed",
                table.bytes,
                table.changed,
                writer=writer_of(seen.server),
                detail=f"older than snapshot {held.snapshot.short}, which {label} does not hold "
                "it in; find out what leaves it out, and back up again",
            )
        )

    def _recognised_only(self, seen: DatabaseSeen) -> None:
        directory = one_spelling(seen.server.data_directory)
        if exemption := self._exemption(seen):
            self._exempt(seen, exemption)
            return
        for contract in covering(self._claims, directory) if directory else ():
            held = self._held.get(contract.name)
            if contract.quiesce is not None and held is not None:
                words = "saved as files, with its service held still meanwhile"
                self._saved(seen, contract.name, held, words)
                return
        self._unclaimed(seen, f"{told(seen)}; {seen.cannot_dump}".removeprefix("; "))

    def _refused(self, seen: DatabaseSeen) -> None:
        if exemption := self._exemption(seen):
            self._exempt(seen, exemption)
            return
        self._unclaimed(seen, f"nobody could look into it: {seen.refused}")
        self.judged.alarms.append(
            Alarm(
                "refused",
                subject_of(seen),
                f"{subject_of(seen)} ({writer_of(seen.server) or 'a server'}) did not tell what "
                f"it holds: {seen.refused}. Nothing in there can be called saved; let root in, or "
                "exempt it.",
            )
        )

    def _exemption(self, seen: DatabaseSeen) -> DatabaseExemption | Exemption | None:
        for exemption in self._claims.databases:
            if exemption.database == seen.name:
                return exemption
        directory = one_spelling(seen.server.data_directory)
        if directory and (seen.cannot_dump or seen.refused):
            parts = directory.split("/")
            for end in range(2, len(parts) + 1):
                if found := self._declared.matching("/".join(parts[:end])):
                    return found
        return None

    def _exempt(self, seen: DatabaseSeen, exemption: DatabaseExemption | Exemption) -> None:
        self.judged.used.add(exemption)
        finding = replace(_finding(seen, "exempt", told(seen)), reason=exemption.reason)
        self.judged.findings.append(
            replace(finding, owner=exemption.owner, expires=exemption.expires)
        )

    def _saved(self, seen: DatabaseSeen, label: str, held: Held, words: str) -> None:
        finding = replace(_finding(seen, "saved", words), store=label)
        snapshot = held.snapshot
        self.judged.findings.append(
            replace(finding, snapshot=snapshot.short, saved_at=snapshot.taken_at)
        )

    def _unclaimed(self, seen: DatabaseSeen, words: str, *, hint: str = "") -> None:
        self.judged.findings.append(replace(_finding(seen, "unclaimed", words), hint=hint))


def _finding(seen: DatabaseSeen, state: State, words: str) -> Finding:
    return Finding(
        "database" if seen.name else "server",
        subject_of(seen),
        state,
        seen.bytes,
        seen.changed,
        writer=writer_of(seen.server),
        detail=words,
        parts=tuple(parts_of(seen)),
    )


def _only_files(
    server: ServerSeen, directory: str, contract: Contract, unsaved: Sequence[DatabaseSeen]
) -> Alarm:
    """Make the alarm about a copy of files of a running server."""
    names = ", ".join(sorted(subject_of(one) for one in unsaved)[:5])
    return Alarm(
        "files of a running database",
        directory,
        f"{contract.name} saves {directory} as files, while a {server.engine} server writes to "
        f"them: such a copy is torn. Of {names} there is nothing else. Declare the databases as "
        "stores, or hold the service still (quiesce), and leave the directory out as regenerable.",
    )
