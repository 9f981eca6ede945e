# Copyright: (c) The Probealarm contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Judge evidence: values and the time go in, reasons in the operator's words come out.

Nothing here touches a machine. Every objection names the level of the ladder it belongs to, so that
a report can say how far a snapshot came; level 0 stands for the objectives, which limit no level.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import timedelta
from fnmatch import fnmatchcase

from ..checks.evidence import Answer, Check, Question, Unjudged
from ..checks.moments import Freshness
from ..clocks import CLOCKS_DIFFER
from ..contract import Contract
from ..manifest import DatabaseManifest, Manifest, Measure, Table
from ..manifest_small import SqliteManifest
from ..stores import WILDCARDS, DatabaseStore, FileStore, SqliteStore, matches
from ..text import count, show_duration
from .comparison import FilesSeen

EXAMPLES = 5
"""How many differences of one kind are named before the rest is counted."""

OBJECTIVES, BYTES, DATABASE, MEANING = 0, 2, 3, 4


@dataclass(frozen=True)
class Objection:
    """One reason why a snapshot is not proven."""

    level: int
    reason: str


def about_objectives(
    contract: Contract, *, age: timedelta | None, restore_seconds: float
) -> Iterator[Objection]:
    """Compare age and time to restore with the objectives.

    An older snapshot that was chosen by hand has no age.
    """
    if age is not None and age < -CLOCKS_DIFFER:
        yield Objection(
            OBJECTIVES,
            f"the newest snapshot is from the future, by {show_duration(-age.total_seconds())}: a "
            "clock is or was wrong, or somebody forged it; it hides whether backups still come",
        )
    if age is not None and age.total_seconds() > contract.rpo_seconds:
        yield Objection(
            OBJECTIVES,
            f"the newest snapshot is {show_duration(age.total_seconds())} old, the objective is "
            f"{show_duration(contract.rpo_seconds)}",
        )
    if restore_seconds > contract.rto_seconds:
        yield Objection(
            OBJECTIVES,
            f"restoring took {show_duration(restore_seconds)}, the objective is "
            f"{show_duration(contract.rto_seconds)}",
        )


def about_identity(contract: Contract, manifest: Manifest) -> Iterator[Objection]:
    """See whether the manifest is of this service and has every store that the contract names."""
    if (manifest.service, manifest.host) != (contract.name, contract.host):
        yield Objection(
            BYTES,
            f"the manifest is of {manifest.service} on {manifest.host}, not of {contract.name} on "
            f"{contract.host}",
        )
    saved = {database.store: database for database in manifest.databases}
    for store in contract.databases:
        if store.name not in saved:
            yield Objection(
                DATABASE, f"the snapshot has no dump of the declared database {store.database}"
            )
        elif saved[store.name].database != store.database:
            yield Objection(
                DATABASE,
                f"the snapshot's store {store.name} holds database {saved[store.name].database}, "
                f"the declaration names {store.database}",
            )


def about_files(seen: FilesSeen) -> Iterator[Objection]:
    """Report differences between restored files and the manifest."""
    yield from _some(BYTES, seen.differences, "file")


def about_copy(wanted: DatabaseManifest | SqliteManifest, found: Measure) -> Iterator[Objection]:
    """Compare a loaded database with what the source held: objects first, then rows and content."""
    name, source = wanted.database, wanted.measure
    missing = [
        f"{name}: {thing} is missing" for thing in source.objects if thing not in found.objects
    ]
    extra = [
        f"{name}: {thing} is in the copy and was not on the source"
        for thing in found.objects
        if thing not in source.objects and source.form == found.form
    ]
    changed = [
        f"{name}: {thing} is defined differently than on the source"
        for thing, digest in source.objects.items()
        if thing in found.objects and found.objects[thing] != digest
    ]
    behind = [
        f"{name}: {_counter(thing)} stands at {found.counters.get(thing, 0)} and stood at {value}"
        for thing, value in source.counters.items()
        if found.counters.get(thing, 0) < value
    ]
    yield from _some(DATABASE, [*missing, *extra, *changed, *behind], "object")
    yield from _some(MEANING, list(_about_rows(name, source.tables, found.tables)), "table")


def about_newest(
    wanted: DatabaseManifest, checks: Iterable[Check], answers: Mapping[Question, Answer]
) -> Iterator[Objection]:
    """Hold the newest record of each freshness check to the one that the source had."""
    for check in checks:
        if not isinstance(check, Freshness) or check.store != wanted.store:
            continue
        before, answer = (
            wanted.newest.get(check.name),
            answers.get(Question(check.store, check.query)),
        )
        if before is None or answer is None:
            continue
        with suppress(Unjudged):  # the check itself says so
            found = check.newest(answer)
            if found is None or found.isoformat() != before:
                yield Objection(
                    MEANING,
                    f"{wanted.database}: the newest record of check {check.name} is of "
                    f"{found or 'no time'} in the copy and was of {before} on the source",
                )


def about_contract(store: DatabaseStore | SqliteStore, held: Measure) -> Iterator[Objection]:
    """See whether every irreplaceable table that the contract names is there, and not all empty.

    A plain name must exist; a pattern stands for tables that come and go (a form's answers).
    """
    covered = {name: table for name, table in held.tables.items() if store.is_irreplaceable(name)}
    for pattern in store.irreplaceable:
        if WILDCARDS.intersection(pattern) or store.is_excused(pattern):
            continue
        if not any(matches(name, pattern) for name in held.tables):
            yield Objection(
                MEANING,
                f"{store.database}: the contract names {pattern} as irreplaceable, and the "
                "snapshot has no such table",
            )
    if covered and not any(table.rows for table in covered.values()):
        yield Objection(
            MEANING,
            f"{store.database}: all {count(len(covered), 'irreplaceable table')} are empty "
            f"({_listed(sorted(covered))}); this is what an installer leaves behind",
        )


def about_required_files(store: FileStore, seen: FilesSeen) -> Iterator[Objection]:
    """See whether every file that the contract requires is in the snapshot."""
    for pattern in store.required:
        if not any(fnmatchcase(path, pattern) for path in seen.paths):
            yield Objection(
                MEANING, f"the contract requires {pattern}, and the snapshot has no such file"
            )


def _counter(thing: str) -> str:
    return thing if " of " in thing else f"sequence {thing}"


def _about_rows(
    name: str, wanted: Mapping[str, Table], found: Mapping[str, Table]
) -> Iterator[str]:
    for table, source in wanted.items():
        copy = found.get(table)
        if copy is None:
            yield f"{name}: table {table} with {count(source.rows, 'row')} did not come back"
        elif copy.rows != source.rows:
            yield (
                f"{name}: table {table} has {count(copy.rows, 'row')} in the copy and had "
                f"{count(source.rows)} on the source"
            )
        elif source.has_other_content(copy):
            yield (
                f"{name}: table {table} has all {count(source.rows, 'row')}, but their content is "
                "not what it was on the source"
            )


def _some(level: int, reasons: Sequence[str], noun: str) -> Iterator[Objection]:
    """Name the first few and count the rest, so that a report stays readable."""
    for reason in reasons[:EXAMPLES]:
        yield Objection(level, reason)
    if len(reasons) > EXAMPLES:
        yield Objection(level, f"and {count(len(reasons) - EXAMPLES, f'more such {noun}')}")


def _listed(names: Sequence[str]) -> str:
    shown = ", ".join(names[:EXAMPLES])
    return shown if len(names) <= EXAMPLES else f"{shown} and {len(names) - EXAMPLES} more"
