# Copyright: (c) The Probealarm contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the sections of one service say about one another.

A rule about a store that does not exist, or about files that nobody saves, could never find
anything wrong; so it is refused before it lulls anybody.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any

from . import nodes
from .faults import KeyPath, Place, Problem, Reading
from .nearest import nearest_hint
from .queries import about_query, queries
from .stores import fixed_part, is_within

SQLITE_FILES = ("", "-wal", "-shm", "-journal")
"""What SQLite keeps beside its database, as endings of its name."""


def object_to_problems(
    values: Mapping[str, Any],
    sections: Mapping[str, nodes.Node],
    today: date,
    path: KeyPath,
    reading: Reading,
) -> None:
    """Object to every problem at the line where it is written."""
    for found in problems(values, today):
        section = sections.get(found.keys[0])
        if section is not None:
            place = _place(section, found.keys[1:])
            reading.object_to(
                place, (*path, *found.keys), found.problem, seen=found.seen, hint=found.hint
            )


def _place(node: nodes.Node, keys: tuple[str, ...]) -> Place:
    """Return the place of the innermost key that is written."""
    if keys and isinstance(node, nodes.Mapping) and keys[0] in node.entries:
        entry = node.entries[keys[0]]
        return _place(entry.value, keys[1:]) if len(keys) > 1 else entry.place
    if keys and isinstance(node, nodes.Sequence) and keys[0].isdecimal():
        return node.items[int(keys[0]) - 1].place
    return node.place


def problems(values: Mapping[str, Any], today: date) -> Iterator[Problem]:
    """Yield what is wrong between the sections of a service; ``values`` are by section."""
    stores: dict[str, dict[str, Any]] = values.get("stores") or {}
    yield from _about_stores(stores)
    for asked in queries(values):
        yield from about_query(asked, stores)
    saved = [store for store in stores.values() if store["kind"] == "files"]
    for keys, path in _paths(values):
        yield from _about_path(keys, path, saved)
    yield from _about_checks(values.get("checks") or {})
    yield from _about_secrets(values.get("secrets") or {})
    yield from _about_exports(values.get("exports") or {})
    yield from _about_exemptions(values, today)


def _about_stores(stores: Mapping[str, Mapping[str, Any]]) -> Iterator[Problem]:
    for name, store in stores.items():
        for key in ("user", "password_variable"):
            if key in store and "container" not in store:
                hint = "on the host itself root logs in over the socket"
                yield Problem(("stores", name, key), "goes with a container", hint=hint)
        if store["kind"] == "files" and not store["for_reference"]:
            for database in stores.values():
                if database["kind"] == "sqlite":
                    yield from _about_files_with_sqlite(name, store, database["path"])


def _about_files_with_sqlite(
    name: str, files: Mapping[str, Any], database: str
) -> Iterator[Problem]:
    """Object to files that would come back beside a database that is restored by itself.

    SQLite plays an old write-ahead log or journal into whatever database it finds beside it, and so
    turns a restored one back or breaks it ("How To Corrupt An SQLite Database File", 1.2 and 1.4).
    """
    if database in files["paths"]:
        problem = "saves a database as a plain file, and a SQLite store saves it already"
        hint = "take it out of paths"
        yield Problem(("stores", name, "paths"), problem, repr(database), hint)
    elif any(is_within(database, path) for path in files["paths"]):
        left_out = [str(entry["path"]) for entry in files["regenerable"]]
        missing = [
            database + suffix
            for suffix in SQLITE_FILES
            if not any(is_within(database + suffix, path) for path in left_out)
        ]
        if missing:
            problem = "saves files of a SQLite database that would turn a restored one back"
            hint = f"leave out as regenerable: {', '.join(missing)}"
            yield Problem(("stores", name, "regenerable"), problem, hint=hint)


def _paths(values: Mapping[str, Any]) -> Iterator[tuple[tuple[str, ...], str]]:
    """Yield (keys, path or pattern) of everything that rules look for among the saved files."""
    for section in ("checks", "secrets"):
        for name, entry in (values.get(section) or {}).items():
            for key in ("file", "below", "keys"):
                if isinstance(entry.get(key), str):
                    yield (section, name, key), entry[key]
            for pattern in entry.get("files", ()):
                yield (section, name, "files"), pattern
            if "lines" in entry:
                yield (section, name, "lines"), entry["lines"]["file"]
    for name, effect in (values.get("side_effects") or {}).items():
        for block in effect["block"]:
            if "file" in block:
                yield ("side_effects", name, "block"), block["file"]["path"]


