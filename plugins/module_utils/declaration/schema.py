# Copyright: (c) The Probealarm contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What may stand where: a small schema language whose refusals are written for operators.

A shape reads a node into plain Python values. It never raises: it tells the ``Reading`` what is
wrong, returns ``FAULTY`` in place of the value, and goes on, so that one run finds all errors.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from typing import Any, Final, Protocol

from ..text import parse_duration
from . import nodes
from .faults import KeyPath, Reading
from .nearest import nearest_hint


class Faulty:
    """The value of a key that was objected to."""

    def __repr__(self) -> str:
        return "FAULTY"


FAULTY: Final = Faulty()


class Shape(Protocol):
    """Anything that can read a node."""

    @property
    def meaning(self) -> str:
        """What the value is, as the rest of a sentence that starts with is not."""

    def read(self, node: nodes.Node, path: KeyPath, reading: Reading) -> Any:
        """Return the plain value, or FAULTY after telling ``reading`` why."""


def no_objection(_text: str) -> str:
    """Accept every text that the pattern accepts."""
    return ""


@dataclass(frozen=True)
class Text:
    """A text that matches ``pattern`` as a whole and to which ``objection`` has nothing to say."""

    meaning: str
    pattern: re.Pattern[str]
    objection: Callable[[str], str] = no_objection

    def read(self, node: nodes.Node, path: KeyPath, reading: Reading) -> str | Faulty:
        """Return the text, or FAULTY."""
        if isinstance(node, nodes.Broken):
            return FAULTY
        if not isinstance(node, nodes.Scalar):
            return _wrong(self, node, path, reading)
        if node.kind != "text":
            quote = f"if you mean the text, write '{node.text}'" if node.text else ""
            return _wrong(self, node, path, reading, quote)
        if not self.pattern.fullmatch(node.text):
            return _wrong(self, node, path, reading)
        objection = self.objection(node.text)
        if objection:
            reading.object_to(node.place, path, objection, seen=node.seen)
            return FAULTY
        return node.text


@dataclass(frozen=True)
class Duration:
    """A duration such as 24h, read into seconds."""

    meaning: str = "a duration"

    def read(self, node: nodes.Node, path: KeyPath, reading: Reading) -> int | Faulty:
        """Return seconds, or FAULTY."""
        if isinstance(node, nodes.Broken):
            return FAULTY
        if not isinstance(node, nodes.Scalar):
            return _wrong(self, node, path, reading, "for example 24h")
        try:
            return parse_duration(node.text)
        except ValueError as error:
            reading.object_to(node.place, path, str(error))
            return FAULTY


@dataclass(frozen=True)
class WholeNumber:
    """A whole number between two limits, both included."""

    least: int
    most: int

    @property
    def meaning(self) -> str:
        """What the value is, as the rest of a sentence that starts with is not."""
        return f"a whole number from {self.least} to {self.most}"

    def read(self, node: nodes.Node, path: KeyPath, reading: Reading) -> int | Faulty:
        """Return the number, or FAULTY."""
        if isinstance(node, nodes.Broken):
            return FAULTY
        if isinstance(node, nodes.Scalar) and node.kind == "whole number":
            number = int(node.text)
            if self.least <= number <= self.most:
                return number
        hint = ""
        if isinstance(node, nodes.Scalar) and node.kind == "text" and node.text.isdecimal():
            hint = "write it without quotes"
        return _wrong(self, node, path, reading, hint)


@dataclass(frozen=True)
class OneOf:
    """One of the names that exist; ``what`` they are names of, for example a host."""

    what: str
    choices: Collection[str]

    @property
    def meaning(self) -> str:
        """What the value is, as the rest of a sentence that starts with is not."""
        return f"a known {self.what}"

    def read(self, node: nodes.Node, path: KeyPath, reading: Reading) -> str | Faulty:
        """Return the name, or FAULTY."""
        if isinstance(node, nodes.Broken):
            return FAULTY
        if not isinstance(node, nodes.Scalar) or node.kind == "nothing":
            return _wrong(self, node, path, reading)
        if node.text not in self.choices:
            hint = nearest_hint(node.text, self.choices, self.what)
            return _wrong(self, node, path, reading, hint)
        return node.text


@dataclass(frozen=True)
class Anything:
    """A value that is read later, by someone who knows more. Returned as its node."""

    meaning: str

    def read(self, node: nodes.Node, _path: KeyPath, _reading: Reading) -> nodes.Node | Faulty:
        """Return the node itself."""
        return FAULTY if isinstance(node, nodes.Broken) else node


@dataclass(frozen=True)
class ListOf:
    """A list of at least ``at_least`` values of one shape, none of them twice."""

    item: Shape
    at_least: int = 0

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
            return _wrong(self, node, path, reading, hint)
        if len(node.items) < self.at_least:
            reading.object_to(node.place, path, "must name at least one", seen=node.seen)
            return FAULTY
        values: list[Any] = []
        for item in node.items:
            value = self.item.read(item, path, reading)
            if value in values and value is not FAULTY:
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
    """A mapping with known keys. Optional keys without a default are absent when not written."""

    meaning: str
    keys: Mapping[str, Key]

    def read(self, node: nodes.Node, path: KeyPath, reading: Reading) -> dict[str, Any] | Faulty:
        """Return a value for every key that is written or has a default, or FAULTY."""
        if isinstance(node, nodes.Broken):
            return FAULTY
        if not isinstance(node, nodes.Mapping):
            return _wrong(self, node, path, reading, f"its keys are {', '.join(self.keys)}")
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
        return values

    def names(self) -> list[str]:
        """Every key that may be written here or below, dotted."""
        below = [
            f"{name}.{inner}"
            for name, key in self.keys.items()
            if isinstance(key.shape, Record)
            for inner in key.shape.names()
        ]
        return [*self.keys, *below]


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
            return _wrong(self, node, path, reading)
        values: dict[str, Any] = {}
        sound = True
        for name, entry in node.entries.items():
            key = self.name.read(nodes.Scalar(entry.place, name), (*path, name), reading)
            value = self.value.read(entry.value, (*path, name), reading)
            sound = sound and key is not FAULTY and value is not FAULTY
            values[name] = value
        return values if sound else FAULTY


def _wrong(
    shape: Shape, node: nodes.Node, path: KeyPath, reading: Reading, hint: str = ""
) -> Faulty:
    reading.object_to(node.place, path, f"is not {shape.meaning}", seen=node.seen, hint=hint)
    return FAULTY
