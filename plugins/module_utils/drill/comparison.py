# Copyright: (c) The Probealarm contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""L2: compare a restored tree with the manifest, file by file."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from ..errors import Trouble
from ..file_listing import describe, sha256_of
from ..manifest import FILES, DumpFile, FileEntry, Manifest, read_entries

NANOSECONDS = 1_000_000_000


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
        moving: files that changed while the backup ran, so that their content cannot be held to
            the manifest's.
    """

    compared: int = 0
    bytes: int = 0
    entries: int = 0
    differences: list[str] = field(default_factory=list)
    moving: list[str] = field(default_factory=list)
    paths: set[str] = field(default_factory=set)
    held: dict[str, FileEntry] = field(default_factory=dict)


def compare(tree: Path, manifest: Manifest, staged: Path) -> FilesSeen:
    """Compare every entry of ``files.jsonl`` and every dump with what was restored.

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
    with listing.open(encoding="utf-8") as lines:
        for wanted in read_entries(lines):
            seen.paths.add(wanted.path)
            _compare_one(str(tree), wanted, manifest.measured_at, seen)
    for dump in _dumps(manifest):
        _compare_dump(str(tree), dump, seen)
    return seen


def _dumps(manifest: Manifest) -> Iterator[DumpFile]:
    for database in manifest.databases:
        yield database.dump
        if database.roles is not None:
            yield database.roles


def _compare_one(tree: str, wanted: FileEntry, measured_at: datetime, seen: FilesSeen) -> None:
    try:
        found = describe(wanted.path, below=tree)
    except FileNotFoundError:
        found = None
    except Trouble as trouble:
        seen.differences.append(f"{wanted.path} was restored and cannot be read ({trouble})")
        return
    if found is None:
        seen.differences.append(f"{wanted.path} is missing from the restored copy")
        return
    seen.held[wanted.path] = found
    both_files = wanted.type == found.type == "file"
    if both_files and found.mtime_ns > measured_at.timestamp() * NANOSECONDS:
        seen.moving.append(wanted.path)
        return
    if both_files:
        seen.compared += 1
        seen.bytes += found.bytes
    else:
        seen.entries += 1
    seen.differences.extend(_differences(wanted, found))


def _differences(wanted: FileEntry, found: FileEntry) -> Iterable[str]:
    if found.type != wanted.type:
        yield f"{wanted.path} is a {found.type} and was a {wanted.type}"
        return
    if found.bytes != wanted.bytes:
        yield f"{wanted.path} has {found.bytes} bytes and had {wanted.bytes}"
    elif found.sha256 != wanted.sha256:
        yield f"{wanted.path} has another content than on the source"
    if found.target != wanted.target:
        yield f"{wanted.path} points to {found.target} and pointed to {wanted.target}"
    if found.mode != wanted.mode and wanted.type != "link":
        yield f"{wanted.path} has mode {found.mode:04o} and had {wanted.mode:04o}"
    if (found.uid, found.gid) != (wanted.uid, wanted.gid):
        yield (
            f"{wanted.path} belongs to {found.uid}:{found.gid} and belonged to "
            f"{wanted.uid}:{wanted.gid}"
        )


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
