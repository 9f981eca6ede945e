# Copyright: (c) The Probealarm contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""List file trees as they are: every file, folder and link, with a hash of its content."""

from __future__ import annotations

import hashlib
import os
import stat
from collections.abc import Callable, Collection, Iterator

from .errors import Trouble
from .manifest import FileEntry

BLOCK_BYTES = 1024 * 1024

Hash = Callable[[str], str]


def entries(
    paths: Collection[str], *, without: Collection[str] = (), below: str = ""
) -> Iterator[FileEntry]:
    """Walk paths in order, links not followed, sockets left out (a server makes them anew).

    Args:
        paths: absolute folders or files.
        without: absolute paths to leave out with all below them.
        below: a folder that stands in front of every path on this disk and in no entry: a restored
            tree is listed under the names that its files had on their own host.

    Raises:
        Trouble: a path does not exist or something cannot be read.
    """
    left_out = frozenset(without)
    for path in sorted(paths):
        if path not in left_out:
            yield from _walk(path, left_out, below)


def _walk(path: str, left_out: frozenset[str], below: str) -> Iterator[FileEntry]:
    try:
        entry = describe(path, below=below)
    except FileNotFoundError:
        raise Trouble(
            f"{path} does not exist. Correct the path in services.probealarm.yml, or find out who "
            "removed it."
        ) from None
    if entry is None:
        return
    yield entry
    if entry.type == "folder":
        for name in sorted(os.listdir(below + path)):  # noqa: PTH208 (names may not be UTF-8)
            child = f"{path.rstrip('/')}/{name}"
            if child not in left_out:
                try:
                    yield from _walk(child, left_out, below)
                except Trouble:
                    if os.path.lexists(below + child):
                        raise  # it is there and still cannot be read


def describe(path: str, *, below: str = "", content_hash: Hash | None = None) -> FileEntry | None:
    """Describe one path; ``None`` for a socket.

    Raises:
        FileNotFoundError: nothing is there.
        Trouble: it is there and cannot be read.
    """
    here = below + path
    try:
        seen = os.lstat(here)
        kind = _kind(seen.st_mode)
        if kind is None:
            return None
        return FileEntry(
            path=path,
            type=kind,
            mode=stat.S_IMODE(seen.st_mode),
            uid=seen.st_uid,
            gid=seen.st_gid,
            mtime_ns=seen.st_mtime_ns,
            bytes=seen.st_size if kind == "file" else 0,
            sha256=(content_hash or sha256_of)(here) if kind == "file" else "",
            target=os.readlink(here) if kind == "link" else "",  # noqa: PTH115 (names may not be UTF-8)
        )
    except FileNotFoundError:
        raise
    except OSError as error:
        raise Trouble(f"{path} cannot be read ({error.strerror}).") from None


def sha256_of(path: str) -> str:
    """Hash a file's content."""
    digest = hashlib.sha256()
    with open(path, "rb", buffering=0) as file:  # noqa: PTH123 (names may not be UTF-8)
        while block := file.read(BLOCK_BYTES):
            digest.update(block)
    return digest.hexdigest()


def _kind(mode: int) -> str | None:
    kinds = {
        stat.S_IFREG: "file",
        stat.S_IFDIR: "folder",
        stat.S_IFLNK: "link",
        stat.S_IFIFO: "pipe",
        stat.S_IFCHR: "character device",
        stat.S_IFBLK: "block device",
    }
    return kinds.get(stat.S_IFMT(mode))
