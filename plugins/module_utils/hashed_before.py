# Copyright: (c) The Probealarm contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What need not be read again: other names of one file, and files that an earlier walk hashed."""

from __future__ import annotations

import os
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from .manifest import FileEntry

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)

TICK_NS = 10_000_000
"""A file's time may lie this far behind the clock: kernels stamp it once a tick (``CONFIG_HZ``)."""


@dataclass
class Links:
    """First names of files that have several, so that each is read once and links are told.

    A file is forgotten with its last name; so a tree in which everything has two names needs
    memory only for what lies between them.
    """

    _open: dict[tuple[int, int], tuple[FileEntry, int]] = field(default_factory=dict)

    def first(self, seen: os.stat_result) -> FileEntry | None:
        """Give the entry of a file's first name, or ``None`` when this name is the first."""
        key = (seen.st_dev, seen.st_ino)
        if seen.st_nlink < 2 or key not in self._open:
            return None
        first, left = self._open.pop(key)
        if left > 1:
            self._open[key] = (first, left - 1)
        return first

    def remember(self, seen: os.stat_result, entry: FileEntry) -> None:
        """Keep the entry of a first name until the others have come by."""
        if seen.st_nlink > 1:
            self._open[seen.st_dev, seen.st_ino] = (entry, seen.st_nlink - 1)


class Known:
    """Entries of an earlier walk over the same paths, asked for in the order of a walk.

    Args:
        earlier: the entries.
        before_ns: files that changed later than this may have changed once more in the same tick,
            so their hashes are not believed.
    """

    def __init__(self, earlier: Iterable[FileEntry], before_ns: int) -> None:
        self._rest = iter(earlier)
        self._next = next(self._rest, None)
        self._before_ns = before_ns

    def of(self, path: str) -> FileEntry | None:
        """Give the earlier entry of a path, when its hash can be believed."""
        place = path.split("/")
        while self._next and self._next.path.split("/") < place:
            self._next = next(self._rest, None)
        if self._next and self._next.path == path and self._next.mtime_ns < self._before_ns:
            return self._next
        return None


def nanoseconds(moment: datetime) -> int:
    """Count from 1970, exactly: a float has no room for nanoseconds."""
    return (moment - EPOCH) // timedelta(microseconds=1) * 1000
