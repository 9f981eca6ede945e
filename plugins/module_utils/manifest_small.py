# Copyright: (c) The Probealarm contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a manifest says of stores that need no database server of their own: SQLite and Redis."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from .measures import DumpFile, Keys, Measure, RedisMeasure, Table


@dataclass(frozen=True)
class SqliteManifest:
    """One database of SQLite.

    Attributes:
        path: of the database's file on the source.
        measure: of the copy that was saved, in the moment it was made.
        dump: that copy.
    """

    store: str
    path: str
    measure: Measure
    dump: DumpFile

    @property
    def database(self) -> str:
        """What sentences call it."""
        return self.path


@dataclass(frozen=True)
class RedisManifest:
    """One numbered database of Redis.

    Attributes:
        measure: of what was saved, loaded into a throw-away server.
        dump: the server's dump (RDB), with its other databases in it.
    """

    store: str
    database: int
    measure: RedisMeasure
    dump: DumpFile


def sqlite_manifest(entry: Mapping[str, Any]) -> SqliteManifest:
    """Read one from ``manifest.json``.

    Raises:
        KeyError, TypeError: it is not one.
    """
    measure = dict(entry["measure"])
    tables = {name: Table(**table) for name, table in measure.pop("tables").items()}
    return SqliteManifest(
        store=entry["store"],
        path=entry["path"],
        measure=Measure(**measure, tables=tables),
        dump=DumpFile(**entry["dump"]),
    )


def redis_manifest(entry: Mapping[str, Any]) -> RedisManifest:
    """Read one from ``manifest.json``.

    Raises:
        KeyError, TypeError: it is not one.
    """
    measure = dict(entry["measure"])
    patterns = {pattern: Keys(**keys) for pattern, keys in measure.pop("patterns").items()}
    return RedisManifest(
        store=entry["store"],
        database=entry["database"],
        measure=RedisMeasure(**measure, patterns=patterns),
        dump=DumpFile(**entry["dump"]),
    )
