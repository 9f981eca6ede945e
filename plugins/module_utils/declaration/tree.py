# Copyright: (c) The Probealarm contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Reading YAML into a tree. The one file that imports PyYAML.

The tree is built from parser events rather than with ``safe_load``: only so are duplicate keys
seen, lines kept, and deep nesting or aliases refused before they cost memory.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import yaml

from .faults import KeyPath, Place, Reading
from .nodes import Broken, Entry, Mapping, Node, Scalar, Sequence

LARGEST_FILE_BYTES = 5_000_000
DEEPEST_NESTING = 20

_KINDS = {
    "tag:yaml.org,2002:str": "text",
    "tag:yaml.org,2002:null": "nothing",
    "tag:yaml.org,2002:bool": "truth value",
    "tag:yaml.org,2002:int": "number",
    "tag:yaml.org,2002:float": "number",
    "tag:yaml.org,2002:timestamp": "date",
}
_WHOLE_NUMBER = re.compile(r"0|-?[1-9][0-9]{0,17}")


def read_yaml(file: Path, reading: Reading) -> Mapping | None:
    """Read a YAML file whose top level is a mapping.

    Every fault goes to ``reading``; None means that nothing beyond the faults can be said.
    """
    top = Place(reading.file, 1)
    try:
        with file.open("rb") as stream:
            content = stream.read(LARGEST_FILE_BYTES + 1)
    except OSError as error:
        reading.object_to(top, (), f"cannot be read: {error.strerror}")
        return None
    if len(content) > LARGEST_FILE_BYTES:
        largest = f"{LARGEST_FILE_BYTES // 1_000_000} MB"
        reading.object_to(top, (), f"is larger than {largest}; no person wrote such a file")
        return None
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        seen = f"byte 0x{content[error.start]:02x}"
        hint = "save the file as UTF-8"
        reading.object_to(Place(reading.file, line), (), "is not UTF-8", seen=seen, hint=hint)
        return None
    if text.startswith("$ANSIBLE_VAULT;"):
        hint = "keep this file readable and put secrets into host_vars"
        reading.object_to(top, (), "is encrypted as a whole", hint=hint)
        return None
    return _parse(text, reading)


def _parse(text: str, reading: Reading) -> Mapping | None:
    builder = _Builder(reading)
    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    try:
        for event in yaml.parse(text, Loader=loader):
            if not builder.take(event):
                return None
    except yaml.YAMLError as error:
        _object_to_syntax(text, error, reading)
        return None
    top = Place(reading.file, 1)
    match builder.documents:
        case []:
            reading.object_to(top, (), "is empty")
        case [Mapping() as document]:
            return document
        case [Scalar(kind="nothing")]:
            reading.object_to(top, (), "is empty")
        case [other]:
            reading.object_to(other.place, (), "has no keys at its top level", seen=other.seen)
        case [_, second, *_]:
            hint = "one file is one document; remove the line ---"
            reading.object_to(second.place, (), "starts a second YAML document", hint=hint)
    return None


def _object_to_syntax(text: str, error: yaml.YAMLError, reading: Reading) -> None:
    """Name every tab at once: they are the most frequent reason, and come in numbers."""
    tabbed = list(_lines_indented_with_tabs(text))
    for line in tabbed:
        hint = "indent with spaces"
        reading.object_to(Place(reading.file, line), (), "is indented with a tab", hint=hint)
    mark = getattr(error, "problem_mark", None)
    if mark is not None:
        line = mark.line + 1
    else:
        line = text.count("\n", 0, getattr(error, "position", 0)) + 1
    if line not in tabbed:
        said = getattr(error, "problem", None) or getattr(error, "reason", None) or "unreadable"
        hint = "look at this line and the one above: colon, indentation, quotes, brackets"
        reading.object_to(Place(reading.file, line), (), f"is not YAML: {said}", hint=hint)


def _lines_indented_with_tabs(text: str) -> Iterator[int]:
    for number, line in enumerate(text.split("\n"), start=1):
        content = line.lstrip()
        if content and "\t" in line[: len(line) - len(content)]:
            yield number


