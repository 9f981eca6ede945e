# Copyright: (c) The Probealarm contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Profiles: what we know about an application, one file each, read as strictly as a declaration."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

from . import nodes
from .engines import depends_on_engine, for_engine
from .entries import Memory, SectionReader
from .faults import KeyPath, Reading
from .layers import NAMED_SECTIONS
from .nearest import nearest_hint
from .placeholders import fill_in, names_in
from .profile import ENGINE_SETTING, SETTING_TYPES, Profile, Setting, SettingType
from .recognise import FOUND, RECOGNISE, Recognition
from .references import object_to_problems
from .scalars import FAULTY, Anything, Faulty, OneOf, Text
from .schema import Key, ListOf, MapOf, Record
from .sections import SECTIONS
from .stores import file_objections
from .tree import read_yaml
from .vocabulary import ENGINES, RULE_NAME, SENTENCE

GENERAL_KEYS = ("profile", "host", "drill_host", "objectives")
"""What a service says whatever its profile; no setting may have such a name."""

_SETTING_NAME = Text(
    "a setting name (small letters, digits and _, at most one dot, for example database.name)",
    re.compile(r"[a-z][a-z0-9_]*(\.[a-z][a-z0-9_]*)?"),
)
PROFILE = Record(
    "a profile",
    {
        "title": Key(SENTENCE, "title: the application in a few words", required=True),
        "sources": Key(ListOf(SENTENCE), "sources: where the facts come from", default=()),
        "traps": Key(
            MapOf("a mapping of traps", RULE_NAME, SENTENCE),
            "traps: how copies of this application go wrong",
            default={},
        ),
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
        "recognise": Key(RECOGNISE, "recognise: how it is known on a server nobody declared"),
        **{
            name: Key(
                Anything(getattr(section.shape, "meaning", "a section")),
                section.help,
                required=name == "stores",
            )
            for name, section in SECTIONS.items()
            if not section.only_in_services
        },
    },
)


@dataclass
class Catalogue:
    """A directory of profiles. Only the profiles that are asked for are read, each once."""

    directory: Path
    memory: Memory = field(default_factory=Memory)
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
    values = PROFILE.read(document, (), reading)
    if isinstance(values, Faulty):
        return None
    profile = Profile(
        name=name,
        title=values["title"],
        settings=_settings(values["settings"], document, reading),
        sections={key: values[key] for key in SECTIONS if key in values},
        sources=tuple(values["sources"]),
        traps=dict(values["traps"]),
        recognition=Recognition.of(values["recognise"]) if "recognise" in values else Recognition(),
    )
    _object_to_strangers(profile, document, reading)
    for engine in profile.engines:
        _try_out(profile, engine, reading)
    _refuse_unused(profile, document, reading)
    return None if reading.faults else profile


def _object_to_strangers(profile: Profile, document: nodes.Mapping, reading: Reading) -> None:
    """What is recognised is put into settings, so each name must be one."""
    for keys, problem, seen in profile.recognition.problems(profile.settings):
        hint = nearest_hint(seen, profile.settings, "setting")
        place = document.entries["recognise"].place
        reading.object_to(place, ("recognise", *keys), problem, seen=repr(seen), hint=hint)


def _settings(
    written: dict[str, dict[str, Any]], document: nodes.Mapping, reading: Reading
) -> dict[str, Setting]:
    """A default may name settings that stand above it, and must be valid with these filled in."""
    settings: dict[str, Setting] = {}
    samples: dict[str, nodes.Scalar] = {}
    for name, values in written.items():
        if name.partition(".")[0] in {*GENERAL_KEYS, *SECTIONS, FOUND}:
            problem = "has a name that means something else in a service"
            place = document.entries["settings"].place
            reading.object_to(place, ("settings", name), problem)
        if (name == ENGINE_SETTING) != (values["type"] == "engine"):
            problem = f"the type engine and the name {ENGINE_SETTING} go together"
            place = document.entries["settings"].place
            reading.object_to(place, ("settings", name), problem)
        setting_type = SETTING_TYPES[values["type"]]
        default: nodes.Node | None = values.get("default")
        path = ("settings", name, "default")
        if default is not None and not _is_sound(default, setting_type, samples, path, reading):
            default = None
        if default is not None and depends_on_engine(default) and ENGINE_SETTING not in written:
            problem = f"depends on the engine, and there is no setting {ENGINE_SETTING}"
            reading.object_to(default.place, path, problem)
        settings[name] = Setting(name, setting_type, values["help"], default)
        samples[name] = settings[name].sample
    return settings


def _is_sound(
    default: nodes.Node,
    setting_type: SettingType,
    samples: dict[str, nodes.Scalar],
    path: KeyPath,
    reading: Reading,
) -> bool:
    """Read a default as a service would write it, for every engine that it differs for."""
    chosen = (
        [for_engine(default, engine) for engine in ENGINES]
        if depends_on_engine(default)
        else [default]
    )
    return all(
        setting_type.shape.read(fill_in(node, samples, path, reading), path, reading) is not FAULTY
        for node in chosen
        if node is not None
    )


def _try_out(profile: Profile, engine: str, reading: Reading) -> None:
    """Read every section with default settings, so that a broken profile is found by itself."""
    chosen = {ENGINE_SETTING: profile.settings[ENGINE_SETTING].sample} if engine else {}
    if engine:
        sample = chosen[ENGINE_SETTING]
        chosen = {ENGINE_SETTING: nodes.Scalar(sample.place, engine)}
    settings = profile.setting_values(chosen)
    reader = SectionReader((), profile.name, reading, Memory())
    values: dict[str, Any] = {}
    sections = profile.sections_for(engine)
    for name, node in sections.items():
        found = reader.entries(name, node) if name in NAMED_SECTIONS else node
        if found is not None:
            values[name] = reader.read(name, found, settings)
    for name, store in values.get("stores", {}).items():
        if store["kind"] == "files":
            place = _place_of(sections["stores"], name)
            for key, value, problem in file_objections(store):
                reading.object_to(place, ("stores", name, key), problem, seen=value)
    if not reading.faults:
        object_to_problems(values, sections, date.min, (), reading)


def _place_of(node: nodes.Node, name: str) -> Any:
    return node.entries[name].place if isinstance(node, nodes.Mapping) else node.place


def _refuse_unused(profile: Profile, document: nodes.Mapping, reading: Reading) -> None:
    """A setting that nothing uses would be accepted from an operator and then ignored."""
    said = {name: entry for name, entry in document.entries.items() if name != "recognise"}
    used = {*names_in(nodes.Mapping(document.place, said)), ENGINE_SETTING}
    entry = document.entries.get("settings")
    written = entry.value.entries if entry and isinstance(entry.value, nodes.Mapping) else {}
    for name in profile.settings:
        if name not in used:
            reading.object_to(written[name].place, ("settings", name), "is used by no placeholder")
