# Copyright: (c) The Probealarm contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Which declared store a database of a server is, what it is called, and who writes to it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace

from ..contract import Contract
from ..measures import Measure
from ..stores import Container, DatabaseStore, RedisStore
from .claims import Claims, is_within, one_spelling
from .database_words import name_in
from .facts import ContainerSeen, DatabaseSeen, ServerSeen, TableSeen
from .saved import Held

Store = DatabaseStore | RedisStore


def subject_of(seen: DatabaseSeen) -> str:
    """Name a database, or a server as a whole, so that no two of a host have one name."""
    server = seen.server
    where = ""
    if server.container is not None:
        where = f" in container {server.container.name}"
    elif server.is_apart:
        where = f" in {server.data_directory or server.unit or 'a namespace of its own'}"
    elif server.engine == "postgresql" and server.port not in {0, 5432}:
        where = f" at port {server.port}"
    elif server.engine == "mariadb" and one_spelling(server.socket) not in {
        "",
        "/run/mysqld/mysqld.sock",
    }:
        where = f" at {server.socket}"
    elif server.engine not in {"mariadb", "postgresql"} and server.port:
        where = f" at port {server.port}"
    return f"{server.engine}/{seen.name}{where}" if seen.name else f"{server.engine}{where}"


def writer_of(server: ServerSeen) -> str:
    """Say who writes what a server holds."""
    if server.container is not None:
        return f"container {server.container.name}"
    if server.unit:
        return f"unit {server.unit}"
    return f"user {server.user}" if server.user else ""


def store_of(seen: DatabaseSeen, contracts: Iterable[Contract]) -> tuple[Contract, Store] | None:
    """Find the declared store that a database is."""
    for contract in contracts:
        for store in contract.databases:
            if store.database == seen.name and _is_server(store, seen.server):
                return contract, store
        for redis in contract.redis:
            if str(redis.database) == seen.name and _is_redis(redis, seen.server):
                return contract, redis
    return None


def covering(claims: Claims, directory: str) -> Iterator[Contract]:
    """Give the services that save a directory as files."""
    for contract in claims.contracts:
        paths = [claim.path for claim in claims.paths if claim.service == contract.name]
        left_out = [path for store in contract.files for path in store.regenerable]
        if any(is_within(directory, path) for path in paths) and not any(
            is_within(directory, path) for path in left_out
        ):
            yield contract


def _is_server(store: DatabaseStore, server: ServerSeen) -> bool:
    if store.engine != server.engine or not _same_container(store.container, server):
        return False
    if store.engine == "postgresql" and store.port != server.port:
        return False
    return store.container is not None or _same_socket(store.socket, server)


def _is_redis(store: RedisStore, server: ServerSeen) -> bool:
    if server.engine != "redis" or not _same_container(store.container, server):
        return False
    if store.socket:
        return _same_socket(store.socket, server)
    return store.port == server.port and not server.is_apart


def _same_socket(wanted: str, server: ServerSeen) -> bool:
    """Tell whether a server listens where a store says; one without any socket does not."""
    if not server.socket or server.is_apart:
        return False
    return one_spelling(wanted) == one_spelling(server.socket)


def _same_container(wanted: Container | None, server: ServerSeen) -> bool:
    seen = server.container
    if wanted is None or seen is None:
        return wanted is None and seen is None
    return is_container(wanted, seen)


def is_container(wanted: Container, seen: ContainerSeen) -> bool:
    """Tell whether a container is the one that a store names."""
    if wanted.runtime != seen.runtime and not (
        wanted.runtime == "docker" and seen.answers_to_docker
    ):
        return False
    if wanted.name:
        return wanted.name == seen.name
    return (wanted.project, wanted.service) == (seen.project, seen.service)


def with_access(seen: ContainerSeen, contracts: Iterable[Contract]) -> ContainerSeen:
    """Note how the declaration says that the server in a container is entered."""
    for contract in contracts:
        stores: list[Store] = [*contract.databases, *contract.redis]
        for store in stores:
            if store.container is not None and is_container(store.container, seen):
                account = store.user if isinstance(store, DatabaseStore) else ""
                return replace(
                    seen,
                    account=account or seen.account,
                    password_variable=store.password_variable,
                )
    return seen


def is_in(held: Held, store: Store) -> bool:
    """Tell whether a snapshot holds a store."""
    if held.manifest is None:
        return False
    if isinstance(store, RedisStore):
        return any(one.store == store.name for one in held.manifest.redis)
    return measure_in(held, store) is not None


def holds_below(held: Held, directory: str) -> bool:
    """Tell whether a snapshot holds something in a directory, by the list of its paths."""
    below = f"{directory}/"
    if any(path.startswith(below) for path in held.odd):
        return True
    if held.paths is None:
        return False
    with held.paths.open(encoding="utf-8", errors="surrogatepass", newline="\n") as lines:
        return any(path.startswith(below) for path in lines)


def measure_in(held: Held, store: Store) -> Measure | None:
    """Give what the manifest measured of a store with tables."""
    if held.manifest is None or isinstance(store, RedisStore):
        return None
    for base in held.manifest.databases:
        if (base.store, base.database) == (store.name, store.database):
            return base.measure
    return None


def still_in(seen: DatabaseSeen, held: Mapping[str, Held]) -> str:
    """Say which snapshot holds a database that nobody declares; nothing when none does."""
    for service, one in held.items():
        for base in one.manifest.databases if one.manifest else ():
            if (base.engine, base.database) == (seen.server.engine, seen.name):
                return (
                    f"; snapshot {one.snapshot.short} of {service} still holds it, the declaration "
                    "does not name it any longer: the next snapshot will lack it"
                )
    return ""


def tables_lacking(seen: DatabaseSeen, measure: Measure) -> Iterator[TableSeen]:
    """Give the tables that a manifest does not have."""
    for table in seen.tables:
        if name_in(table) not in measure.tables:
            yield table
