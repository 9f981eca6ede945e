# Copyright: (c) The Probealarm contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Reading the sections of a profile or a service, with all placeholders filled in."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from . import nodes
from .faults import KeyPath, Reading
from .layers import NOUNS
from .nearest import nearest_hint
from .placeholders import fill_in, names_in
from .scalars import FAULTY
from .schema import MapOf, Variants
from .sections import SECTIONS

Settings = Mapping[str, nodes.Scalar]


@dataclass
class Memory:
    """What was read before: a hundred services of one profile share most of what it says.

    An entry is known by the profile's node and by the settings that its placeholders name.
    """

    _values: dict[tuple[object, ...], Any] = field(default_factory=dict)
    _names: dict[int, tuple[nodes.Node, tuple[str, ...]]] = field(default_factory=dict)

    def read(
        self, node: nodes.Node, shape: Any, settings: Settings, path: KeyPath, reading: Reading
    ) -> Any:
        """Fill in and read a node, or return what came of it the last time."""
        if id(node) not in self._names:
            self._names[id(node)] = (node, tuple(dict.fromkeys(names_in(node))))
        texts = (settings[name].text for name in self._names[id(node)][1] if name in settings)
        key = (id(node), *texts)
        if key in self._values:
            return self._values[key]
        before = len(reading.faults)
        filled = fill_in(node, settings, path, reading)
        value = shape.read(filled, path, reading)
        if len(reading.faults) == before:
            self._values[key] = value
        return value


@dataclass(frozen=True)
class SectionReader:
    """Reads one section after another.

    Attributes:
        path: the keys that lead to the sections.
        profile: the name of the profile, for sentences about what it has not.
    """

    path: KeyPath
    profile: str
    reading: Reading
    memory: Memory

    def read(self, name: str, node: nodes.Node, settings: Settings) -> Any:
        """Return the values of a section without the entries to which there is an objection.

        None when nothing of the section can be read.
        """
        shape, path = SECTIONS[name].shape, (*self.path, name)
        if not isinstance(shape, MapOf) or not isinstance(node, nodes.Mapping):
            value = self.memory.read(node, shape, settings, path, self.reading)
            return None if value is FAULTY else value
        values = {
            key: self.memory.read(entry.value, shape.value, settings, (*path, key), self.reading)
            for key, entry in node.entries.items()
        }
        return {key: value for key, value in values.items() if value is not FAULTY}

    def entries(self, name: str, node: nodes.Node) -> nodes.Mapping | None:
        """Object to what is no mapping of named entries; return the entries to be read."""
        shape, path = SECTIONS[name].shape, (*self.path, name)
        if isinstance(node, nodes.Broken) or not isinstance(shape, MapOf):
            return None
        if not isinstance(node, nodes.Mapping):
            self._object(node, path, f"is not {shape.meaning}", "")
            return None
        kept: dict[str, nodes.Entry] = {}
        for key, entry in node.entries.items():
            shape.name.read(nodes.Scalar(entry.place, key), (*path, key), self.reading)
            if isinstance(entry.value, nodes.Mapping):
                kept[key] = entry
            elif not isinstance(entry.value, nodes.Broken):
                hint = "write its keys below it, indented"
                self._object(entry.value, (*path, key), f"is not a {NOUNS[name]}", hint)
        return nodes.Mapping(node.place, kept)

    def of_right_kind(
        self, name: str, own: nodes.Mapping, known: nodes.Node | None
    ) -> nodes.Mapping:
        """Object to own entries that are of no or of another kind; return the others."""
        shape = SECTIONS[name].shape
        if not isinstance(known, nodes.Mapping) or not isinstance(shape, MapOf):
            return own
        if not isinstance(shape.value, Variants):
            return own
        kept = {
            key: entry
            for key, entry in own.entries.items()
            if isinstance(entry.value, nodes.Mapping)
            and self._is_of_right_kind((name, key), entry.value, known)
        }
        return nodes.Mapping(own.place, kept)

    def _is_of_right_kind(
        self, keys: tuple[str, str], own: nodes.Mapping, known: nodes.Mapping
    ) -> bool:
        section, key = keys
        noun, path = NOUNS[section], (*self.path, *keys)
        kind = own.entries.get("kind")
        if key not in known.entries:
            if kind is not None or not known.entries:
                return True
            problem = f"is no {noun} of profile {self.profile}, and a further one needs a kind"
            hint = nearest_hint(key, known.entries, noun)
            self.reading.object_to(own.place, path, problem, hint=hint)
            return False
        theirs = known.entries[key].value
        if kind is None or not isinstance(theirs, nodes.Mapping) or "kind" not in theirs.entries:
            return True
        theirs_kind = theirs.entries["kind"].value
        if any(names_in(theirs_kind)) or nodes.text_of(kind.value) == nodes.text_of(theirs_kind):
            return True  # a placeholder stands for the engine that the service chose
        hint = f"a {noun} of another kind needs another name"
        self._object(kind.value, (*path, "kind"), f"differs from profile {self.profile}", hint)
        return False

    def _object(self, node: nodes.Node, path: KeyPath, problem: str, hint: str) -> None:
        self.reading.object_to(node.place, path, problem, seen=node.seen, hint=hint)
