# Copyright: (c) The Probealarm contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""From a profile of the catalogue to what its application is known by.

Nothing of it is written down twice: tables are those that a profile calls irreplaceable by their
full name, files those that every snapshot must contain. The key ``recognise`` says the rest.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import cast

from ..declaration import nodes
from ..declaration.catalogue import Catalogue
from ..declaration.engines import for_engine
from ..declaration.faults import DeclarationError, Place, Reading
from ..declaration.placeholders import names_in
from ..declaration.profile import SETTING_TYPES, Profile, Setting
from ..declaration.scalars import Text
from .signatures import (
    FOUND,
    PLACEHOLDER,
    DatabaseSign,
    Engine,
    ReadSign,
    SettingSign,
    Signature,
    TreeSign,
)

SERVERS = ("mariadb", "postgresql")
_WILDCARDS = frozenset("*?[")
_DATABASE_KEYS = ("database", "socket", "port", "prefix")


def signatures_of(catalogue: Path) -> list[Signature]:
    """Return what every application of a catalogue is known by.

    Raises:
        DeclarationError: a profile has errors, or there is none at all.
    """
    profiles = Catalogue(catalogue)
    reading = Reading(str(catalogue))
    found = [profiles.profile(name, reading) for name in profiles.names()]
    if not found:
        problem = "has no profile"
        hint = "give the folder catalogue/ of the collection"
        reading.object_to(Place(str(catalogue), 0), (), problem, hint=hint)
    if reading.faults:
        raise DeclarationError(str(catalogue), reading.faults)
    return [each for profile in found if profile is not None for each in signatures(profile)]


def signatures(profile: Profile) -> Iterator[Signature]:
    """Yield what an application is known by, for each engine it runs on."""
    for engine in profile.engines:
        stores = list(_entries(profile.sections_for(engine).get("stores")))
        files = [store for _, store in stores if _kind(store, engine) == "files"]
        names = [name for name, store in stores if _kind(store, engine) == "files"]
        required = tuple(text for store in files for text in _texts(store, "required"))
        settings = tuple(_settings(profile, engine))
        known = {setting.name for setting in settings}
        yield Signature(
            profile=profile.name,
            title=profile.title,
            engine=engine,
            settings=settings,
            databases=tuple(
                _database(name, store, _kind(store, engine))
                for name, store in stores
                if _kind(store, engine) in SERVERS
            ),
            files_store=names[0] if names else "",
            paths=tuple(text for store in files for text in _texts(store, "paths")),
            required=required,
            sqlite=tuple(
                _text(store, "path") for _, store in stores if _kind(store, engine) == "sqlite"
            ),
            for_reference=any(_text(store, "for_reference") == "true" for store in files),
            trees=tuple(_trees(profile, settings, required)),
            reads=tuple(
                ReadSign(each.setting, each.file, each.pattern)
                for each in profile.recognition.reads
                if each.setting in known
            ),
        )


def _settings(profile: Profile, engine: str) -> Iterator[SettingSign]:
    for setting in profile.settings.values():
        if setting.exists_for(engine):
            default = None if setting.default is None else for_engine(setting.default, engine)
            shape = setting.type.shape
            yield SettingSign(
                name=setting.name,
                type=_type_name(setting),
                default=None if default is None else nodes.text_of(default),
                allowed=shape.pattern.pattern if isinstance(shape, Text) else "[a-z0-9]+",
                help=setting.help,
            )


def _type_name(setting: Setting) -> str:
    return next(name for name, known in SETTING_TYPES.items() if known is setting.type)


def _database(name: str, store: nodes.Mapping, kind: str) -> DatabaseSign:
    container = store.entries.get("container")
    inside = container.value if container else None
    return DatabaseSign(
        store=name,
        engine=cast("Engine", kind),
        tables=tuple(
            table for table in _texts(store, "irreplaceable") if not _WILDCARDS.intersection(table)
        ),
        keys={key: _text(store, key) for key in _DATABASE_KEYS if key in store.entries},
        project=_text(inside, "project"),
        container=_text(inside, "service"),
    )


def _trees(
    profile: Profile, settings: tuple[SettingSign, ...], required: tuple[str, ...]
) -> Iterator[TreeSign]:
    """Yield the forms that a profile names, else the one that follows from its required files."""
    if profile.recognition.trees:
        for tree in profile.recognition.trees:
            yield TreeSign(tree.files, dict(tree.settings))
        return
    for root in (each.name for each in settings if each.type == "path" and each.default is None):
        expanded = [_down_to(template, root, settings) for template in required]
        below = [text.removeprefix(f"{{{root}}}/") for text in expanded if f"{{{root}}}/" in text]
        plain = tuple(text for text in below if not (_WILDCARDS | {"{"}).intersection(text))
        if plain:
            yield TreeSign(plain, {root: f"{{{FOUND}}}"})


def _down_to(template: str, root: str, settings: tuple[SettingSign, ...]) -> str:
    """Put defaults into a template until only the root is left open."""
    defaults = {each.name: each.default for each in settings if each.default is not None}
    for _ in settings:
        template = PLACEHOLDER.sub(
            lambda match: match[0] if match[1] == root else defaults.get(match[1], match[0]),
            template,
        )
    return template


def _kind(store: nodes.Mapping, engine: str) -> str:
    entry = store.entries.get("kind")
    if entry is None:
        return ""
    node = for_engine(entry.value, engine) if engine else entry.value
    if node is None:
        return ""
    return engine if any(names_in(node)) else nodes.text_of(node)


def _entries(node: nodes.Node | None) -> Iterator[tuple[str, nodes.Mapping]]:
    if isinstance(node, nodes.Mapping):
        for name, entry in node.entries.items():
            if isinstance(entry.value, nodes.Mapping):
                yield name, entry.value


def _text(node: nodes.Node | None, key: str) -> str:
    if isinstance(node, nodes.Mapping) and key in node.entries:
        return nodes.text_of(node.entries[key].value)
    return ""


def _texts(store: nodes.Mapping, key: str) -> Iterator[str]:
    entry = store.entries.get(key)
    if entry and isinstance(entry.value, nodes.Sequence):
        yield from (nodes.text_of(item) for item in entry.value.items)
