# Copyright: (c) The Probealarm contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a single value may be; the lower half of the schema language of :mod:`.schema`."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import date
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


def wrong(
    shape: Shape, node: nodes.Node, path: KeyPath, reading: Reading, hint: str = ""
) -> Faulty:
    """Object to a node of another kind than the shape's, and return FAULTY."""
    reading.object_to(node.place, path, f"is not {shape.meaning}", seen=node.seen, hint=hint)
    return FAULTY


TEMPLATE_SIGNS = ("{{", "{%", "{#")


def _template_objection(text: str) -> str:
    for sign in TEMPLATE_SIGNS:
        if sign in text:
            return f"has {sign} in it, which Ansible takes for the beginning of a template"
    return ""


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
            return wrong(self, node, path, reading)
        if node.kind != "text":
            quote = f"if you mean the text, write '{node.text}'" if node.text else ""
            return wrong(self, node, path, reading, quote)
        if not self.pattern.fullmatch(node.text):
            return wrong(self, node, path, reading)
        objection = _template_objection(node.text) or self.objection(node.text)
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
            return wrong(self, node, path, reading, "for example 24h")
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
        if isinstance(node, nodes.Scalar) and node.is_whole_number:
            number = int(node.text)
            if self.least <= number <= self.most:
                return number
        hint = ""
        is_text = isinstance(node, nodes.Scalar) and node.kind == "text" and not node.is_encrypted
        if is_text and nodes.text_of(node).isdecimal():
            hint = "write it without quotes"
        return wrong(self, node, path, reading, hint)


@dataclass(frozen=True)
class TruthValue:
    """``true`` or ``false``."""

    meaning: str = "true or false"

    def read(self, node: nodes.Node, path: KeyPath, reading: Reading) -> bool | Faulty:
        """Return the truth value, or FAULTY."""
        if isinstance(node, nodes.Broken):
            return FAULTY
        if not isinstance(node, nodes.Scalar) or node.text not in ("true", "false"):
            return wrong(self, node, path, reading)
        return node.text == "true"


@dataclass(frozen=True)
class Date:
    """A day, read into its ISO 8601 text."""

    meaning: str = "a date such as 2027-01-31"

    def read(self, node: nodes.Node, path: KeyPath, reading: Reading) -> str | Faulty:
        """Return the day as ``YYYY-MM-DD``, or FAULTY."""
        if isinstance(node, nodes.Broken):
            return FAULTY
        if not isinstance(node, nodes.Scalar):
            return wrong(self, node, path, reading)
        try:
            return date.fromisoformat(node.text).isoformat()
        except ValueError:
            return wrong(self, node, path, reading)


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
            return wrong(self, node, path, reading)
        if node.text not in self.choices:
            hint = nearest_hint(node.text, self.choices, self.what)
            return wrong(self, node, path, reading, hint)
        return node.text


@dataclass(frozen=True)
class Anything:
    """A value that is read later, by someone who knows more. Returned as its node."""

    meaning: str

    def read(self, node: nodes.Node, _path: KeyPath, _reading: Reading) -> nodes.Node | Faulty:
        """Return the node itself."""
        return FAULTY if isinstance(node, nodes.Broken) else node
