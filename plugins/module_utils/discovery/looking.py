# Copyright: (c) The Probealarm contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A look at a server: which places look like which application, and what else is there."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from fnmatch import fnmatchcase

from ..audit.asking import password_variable
from ..audit.facts import DatabaseSeen, Entry
from ..audit.shipped_exemptions import SHIPPED
from .facts import (
    DatabaseFact,
    Facts,
    FolderSeen,
    InContainer,
    Lacking,
    SqliteSeen,
    TreeSeen,
)
from .files import Files
from .signatures import FOUND, PLACEHOLDER, ReadSign, Signature, TreeSign, filled_in

PEOPLES_FOLDERS = ("/srv", "/opt", "/var/www")
"""Where people put what they serve; what lies directly below is looked at as a whole."""

ENGINES = {
    **dict.fromkeys(("mysql", "mysqli", "pdo_mysql", "mariadb"), "mariadb"),
    **dict.fromkeys(("pgsql", "postgres", "pdo_pgsql", "postgresql"), "postgresql"),
}
"""What configurations call a database engine."""

LEAST_TREE_SCORE = 0.5
FIXED_WEIGHT = 2  # a path that the profile itself writes says more than one that a setting may move
SQLITE_PAGE = 512


@dataclass
class _Walked:
    """What the walk has met."""

    anchors: dict[str, set[str]] = field(default_factory=dict)
    folders: dict[str, list[int]] = field(default_factory=dict)
    sqlite: list[SqliteSeen] = field(default_factory=list)


def look(signatures: Sequence[Signature], files: Files, databases: Iterable[DatabaseSeen]) -> Facts:
    """Gather what can be recognised; nothing is judged here, and nothing written."""
    walked = _walk(signatures, files)
    trees = [tree for signature in signatures for tree in _trees(signature, walked, files)]
    return Facts(
        databases=tuple(_database(each) for each in databases),
        trees=tuple(trees),
        folders=tuple(
            FolderSeen(path, number, size, files.package_of(path))
            for path, (number, size) in sorted(walked.folders.items())
            if number
        ),
        sqlite=tuple(sorted(walked.sqlite, key=lambda each: each.path)),
    )


def _database(seen: DatabaseSeen) -> DatabaseFact:
    server = seen.server
    box = server.container
    own = ("", "public", seen.name)
    return DatabaseFact(
        engine=server.engine,
        name=seen.name,
        socket=server.socket,
        port=server.port,
        bytes=seen.bytes,
        tables=tuple(
            table.name if table.schema in own else f"{table.schema}.{table.name}"
            for table in seen.tables
        ),
        refused=seen.refused or seen.cannot_dump,
        container=InContainer(
            runtime=box.runtime,
            name=box.name,
            project=box.project,
            service=box.service,
            account=box.account,
            password_variable=password_variable(server),
        )
        if box
        else None,
    )


def _walk(signatures: Iterable[Signature], files: Files) -> _Walked:
    anchors = {tree.files[0] for signature in signatures for tree in signature.trees}
    by_name: dict[str, list[str]] = {}
    for anchor in anchors:
        by_name.setdefault(anchor.rpartition("/")[2], []).append(anchor)
    walked = _Walked()
    for entry in files.entries():
        for anchor in by_name.get(entry.path.rpartition("/")[2], ()):
            if entry.path.endswith(f"/{anchor}"):
                folder = entry.path[: -len(anchor) - 1]
                walked.anchors.setdefault(anchor, set()).add(folder)
        _count(entry, walked, files)
    return walked


def _count(entry: Entry, walked: _Walked, files: Files) -> None:
    """Count a file to the folder of people that it lies in, and notice databases of SQLite."""
    if entry.type != "file":
        return
    for top in PEOPLES_FOLDERS:
        if entry.path.startswith(f"{top}/") and "/" in entry.path[len(top) + 1 :]:
            folder = f"{top}/{entry.path[len(top) + 1 :].partition('/')[0]}"
            sums = walked.folders.setdefault(folder, [0, 0])
            sums[0] += 1
            sums[1] += entry.bytes
    is_whole = entry.bytes and entry.bytes % SQLITE_PAGE == 0
    if is_whole and files.is_sqlite(entry.path) and not _is_never_state(entry.path):
        walked.sqlite.append(SqliteSeen(entry.path, entry.bytes))


