# Copyright: (c) The Probealarm contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Take one snapshot of one service: dump, list, push; in that order, and all or nothing."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

from ..contract import Contract
from ..errors import Trouble
from ..file_listing import shown
from ..host import Host
from ..manifest import FILES, MANIFEST, DatabaseManifest, Manifest
from ..settings import SnapshotSettings
from ..stopwatch import Stopwatch
from ..text import count, show_bytes
from ..tools.rest_store import knock
from ..tools.restic import Restic, Snapshot, exclude_pattern
from ..tools.turns import Turns
from .databases import dump
from .hashes import Hashes
from .listing import list_files, moved
from .quiesce import Stillness, held_still
from .small_stores import SmallStores, save_small_stores
from .staging import staging

ATTEMPTS = 3
NAMED_PATHS = 5

Clock = Callable[[], datetime]


@dataclass(frozen=True)
class Taken:
    """A snapshot and the manifest inside it."""

    snapshot: Snapshot
    manifest: Manifest
    seconds: Mapping[str, float]
    held_still_seconds: float = 0.0
    notes: tuple[str, ...] = ()

    def summary(self) -> str:
        """Say in one sentence what was saved."""
        measures = [database.measure for database in self.manifest.databases]
        measures += [database.measure for database in self.manifest.sqlite]
        tables = sum(len(measure.tables) for measure in measures)
        rows = sum(measure.rows for measure in measures)
        held = f"{count(tables, 'table')} with {count(rows, 'row')} and " if measures else ""
        keys = sum(dump.measure.keys for dump in self.manifest.redis)
        held += f"{count(keys, 'key')} and " if self.manifest.redis else ""
        files = (
            f"{count(self.manifest.file_count, 'file')} ({show_bytes(self.manifest.file_bytes)})"
        )
        noted = [said for base in self.manifest.databases for said in base.notes()]
        notes = "".join(f"; {said}" for said in [*noted, *self.notes])
        return f"{self.manifest.service}: {held}{files} in snapshot {self.snapshot.short}{notes}"


def take(host: Host, contract: Contract, settings: SnapshotSettings, *, clock: Clock) -> Taken:
    """Take a snapshot of a service.

    Raises:
        Trouble: anything failed; no snapshot was made that could be mistaken for a good one, and
            earlier ones are untouched.
    """
    watch = Stopwatch()
    try:
        knock(settings.store(), clock())
        with (
            staging(Path(settings.staging_directory), contract.name) as folder,
            held_still(host, contract, clock=clock) as still,
        ):
            with watch.step("dump and measure databases"):
                turns = Turns(clock().date())
                databases = tuple(
                    dump(host, store, folder, contract.checks, turns)
                    for store in contract.databases
                )
            with watch.step("copy and measure SQLite and Redis"):
                small = save_small_stores(host, contract, folder)
            restic = Restic(host, settings.store())
            taken = _Run(restic, contract, folder, watch, clock, still).push(databases, small)
        return replace(taken, held_still_seconds=still.seconds)
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
    still: Stillness

    def push(self, databases: tuple[DatabaseManifest, ...], small: SmallStores) -> Taken:
        """List and save; when files moved meanwhile, do it again, which costs only what changed.

        Raises:
            Trouble: nothing was saved, or a file has decayed on this host's disk.
        """
        moving: tuple[str, ...] = ()
        files, hashes = self.folder / FILES, Hashes.beside(self.folder)
        for attempt in range(1, ATTEMPTS + 1):
            with self.watch.step("list and hash files"):
                listing = list_files(self.contract.files, files, self.clock(), hashes)
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
                held_still_seconds=self.still.seconds,
                sqlite=small.sqlite,
                redis=small.redis,
            )
            manifest.write(self.folder / MANIFEST)
            with self.watch.step("save with restic"):
                snapshot = self._save()
            moving = tuple(moved(files))
            if not moving or attempt == ATTEMPTS:
                break
        hashes.keep()
        if hashes.decayed:
            raise Trouble(_decay(snapshot, hashes.decayed))
        return Taken(snapshot, manifest, self.watch.seconds)

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


def _decay(snapshot: Snapshot, paths: Sequence[str]) -> str:
    named = ", ".join(shown(path) for path in paths[:NAMED_PATHS])
    more = f" and {len(paths) - NAMED_PATHS} more" if len(paths) > NAMED_PATHS else ""
    return (
        f"snapshot {snapshot.short} was saved, but {named}{more} on this host does not hold what "
        "was written to it, and nobody has written to it since: a disk or memory is failing. The "
        "earlier content is in that snapshot. Look at the disk's health (smartctl, the kernel's "
        "messages), restore the file from the snapshot, and back up again."
    )
