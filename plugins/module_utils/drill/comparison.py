# Copyright: (c) The Probealarm contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""L2: compare a restored tree with the manifest, file by file, in both directions."""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import dataclass, field, fields, is_dataclass
from pathlib import Path

from ..errors import Trouble
from ..file_listing import GONE, describe, sha256_of, shown
from ..hashed_before import TICK_NS, Links, nanoseconds
from ..manifest import FILES, MANIFEST, DumpFile, FileEntry, Manifest, read_entries
from ..text import count, show_bytes
from .differences import BLOCK_BYTES, another_time, differences, lost_its_holes


@dataclass
class FilesSeen:
    """What comparing found.

    Attributes:
        compared: files whose content was hashed and found equal or not; dumps included.
        bytes: of these.
        entries: folders, links and other things compared as well.
        differences: one sentence each.
        paths: everything that the manifest lists.
        held: what of it came back, by path, as it lies in the restored tree.
        moving: what changed while the backup ran, so that it cannot be held to the manifest.
        went: what was listed and removed before it was saved.
        came: what was saved and is not listed, because it came later.
        dense: sparse files that came back without their holes, and the bytes these take.
    """

    compared: int = 0
    bytes: int = 0
    entries: int = 0
    differences: list[str] = field(default_factory=list)
    moving: list[str] = field(default_factory=list)
    paths: set[str] = field(default_factory=set)
    held: dict[str, FileEntry] = field(default_factory=dict)
    went: set[str] = field(default_factory=set)
    came: list[str] = field(default_factory=list)
    dense: dict[str, int] = field(default_factory=dict)

    def notes(self) -> Iterator[str]:
        """Say what is no objection and limits what was compared or what a restore needs."""
        if self.went:
            yield f"{count(len(self.went), 'file')} went while the backup ran"
        if self.came:
            yield f"{count(len(self.came), 'file')} came while the backup ran"
        if self.dense:
            yield (
                f"{count(len(self.dense), 'sparse file')} came back without holes; a restore needs "
                f"{show_bytes(sum(self.dense.values()))} more than the source"
            )


def compare(tree: Path, manifest: Manifest, staged: Path) -> FilesSeen:
    """Compare every entry of ``files.jsonl`` and every dump with what was restored.

    What was restored and is in no list is a difference as well: somebody put it there.

    Args:
        tree: the folder the snapshot was restored to.
        manifest: what the source held.
        staged: the restored folder that holds the manifest.

    Raises:
        Broken: the list of files cannot be read.
    """
    seen = FilesSeen()
    listing = staged / FILES
    if not listing.exists() or sha256_of(str(listing)) != manifest.files_sha256:
        seen.differences.append(
            "the list of files (files.jsonl) is not the one that the manifest was written with"
        )
        return seen
    comparison = _Comparison(str(tree), manifest, seen)
    with listing.open(encoding="utf-8") as lines:
        for wanted in read_entries(lines):
            comparison.look_at(wanted)
    dumps = list(_dumps(manifest))
    for dump in dumps:
        _compare_dump(str(tree), dump, seen)
    staging = str(staged)[len(str(tree)) :]
    ours = {f"{staging}/{MANIFEST}", f"{staging}/{FILES}", *(dump.path for dump in dumps)}
    comparison.look_for_more(ours)
    return seen