@dataclass
class _Open:
    """A list or mapping whose end has not been seen yet; ``key`` waits for its value."""

    place: Place
    is_mapping: bool
    items: list[Node] = field(default_factory=list)
    entries: dict[str, Entry] = field(default_factory=dict)
    key: Scalar | None = None
    wants_key: bool = True
    is_broken: bool = False

    def closed(self) -> Node:
        """Return the finished node."""
        if self.is_broken:
            return Broken(self.place)
        if self.is_mapping:
            return Mapping(self.place, self.entries)
        return Sequence(self.place, tuple(self.items))


class _Builder:
    """Turns parser events into nodes, without recursion."""

    def __init__(self, reading: Reading) -> None:
        self.documents: list[Node] = []
        self._reading = reading
        self._resolve: Callable[..., Any] = yaml.resolver.Resolver().resolve
        self._open: list[_Open] = []

    def take(self, event: Any) -> bool:
        """Take one event; False when reading on makes no sense."""
        place = Place(self._reading.file, event.start_mark.line + 1)
        if isinstance(event, yaml.ScalarEvent):
            self._place(self._scalar(event, place))
        elif isinstance(event, yaml.AliasEvent):
            hint = "write the value out, a reader should see it where it counts"
            self._object(
                place, "is an alias, which is not understood here", f"*{event.anchor}", hint
            )
            self._place(Broken(place))
        elif isinstance(event, yaml.CollectionStartEvent):
            if len(self._open) >= DEEPEST_NESTING:
                self._object(place, f"is nested deeper than {DEEPEST_NESTING} levels")
                return False
            opened = _Open(place, isinstance(event, yaml.MappingStartEvent))
            if event.tag not in (None, "!"):
                self._object_to_tag(place, event.tag)
                opened.is_broken = True
            self._open.append(opened)
        elif isinstance(event, yaml.CollectionEndEvent):
            self._place(self._open.pop().closed())
        return True

    def _scalar(self, event: yaml.ScalarEvent, place: Place) -> Node:
        if event.tag not in (None, "!"):
            self._object_to_tag(place, event.tag)
            return Broken(place)
        if not event.implicit[0]:
            return Scalar(place, event.value)
        tag = str(self._resolve(yaml.ScalarNode, event.value, (True, False)))
        if tag.endswith(":int") and _WHOLE_NUMBER.fullmatch(event.value):
            return Scalar(place, event.value, "whole number")
        return Scalar(place, event.value, _KINDS.get(tag, "text"))

    def _place(self, node: Node) -> None:
        if not self._open:
            self.documents.append(node)
            return
        parent = self._open[-1]
        if not parent.is_mapping:
            parent.items.append(node)
        elif parent.wants_key:
            parent.key = self._key(node, parent)
            parent.wants_key = False
        else:
            if parent.key is not None:
                place = parent.key.place
                # What holds keys or values is looked for where it is named, not one line further.
                value = replace(node, place=place) if isinstance(node, Mapping | Sequence) else node
                parent.entries[parent.key.text] = Entry(place, value)
            parent.key = None
            parent.wants_key = True

    def _key(self, node: Node, parent: _Open) -> Scalar | None:
        if isinstance(node, Broken):
            return None
        if not isinstance(node, Scalar) or node.kind == "nothing":
            self._object(node.place, "has a key that is not a name", node.seen)
            return None
        if node.text in parent.entries:
            first = parent.entries[node.text].place.line
            problem = f"is written twice, first on line {first}"
            self._object(node.place, problem, key=node.text, hint="keep one of them")
            return None
        return node

    def _object_to_tag(self, place: Place, tag: str) -> None:
        hint = "secrets belong into host_vars" if tag == "!vault" else "write a plain value"
        self._object(place, "carries a YAML tag, which is not understood here", tag, hint)

    def _object(
        self, place: Place, problem: str, seen: str = "", hint: str = "", key: str = ""
    ) -> None:
        path: KeyPath = tuple(level.key.text for level in self._open if level.key is not None)
        if key:
            path = (*path, key)
        self._reading.object_to(place, path, problem, seen=seen, hint=hint)
