# Copyright: (c) The Probealarm contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What is written in a file, as a tree that knows its lines."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from ..text import count
from .faults import Place

WHOLE_NUMBER = re.compile(r"0|-?[1-9][0-9]{0,17}")


@dataclass(frozen=True)
class Scalar:
    """One value as written. ``kind`` is what YAML takes it for, in the operator's words.

    Whoever encrypted a value does not want it in a message, so ``seen`` keeps it to itself.
    """

    place: Place
    text: str
    kind: str = "text"
    is_encrypted: bool = False

    @property
    def seen(self) -> str:
        """The value as a fault quotes it."""
        if self.is_encrypted:
            return "an encrypted value"
        if self.kind == "nothing":
            return "nothing"
        shown = self.text if len(self.text) <= 80 else self.text[:77] + "..."
        return f"{shown!r}" if self.kind == "text" else f"{shown}, a {self.kind}"

    @property
    def is_whole_number(self) -> bool:
        """Tell whether it can be read as one; what was encrypted comes back as text."""
        if self.is_encrypted:
            return WHOLE_NUMBER.fullmatch(self.text) is not None
        return self.kind == "whole number"


@dataclass(frozen=True)
class Sequence:
    """A list."""

    place: Place
    items: tuple[Node, ...]

    @property
    def seen(self) -> str:
        """The value as a fault quotes it."""
        return f"a list of {count(len(self.items), 'value')}"


@dataclass(frozen=True)
class Entry:
    """One key of a mapping with its value; ``place`` is the key's."""

    place: Place
    value: Node


@dataclass(frozen=True)
class Mapping:
    """Keys and values, in the order they are written."""

    place: Place
    entries: dict[str, Entry]

    @property
    def seen(self) -> str:
        """The value as a fault quotes it."""
        return f"a mapping with {count(len(self.entries), 'key')}"


@dataclass(frozen=True)
class Broken:
    """Stands where a value was already objected to, so that nobody objects twice."""

    place: Place
    seen: str = "an unreadable value"


Node = Scalar | Sequence | Mapping | Broken


def text_of(node: Node) -> str:
    """Return the text of a scalar, and an empty one for anything else."""
    return node.text if isinstance(node, Scalar) else ""


def has_entries(node: Node | None) -> bool:
    """Tell whether a node is a mapping with at least one key."""
    return isinstance(node, Mapping) and bool(node.entries)


def places_of_texts(node: Node) -> Iterator[tuple[str, Place]]:
    """Yield every text of a tree with its place, to lead from a value back to its line."""
    if isinstance(node, Scalar):
        yield node.text, node.place
    elif isinstance(node, Sequence):
        for item in node.items:
            yield from places_of_texts(item)
    elif isinstance(node, Mapping):
        for entry in node.entries.values():
            yield from places_of_texts(entry.value)


def encrypted_texts(node: Node) -> Iterator[str]:
    """Yield every text of a tree that was encrypted, for whoever must not repeat it."""
    if isinstance(node, Scalar) and node.is_encrypted:
        yield node.text
    elif isinstance(node, Sequence):
        for item in node.items:
            yield from encrypted_texts(item)
    elif isinstance(node, Mapping):
        for entry in node.entries.values():
            yield from encrypted_texts(entry.value)
