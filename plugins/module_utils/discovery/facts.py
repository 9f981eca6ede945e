# Copyright: (c) The Probealarm contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a look at a server has found: names of databases, tables and files, and no data of people.

They turn into JSON and back, because they are gathered on the server and judged elsewhere.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any


@dataclass(frozen=True)
class InContainer:
    """The container that a server runs in.

    Attributes:
        project: of compose, as is ``service``; empty where the container is none of compose's.
        account: who logs in to the server, where the container's environment says so.
        password_variable: the name of the variable that holds the password; never the password.
    """

    runtime: str
    name: str
    project: str = ""
    service: str = ""
    account: str = ""
    password_variable: str = ""


@dataclass(frozen=True)
class DatabaseFact:
    """A database.

    Attributes:
        engine: mariadb or postgresql.
        socket: its server's socket; for PostgreSQL the folder.
        tables: their names; those of PostgreSQL outside of ``public`` with the schema and a dot.
        refused: the sentence why it could not be looked into; ``name`` is empty where the server
            itself refused.
    """

    engine: str
    name: str
    socket: str = ""
    port: int = 0
    bytes: int = 0
    tables: tuple[str, ...] = ()
    refused: str = ""
    container: InContainer | None = None


@dataclass(frozen=True)
class Lacking:
    """Something a profile wants that is not there: the setting that names it, if one does."""

    setting: str
    value: str


@dataclass(frozen=True)
class TreeSeen:
    """A place whose files look like those of an application.

    Attributes:
        engine: which signature of the profile was looked for.
        found: the directory; empty where the profile's own defaults were looked for.
        marks: what was there of what was looked for.
        missing: what was not.
        score: between 0 and 1, how much of it was there.
        settings: what follows from the place.
        read: what stood in the application's configuration.
        lacking: what every snapshot must contain, and is not there.
        paths: what the service would save.
        sqlite: the SQLite databases among it that it would save as such.
    """

    profile: str
    engine: str
    found: str
    marks: tuple[str, ...]
    missing: tuple[str, ...]
    score: float
    settings: Mapping[str, str]
    read: Mapping[str, str]
    lacking: tuple[Lacking, ...]
    paths: tuple[str, ...]
    sqlite: tuple[str, ...] = ()


@dataclass(frozen=True)
class FolderSeen:
    """A folder at a place where people put what they serve; ``package`` owns it, if one does."""

    path: str
    files: int
    bytes: int
    package: str = ""


@dataclass(frozen=True)
class SqliteSeen:
    """A database of SQLite."""

    path: str
    bytes: int


@dataclass(frozen=True)
class Facts:
    """Everything about one server.

    Attributes:
        unread: sentences about what could not be looked at.
    """

    databases: tuple[DatabaseFact, ...] = ()
    trees: tuple[TreeSeen, ...] = ()
    folders: tuple[FolderSeen, ...] = ()
    sqlite: tuple[SqliteSeen, ...] = ()
    unread: tuple[str, ...] = field(default=())

    def as_plain(self) -> dict[str, Any]:
        """Return JSON types."""
        return asdict(self)

    @classmethod
    def of_plain(cls, plain: Mapping[str, Any]) -> Facts:
        """Read what :meth:`as_plain` has written.

        Raises:
            KeyError, TypeError: it is something else.
        """
        return cls(
            databases=tuple(_database(each) for each in plain["databases"]),
            trees=tuple(_tree(each) for each in plain["trees"]),
            folders=tuple(FolderSeen(**each) for each in plain["folders"]),
            sqlite=tuple(SqliteSeen(**each) for each in plain["sqlite"]),
            unread=tuple(plain["unread"]),
        )


def _database(plain: Mapping[str, Any]) -> DatabaseFact:
    container = plain["container"]
    parts = {
        "tables": tuple(plain["tables"]),
        "container": InContainer(**container) if container else None,
    }
    return DatabaseFact(**{**plain, **parts})


def _tree(plain: Mapping[str, Any]) -> TreeSeen:
    lists = {name: tuple(plain[name]) for name in ("marks", "missing", "paths", "sqlite")}
    maps = {name: dict(plain[name]) for name in ("settings", "read")}
    lacking = tuple(Lacking(**each) for each in plain["lacking"])
    return TreeSeen(**{**plain, **lists, **maps, "lacking": lacking})
