# Copyright: (c) The Probealarm contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the source held at the moment of a snapshot, measured on the source.

``manifest.json`` lies in the snapshot beside the dumps; ``files.jsonl`` has one line a file. Both
are written on the protected host and read on the one that drills.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass, field, fields
from datetime import datetime
from pathlib import Path
from sys import intern
from types import MappingProxyType
from typing import Any

from .errors import Broken
from .manifest_small import RedisManifest, SqliteManifest, redis_manifest, sqlite_manifest
from .measures import DumpFile, Measure, Table

__all__ = (
    "FILES",
    "FORMAT",
    "MANIFEST",
    "NO_XATTRS",
    "DatabaseManifest",
    "DumpFile",
    "FileEntry",
    "Manifest",
    "Measure",
    "Table",
    "read_entries",
)
FORMAT = 2
"""Format 1 knew neither SQLite nor Redis nor what files carry beside content, mode and owner; it is
read as one that has none (docs/manifest.md).
"""
MANIFEST = "manifest.json"
FILES = "files.jsonl"

NO_XATTRS: Mapping[str, str] = MappingProxyType({})
"""Shared by the many files that have none."""


@dataclass(frozen=True)
class DatabaseManifest:
    """One database of the snapshot.

    Attributes:
        dump: the rows and definitions.
        roles: PostgreSQL: the roles that own and may use them.
        commits_held_seconds: how long writers waited while dump and measure opened their view.
        accounts: MariaDB: the accounts that may use it, and what they may do.
        locked_tables: MariaDB: those that no transaction keeps still. Their writers waited until
            the dump was done.
        newest: by freshness check, the newest record's time as the measure saw it (ISO 8601).
    """

    store: str
    engine: str
    database: str
    measure: Measure
    dump: DumpFile
    roles: DumpFile | None = None
    commits_held_seconds: float = 0.0
    accounts: DumpFile | None = None
    locked_tables: tuple[str, ...] = ()
    newest: Mapping[str, str] = field(default_factory=dict)

    def notes(self) -> Iterator[str]:
        """Say what is no objection and was not as usual."""
        if self.locked_tables:
            yield (
                f"writers of {', '.join(self.locked_tables)} in {self.database} waited until the "
                "dump was done, because their engine knows no transactions"
            )


@dataclass(frozen=True, slots=True)
class FileEntry:
    """One file, folder, link, pipe or device.

    Attributes:
        mtime_ns: when its content changed last, in nanoseconds since 1970.
        bytes: and ``sha256``: of a file's content.
        target: where a link points to.
        acl: the POSIX ACL as text, with numbers for names; empty when there is only the mode.
        xattrs: SHA-256 of the value of each extended attribute of ``user.`` and ``security.``.
        same_as: the path of the file's first saved name when this is a further one (a hard link).
        blocks: of 512 bytes, taken on the source's disk; fewer than ``bytes`` need: sparse.
        device: major and minor number (``8:1``) of a device.
    """

    path: str
    type: str
    mode: int
    uid: int
    gid: int
    mtime_ns: int
    bytes: int = 0
    sha256: str = ""
    target: str = ""
    acl: str = ""
    xattrs: Mapping[str, str] = field(default_factory=lambda: NO_XATTRS)
    same_as: str = ""
    blocks: int = 0
    device: str = ""

    def line(self) -> str:
        """Write as one line of ``files.jsonl``; names that are not UTF-8 stay intact.

        Beyond the first six keys, what is empty or zero is left out.
        """
        held = {name: getattr(self, name) for name in _ALWAYS}
        held |= {name: value for name in _WHERE_HELD if (value := getattr(self, name))}
        return _LINES.encode(held)


_LINES = json.JSONEncoder(separators=(",", ":"), ensure_ascii=True)
_ALWAYS = tuple(key.name for key in fields(FileEntry))[:6]
_WHERE_HELD = tuple(key.name for key in fields(FileEntry))[6:]


