# Copyright: (c) The Probealarm contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What no single service can see: two of them claiming the same state."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from .contract import Service, Store
from .faults import Reading
from .stores import is_within


@dataclass(frozen=True)
class _SavedPath:
    service: Service
    store: Store
    path: str
    left_out: tuple[str, ...] = field(repr=False)


def object_to_shared_claims(services: Iterable[Service], reading: Reading) -> None:
    """Object to a database claimed twice on one host, and to saved paths that lie in one another.

    State that two services claim is restored twice, by whoever comes last. A path may lie in
    another one only where that one leaves it out as regenerable, or is never written back.
    """
    databases: dict[tuple[object, ...], tuple[Service, Store]] = {}
    saved: dict[str, dict[str, _SavedPath]] = {}
    sqlite: list[tuple[Service, Store]] = []
    for service in services:
        on_host = saved.setdefault(service.host, {})
        for store in service.stores:
            if store.kind != "files":
                _claim_database(service, store, databases, reading)
                sqlite += [(service, store)] if store.kind == "sqlite" else []
            elif not store.values["for_reference"]:
                _claim_paths(service, store, on_host, reading)
    for on_host in saved.values():
        _object_to_overlaps(on_host, reading)
    for service, store in sqlite:
        _object_to_open_database(service, store, saved[service.host], reading)


def _claim_database(
    service: Service,
    store: Store,
    claimed: dict[tuple[object, ...], tuple[Service, Store]],
    reading: Reading,
) -> None:
    key = (service.host, store.kind, *_whereabouts(store))
    if key not in claimed:
        claimed[key] = (service, store)
        return
    other, other_store = claimed[key]
    key_name = "path" if store.kind == "sqlite" else "database"
    claim = str(store.values[key_name])
    problem = f"is already claimed by store {other_store.name} of service {other.name}"
    reading.object_to(
        service.place_of(claim),
        ("services", service.name, "stores", store.name, key_name),
        f"{problem} on line {other.place_of(claim).line}",
        seen=repr(claim),
        hint="a database belongs to one service",
    )


def _whereabouts(store: Store) -> tuple[object, ...]:
    """Return what tells a database from all others on its host."""
    values = store.values
    if store.kind == "sqlite":
        return (_one_spelling(values["path"]),)
    container = tuple(sorted(values.get("container", {}).items()))
    socket = _one_spelling(values["socket"]) if "socket" in values else None
    return (container, socket, values.get("port"), values["database"])


def _claim_paths(
    service: Service, store: Store, on_host: dict[str, _SavedPath], reading: Reading
) -> None:
    left_out = tuple(_one_spelling(entry["path"]) for entry in store.values["regenerable"])
    for path in store.values["paths"]:
        claim = _SavedPath(service, store, path, left_out)
        other = on_host.setdefault(_one_spelling(path), claim)
        if other is not claim:
            _object_to_overlap(claim, other, "is already saved by", reading)


def _object_to_overlaps(on_host: dict[str, _SavedPath], reading: Reading) -> None:
    for path, inner in on_host.items():
        above = path.rpartition("/")[0]
        while above:
            outer = on_host.get(above)
            if outer is None or _is_one_claim(outer, inner):
                pass
            elif not any(is_within(path, out) for out in outer.left_out):
                _object_to_overlap(inner, outer, f"lies in {above}, which is saved by", reading)
                break
            above = above.rpartition("/")[0]


def _is_one_claim(outer: _SavedPath, inner: _SavedPath) -> bool:
    """Tell whether settings of one profile meet, such as a configuration inside the application.

    It is saved once then: the contract names the outer path alone. Whoever writes such a path into
    a store by hand has made a mistake.
    """
    return outer.store is inner.store and inner.path not in inner.service.said_in_stores


def _object_to_open_database(
    service: Service, store: Store, on_host: dict[str, _SavedPath], reading: Reading
) -> None:
    """Object to a file of SQLite that another service saves as a file, while it is written to."""
    path = _one_spelling(store.values["path"])
    for outer in on_host.values():
        left_out = any(is_within(path, out) for out in outer.left_out)
        inside = is_within(path, _one_spelling(outer.path))
        if inside and not left_out and outer.service is not service:
            claim = _SavedPath(service, store, store.values["path"], ())
            relation = f"lies in {outer.path}, which is saved by"
            _object_to_overlap(claim, outer, relation, reading, key="path")


def _object_to_overlap(
    claim: _SavedPath, other: _SavedPath, relation: str, reading: Reading, key: str = "paths"
) -> None:
    problem = f"{relation} store {other.store.name} of service {other.service.name}"
    reading.object_to(
        claim.service.place_of(claim.path),
        ("services", claim.service.name, "stores", claim.store.name, key),
        problem,
        seen=repr(claim.path),
        hint=f"save it once, or list it as regenerable in {other.service.name} for this reason",
    )


def _one_spelling(path: str) -> str:
    """On Debian ``/var/run`` and ``/var/lock`` are links into ``/run``."""
    for link, target in (("/var/run", "/run"), ("/var/lock", "/run/lock")):
        if is_within(path, link):
            return target + path[len(link) :]
    return path
