# Copyright: (c) The Probealarm contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""List file trees as they are: every file, folder and link, with a hash of its content."""

from __future__ import annotations

import hashlib
import os
import stat
from collections.abc import Collection, Iterator

from .errors import Trouble
from .file_attributes import attributes_of
from .hashed_before import HashedBefore, Links
from .manifest import FileEntry

BLOCK_BYTES = 1024 * 1024

GONE = (FileNotFoundError, NotADirectoryError)
"""What the system says of a path that is there no more, itself or the folder it was in."""


def entries(
    paths: Collection[str],
    *,
    without: Collection[str] = (),
    below: str = "",
    hashes: HashedBefore | None = None,
) -> Iterator[FileEntry]:
    """Walk paths in order, links not followed, sockets left out (a server makes them anew).

    The order is that of the names, folder by folder. A path below another one is listed once.

    Args:
        paths: absolute folders or files.
        without: absolute paths to leave out with all below them.
        below: a folder that stands in front of every path on this disk and in no entry: a restored
            tree is listed under the names that its files had on their own host.
        hashes: of an earlier walk; a file that has not changed since is not read again.

    Raises:
        Trouble: a path does not exist or something cannot be read.
    """
    left_out, links = frozenset(without), Links()
    for root in outermost(paths):
        waiting = [root]
        while waiting:
            path = waiting.pop()
            if path in left_out:
                continue
            try:
                entry = describe(path, below=below, links=links, hashes=hashes)
                inside = _names_in(path, below) if entry and entry.type == "folder" else []
            except GONE:
                if path == root:
                    raise Trouble(
                        f"{shown(path)} does not exist. Correct the path in "
                        "services.probealarm.yml, or find out who removed it."
                    ) from None
                continue  # it was removed since its folder was read
            if entry is not None:
                yield entry
            waiting += [f"{path.rstrip('/')}/{name}" for name in reversed(inside)]


def outermost(paths: Collection[str]) -> list[str]:
    """Leave out paths that lie below another one, and sort the rest as a walk meets them."""
    kept: list[str] = []
    for path in sorted(set(paths), key=lambda path: path.split("/")):
        if not kept or not path.startswith(f"{kept[-1].rstrip('/')}/"):
            kept.append(path)
    return kept


def describe(
    path: str, *, below: str = "", links: Links | None = None, hashes: HashedBefore | None = None
) -> FileEntry | None:
    """Describe one path; ``None`` for a socket.

    Args:
        path: as it stands in the entry.
        below: see :func:`entries`.
        links: what other names of the same file are known by; ``None`` to read every name's file.
        hashes: see :func:`entries`.

    Raises:
        FileNotFoundError: nothing is there; NotADirectoryError: its folder is none any more.
        Trouble: it is there and cannot be read.
    """
    here = below + path
    try:
        seen = os.lstat(here)
        kind = _kind(seen.st_mode)
        if kind is None:
            return None
        is_file = kind == "file"
        first = links.first(seen) if links and is_file else None
        attributes = attributes_of(here)
        entry = FileEntry(
            path=path,
            type=kind,
            mode=stat.S_IMODE(seen.st_mode),
            uid=seen.st_uid,
            gid=seen.st_gid,
            mtime_ns=seen.st_mtime_ns,
            bytes=seen.st_size if is_file else 0,
            sha256=_content(path, here, seen, first or hashes) if is_file else "",
            target=os.readlink(here) if kind == "link" else "",  # noqa: PTH115 (names may not be UTF-8)
            acl=attributes.acl,
            xattrs=attributes.xattrs,
            same_as=first.path if first else "",
            blocks=seen.st_blocks if is_file else 0,
            device=_device(seen) if kind.endswith("device") else "",
        )
    except GONE:
        raise
    except OSError as error:
        raise _unreadable(path, error) from None
    if links and is_file and first is None:
        links.remember(seen, entry)
    return entry


def sha256_of(path: str) -> str:
    """Hash a file's content; a link or a pipe that has taken its place is not followed."""
    digest = hashlib.sha256()
    reading = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK)
    with os.fdopen(reading, "rb", buffering=0) as file:
        while block := file.read(BLOCK_BYTES):
            digest.update(block)
    return digest.hexdigest()


def shown(path: str) -> str:
    r"""Write a path for people: what is not UTF-8 or not printable as ``\xe9`` or ``\n``."""
    text = path.encode("utf-8", "surrogateescape").decode("utf-8", "backslashreplace")
    return "".join(
        letter if letter.isprintable() else letter.encode("unicode_escape").decode()
        for letter in text
    )


def _names_in(path: str, below: str) -> list[str]:
    try:
        return sorted(os.listdir(below + path))  # noqa: PTH208 (names may not be UTF-8)
    except GONE:
        raise
    except OSError as error:
        raise _unreadable(path, error) from None


def _unreadable(path: str, error: OSError) -> Trouble:
    return Trouble(
        f"{shown(path)} cannot be read ({error.strerror}). Look at it on its host; what the "
        "service can make anew belongs under regenerable."
    )


def _content(
    path: str, here: str, seen: os.stat_result, known: FileEntry | HashedBefore | None
) -> str:
    """Hash a file, or take the hash over: from its first name, or from an earlier walk."""
    if isinstance(known, FileEntry):
        is_same = (known.mtime_ns, known.bytes) == (seen.st_mtime_ns, seen.st_size)
        return known.sha256 if is_same else sha256_of(here)
    return known.content(path, seen, here, sha256_of) if known else sha256_of(here)


def _device(seen: os.stat_result) -> str:
    return f"{os.major(seen.st_rdev)}:{os.minor(seen.st_rdev)}"


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
