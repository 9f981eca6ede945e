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
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from fnmatch import fnmatchcase

from ..checks.evidence import Answer, Check, Json, Question, Unjudged
from ..checks.moments import Freshness
from ..contract import Contract
from ..manifest import DatabaseManifest, Manifest, Measure, Table
from ..manifest_small import SqliteManifest
from ..stores import WILDCARDS, DatabaseStore, FileStore, SqliteStore, matches
from ..text import count, show_duration
from .comparison import FilesSeen

EXAMPLES = 5
"""How many differences of one kind are named before the rest is counted."""

FEWEST_LOST_ROWS = 10
"""Fewer lost rows than this are life, unless the table is empty now."""

OBJECTIVES, BYTES, DATABASE, MEANING = 0, 2, 3, 4


@dataclass(frozen=True)
class Objection:
    """One reason why a snapshot is not proven."""

    level: int
    reason: str


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


def about_objectives(
    contract: Contract, *, age: timedelta | None, restore_seconds: float
) -> Iterator[Objection]:
    """Compare age and time to restore with the objectives.

    An older snapshot that was chosen by hand has no age.
    """
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


def about_losses(
    contract: Contract, tables: Mapping[str, int], files: int, before: Proven | None
) -> Iterator[Objection]:
    """Compare with the last proven snapshot: what was there must still be there.

    Copy and source agreeing with each other proves nothing when both are empty.
    """
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
        elif source.digest is not None and copy.digest != source.digest:
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
