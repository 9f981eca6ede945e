# Copyright: (c) The Probealarm contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What stands in a file that mariadb-dump wrote: read once, for its digest and its definitions.

A dump tool that may not see a routine leaves it out and reports success. So the names in the dump
are compared with those of the manifest before anything is saved. Rows cannot be taken for
definitions: a line break in a value is written in two characters.
"""

from __future__ import annotations

import hashlib
import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

END_MARK = b"-- Dump completed"
FIRST_DEFINITION = (
    b"-- Table structure",
    b"-- Temporary table",
    b"-- Sequence structure",
    END_MARK,
)
QUOTED = rb"`(?:[^`\n]|``)*`"
DEFINITION = re.compile(
    rb"\n(?:--\n-- (?P<comment>Table|Final view|Sequence) structure for (?:table |view )?"
    rb"(?P<name>" + QUOTED + rb")"
    rb"|/\*!\d+ DROP (?P<routine>FUNCTION|PROCEDURE|PACKAGE BODY|PACKAGE|EVENT) IF EXISTS "
    rb"(?P<called>" + QUOTED + rb")"
    rb"|/\*!50003 CREATE\*/ (?:/\*!50017 DEFINER=[^\n]*?\*/ )?/\*!50003 (?P<trigger>(?i:TRIGGER)))"
)
KINDS = {b"Table": "table", b"Final view": "view", b"Sequence": "sequence"}
NAMED = frozenset({*KINDS.values(), "function", "procedure", "package", "package body", "event"})
TRIGGERS = "trigger"
RULE = b"\n--"
"""The line above the name of a table, a view or a sequence."""
BLOCK_BYTES = 1 << 20
LONGEST_HEAD = 1 << 16
"""Of a line that is not read to its end yet, so much is kept: a row may have a gigabyte."""


@dataclass(frozen=True)
class Inspected:
    """A dump, read once.

    Attributes:
        names: of what it defines, as ``kind name``.
        triggers: how many it defines; their text is the application's own, so they are counted.
    """

    sha256: str
    bytes: int
    is_whole: bool
    names: frozenset[str]
    triggers: int

    def differences(self, objects: Iterable[str]) -> list[str]:
        """Compare with the objects of a manifest, in both directions."""
        listed = frozenset(objects)
        wanted = {
            thing for thing in listed if _kind(thing) in NAMED and not _is_shadow(thing, listed)
        }
        missing = [f"{name} is not in it" for name in sorted(wanted - self.names)]
        extra = [
            f"{name} is in it and was not there when it was measured"
            for name in sorted(self.names - wanted)
        ]
        counted = sum(_kind(thing) == TRIGGERS for thing in listed)
        if counted != self.triggers:
            extra.append(f"it has {self.triggers} of {counted} triggers")
        return missing + extra


def has_begun(file: Path) -> bool:
    """Tell whether a dump has opened its view: its first definition is written only then."""
    with file.open("rb") as dump:
        head = dump.read(65536)
    return any(mark in head for mark in FIRST_DEFINITION)


def inspect(file: Path) -> Inspected:
    """Read a dump. It is whole when its last line is there, which is written after everything."""
    digest, size, tail, end = hashlib.sha256(), 0, b"", b""
    found: Counter[str] = Counter()
    with file.open("rb") as dump:
        while block := dump.read(BLOCK_BYTES):
            digest.update(block)
            size += len(block)
            text = tail + block
            cut = max(text.rfind(b"\n"), 0)
            found.update(_definitions(text[:cut]))
            begun = max(cut - len(RULE), 0)
            tail = text[begun : cut + LONGEST_HEAD]
            end = (end + block)[-len(END_MARK) - 100 :]
    found.update(_definitions(tail))
    triggers = found.pop(TRIGGERS, 0)
    return Inspected(digest.hexdigest(), size, END_MARK in end, frozenset(found), triggers)


def _definitions(text: bytes) -> Iterator[str]:
    for match in DEFINITION.finditer(text):
        if match["trigger"]:
            yield TRIGGERS
            continue
        kind = KINDS.get(match["comment"], "") or match["routine"].decode().lower()
        name = match["name"] or match["called"]
        yield f"{kind} {name[1:-1].replace(b'``', b'`').decode('utf-8', 'surrogateescape')}"


def _kind(thing: str) -> str:
    if thing.startswith("package body "):
        return "package body"
    return thing.partition(" ")[0]


def _is_shadow(thing: str, listed: frozenset[str]) -> bool:
    """Tell whether a table is a view or a sequence: their columns are measured like a table's."""
    kind, _, name = thing.partition(" ")
    return kind == "table" and not listed.isdisjoint({f"view {name}", f"sequence {name}"})
