# Copyright: (c) The Probealarm contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A profile as it is known once its file was read: settings, and sections with placeholders."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field

from . import nodes
from .engines import depends_on_engine, for_engine, section_for_engine
from .faults import Place, Reading
from .placeholders import fill_in, names_in
from .recognise import Recognition
from .scalars import Shape
from .vocabulary import (
    CONTAINER_NAME,
    DATABASE_NAME,
    ENGINE,
    ENGINES,
    PATH_PATTERN,
    PLAIN_PATH,
    PORT,
    TABLE_PREFIX,
    USER_NAME,
)

ENGINE_SETTING = "database.engine"
"""The setting by which a service says which of several engines it runs on."""


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
    "name": SettingType(CONTAINER_NAME, "sample"),
    "account": SettingType(USER_NAME, "sample"),
    "engine": SettingType(ENGINE, ENGINES[0]),
}


@dataclass(frozen=True)
class Setting:
    """One thing that a service of this profile may say; without ``default`` it must."""

    name: str
    type: SettingType
    help: str
    default: nodes.Node | None

    @property
    def sample(self) -> nodes.Scalar:
        """A value that is valid by itself."""
        return nodes.Scalar(Place("", 0), self.type.sample, self.type.sample_kind)

    def exists_for(self, engine: str) -> bool:
        """Tell whether the setting means anything with an engine."""
        return self.default is None or for_engine(self.default, engine) is not None


@dataclass(frozen=True)
class Profile:
    """What a service takes over from its application.

    Attributes:
        sources: where the facts come from, a sentence each.
        traps: how copies of this application go wrong, by a name, a sentence each.
        sections: trees with placeholders, as in a service.
        recognition: how the application is known on a server that nobody declared.
    """

    name: str
    title: str
    settings: Mapping[str, Setting]
    sections: Mapping[str, nodes.Node]
    sources: tuple[str, ...] = ()
    traps: Mapping[str, str] = field(default_factory=dict)
    recognition: Recognition = field(default_factory=Recognition)
    _by_engine: dict[str, dict[str, nodes.Node]] = field(default_factory=dict, repr=False)

    @property
    def engines(self) -> tuple[str, ...]:
        """The engines that a service may choose from; one empty name when there is no choice."""
        return ENGINES if ENGINE_SETTING in self.settings else ("",)

    def engine_of(self, written: Mapping[str, nodes.Scalar]) -> str:
        """Return the engine that a service runs on."""
        setting = self.settings.get(ENGINE_SETTING)
        if setting is None:
            return ""
        return nodes.text_of(written.get(ENGINE_SETTING) or setting.default or setting.sample)

    def sections_for(self, engine: str) -> dict[str, nodes.Node]:
        """Return what the sections say for an engine; always the very same trees."""
        if not engine:
            return dict(self.sections)
        if engine not in self._by_engine:
            pruned = {
                name: section_for_engine(node, engine) for name, node in self.sections.items()
            }
            self._by_engine[engine] = {name: node for name, node in pruned.items() if node}
        return self._by_engine[engine]

    def setting_values(self, written: Mapping[str, nodes.Scalar]) -> dict[str, nodes.Scalar]:
        """Return a value for every setting: what is written, else the default, else the sample.

        The sample stands in for a missing or faulty setting that was objected to already, so that
        the rest of the service can still be checked.
        """
        engine = self.engine_of(written)
        values: dict[str, nodes.Scalar] = {}
        for name, setting in self.settings.items():
            if not setting.exists_for(engine):
                continue
            value: nodes.Node = written.get(name) or setting.sample
            if name not in written and setting.default is not None:
                default = for_engine(setting.default, engine) or setting.sample
                value = fill_in(default, values, (), Reading(""))
            values[name] = value if isinstance(value, nodes.Scalar) else setting.sample
        return values

    def without_meaning(self, written: Collection[str], engine: str) -> Iterator[str]:
        """Yield the settings that are written and that nothing uses with this engine."""
        if not engine:
            return
        used = {ENGINE_SETTING}
        for node in self.sections_for(engine).values():
            used.update(names_in(node))
        for setting in self.settings.values():
            if setting.default is not None and not depends_on_engine(setting.default):
                used.update(names_in(setting.default))
        yield from (name for name in written if name not in used)

    def is_content_with(self, written: Collection[str]) -> bool:
        """Tell whether every setting without a default is among the names."""
        required = {name for name, setting in self.settings.items() if setting.default is None}
        return required <= set(written)
