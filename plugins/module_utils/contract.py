# Copyright: (c) The Probealarm contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the organisation expects of a service: the merged declaration, as the modules see it.

The inventory plugin has judged every value already; here it only gets types. ``Contract`` is what
judy holds a snapshot to, so it never comes from the snapshot itself.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fnmatch import fnmatchcase
from typing import Any, Literal

from .errors import Trouble

Engine = Literal["mariadb", "postgresql"]


def matches(table: str, pattern: str) -> bool:
    """Match a table with a pattern; PostgreSQL's ``public.`` may be left out of the pattern."""
    return fnmatchcase(table, pattern) or fnmatchcase(table.removeprefix("public."), pattern)


@dataclass(frozen=True)
class DatabaseStore:
    """One database.

    Attributes:
        socket: MariaDB: the socket file; PostgreSQL: the folder of the socket.
        port: PostgreSQL: the number in the socket's name; unused for MariaDB.
        irreplaceable: patterns (fnmatch) of tables that must be there and keep their rows.
        largest_loss_percent: how far rows of an irreplaceable table may fall below the last proven
            snapshot.
    """

    name: str
    engine: Engine
    database: str
    socket: str
    port: int
    irreplaceable: tuple[str, ...]
    largest_loss_percent: float

    def is_irreplaceable(self, table: str) -> bool:
        """Tell whether a table is covered by a pattern (``public.`` may be left out)."""
        return any(matches(table, pattern) for pattern in self.irreplaceable)


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
class Contract:
    """Everything a snapshot of one service is held to. Times are seconds."""

    name: str
    host: str
    drill_host: str
    rpo_seconds: int
    rto_seconds: int
    databases: tuple[DatabaseStore, ...]
    files: tuple[FileStore, ...]

    @classmethod
    def of(cls, merged: Mapping[str, Any]) -> Contract:
        """Read what the inventory plugin emits as ``service_contract``.

        Raises:
            Trouble: a key is missing or a kind of store is unknown; the plugin that wrote it and
                this library are then of different versions.
        """
        try:
            stores = list(merged["stores"])
            return cls(
                name=merged["name"],
                host=merged["host"],
                drill_host=merged["drill_host"],
                rpo_seconds=int(merged["objectives"]["rpo_seconds"]),
                rto_seconds=int(merged["objectives"]["rto_seconds"]),
                databases=tuple(_database(s) for s in stores if s["kind"] != "files"),
                files=tuple(_files(s) for s in stores if s["kind"] == "files"),
            )
        except (KeyError, TypeError, ValueError) as error:
            raise Trouble(
                f"the contract of a service cannot be read ({type(error).__name__}: {error}). Take "
                "it from service_contract, and run playbooks/site.yml so that both hosts carry the "
                "same version of the collection."
            ) from None


def _database(store: Mapping[str, Any]) -> DatabaseStore:
    if store["kind"] not in {"mariadb", "postgresql"}:
        raise ValueError(f"store kind {store['kind']}")
    return DatabaseStore(
        name=store["name"],
        engine=store["kind"],
        database=store["database"],
        socket=store["socket"],
        port=int(store.get("port", 0)),
        irreplaceable=tuple(store["irreplaceable"]),
        largest_loss_percent=float(store["largest_loss_percent"]),
    )


def _files(store: Mapping[str, Any]) -> FileStore:
    return FileStore(
        name=store["name"],
        paths=tuple(store["paths"]),
        regenerable=tuple(entry["path"] for entry in store["regenerable"]),
        required=tuple(store["required"]),
        largest_loss_percent=float(store["largest_loss_percent"]),
    )