def _is_never_state(path: str) -> bool:
    """Tell whether a path is one of those of Debian that are never state."""
    return any(fnmatchcase(path, each) or fnmatchcase(path, f"{each}/*") for each in SHIPPED)


def _trees(signature: Signature, walked: _Walked, files: Files) -> Iterator[TreeSeen]:
    at_home = _at_home(signature, files)
    if at_home is not None:
        yield at_home
    for form in signature.trees:
        for folder in sorted(walked.anchors.get(form.files[0], ())):
            there = [name for name in form.files if files.exists(f"{folder}/{name}")]
            score = len(there) / len(form.files)
            if score >= LEAST_TREE_SCORE:
                yield _of_form(signature, form, folder, (there, score), files)


def _of_form(
    signature: Signature,
    form: TreeSign,
    folder: str,
    seen: tuple[list[str], float],
    files: Files,
) -> TreeSeen:
    there, score = seen
    known = {FOUND: folder}
    bound = {name: filled_in(template, known) or "" for name, template in form.settings.items()}
    missing = [name for name in form.files if name not in there]
    return _seen(signature, folder, (there, missing, score), bound, files)


def _at_home(signature: Signature, files: Files) -> TreeSeen | None:
    """Look where the profile's own defaults point, if they say where everything is."""
    values = signature.values({})
    there: list[str] = []
    missing: list[str] = []
    weights = [0, 0]
    for template in signature.required:
        pattern = filled_in(template, values)
        if pattern is None:
            return None
        weight = 1 if PLACEHOLDER.search(template) else FIXED_WEIGHT
        is_there = files.exists(pattern)
        (there if is_there else missing).append(pattern)
        weights[0] += weight if is_there else 0
        weights[1] += weight
    if not there or weights[0] / weights[1] < LEAST_TREE_SCORE:
        return None
    return _seen(signature, "", (there, missing, weights[0] / weights[1]), {}, files)


def _seen(
    signature: Signature,
    folder: str,
    marks: tuple[list[str], list[str], float],
    bound: Mapping[str, str],
    files: Files,
) -> TreeSeen:
    """Read what the configuration says, and see what of the profile's wishes is there then."""
    there, missing, score = marks
    read: dict[str, str] = {}
    lacking: list[Lacking] = []
    for each in signature.reads:
        value = _value(each, signature, signature.values(bound), files)
        if value is None:
            continue
        if _is_place(signature, each.setting) and not files.exists(value):
            lacking.append(Lacking(each.setting, value))
        else:
            read[each.setting] = value
    values = signature.values({**bound, **read})
    lacking += _lacking(signature, values, files)
    paths = [filled_in(template, values) for template in signature.paths]
    sqlite = [filled_in(template, values) for template in signature.sqlite]
    return TreeSeen(
        profile=signature.profile,
        engine=signature.engine,
        found=folder,
        marks=tuple(there),
        missing=tuple(missing),
        score=round(score, 3),
        settings=dict(bound),
        read=read,
        lacking=tuple(dict.fromkeys(lacking)),
        paths=tuple(path for path in paths if path is not None),
        sqlite=tuple(path for path in sqlite if path is not None),
    )


def _value(
    sign: ReadSign, signature: Signature, values: Mapping[str, str], files: Files
) -> str | None:
    """Read one setting; None where it is not there, not allowed, or said in two ways."""
    setting, file = signature.setting(sign.setting), filled_in(sign.file, values)
    if setting is None or file is None:
        return None
    pattern = re.compile(sign.pattern, re.MULTILINE)
    said = {match[1] for text in files.read(file) for match in [pattern.search(text)] if match}
    if len(said) != 1:
        return None
    value = said.pop()
    if setting.type == "engine":
        return ENGINES.get(value)
    return value if re.fullmatch(setting.allowed, value) else None


def _is_place(signature: Signature, name: str) -> bool:
    setting = signature.setting(name)
    return setting is not None and setting.type in ("path", "path_pattern")


def _lacking(signature: Signature, values: Mapping[str, str], files: Files) -> Iterator[Lacking]:
    for template in (*signature.paths, *signature.required, *signature.sqlite):
        pattern = filled_in(template, values)
        if pattern is not None and not files.exists(pattern):
            names = PLACEHOLDER.findall(template)
            is_one = len(names) == 1 and template == f"{{{names[0]}}}"
            yield Lacking(names[0] if is_one else "", pattern)
