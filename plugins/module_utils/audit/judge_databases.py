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
from ..file_listing import shown
from .claims import Claims, DatabaseExemption, Exemption, one_spelling
from .data_directories import left_to
from .database_exemptions import DatabaseExemptions
from .database_findings import alarm_about_files, alarm_about_refusal, finding_of, lost_table
from .database_stores import (
    Store,
    covering,
    holds_below,
    is_in,
    measure_in,
    still_in,
    store_of,
    subject_of,
    tables_lacking,
)
from .database_words import is_state, name_in, told
from .facts import DatabaseSeen, ServerSeen
from .finding import Alarm, Finding
from .saved import Held


@dataclass
class DatabasesJudged:
    """What became of the databases.

    Attributes:
        used: the exemptions that exempted something.
        directories: patterns of files that need no judgement, because their server was asked.
        made_ns: by directory, see :class:`.facts.ServerSeen`.
        newer: by service: tables that came after its newest snapshot.
        overdue: by service: tables that should be in it and are not.
        changed: by service: databases that were written to since.
    """

    findings: list[Finding] = field(default_factory=list)
    alarms: list[Alarm] = field(default_factory=list)
    used: set[DatabaseExemption | Exemption] = field(default_factory=set)
    directories: dict[str, str] = field(default_factory=dict)
    made_ns: dict[str, int] = field(default_factory=dict)
    newer: dict[str, list[str]] = field(default_factory=dict)
    overdue: dict[str, list[str]] = field(default_factory=dict)
    changed: dict[str, list[str]] = field(default_factory=dict)


def judge_databases(
    seen: Iterable[DatabaseSeen],
    claims: Claims,
    held: Mapping[str, Held],
    *,
    servers: Iterable[ServerSeen] = (),
    overdue: Mapping[str, frozenset[str]] | None = None,
) -> DatabasesJudged:
    """Judge what servers told, and name the directories that are theirs.

    Args:
        seen: what they told.
        claims: what is declared.
        held: the newest snapshots.
        servers: all that were asked, also those that hold nothing.
        overdue: by service: tables that waited for an earlier snapshot.
    """
    databases = [one for one in seen if is_state(one)]
    judge = _Judge(claims, held, databases, overdue or {})
    for database in databases:
        judge.take(database)
    by_server: dict[ServerSeen, list[DatabaseSeen]] = {server: [] for server in servers}
    for database in databases:
        by_server.setdefault(database.server, []).append(database)
    for server, own in by_server.items():
        judge.take_directory(server, own)
    return judge.judged


class _Judge:
    def __init__(
        self,
        claims: Claims,
        held: Mapping[str, Held],
        databases: Sequence[DatabaseSeen],
        overdue: Mapping[str, frozenset[str]],
    ) -> None:
        self._claims = claims
        self._held = held
        self._overdue = overdue
        self._exemptions = DatabaseExemptions(claims, databases)
        ambiguous = self._exemptions.ambiguous
        self.judged = DatabasesJudged(used={*ambiguous}, alarms=[*ambiguous.values()])

    def take(self, seen: DatabaseSeen) -> None:
        if seen.refused:
            self._refused(seen)
        elif seen.cannot_dump:
            self._recognised_only(seen)
        elif declared := store_of(seen, self._claims.contracts):
            self._declared_as(seen, *declared)
        elif exemption := self._exemptions.of(seen):
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
        if self._answers_for_its_files(server, databases):
            for left in left_to(server):
                self.judged.directories[left] = why
                self.judged.made_ns[left] = server.made_ns
        unsaved = [one for one in databases if self._is_only_files(one)]
        for contract in covering(self._claims, directory):
            if unsaved and contract.quiesce is None:
                self.judged.alarms.append(alarm_about_files(server, directory, contract, unsaved))
                break

    def _answers_for_its_files(self, server: ServerSeen, databases: Sequence[DatabaseSeen]) -> bool:
        """Tell whether nothing is hidden when the files of a server are left to it.

        One that told nothing answers for them only while it is unclaimed itself, and so is red; and
        not where they may be saved as files.
        """
        mute = [one for one in databases if not one.name]
        if not mute:
            return True
        covers = covering(self._claims, one_spelling(server.data_directory))
        return (
            not server.is_apart
            and all(self._is_only_files(one) for one in mute)
            and all(contract.quiesce is None for contract in covers)
        )

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
            subject = f"{subject_of(seen)}.{name_in(table)}"
            is_old = table.changed is not None and table.changed < held.snapshot.taken_at
            if is_old or shown(subject) in self._overdue.get(contract.name, ()):
                self.judged.findings.append(lost_table(seen, table, label, held))
                self.judged.overdue.setdefault(contract.name, []).append(subject)
            else:
                self.judged.newer.setdefault(contract.name, []).append(subject)
        changes = [seen.changed, *(table.changed for table in seen.tables)]
        if any(change is not None and change > held.snapshot.taken_at for change in changes):
            self.judged.changed.setdefault(contract.name, []).append(subject_of(seen))
        self._saved(seen, label, held, told(seen))

    def _recognised_only(self, seen: DatabaseSeen) -> None:
        directory = one_spelling(seen.server.data_directory)
        if exemption := self._exemptions.of(seen):
            self._exempt(seen, exemption)
            return
        for contract in covering(self._claims, directory) if directory else ():
            held = self._held.get(contract.name)
            if contract.quiesce and held is not None and holds_below(held, directory):
                words = "saved as files, with its service held still meanwhile"
                self._saved(seen, contract.name, held, words)
                return
        self._unclaimed(seen, f"{told(seen)}; {seen.cannot_dump}".removeprefix("; "))

    def _refused(self, seen: DatabaseSeen) -> None:
        if exemption := self._exemptions.of(seen):
            self._exempt(seen, exemption)
            return
        self._unclaimed(seen, f"nobody could look into it: {seen.refused}")
        self.judged.alarms.append(alarm_about_refusal(seen))

    def _exempt(self, seen: DatabaseSeen, exemption: DatabaseExemption | Exemption) -> None:
        self.judged.used.add(exemption)
        finding = replace(finding_of(seen, "exempt", told(seen)), reason=exemption.reason)
        self.judged.findings.append(
            replace(finding, owner=exemption.owner, expires=exemption.expires)
        )

    def _saved(self, seen: DatabaseSeen, label: str, held: Held, words: str) -> None:
        finding = replace(finding_of(seen, "saved", words), store=label)
        snapshot = held.snapshot
        self.judged.findings.append(
            replace(finding, snapshot=snapshot.short, saved_at=snapshot.taken_at)
        )

    def _unclaimed(self, seen: DatabaseSeen, words: str, *, hint: str = "") -> None:
        self.judged.findings.append(replace(finding_of(seen, "unclaimed", words), hint=hint))
