# Copyright: (c) The Probealarm contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The places where a service keeps state, as a contract names them.

The inventory plugin has judged every value already; here it only gets types.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from fnmatch import fnmatchcase
from typing import Any, Literal

Engine = Literal["mariadb", "postgresql"]
GROUPS = {
    "mariadb": "database",
    "postgresql": "database",
    "sqlite": "sqlite",
    "redis": "redis",
    "files": "files",
}


WILDCARDS = frozenset("*?[")


def matches(table: str, pattern: str) -> bool:
    """Match a table with a pattern; PostgreSQL's ``public.`` may be left out of the pattern."""
    return fnmatchcase(table, pattern) or fnmatchcase(table.removeprefix("public."), pattern)


def matches_key(key: str, pattern: str) -> bool:
    """Match a key of Redis, in which ``[`` is a letter like any other, with a pattern."""
    return fnmatchcase(key, pattern.replace("[", "[[]"))


@dataclass(frozen=True)
class Container:
    """Where a server runs when not on the host itself: by name, or by compose project and service.

    Attributes:
        runtime: podman or docker.
    """

    runtime: str
    name: str = ""
    project: str = ""
    service: str = ""


class WithTables:
    """What a store of tables knows about them.

    Attributes:
        irreplaceable: patterns (fnmatch) of tables that must be there and keep their rows.
        excused: patterns of tables whose loss of rows is not judged for a while.
    """

    irreplaceable: tuple[str, ...]
    excused: tuple[str, ...]

    def is_irreplaceable(self, table: str) -> bool:
        """Tell whether a table is covered by a pattern (``public.`` may be left out)."""
        return any(matches(table, pattern) for pattern in self.irreplaceable)

    def is_named(self, table: str) -> bool:
        """Tell whether a table is irreplaceable by its own name and not only by a wildcard."""
        plain = (pattern for pattern in self.irreplaceable if not WILDCARDS.intersection(pattern))
        return any(matches(table, pattern) for pattern in plain)

    def is_excused(self, table: str) -> bool:
        """Tell whether the loss of a table's rows is not judged."""
        return any(matches(table, pattern) for pattern in self.excused)


@dataclass(frozen=True)
class DatabaseStore(WithTables):
    """One database.

    Attributes:
        socket: MariaDB: the socket file; PostgreSQL: the folder of the socket.
        port: PostgreSQL: the number in the socket's name; unused for MariaDB.
        irreplaceable: patterns (fnmatch) of tables that must be there and keep their rows.
        largest_loss_percent: how far rows of an irreplaceable table may fall below the last proven
            snapshot.
        container: the socket is then a path in there.
        user: the account that logs in to a server in a container.
        password_variable: the container's own variable that holds its password, or ends with
            ``_FILE`` and names the file that does; empty where none is asked for.
        excused: patterns of tables whose loss of rows is not judged for a while.
    """

    name: str
    engine: Engine
    database: str
    socket: str
    port: int
    irreplaceable: tuple[str, ...]
    largest_loss_percent: float
    container: Container | None = None
    user: str = ""
    password_variable: str = ""
    excused: tuple[str, ...] = ()


@dataclass(frozen=True)
class SqliteStore(WithTables):
    """One database of SQLite: the absolute path of its file, whose ``-wal`` belongs to it."""

    name: str
    path: str
    irreplaceable: tuple[str, ...]
    largest_loss_percent: float
    excused: tuple[str, ...] = ()

    @property
    def database(self) -> str:
        """What sentences call it."""
        return self.path


@dataclass(frozen=True)
class RedisStore:
    """One numbered database of Redis.

    Attributes:
        socket: empty where the server listens on a port.
        irreplaceable: patterns of keys.
        password_variable: as of a database in a container.
        excused: those of them whose loss is not judged for a while.
    """

    name: str
    socket: str
    port: int
    database: int
    irreplaceable: tuple[str, ...]
    largest_loss_percent: float
    container: Container | None = None
    password_variable: str = ""
    excused: tuple[str, ...] = ()


@dataclass(frozen=True)
class FileStore:
    """Some file trees.

    Attributes:
        paths: absolute folders or files.
        regenerable: absolute paths below them that need not be saved.
        required: patterns (fnmatch) of absolute paths that every snapshot must contain.
        largest_loss_percent: how far the number of files may fall below the last proven snapshot.
    """

    name: str
    paths: tuple[str, ...]
    regenerable: tuple[str, ...]
    required: tuple[str, ...]
    largest_loss_percent: float


@dataclass(frozen=True)
class Stores:
    """All stores of a service, by what can be done with them."""

    databases: tuple[DatabaseStore, ...]
    sqlite: tuple[SqliteStore, ...]
    redis: tuple[RedisStore, ...]
    files: tuple[FileStore, ...]

    @classmethod
    def of(cls, stores: Iterable[Mapping[str, Any]]) -> Stores:
        """Read the list of a contract.

        Raises:
            KeyError, TypeError, ValueError: a key is missing or a kind is unknown.
        """
        groups = _by_kind(stores)
        return cls(
            databases=tuple(_database(store) for store in groups["database"]),
            sqlite=tuple(_sqlite(store) for store in groups["sqlite"]),
            redis=tuple(_redis(store) for store in groups["redis"]),
            files=tuple(_files(store) for store in groups["files"]),
        )


def _by_kind(stores: Iterable[Mapping[str, Any]]) -> dict[str, list[Mapping[str, Any]]]:
    grouped: dict[str, list[Mapping[str, Any]]] = {group: [] for group in GROUPS.values()}
    for store in stores:
        if store["kind"] not in GROUPS:
            raise ValueError(f"store kind {store['kind']}")
        grouped[GROUPS[store["kind"]]].append(store)
    return grouped


def _database(store: Mapping[str, Any]) -> DatabaseStore:
    return DatabaseStore(
        name=store["name"],
        engine=store["kind"],
        database=store["database"],
        socket=store["socket"],
        port=int(store.get("port", 0)),
        irreplaceable=tuple(store["irreplaceable"]),
        largest_loss_percent=float(store["largest_loss_percent"]),
        container=_container(store),
        user=store.get("user") or "",
        password_variable=store.get("password_variable") or "",
    )


def _sqlite(store: Mapping[str, Any]) -> SqliteStore:
    return SqliteStore(
        name=store["name"],
        path=store["path"],
        irreplaceable=tuple(store["irreplaceable"]),
        largest_loss_percent=float(store["largest_loss_percent"]),
    )


def _redis(store: Mapping[str, Any]) -> RedisStore:
    return RedisStore(
        name=store["name"],
        socket=store.get("socket") or "",
        port=int(store.get("port") or 6379),
        database=int(store.get("database") or 0),
        irreplaceable=tuple(store["irreplaceable"]),
        largest_loss_percent=float(store["largest_loss_percent"]),
        container=_container(store),
        password_variable=store.get("password_variable") or "",
    )


def _container(store: Mapping[str, Any]) -> Container | None:
    return Container(**store["container"]) if store.get("container") else None


def _files(store: Mapping[str, Any]) -> FileStore:
    return FileStore(
        name=store["name"],
        paths=tuple(store["paths"]),
        regenerable=tuple(entry["path"] for entry in store["regenerable"]),
        required=tuple(store["required"]),
        largest_loss_percent=float(store["largest_loss_percent"]),
    )