def _about_path(keys: tuple[str, ...], path: str, saved: list[dict[str, Any]]) -> Iterator[Problem]:
    fixed = fixed_part(path)
    around = [store for store in saved if any(is_within(fixed, known) for known in store["paths"])]
    if not around:
        yield Problem(keys, "looks at files that no store of this service saves", repr(path))
    for store in around:
        for out in store["regenerable"]:
            if is_within(fixed, out["path"]):
                problem = f"looks at files that are left out by the regenerable path {out['path']}"
                yield Problem(keys, problem, repr(path))


def _about_checks(checks: Mapping[str, Mapping[str, Any]]) -> Iterator[Problem]:
    for name, check in checks.items():
        columns = check.get("columns")
        if columns and columns[0] != "path":
            problem = "the first column must be path"
            yield Problem(("checks", name, "columns"), problem, repr(columns[0]))
        least, most = check.get("at_least"), check.get("at_most")
        if least == 0 and most is None:
            yield Problem(("checks", name, "at_least"), "could never find anything wrong", "0")
        if check["kind"] == "file_holds" and re.search(check["pattern"], "", re.MULTILINE):
            problem = "could never find anything wrong: an empty file holds it"
            yield Problem(("checks", name, "pattern"), problem, repr(check["pattern"]))
        if "lines" in check:
            yield from _about_lines(name, check["lines"])
        if least is not None and most is not None and least > most:
            problem = f"is less than at_least, which is {least}"
            yield Problem(("checks", name, "at_most"), problem, str(most))


def _about_lines(name: str, lines: Mapping[str, str]) -> Iterator[Problem]:
    """Try the path on a match, as far as that goes without one."""
    groups = re.compile(lines["pattern"], re.MULTILINE).groups
    named = [int(number) for number in re.findall(r"\\(?:g<)?(\d+)", lines["path"])]
    if any(number > groups for number in named):
        problem = f"names a group that the pattern has not; it has {groups}"
        yield Problem(("checks", name, "lines"), problem, repr(lines["path"]))


def _about_secrets(secrets: Mapping[str, Mapping[str, Any]]) -> Iterator[Problem]:
    for name, secret in secrets.items():
        if "pattern" not in secret:
            continue
        keys = ("secrets", name, "pattern")
        groups = re.compile(secret["pattern"], re.MULTILINE).groups
        if "file" not in secret:
            yield Problem(keys, "goes with a file, and this secret is in a store")
        elif groups != 1:
            hint = "put ( ) around the secret, and (?: ) around other things"
            yield Problem(keys, f"has {groups} groups and must have one", hint=hint)


def _about_exports(exports: Mapping[str, Mapping[str, Any]]) -> Iterator[Problem]:
    for name, export in exports.items():
        columns = export["columns"]
        for key, written in (("key", export["key"]), ("person", [export.get("person")])):
            for column in written:
                if column is not None and column not in columns:
                    hint = nearest_hint(column, columns, "column")
                    problem = "names a column that the export has not"
                    yield Problem(("exports", name, key), problem, repr(column), hint)


def _about_exemptions(values: Mapping[str, Any], today: date) -> Iterator[Problem]:
    for number, exemption in enumerate(values.get("exemptions") or (), start=1):
        keys = ("exemptions", str(number))
        expires = date.fromisoformat(exemption["expires"])
        if expires < today:
            hint = "look whether the reason still holds; then set a new day, or take it out"
            yield Problem(keys, "has expired", str(expires), hint)
        for what, names in (
            ("check", values.get("checks")),
            ("secret", values.get("secrets")),
            ("store", values.get("stores")),
        ):
            table = exemption.get("table", "").partition(".")[0] or None
            name = table if what == "store" else exemption.get(what)
            if name is not None and name not in (names or {}):
                hint = nearest_hint(name, names or {}, what)
                yield Problem(keys, f"names a {what} that does not exist", repr(name), hint)
