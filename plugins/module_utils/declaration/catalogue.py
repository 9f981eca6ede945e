# Copyright: (c) The Probealarm contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Profiles: what we know about an application, one file each, read as strictly as a declaration."""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from . import nodes
from .faults import Place, Reading
from .placeholders import fill_in, names_in
from .schema import FAULTY, Anything, Faulty, Key, MapOf, OneOf, Record, Shape, Text
from .stores import STORE_KINDS, file_objections
from .tree import read_yaml
from .vocabulary import (
    DATABASE_NAME,
    PATH_PATTERN,
    PLAIN_PATH,
    PORT,
    SENTENCE,
    STORE_NAME,
    TABLE_PREFIX,
)


@dataclass(frozen=True)
class SettingType:
    """What a service may write for a setting, and a value to try a profile with."""

    shape: Shape
    sample: str
    sample_kind: str = "text"


SETTING_TYPES: dict[str, SettingType] = {
    "path": SettingType(PLAIN_PATH, "/sample/path"),
    "path_pattern": SettingType(PATH_PATTERN, "/sample/path/*"),
    "database": SettingType(DATABASE_NAME, "sample"),
    "prefix": SettingType(TABLE_PREFIX, ""),
    "port": SettingType(PORT, "5432", "whole number"),
}

_SETTING_NAME = Text(
    "a setting name (small letters, digits and _, at most one dot, for example database.name)",
    re.compile(r"[a-z][a-z0-9_]*(\.[a-z][a-z0-9_]*)?"),
)
_PROFILE = Record(
    "a profile",
    {
        "title": Key(SENTENCE, "title: the application in a few words", required=True),
        "settings": Key(
            MapOf(
                "a mapping of settings",
                _SETTING_NAME,
                Record(
                    "a setting",
                    {
                        "type": Key(
                            OneOf("setting type", SETTING_TYPES), "type: path", required=True
                        ),
                        "help": Key(SENTENCE, "help: a sentence for the operator", required=True),
                        "default": Key(Anything("a value"), "default: what holds without it"),
                    },
                ),
            ),
            "settings: what a service may or must say",
            default={},
        ),
        "stores": Key(
            Anything("a mapping of stores"), "stores: where state is kept", required=True
        ),
    },
)


@dataclass(frozen=True)
class Setting:
    """One thing that a service of this profile may say; without ``default`` it must."""

    name: str
    type: SettingType
    help: str
    default: nodes.Scalar | None

    @property
    def sample(self) -> nodes.Scalar:
        """A value that is valid by itself."""
        return nodes.Scalar(Place("", 0), self.type.sample, self.type.sample_kind)


@dataclass(frozen=True)
class Profile:
    """What a service takes over: settings it may set, and stores as trees with placeholders."""

    name: str
    title: str
    settings: dict[str, Setting]
    stores: dict[str, nodes.Mapping]

    def setting_values(self, written: dict[str, nodes.Scalar]) -> dict[str, nodes.Scalar]:
        """Return a value for every setting: what is written, else the default, else the sample.

        The sample stands in for a missing or faulty setting that was objected to already, so that
        the rest of the service can still be checked.
        """
        values: dict[str, nodes.Scalar] = {}
        for name, setting in self.settings.items():
            value: nodes.Node = written.get(name) or setting.default or setting.sample
            if name not in written and setting.default is not None:
                value = fill_in(setting.default, values, (), Reading(""))
            values[name] = value if isinstance(value, nodes.Scalar) else setting.sample
        return values

    def is_content_with(self, written: Collection[str]) -> bool:
        """Tell whether every setting without a default is among the names."""
        required = {name for name, setting in self.settings.items() if setting.default is None}
        return required <= set(written)


@dataclass
class Catalogue:
    """A directory of profiles. Only the profiles that are asked for are read, each once."""

    directory: Path
    _profiles: dict[str, Profile | None] = field(default_factory=dict)

    def names(self) -> list[str]:
        """The profiles that exist."""
        return sorted(file.stem for file in self.directory.glob("*.yml"))

    def profile(self, name: str, reading: Reading) -> Profile | None:
        """Return a profile, or None after telling ``reading`` (once) what is wrong with it."""
        if name not in self._profiles:
            file = self.directory / f"{name}.yml"
            own = Reading(str(file))
            self._profiles[name] = _read_profile(name, file, own)
            reading.faults.extend(own.faults)
        return self._profiles[name]


