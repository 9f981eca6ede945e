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
from dataclasses import asdict, dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

from .errors import Broken

FORMAT = 1
MANIFEST = "manifest.json"
FILES = "files.jsonl"


@dataclass(frozen=True)
class Table:
    """One table: its exact rows and, where it is irreplaceable, a digest of their content."""

    rows: int
    digest: str | None = None


@dataclass(frozen=True)
class Measure:
    """What a database held, in one transaction's view.

    Attributes:
        server_version: as the server tells it, for example ``11.8.6-MariaDB``.
        creation: what CREATE DATABASE needs to know: character set and collation, or encoding.
        tables: by name (PostgreSQL: schema and name).
        objects: schema objects as ``kind name`` (``view v_active``, ``table leads``), each with a
            digest of its definition.
        counters: PostgreSQL's sequences and their last values. They stand outside transactions, so
            a copy may be ahead of them and must never be behind.
    """

    server_version: str
    creation: Mapping[str, str]
    tables: Mapping[str, Table]
    objects: Mapping[str, str]
    counters: Mapping[str, int] = field(default_factory=dict)

    @property
    def rows(self) -> int:
        """Rows of all tables."""
        return sum(table.rows for table in self.tables.values())


@dataclass(frozen=True)
class DumpFile:
    """A file that a dump tool wrote: absolute path on the source, bytes, SHA-256."""

    path: str
    bytes: int
    sha256: str


@dataclass(frozen=True)
class DatabaseManifest:
    """One database of the snapshot.

    Attributes:
        dump: the rows and definitions.
        roles: PostgreSQL: the roles that own and may use them.
        commits_held_seconds: how long writers waited while dump and measure opened their view.
    """

    store: str
    engine: str
    database: str
    measure: Measure
    dump: DumpFile
    roles: DumpFile | None = None
    commits_held_seconds: float = 0.0


@dataclass(frozen=True)
class FileEntry:
    """One file, folder or link. ``mtime_ns`` is in nanoseconds, ``bytes`` and hash of content."""

    path: str
    type: str
    mode: int
    uid: int
    gid: int
    mtime_ns: int
    bytes: int = 0
    sha256: str = ""
    target: str = ""

    def line(self) -> str:
        """Write as one line of ``files.jsonl`` (names that are not UTF-8 stay intact)."""
        return json.dumps(asdict(self), separators=(",", ":"), ensure_ascii=True)


@dataclass(frozen=True)
class Manifest:
    """The whole of it; times are UTC.

    Attributes:
        measured_at: when measuring the files began. A file that changed later moved under the
            backup and cannot be held to its hash.
        files_sha256: digest of ``files.jsonl``, so that the list itself cannot be swapped.
        moving: files that changed while they were read, in each of several attempts.
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

    def write(self, path: Path) -> None:
        """Write ``manifest.json``."""
        content = {"format": FORMAT, **asdict(self), "measured_at": self.measured_at.isoformat()}
        path.write_text(json.dumps(content, indent=1, sort_keys=True), encoding="utf-8")

    @classmethod
    def read(cls, path: Path) -> Manifest:
        """Read a manifest.

        Raises:
            Broken: it is missing, of a newer format, or not a manifest.
        """
        try:
            content = json.loads(path.read_text(encoding="utf-8"))
            written = content.pop("format")
            if written != FORMAT:
                raise Broken(
                    f"the snapshot's manifest has format {written} and this version reads format "
                    f"{FORMAT}. Run playbooks/site.yml so that both hosts carry the same version."
                )
            content["measured_at"] = datetime.fromisoformat(content["measured_at"])
            content["databases"] = tuple(_database(entry) for entry in content["databases"])
            content["moving"] = tuple(content["moving"])
            return cls(**content)
        except FileNotFoundError:
            raise Broken(
                "the snapshot holds no manifest, so nothing tells what it should hold"
            ) from None
        except (ValueError, KeyError, TypeError, AttributeError) as error:
            raise Broken(f"the snapshot's manifest cannot be read ({error})") from None


def _database(entry: dict[str, Any]) -> DatabaseManifest:
    measure = entry.pop("measure")
    tables = {name: Table(**table) for name, table in measure.pop("tables").items()}
    roles = entry.pop("roles")
    return DatabaseManifest(
        **{
            **entry,
            "measure": Measure(**measure, tables=tables),
            "dump": DumpFile(**entry["dump"]),
            "roles": DumpFile(**roles) if roles else None,
        }
    )


def read_entries(lines: Iterable[str]) -> Iterator[FileEntry]:
    """Read ``files.jsonl`` line by line, so that a million files need no memory.

    Raises:
        Broken: a line is not an entry.
    """
    for line in lines:
        try:
            yield FileEntry(**json.loads(line))
        except (ValueError, TypeError) as error:
            raise Broken(f"the snapshot's list of files cannot be read ({error})") from None