@dataclass(frozen=True)
class Manifest:
    """The whole of it; times are UTC.

    Attributes:
        measured_at: when measuring the files began. A file that changed later moved under the
            backup and cannot be held to its hash.
        files_sha256: digest of ``files.jsonl``, so that the list itself cannot be swapped.
        moving: files that changed while they were read, in each of several attempts.
        held_still_seconds: how long the service had been held still when this was written; saving
            comes on top. 0 for one that goes on while it is copied.
        format: of the manifest this was read from; what older ones lack was not measured.
    """

    service: str
    host: str
    measured_at: datetime
    databases: tuple[DatabaseManifest, ...]
    file_count: int
    file_bytes: int
    files_sha256: str
    moving: tuple[str, ...] = ()
    seconds: Mapping[str, float] = field(default_factory=dict)
    sqlite: tuple[SqliteManifest, ...] = ()
    redis: tuple[RedisManifest, ...] = ()
    held_still_seconds: float = 0.0
    format: int = FORMAT

    def write(self, path: Path) -> None:
        """Write ``manifest.json``."""
        content = {**asdict(self), "measured_at": self.measured_at.isoformat()}
        path.write_text(json.dumps(content, indent=1, sort_keys=True), encoding="utf-8")

    @classmethod
    def read(cls, path: Path) -> Manifest:
        """Read a manifest.

        Raises:
            Broken: it is missing, of a newer format, or not a manifest.
        """
        try:
            text = path.read_text(encoding="utf-8")
        except FileNotFoundError:
            raise Broken(
                "the snapshot holds no manifest, so nothing tells what it should hold"
            ) from None
        except ValueError as error:
            raise Broken(f"the snapshot's manifest cannot be read ({error})") from None
        return cls.parse(text)

    @classmethod
    def parse(cls, text: str) -> Manifest:
        """Read the text of a manifest.

        Raises:
            Broken: it is of a newer format, or not a manifest.
        """
        try:
            content = json.loads(text)
            written = content["format"]
            if not 1 <= written <= FORMAT:
                raise Broken(
                    f"the snapshot's manifest has format {written} and this version reads formats "
                    f"up to {FORMAT}. Run playbooks/site.yml so that both hosts carry the same "
                    "version."
                )
            content["measured_at"] = datetime.fromisoformat(content["measured_at"])
            content["databases"] = tuple(_database(entry) for entry in content["databases"])
            content["sqlite"] = tuple(map(sqlite_manifest, content.get("sqlite", ())))
            content["redis"] = tuple(map(redis_manifest, content.get("redis", ())))
            content["moving"] = tuple(content.get("moving", ()))
            return cls(**content)
        except (ValueError, KeyError, TypeError, AttributeError) as error:
            raise Broken(f"the snapshot's manifest cannot be read ({error})") from None


def _database(entry: dict[str, Any]) -> DatabaseManifest:
    measure = entry.pop("measure")
    tables = {name: Table(**table) for name, table in measure.pop("tables").items()}
    roles, accounts = entry.get("roles"), entry.get("accounts")
    return DatabaseManifest(
        **{
            **entry,
            "measure": Measure(**measure, tables=tables),
            "dump": DumpFile(**entry["dump"]),
            "roles": DumpFile(**roles) if roles else None,
            "accounts": DumpFile(**accounts) if accounts else None,
            "locked_tables": tuple(entry.get("locked_tables", ())),
        }
    )


def read_entries(lines: Iterable[str]) -> Iterator[FileEntry]:
    """Read ``files.jsonl`` line by line, so that a million files need no memory.

    Raises:
        Broken: a line is not an entry.
    """
    for line in lines:
        try:
            content = json.loads(line)
            yield FileEntry(**{**content, "type": intern(content["type"])})
        except (ValueError, KeyError, TypeError) as error:
            raise Broken(f"the snapshot's list of files cannot be read ({error})") from None
