# Copyright: (c) The Probealarm contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Reading one service: its own words merged over its profile's."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass

from . import nodes
from .catalogue import Catalogue, Profile, read_store
from .contract import Service, Store
from .faults import KeyPath, Place, Reading
from .nearest import nearest, nearest_hint
from .placeholders import fill_in
from .schema import Anything, Duration, Key, OneOf, Record
from .settings import setting_keys, written_settings
from .stores import file_objections
from .vocabulary import SERVICE_NAME, STORE_NAME

_OBJECTIVES = Record(
    "the objectives",
    {
        "rpo": Key(Duration(), "rpo: 24h (how old the newest snapshot may be)", required=True),
        "rto": Key(Duration(), "rto: 30m (how long bringing it back may take)", required=True),
    },
)


@dataclass(frozen=True)
class Surroundings:
    """What a service is read against: profiles, hosts, groups, and the file's own drill host."""

    catalogue: Catalogue
    hosts: Collection[str]
    groups: Collection[str]
    drill_host: str

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
            "objectives": Key(_OBJECTIVES, "objectives: {rpo: 24h, rto: 30m}", required=True),
            "stores": Key(Anything("a mapping of stores"), "stores: further places with state"),
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
        settings = dict(written_settings(self._node, self._profile))
        faults_before = len(self._reading.faults)
        stores = tuple(self._stores(self._profile.setting_values(settings)))
        if len(self._reading.faults) > faults_before or not self._profile.is_content_with(settings):
            return None
        for store in stores:
            self._check_files(store)
        return Service(
            name=self._name,
            place=self._node.place,
            profile=self._profile.name,
            host=host,
            drill_host=drill_host,
            objectives=values.get("objectives", {}),
            stores=stores,
            places=self._places,
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

    def _stores(self, settings: Mapping[str, nodes.Scalar]) -> Iterator[Store]:
        """Yield the profile's stores, refined by those of the same name, and then further ones."""
        declared = self._declared_stores()
        names = [
            *self._profile.stores,
            *(name for name in declared if name not in self._profile.stores),
        ]
        if not names:
            hint = "add stores, each with a kind"
            problem = "has no store: nothing of it would be saved"
            self._reading.object_to(self._node.place, self._path, problem, hint=hint)
        for name in names:
            path = (*self._path, "stores", name)
            merged = self._merged(name, declared.get(name), path)
            if merged is None:
                continue
            read = read_store(fill_in(merged, settings, path, self._reading), path, self._reading)
            if read is None:
                continue
            yield Store(name, *read)

    def _declared_stores(self) -> dict[str, nodes.Mapping]:
        path = (*self._path, "stores")
        written = self._node.entries.get("stores")
        if written is None or isinstance(written.value, nodes.Broken):
            return {}
        if not isinstance(written.value, nodes.Mapping):
            problem = "is not a mapping of stores"
            self._reading.object_to(written.place, path, problem, seen=written.value.seen)
            return {}
        stores: dict[str, nodes.Mapping] = {}
        for name, entry in written.value.entries.items():
            STORE_NAME.read(nodes.Scalar(entry.place, name), (*path, name), self._reading)
            if isinstance(entry.value, nodes.Mapping):
                stores[name] = entry.value
            elif not isinstance(entry.value, nodes.Broken):
                hint = "write its keys below it, indented"
                seen = entry.value.seen
                self._reading.object_to(
                    entry.place, (*path, name), "is not a store", seen=seen, hint=hint
                )
        return stores

    def _merged(self, name: str, own: nodes.Mapping | None, path: KeyPath) -> nodes.Mapping | None:
        known = self._profile.stores.get(name)
        if own is None or known is None:
            if own is not None and "kind" not in own.entries and self._profile.stores:
                problem = (
                    f"is no store of profile {self._profile.name}, and a further one needs a kind"
                )
                hint = nearest_hint(name, self._profile.stores, "store")
                self._reading.object_to(own.place, path, problem, hint=hint)
                return None
            return own or known
        kind = own.entries.get("kind")
        if kind is not None and nodes.text_of(kind.value) != nodes.text_of(
            known.entries["kind"].value
        ):
            problem = f"differs from profile {self._profile.name}"
            hint = "a store of another kind needs another name"
            self._reading.object_to(
                kind.place, (*path, "kind"), problem, seen=kind.value.seen, hint=hint
            )
            return None
        return nodes.Mapping(own.place, dict(known.entries) | dict(_added(known, own)))

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


def _added(known: nodes.Mapping, own: nodes.Mapping) -> Iterator[tuple[str, nodes.Entry]]:
    """A list of the declaration is added to the profile's, a single value replaces it.

    So nothing that the profile asks for gets lost by asking for more.
    """
    for key, entry in own.entries.items():
        before = known.entries[key].value if key in known.entries else None
        if isinstance(before, nodes.Sequence) and isinstance(entry.value, nodes.Sequence):
            items = (*before.items, *entry.value.items)
            yield key, nodes.Entry(entry.place, nodes.Sequence(entry.value.place, items))
        else:
            yield key, entry
