# Copyright: (c) The Probealarm contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Reading YAML into a tree. The one file that imports PyYAML.

The tree is built from parser events rather than with ``safe_load``: only so are duplicate keys
seen, lines kept, and deep nesting or aliases refused before they cost memory.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import yaml

from .blocks import Block, service_blocks
from .faults import KeyPath, Place, Reading
from .nodes import WHOLE_NUMBER, Broken, Entry, Mapping, Node, Scalar, Sequence
from .syntax import object_to_syntax, text_of

Decrypt = Callable[[str], str]
"""Opens what ``ansible-vault encrypt_string`` made; raises ValueError saying why it cannot."""

DEEPEST_NESTING = 20
TOO_DEEP = f"is nested deeper than {DEEPEST_NESTING} levels"
WRITTEN_TWICE = "is written twice"
VAULT_HINT = "give its password with --ask-vault-pass or --vault-password-file"

_KINDS = {
    "tag:yaml.org,2002:str": "text",
    "tag:yaml.org,2002:null": "nothing",
    "tag:yaml.org,2002:bool": "truth value",
    "tag:yaml.org,2002:int": "number",
    "tag:yaml.org,2002:float": "number",
    "tag:yaml.org,2002:timestamp": "date",
}


def read_yaml(file: Path, reading: Reading, decrypt: Decrypt | None = None) -> Mapping | None:
    """Read a YAML file whose top level is a mapping.

    Without ``decrypt`` an encrypted value is an error, as in a profile, which holds no secrets.
    Every fault goes to ``reading``; None means that nothing beyond the faults can be said.
    """
    text = text_of(file, reading)
    if text is None:
        return None
    own = Reading(reading.file)
    try:
        document = _parse(text, own, decrypt)
    except yaml.YAMLError as error:
        return _read_sound_services(text, error, reading, decrypt)
    reading.faults.extend(own.faults)
    return document


def names_of_services(file: Path) -> list[str]:
    """Return the names that a declaration gives to services, as far as it can be read."""
    document = read_yaml(file, Reading(""))
    entry = document.entries.get("services") if document else None
    return list(entry.value.entries) if entry and isinstance(entry.value, Mapping) else []


def _events(text: str) -> Iterator[Any]:
    return iter(yaml.parse(text, Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader)))


def _parse(text: str, reading: Reading, decrypt: Decrypt | None) -> Mapping | None:
    builder = _Builder(reading, decrypt)
    for event in _events(text):
        if not builder.take(event):
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


def _read_sound_services(
    text: str, error: yaml.YAMLError, reading: Reading, decrypt: Decrypt | None
) -> Mapping | None:
    """Say what is no YAML, and go on with the services that are, so that a run finds more of it."""
    lines = text.split("\n")
    blocks = service_blocks(lines)
    unreadable = [block for block in blocks if not _is_sound(block, lines, reading)]
    if not unreadable:
        object_to_syntax(text, error, reading)
    if not unreadable or unreadable == blocks:
        return None
    for block in unreadable:
        lines[block.start : block.stop] = [""] * (block.stop - block.start)
    rest = "\n".join(lines)
    try:
        return _parse(rest, reading, decrypt)
    except yaml.YAMLError as further:
        object_to_syntax(rest, further, reading)
        return None


def _is_sound(block: Block, lines: list[str], reading: Reading) -> bool:
    text = "\n".join(lines[block.start : block.stop])
    try:
        for _ in _events(text):
            pass
    except yaml.YAMLError as error:
        object_to_syntax(text, error, reading, block)
        return False
    return True


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

    def __init__(self, reading: Reading, decrypt: Decrypt | None) -> None:
        self.documents: list[Node] = []
        self._reading = reading
        self._decrypt = decrypt
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
                self._object(place, TOO_DEEP)
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
        if event.tag == "!vault" and self._decrypt is not None:
            return self._opened(event.value, place, self._decrypt)
        if event.tag not in (None, "!"):
            self._object_to_tag(place, event.tag)
            return Broken(place)
        if not event.implicit[0]:
            return Scalar(place, event.value)
        tag = str(self._resolve(yaml.ScalarNode, event.value, (True, False)))
        if tag.endswith(":int") and WHOLE_NUMBER.fullmatch(event.value):
            return Scalar(place, event.value, "whole number")
        return Scalar(place, event.value, _KINDS.get(tag, "text"))

    def _opened(self, text: str, place: Place, decrypt: Decrypt) -> Node:
        try:
            return Scalar(place, decrypt(text), is_encrypted=True)
        except ValueError as error:
            self._object(place, f"cannot be decrypted: {error}", hint=VAULT_HINT)
            return Broken(place)

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
        if not isinstance(node, Scalar) or node.kind == "nothing" or node.is_encrypted:
            self._object(node.place, "has a key that is not a name", node.seen)
            return None
        if node.text in parent.entries:
            first = parent.entries[node.text].place.line
            problem = f"{WRITTEN_TWICE}, first on line {first}"
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
