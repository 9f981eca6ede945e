# Copyright: (c) The Probealarm contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Take one snapshot of one service: dump, list, push; in that order, and all or nothing."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from ..contract import Contract
from ..errors import Trouble
from ..file_listing import entries
from ..host import Host
from ..manifest import FILES, MANIFEST, DatabaseManifest, FileEntry, Manifest
from ..settings import SnapshotSettings
from ..stopwatch import Stopwatch
from ..text import count, show_bytes
from ..tools.rest_store import knock
from ..tools.restic import Restic, Snapshot, exclude_pattern
from .databases import dump
from .staging import staging

ATTEMPTS = 3

Clock = Callable[[], datetime]


@dataclass(frozen=True)
class Taken:
    """A snapshot and the manifest inside it."""

    snapshot: Snapshot
    manifest: Manifest
    seconds: Mapping[str, float]

    def summary(self) -> str:
        """Say in one sentence what was saved."""
        measures = [database.measure for database in self.manifest.databases]
        tables = sum(len(measure.tables) for measure in measures)
        rows = sum(measure.rows for measure in measures)
        held = f"{count(tables, 'table')} with {count(rows, 'row')} and " if measures else ""
        files = (
            f"{count(self.manifest.file_count, 'file')} ({show_bytes(self.manifest.file_bytes)})"
        )
        return f"{self.manifest.service}: {held}{files} in snapshot {self.snapshot.short}"


@dataclass(frozen=True)
class Listing:
    """What ``files.jsonl`` holds: number and bytes of files, digest of the list, when listed."""

    listed_at: datetime
    count: int
    bytes: int
    sha256: str
    moments: dict[str, tuple[int, int]]


def take(host: Host, contract: Contract, settings: SnapshotSettings, *, clock: Clock) -> Taken:
    """Take a snapshot of a service.

    Raises:
        Trouble: anything failed; no snapshot was made that could be mistaken for a good one, and
            earlier ones are untouched.
    """
    watch = Stopwatch()
    try:
        if reason := contract.beyond_reach():
            raise Trouble(reason)
        knock(settings.store())
        with staging(Path(settings.staging_directory), contract.name) as folder:
            with watch.step("dump and measure databases"):
                databases = tuple(dump(host, store, folder) for store in contract.databases)
            restic = Restic(host, settings.store())
            return _Run(restic, contract, folder, watch, clock).push(databases)
    except Trouble as trouble:
        said = str(trouble)
        prefix = "" if said.startswith(f"{contract.name}: ") else f"{contract.name}: "
        raise Trouble(prefix + said) from None


@dataclass(frozen=True)
class _Run:
    """One backup under way."""

    restic: Restic
    contract: Contract
    folder: Path
    watch: Stopwatch
    clock: Clock

    def push(self, databases: tuple[DatabaseManifest, ...]) -> Taken:
        """List and save; when files moved meanwhile, do it again, which costs only what changed."""
        moving: tuple[str, ...] = ()
        for attempt in range(1, ATTEMPTS + 1):
            with self.watch.step("list and hash files"):
                listing = self._list()
            manifest = Manifest(
                service=self.contract.name,
                host=self.contract.host,
                measured_at=listing.listed_at,
                databases=databases,
                file_count=listing.count,
                file_bytes=listing.bytes,
                files_sha256=listing.sha256,
                moving=moving,
                seconds=dict(self.watch.seconds),
            )
            manifest.write(self.folder / MANIFEST)
            with self.watch.step("save with restic"):
                snapshot = self._save()
            moving = tuple(_moved(listing.moments))
            if not moving or attempt == ATTEMPTS:
                break
        return Taken(snapshot, manifest, self.watch.seconds)

    def _list(self) -> Listing:
        listed_at = self.clock()
        count = size = 0
        digest = hashlib.sha256()
        moments: dict[str, tuple[int, int]] = {}
        with (self.folder / FILES).open("w", encoding="utf-8") as lines:
            for store in self.contract.files:
                for entry in entries(store.paths, without=store.regenerable):
                    line = entry.line() + "\n"
                    lines.write(line)
                    digest.update(line.encode())
                    if entry.type == "file":
                        count += 1
                        size += entry.bytes
                        moments[entry.path] = _moment(entry)
        return Listing(listed_at, count, size, digest.hexdigest(), moments)

    def _save(self) -> Snapshot:
        excludes = self.folder.parent / f"{self.contract.name}.excludes"
        regenerable = [path for store in self.contract.files for path in store.regenerable]
        excludes.write_text(
            "".join(f"{exclude_pattern(path)}\n" for path in regenerable), encoding="utf-8"
        )
        paths = [path for store in self.contract.files for path in store.paths]
        return self.restic.back_up(
            self.contract.name, [str(self.folder), *paths], excludes_file=excludes
        )


def _moment(entry: FileEntry) -> tuple[int, int]:
    return entry.mtime_ns, entry.bytes


def _moved(moments: dict[str, tuple[int, int]]) -> Iterator[str]:
    for path, moment in moments.items():
        try:
            seen = os.lstat(path)
        except FileNotFoundError:
            yield path
        else:
            if (seen.st_mtime_ns, seen.st_size) != moment:
                yield path
