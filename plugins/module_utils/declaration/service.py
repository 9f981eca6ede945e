# Copyright: (c) The Probealarm contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Reading one service: its own words merged over its profile's."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import date

from . import nodes
from .catalogue import Catalogue
from .contract import Service, Store
from .entries import SectionReader
from .faults import KeyPath, Place, Reading
from .layers import NAMED_SECTIONS, laid_over, levels_of
from .nearest import nearest
from .profile import Profile
from .references import object_to_problems
from .scalars import Anything, Duration, OneOf
from .schema import Key, Record
from .sections import SECTIONS
from .settings import setting_keys, written_settings
from .stores import file_objections
from .vocabulary import SERVICE_NAME

OBJECTIVES = Record(
    "the objectives",
    {
        "rpo": Key(Duration(), "rpo: 24h (how old the newest snapshot may be)", required=True),
        "rto": Key(Duration(), "rto: 30m (how long bringing it back may take)", required=True),
    },
)


@dataclass(frozen=True)
class Surroundings:
    """What a service is read against; ``drill_host`` is the file's own."""

    catalogue: Catalogue
    hosts: Collection[str]
    groups: Collection[str]
    drill_host: str
    today: date

    def general_keys(self) -> dict[str, Key]:
        """The keys that every service has, whatever its profile."""
        hosts = OneOf("host", self.hosts)
        return {
            "profile": Key(Anything("a profile"), "profile: the application", required=True),
            "host": Key(hosts, "host: the machine it runs on", required=True),
            "drill_host": Key(
                hosts,
                "drill_host: the machine that tries its snapshots (here or at the top of the file)",
                required=not self.drill_host,
            ),
            "objectives": Key(OBJECTIVES, "objectives: {rpo: 24h, rto: 30m}", required=True),
            **{
                name: Key(Anything(section.shape.meaning), section.help)
                for name, section in SECTIONS.items()
            },
        }


def read_service(
    name: str, entry: nodes.Entry, around: Surroundings, reading: Reading
) -> Service | None:
    """Read one service; None when too little of it is sound to compare it with others."""
    path = ("services", name)
    _check_name(name, entry.place, around, reading)
    node = entry.value
    if isinstance(node, nodes.Broken):
        return None
    if not isinstance(node, nodes.Mapping):
        hint = "write its keys below it, indented: profile, host, objectives"
        reading.object_to(entry.place, path, "is not a service", seen=node.seen, hint=hint)
        return None
    profile = _profile(node, path, around, reading)
    if profile is None:
        _read_general_keys(node, path, around, reading)
        return None
    return _ServiceReader(name, node, profile, reading).read(around)


def _check_name(name: str, place: Place, around: Surroundings, reading: Reading) -> None:
    path = ("services", name)
    SERVICE_NAME.read(nodes.Scalar(place, name), path, reading)
    for what, names in (("host", around.hosts), ("group", around.groups)):
        if name in names:
            problem = f"has the name of a {what} of this inventory; a service becomes a host itself"
            reading.object_to(place, path, problem, hint="give the service another name")


def _profile(
    node: nodes.Mapping, path: KeyPath, around: Surroundings, reading: Reading
) -> Profile | None:
    """Find the profile; a misspelt one counts as the nearest, so that the other keys are judged."""
    if "profile" not in node.entries:
        return None
    written = node.entries["profile"].value
    names = around.catalogue.names()
    name = OneOf("profile", names).read(written, (*path, "profile"), reading)
    name = name if isinstance(name, str) else nearest(nodes.text_of(written), names)
    return around.catalogue.profile(name, reading) if name else None


def _read_general_keys(
    node: nodes.Mapping, path: KeyPath, around: Surroundings, reading: Reading
) -> None:
    """Without a profile nobody can tell which further keys are right, so they wait."""
    general = around.general_keys()
    known = {key: entry for key, entry in node.entries.items() if key in general}
    Record("a service", general).read_sound_keys(nodes.Mapping(node.place, known), path, reading)


