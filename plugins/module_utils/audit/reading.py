# Copyright: (c) The Probealarm contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Read other people's files as root: follow no link, open no device, leave no time of access."""

from __future__ import annotations

import errno
import os
import stat
from datetime import UTC, datetime

READING = os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC
LARGEST_BYTES = 256 * 1024 * 1024


def open_file(path: str) -> int:
    """Open a regular file.

    Raises:
        OSError: it is gone, is something else, or cannot be read.
    """
    try:
        file = os.open(path, READING | os.O_NOATIME)
    except PermissionError:  # on a network mount root may not be the owner
        file = os.open(path, READING)
    if not stat.S_ISREG(os.fstat(file).st_mode):
        os.close(file)
        raise OSError(errno.EINVAL, "it is no regular file")
    return file


def first_bytes(path: str, number: int) -> bytes:
    """Read the beginning of a file; empty when it is gone.

    Raises:
        OSError: it is there and cannot be read.
    """
    try:
        file = open_file(path)
    except (FileNotFoundError, NotADirectoryError):
        return b""
    with os.fdopen(file, "rb", buffering=0) as opened:
        return opened.read(number)


def whole(path: str) -> bytes:
    """Read a file of up to 256 MiB.

    Raises:
        OSError: it is gone, is larger, or cannot be read.
    """
    with os.fdopen(open_file(path), "rb") as opened:
        content = opened.read(LARGEST_BYTES + 1)
    if len(content) > LARGEST_BYTES:
        raise OSError(errno.EFBIG, "it is larger than 256 MiB")
    return content


def moment(nanoseconds: int) -> datetime:
    """Turn a file's time into a moment; one that no calendar has becomes 1970."""
    try:
        return datetime.fromtimestamp(nanoseconds // 1_000_000_000, UTC)
    except (OverflowError, ValueError, OSError):
        return datetime.fromtimestamp(0, UTC)


def measured(path: str) -> tuple[int, int]:
    """Sum the bytes of a path with all below it, and tell the newest time of content.

    What vanishes meanwhile, or cannot be read, counts as nothing: the walk tells it.
    """
    size, newest, waiting = 0, 0, [path]
    while waiting:
        here = waiting.pop()
        try:
            seen = os.lstat(here)
            if stat.S_ISDIR(seen.st_mode):
                waiting += [f"{here}/{name}" for name in os.listdir(here)]  # noqa: PTH208 (names may not be UTF-8)
                continue
        except OSError:
            continue
        size, newest = size + seen.st_size, max(newest, seen.st_mtime_ns)
    return size, newest
