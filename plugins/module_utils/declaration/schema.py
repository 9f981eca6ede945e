# Copyright: (c) The Probealarm contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What may stand where: a small schema language whose refusals are written for operators.

A shape reads a node into plain Python values. It never raises: it tells the ``Reading`` what is
wrong, returns ``FAULTY`` in place of the value, and goes on, so that one run finds all errors.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from . import nodes
from .faults import KeyPath, Reading
from .nearest import nearest_hint
from .scalars import FAULTY, Faulty, OneOf, Shape, Text, wrong


@dataclass(frozen=True)
class ListOf:
    """A list of at least ``at_least`` values of one shape; none of them twice if ``unique``."""

    item: Shape
    at_least: int = 0
    unique: bool = True

    @property
    def meaning(self) -> str:
        """What the value is, as the rest of a sentence that starts with is not."""
        return "a list"

    def read(self, node: nodes.Node, path: KeyPath, reading: Reading) -> list[Any] | Faulty:
        """Return the values, or FAULTY when one of them is."""
        if isinstance(node, nodes.Broken):
            return FAULTY
        if not isinstance(node, nodes.Sequence):
            hint = "write a list: [one, two], or one line with - each"
            return wrong(self, node, path, reading, hint)
        if len(node.items) < self.at_least:
            reading.object_to(node.place, path, "must name at least one", seen=node.seen)
            return FAULTY
        values: list[Any] = []
        for item in node.items:
            value = self.item.read(item, path, reading)
            if self.unique and value in values and value is not FAULTY:
                reading.object_to(item.place, path, "is listed twice", seen=item.seen)
            values.append(value)
        return FAULTY if FAULTY in values else values


@dataclass(frozen=True)
class Key:
    """One key of a record. Without ``required``, ``default`` stands in for a key not written."""

    shape: Shape
    help: str
    required: bool = False
    default: Any = None


@dataclass(frozen=True)
class Record:
    """A mapping with known keys. Optional keys without a default are absent when not written.

    Attributes:
        one_of: groups of keys, of which exactly one is written, and that one whole.
        some_of: keys of which at least one is written.
    """

    meaning: str
    keys: Mapping[str, Key]
    one_of: tuple[tuple[str, ...], ...] = ()
    some_of: tuple[str, ...] = ()

    def read(self, node: nodes.Node, path: KeyPath, reading: Reading) -> dict[str, Any] | Faulty:
        """Return a value for every key that is written or has a default, or FAULTY."""
        if isinstance(node, nodes.Broken):
            return FAULTY
        if not isinstance(node, nodes.Mapping):
            return wrong(self, node, path, reading, f"its keys are {', '.join(self.keys)}")
        before = len(reading.faults)
        values = self.read_sound_keys(node, path, reading)
        sound = len(reading.faults) == before and node.entries.keys() <= values.keys()
        return values if sound else FAULTY

    def read_sound_keys(
        self, node: nodes.Mapping, path: KeyPath, reading: Reading
    ) -> dict[str, Any]:
        """Return the values to which there is no objection, for callers who check on regardless."""
        values: dict[str, Any] = {}
        for name, entry in node.entries.items():
            if name in self.keys:
                value = self.keys[name].shape.read(entry.value, (*path, name), reading)
                if value is not FAULTY:
                    values[name] = value
            else:
                hint = nearest_hint(name, self.names())
                where = f"this key does not exist in {self.meaning}"
                reading.object_to(
                    entry.place, (*path, name), where, seen=entry.value.seen, hint=hint
                )
        for name, key in self.keys.items():
            if name in node.entries:
                continue
            if key.required:
                reading.object_to(node.place, (*path, name), "is missing", hint=f"add {key.help}")
            elif key.default is not None:
                values[name] = key.default
        for problem in self._choices(node):
            reading.object_to(node.place, path, problem)
        return values

    def _choices(self, node: nodes.Mapping) -> Iterator[str]:
        """Yield what is wrong with the choice of keys."""
        if self.one_of:
            begun = [group for group in self.one_of if node.entries.keys() & set(group)]
            whole = [group for group in begun if node.entries.keys() >= set(group)]
            if len(begun) != 1 or not whole:
                groups = "; or ".join(" with ".join(group) for group in self.one_of)
                said = _named(node, self.one_of)
                yield f"says {said} of these, and must say exactly one: {groups}"
        if self.some_of and not node.entries.keys() & set(self.some_of):
            yield f"must say at least one of: {', '.join(self.some_of)}"

    def names(self) -> list[str]:
        """Every key that may be written here or below, dotted."""
        below = [
            f"{name}.{inner}"
            for name, key in self.keys.items()
            if isinstance(key.shape, Record)
            for inner in key.shape.names()
        ]
        return [*self.keys, *below]


def _named(node: nodes.Mapping, groups: tuple[tuple[str, ...], ...]) -> str:
    written = [name for group in groups for name in group if name in node.entries]
    return " and ".join(dict.fromkeys(written)) or "none"


@dataclass(frozen=True)
class Variants:
    """A mapping whose key ``kind`` decides which record it is. ``kind`` is among the values."""

    what: str
    records: Mapping[str, Record]

    @property
    def meaning(self) -> str:
        """What the value is, as the rest of a sentence that starts with is not."""
        return f"a {self.what}"

    def read(self, node: nodes.Node, path: KeyPath, reading: Reading) -> dict[str, Any] | Faulty:
        """Return the values of the record, or FAULTY."""
        if isinstance(node, nodes.Broken):
            return FAULTY
        if not isinstance(node, nodes.Mapping):
            return wrong(self, node, path, reading, "write its keys below it, indented")
        if "kind" not in node.entries:
            hint = f"add one of: {', '.join(self.records)}"
            reading.object_to(node.place, (*path, "kind"), "is missing", hint=hint)
            return FAULTY
        kinds = OneOf(f"{self.what} kind", self.records)
        kind = kinds.read(node.entries["kind"].value, (*path, "kind"), reading)
        if isinstance(kind, Faulty):
            return FAULTY
        others = {name: entry for name, entry in node.entries.items() if name != "kind"}
        values = self.records[kind].read(nodes.Mapping(node.place, others), path, reading)
        return FAULTY if isinstance(values, Faulty) else {"kind": kind, **values}


@dataclass(frozen=True)
class MapOf:
    """A mapping from names of one shape to values of another."""

    meaning: str
    name: Text
    value: Shape

    def read(self, node: nodes.Node, path: KeyPath, reading: Reading) -> dict[str, Any] | Faulty:
        """Return the values by their names, or FAULTY when one of them is."""
        if isinstance(node, nodes.Broken):
            return FAULTY
        if not isinstance(node, nodes.Mapping):
            return wrong(self, node, path, reading)
        values: dict[str, Any] = {}
        sound = True
        for name, entry in node.entries.items():
            key = self.name.read(nodes.Scalar(entry.place, name), (*path, name), reading)
            value = self.value.read(entry.value, (*path, name), reading)
            sound = sound and key is not FAULTY and value is not FAULTY
            values[name] = value
        return values if sound else FAULTY