class _Comparison:
    """One restored tree being compared.

    A backup takes a while and the source goes on living. What differs and has changed since the
    list was begun is told apart from damage by its time, or by the time of the folder it is in.
    """

    def __init__(self, tree: str, manifest: Manifest, seen: FilesSeen) -> None:
        self._tree = tree
        self._format = manifest.format
        self._listed_ns = nanoseconds(manifest.measured_at) - TICK_NS
        self._restless = frozenset(manifest.moving)
        self._links = Links()
        self._seen = seen

    def look_at(self, wanted: FileEntry) -> None:
        """Compare one entry of the list with what came back."""
        seen, path = self._seen, wanted.path
        seen.paths.add(path)
        try:
            found = describe(path, below=self._tree, links=self._links)
        except GONE:
            found = None
        except Trouble as trouble:
            seen.differences.append(f"{shown(path)} was restored and cannot be read ({trouble})")
            return
        if found is None:
            self._miss(path)
            return
        seen.held[path] = found
        reasons = list(differences(wanted, found, written_as=self._format))
        stays_a_folder = wanted.type == found.type == "folder"
        has_moved = self._has_moved(wanted, found, differs=bool(reasons))
        if has_moved and not stays_a_folder:
            seen.moving.append(path)
            return
        if wanted.type == found.type == "file":
            seen.compared += 1
            seen.bytes += 0 if found.same_as else found.bytes
        else:
            seen.entries += 1
        seen.differences += reasons
        if not has_moved:
            seen.differences += another_time(wanted, found)
        if lost_its_holes(wanted, found, written_as=self._format):
            seen.dense[path] = (found.blocks - wanted.blocks) * BLOCK_BYTES

    def look_for_more(self, ours: set[str]) -> None:
        """Find what was restored and is neither listed nor one of our own files."""
        known = self._seen.paths | ours
        above = {folder for path in known for folder in _above(path, known)}
        waiting = [""]
        while waiting:
            folder = waiting.pop()
            with os.scandir(f"{self._tree}{folder}/") as found:
                inside = sorted(found, key=lambda entry: entry.name)
            for entry in inside:
                path = f"{folder}/{entry.name}"
                if path not in known and path not in above:
                    self._meet(path, entry.stat(follow_symlinks=False).st_mtime_ns)
                elif entry.is_dir(follow_symlinks=False):
                    waiting.append(path)

    def _has_moved(self, wanted: FileEntry, found: FileEntry, *, differs: bool) -> bool:
        """Tell life from damage.

        A file may also change while it is read, after restic took its time: then the second look
        on the source has seen it, and the next attempt's manifest names it.
        """
        if found.mtime_ns == wanted.mtime_ns and not differs:
            return False
        return found.mtime_ns > self._listed_ns or wanted.path in self._restless

    def _miss(self, path: str) -> None:
        folder = path.rpartition("/")[0]
        if folder in self._seen.went or self._was_changed(folder) or path in self._restless:
            self._seen.went.add(path)
        else:
            self._seen.differences.append(f"{shown(path)} is missing from the restored copy")

    def _meet(self, path: str, mtime_ns: int) -> None:
        if mtime_ns > self._listed_ns or self._was_changed(path.rpartition("/")[0]):
            self._seen.came.append(path)
        else:
            self._seen.differences.append(
                f"{shown(path)} is in the restored copy and was not on the source"
            )

    def _was_changed(self, folder: str) -> bool:
        """Tell whether names came or went in a folder while the backup ran."""
        held = self._seen.held.get(folder)
        return held is not None and held.type == "folder" and held.mtime_ns > self._listed_ns


def _above(path: str, known: set[str]) -> Iterator[str]:
    """Yield the folders that lead to a path, up to one that is known itself."""
    while (path := path.rpartition("/")[0]) and path not in known:
        yield path


def _dumps(part: object) -> Iterator[DumpFile]:
    """Find every dump that a manifest speaks of, of whatever engine."""
    if isinstance(part, DumpFile):
        yield part
    elif isinstance(part, tuple):
        for inner in part:
            yield from _dumps(inner)
    elif is_dataclass(part):
        for key in fields(part):
            yield from _dumps(getattr(part, key.name))


def _compare_dump(tree: str, dump: DumpFile, seen: FilesSeen) -> None:
    file = Path(tree + dump.path)
    if not file.exists():
        seen.differences.append(f"the dump {file.name} is missing from the snapshot")
        return
    size = file.stat().st_size
    seen.compared += 1
    seen.bytes += size
    if size != dump.bytes:
        seen.differences.append(f"the dump {file.name} has {size} bytes and had {dump.bytes}")
    elif sha256_of(str(file)) != dump.sha256:
        seen.differences.append(
            f"the dump {file.name} has another content than when it was written"
        )