class _ServiceReader:
    """Reads the keys of one service whose profile is known."""

    def __init__(self, name: str, node: nodes.Mapping, profile: Profile, reading: Reading) -> None:
        self._name = name
        self._path: KeyPath = ("services", name)
        self._node = node
        self._profile = profile
        self._reading = reading
        self._places = dict(_places_of_state(node))

    def read(self, around: Surroundings) -> Service | None:
        meaning = f"a service of profile {self._profile.name}"
        keys = around.general_keys() | setting_keys(self._profile)
        values = Record(meaning, keys).read_sound_keys(self._node, self._path, self._reading)
        host = values.get("host", self._text("host"))
        drill_host = values.get("drill_host", around.drill_host)
        if host and host == drill_host:
            self._object_to_same_host(host)
        faults_before = len(self._reading.faults)
        settings = dict(written_settings(self._node, self._profile))
        self._object_to_settings_without_meaning(settings)
        profile, reading = self._profile, self._reading
        reader = SectionReader(self._path, profile.name, reading, around.catalogue.memory)
        sections = self._sections(profile.engine_of(settings), reader)
        setting_values = profile.setting_values(settings)
        read = {name: reader.read(name, node, setting_values) for name, node in sections.items()}
        state = {name: value for name, value in read.items() if value is not None}
        if len(self._reading.faults) > faults_before or not self._profile.is_content_with(settings):
            return None
        stores = tuple(Store(name, store) for name, store in state.get("stores", {}).items())
        for store in stores:
            self._check_files(store)
        object_to_problems(state, sections, around.today, self._path, self._reading)
        return Service(
            name=self._name,
            place=self._node.place,
            profile=self._profile.name,
            host=host,
            drill_host=drill_host,
            objectives=values.get("objectives", {}),
            stores=stores,
            sections=state,
            places=self._places,
            said_in_stores=frozenset(self._said_in_stores()),
        )

    def _text(self, key: str) -> str:
        value = self._node.entries[key].value if key in self._node.entries else None
        return value.text if isinstance(value, nodes.Scalar) else ""

    def _object_to_same_host(self, host: str) -> None:
        entry = self._node.entries.get("drill_host") or self._node.entries["host"]
        problem = "is the very host that the service runs on; its loss would take both"
        hint = "name another machine, for example the fallback"
        path = (*self._path, "drill_host")
        self._reading.object_to(entry.place, path, problem, seen=repr(host), hint=hint)

    def _object_to_settings_without_meaning(self, settings: Mapping[str, nodes.Scalar]) -> None:
        engine = self._profile.engine_of(settings)
        for name in self._profile.without_meaning(settings, engine):
            problem = f"means nothing with database engine {engine}"
            value = settings[name]
            path = (*self._path, *name.split("."))
            self._reading.object_to(value.place, path, problem, seen=value.seen, hint="take it out")

    def _sections(self, engine: str, reader: SectionReader) -> dict[str, nodes.Node]:
        """Lay the service's own sections over its profile's."""
        known = self._profile.sections_for(engine)
        sections: dict[str, nodes.Node] = {}
        for name in SECTIONS:
            own = self._own(name)
            if own is not None and name in NAMED_SECTIONS:
                entries = reader.entries(name, own)
                own = entries and reader.of_right_kind(name, entries, known.get(name))
            if own is not None or name in known:
                sections[name] = laid_over(known.get(name), own, levels_of(name))
        if not nodes.has_entries(sections.get("stores")):
            hint = "add stores, each with a kind"
            problem = "has no store: nothing of it would be saved"
            self._reading.object_to(self._node.place, self._path, problem, hint=hint)
        return sections

    def _own(self, name: str) -> nodes.Node | None:
        """Return what the service itself says in a section. It knows its engine and names none."""
        written = self._node.entries[name].value if name in self._node.entries else None
        return None if isinstance(written, nodes.Broken) else written

    def _said_in_stores(self) -> Iterator[str]:
        if "stores" in self._node.entries:
            for text, _place in nodes.places_of_texts(self._node.entries["stores"].value):
                yield text

    def _check_files(self, store: Store) -> None:
        """Hold the paths against one another, once all settings they are made of are known."""
        if store.kind != "files":
            return
        for key, value, problem in file_objections(store.values):
            place = self._places.get(value, self._node.place)
            path = (*self._path, "stores", store.name, key)
            self._reading.object_to(place, path, problem, seen=repr(value))


def _places_of_state(node: nodes.Mapping) -> Iterator[tuple[str, Place]]:
    """Yield where databases and paths are written; a profile may share its name with a database."""
    for key, entry in node.entries.items():
        if key not in {"profile", "host", "drill_host", "objectives"}:
            yield from nodes.places_of_texts(entry.value)