def _read_profile(name: str, file: Path, reading: Reading) -> Profile | None:
    document = read_yaml(file, reading)
    if document is None:
        return None
    values = _PROFILE.read(document, (), reading)
    if isinstance(values, Faulty):
        return None
    settings = _settings(values["settings"], reading)
    profile = Profile(name, values["title"], settings, _stores(values["stores"], reading))
    _try_out(profile, reading)
    _refuse_unused(profile, document, reading)
    return None if reading.faults else profile


def _settings(written: dict[str, dict[str, Any]], reading: Reading) -> dict[str, Setting]:
    """A default may name settings that stand above it, and must be valid with these filled in."""
    settings: dict[str, Setting] = {}
    samples: dict[str, nodes.Scalar] = {}
    for name, values in written.items():
        setting_type = SETTING_TYPES[values["type"]]
        default = values.get("default")
        path = ("settings", name, "default")
        if default is not None:
            filled = fill_in(default, samples, path, reading)
            if setting_type.shape.read(filled, path, reading) is FAULTY:
                default = None
        scalar = default if isinstance(default, nodes.Scalar) else None
        settings[name] = Setting(name, setting_type, values["help"], scalar)
        samples[name] = settings[name].sample
    return settings


def _stores(node: nodes.Node, reading: Reading) -> dict[str, nodes.Mapping]:
    if not isinstance(node, nodes.Mapping):
        reading.object_to(node.place, ("stores",), "is not a mapping of stores", seen=node.seen)
        return {}
    stores: dict[str, nodes.Mapping] = {}
    for name, entry in node.entries.items():
        STORE_NAME.read(nodes.Scalar(entry.place, name), ("stores", name), reading)
        if isinstance(entry.value, nodes.Mapping):
            stores[name] = entry.value
        else:
            problem = "is not a mapping"
            reading.object_to(entry.place, ("stores", name), problem, seen=entry.value.seen)
    return stores


def _try_out(profile: Profile, reading: Reading) -> None:
    """Read every store with default settings, so that a broken profile is found once, by itself."""
    values = profile.setting_values({})
    for name, store in profile.stores.items():
        path = ("stores", name)
        filled = fill_in(store, values, path, reading)
        read = read_store(filled, path, reading)
        if read is not None and read[0] == "files":
            for key, value, problem in file_objections(read[1]):
                reading.object_to(store.place, (*path, key), problem, seen=value)


def _refuse_unused(profile: Profile, document: nodes.Mapping, reading: Reading) -> None:
    """A setting that nothing uses would be accepted from an operator and then ignored."""
    used = set(names_in(document))
    entry = document.entries.get("settings")
    written = entry.value.entries if entry and isinstance(entry.value, nodes.Mapping) else {}
    for name in profile.settings:
        if name not in used:
            reading.object_to(written[name].place, ("settings", name), "is used by no placeholder")


def read_store(
    node: nodes.Node, path: tuple[str, ...], reading: Reading
) -> tuple[str, dict[str, Any]] | None:
    """Read one store with its placeholders filled in; return its kind and its values."""
    if not isinstance(node, nodes.Mapping):
        return None
    kinds = OneOf("store kind", STORE_KINDS)
    if "kind" not in node.entries:
        hint = f"add one of: {', '.join(STORE_KINDS)}"
        reading.object_to(node.place, (*path, "kind"), "is missing", hint=hint)
        return None
    kind = kinds.read(node.entries["kind"].value, (*path, "kind"), reading)
    if isinstance(kind, Faulty):
        return None
    others = {name: entry for name, entry in node.entries.items() if name != "kind"}
    values = STORE_KINDS[kind].read(nodes.Mapping(node.place, others), path, reading)
    return None if isinstance(values, Faulty) else (kind, values)
