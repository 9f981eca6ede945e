# Copyright: (c) The Probealarm contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What belongs to no application that the catalogue knows: saved all the same, or a question."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from .candidates import (
    NOT_RECOGNISED,
    Candidate,
    ContainerOf,
    named_some,
    numbers_of,
    worth_writing,
)
from .facts import DatabaseFact, Facts, FolderSeen, TreeSeen
from .matching import Taken, overlap
from .signatures import Signature
from .tables import TableMatch, table_matches

LEAST_FILES = 2
"""A folder with one file is a welcome page as a rule."""

OF_THE_SERVER = frozenset(
    ("information_schema", "mysql", "performance_schema", "sys", "template0", "template1")
)
EMPTY_IN_EVERY_CLUSTER = frozenset(("postgres",))
FILES_TITLE = "A directory of files"


def remaining(
    facts: Facts, signatures: Sequence[Signature], taken: Taken
) -> tuple[list[Candidate], list[str]]:
    """Return services by general profiles, and questions about what became none.

    What these services save is added to ``taken``.
    """
    notes: list[str] = []
    services: list[Candidate] = [
        *_databases(facts, signatures, taken, notes),
        *_trees(facts, signatures, taken),
        *_folders(facts, taken, notes),
    ]
    services = list(_with_sqlite(facts, services, taken, notes))
    return services, [*notes, *facts.unread]


def _databases(
    facts: Facts, signatures: Sequence[Signature], taken: Taken, notes: list[str]
) -> Iterator[Candidate]:
    matches = table_matches(facts.databases, signatures)
    general = {each.profile: each for each in signatures}
    for number, database in enumerate(facts.databases):
        if number in taken.databases or database.name in OF_THE_SERVER:
            continue
        question = _why_none(database, general)
        if question:
            notes.append(question)
        elif database.tables or database.name not in EMPTY_IN_EVERY_CLUSTER:
            own = [match for match in matches if match.number == number]
            best = max(own, key=lambda each: each.score, default=None)
            yield _general_database(database, best, general[database.engine])


def _why_none(database: DatabaseFact, general: Mapping[str, Signature]) -> str:
    """Say why a database becomes no service; empty when it can be one."""
    if database.refused:
        return database.refused
    where = f"{database.engine} database {database.name}"
    if database.engine == "redis":
        return (
            f"Does the {where} ({database.socket or f'port {database.port}'}) hold state, or is it"
            " a cache? State is a store of kind redis, with the keys that nothing can bring back."
        )
    if database.engine not in general:
        return f"How is the {where} saved? The catalogue has no profile {database.engine}."
    if not database.tables and database.name not in EMPTY_IN_EVERY_CLUSTER:
        return f"Is the {where} needed? It has no tables."
    return ""


def _general_database(
    database: DatabaseFact, match: TableMatch | None, signature: Signature
) -> Candidate:
    known = {"database.name": database.name}
    if database.socket:
        known["database.socket"] = database.socket
    if database.port and signature.setting("database.port"):
        known["database.port"] = str(database.port)
    question = f"Which application does the database {database.name} belong to?"
    reason = f"the catalogue knows no application with its tables: {named_some(database.tables)}"
    if match is not None:
        name = match.signature.application
        reason = f"looks like {name} ({match.score:.2f}), by its tables: {named_some(match.there)}"
        question = (
            f"Where are the files of {name}? None were found that go with this database."
            f" With them, this is profile: {match.signature.profile}"
        )
    container = database.container
    return Candidate(
        stem=stem(database.name),
        profile=signature.profile,
        title=signature.title,
        score=NOT_RECOGNISED,
        reasons=(reason,),
        settings=worth_writing(signature, known),
        numbers=numbers_of(signature),
        files_store="",
        container=ContainerOf("database", database.engine, container) if container else None,
        questions=(question,),
    )


def _trees(facts: Facts, signatures: Sequence[Signature], taken: Taken) -> Iterator[Candidate]:
    """Yield trees of applications whose database was not found here."""
    titles = {each.profile: each.application for each in signatures if each.databases}
    for tree in sorted(facts.trees, key=lambda each: -each.score):
        if tree.profile not in titles or any(taken.holds(path) for path in tree.paths):
            continue
        taken.paths += tree.paths
        yield _general_tree(tree, titles[tree.profile])


def _general_tree(tree: TreeSeen, application: str) -> Candidate:
    named = tree.read.get("database.name", "")
    database = f"the database {named}" if named else "its database"
    path, *others = tree.paths
    question = (
        f"Where is {database}? It was not found on this server. If {application} runs here, this"
        f" is profile: {tree.profile}"
    )
    return Candidate(
        stem=stem(path.rpartition("/")[2]),
        profile="files",
        title=FILES_TITLE,
        score=NOT_RECOGNISED,
        reasons=(f"looks like {application} by its files: {named_some(tree.marks)}",),
        settings={"path": path},
        extra_paths=tuple(others),
        questions=(question,),
    )


def _folders(facts: Facts, taken: Taken, notes: list[str]) -> Iterator[Candidate]:
    for folder in facts.folders:
        if taken.holds(folder.path):
            continue
        if folder.package:
            notes.append(
                f"Does {folder.path} hold anything of yours? It came with package {folder.package}."
            )
        elif folder.files >= LEAST_FILES:
            taken.paths.append(folder.path)
            yield _general_folder(folder)


def _general_folder(folder: FolderSeen) -> Candidate:
    return Candidate(
        stem=stem(folder.path.rpartition("/")[2]),
        profile="files",
        title=FILES_TITLE,
        score=NOT_RECOGNISED,
        reasons=(f"{folder.files:,} files that no application of the catalogue explains",),
        settings={"path": folder.path},
        questions=(f"What is {folder.path}, and does it keep anything outside of it?",),
    )


def _with_sqlite(
    facts: Facts, services: Sequence[Candidate], taken: Taken, notes: list[str]
) -> Iterator[Candidate]:
    """Declare the SQLite databases in services by general profiles; ask about all others."""
    inside: dict[int, list[str]] = {}
    for each in facts.sqlite:
        if each.path in taken.sqlite:
            continue
        owners = [
            number
            for number, service in enumerate(services)
            if any(overlap(path, each.path) for path in _paths(service))
        ]
        if owners:
            inside.setdefault(owners[0], []).append(each.path)
        elif taken.holds(each.path):
            notes.append(
                f"Does anybody write into {each.path} while it is saved? It is a SQLite database in"
                " a directory that is saved as files; a store of kind sqlite saves it whole."
            )
        else:
            notes.append(f"Is {each.path} state? It is a SQLite database, and no service has it.")
    for number, service in enumerate(services):
        yield replace(service, sqlite=tuple(inside.get(number, ())))


def _paths(service: Candidate) -> tuple[str, ...]:
    path = service.settings.get("path")
    return (*((path,) if path else ()), *service.extra_paths)


def stem(name: str) -> str:
    """Make the name of a service out of one that may have other letters."""
    letters = "".join(sign if sign.isascii() and sign.isalnum() else "-" for sign in name.lower())
    plain = "-".join(part for part in letters.split("-") if part)[:50]
    return plain if plain[:1].isalpha() else f"service-{plain}".rstrip("-")
