# Copyright: (c) The Probealarm contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What need not be read again: other names of one file, and files that an earlier walk hashed."""

from __future__ import annotations

import json
import os
import zlib
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, fields, replace
from datetime import UTC, datetime, timedelta

from .manifest import FileEntry

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)

REREAD_DAYS = 28
"""Within so many days every content is read, whatever times say: disks forget in silence."""

TICK_NS = 10_000_000
"""A file's time may lie this far behind the clock: kernels stamp it once a tick (``CONFIG_HZ``)."""

SETTLED_NS = 60_000_000_000
"""What is written through a memory mapping bears the time at which its page was first written to,
and may change on until the kernel has put the page on the disk: 35 s by default
(``vm.dirty_expire_centisecs`` and ``vm.dirty_writeback_centisecs`` in the kernel's documentation).
"""


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


@dataclass(frozen=True, slots=True)
class Hashed:
    """A file as it was when its content was read.

    Attributes:
        ctime_ns: when anything of it changed, stamped by the kernel; no program can set it.
        inode: another file under the same name has another one.
        read_on: the day of that, counted from the first day of the year 1.
    """

    path: str
    inode: int
    bytes: int
    mtime_ns: int
    ctime_ns: int
    sha256: str
    read_on: int

    @classmethod
    def seen(cls, path: str, seen: os.stat_result, sha256: str, read_on: int) -> Hashed:
        """Note a file whose content was read."""
        size, mtime, ctime = seen.st_size, seen.st_mtime_ns, seen.st_ctime_ns
        return cls(path, seen.st_ino, size, mtime, ctime, sha256, read_on)

    @classmethod
    def of_line(cls, line: str) -> Hashed:
        """Read what :meth:`line` wrote.

        Raises:
            ValueError, TypeError: it did not.
        """
        return cls(*json.loads(line))

    def line(self) -> str:
        """Write as one line; names that are not UTF-8 stay intact."""
        return _LINES.encode([getattr(self, key.name) for key in fields(self)])

    def is_still(self, seen: os.stat_result) -> bool:
        """Tell whether nothing says that the file was written to since."""
        return (self.inode, self.bytes, self.mtime_ns, self.ctime_ns) == (
            seen.st_ino,
            seen.st_size,
            seen.st_mtime_ns,
            seen.st_ctime_ns,
        )

    def is_due(self, today: int) -> bool:
        """Tell whether the content is to be read again although nothing speaks of a change.

        Each name has its own day in a rhythm of :data:`REREAD_DAYS`, so that every night reads an
        equal part; a day that was missed is made up for with the next walk.
        """
        own = zlib.crc32(self.path.encode("utf-8", "surrogateescape"))
        return today > self.read_on + (own - self.read_on - 1) % REREAD_DAYS


_LINES = json.JSONEncoder(separators=(",", ":"))

Note = Callable[[Hashed], None]
Reader = Callable[[str], str]


class HashedBefore:
    """Hashes of an earlier walk over the same paths, asked for in the order of a walk.

    Attributes:
        decayed: paths of files whose content is another one than when it was written although
            nobody wrote to them since: the disk or the memory has changed it. The hash of what was
            written stays, and the content is read again in every walk.
    """

    def __init__(
        self, earlier: Iterable[Hashed], *, before_ns: int, today: int, note: Note | None = None
    ) -> None:
        """Begin a walk.

        Args:
            earlier: what it found, in its order.
            before_ns: files that changed later than this may have changed once more under the
                same time, so their hashes are not believed.
            today: see :attr:`Hashed.read_on`.
            note: is told what this walk knows of each file, for the next one.
        """
        self._rest = iter(earlier)
        self._next = next(self._rest, None)
        self._before_ns = before_ns
        self._today = today
        self._note = note
        self.decayed: list[str] = []

    def content(self, path: str, seen: os.stat_result, here: str, read: Reader) -> str:
        """Give the hash of a file's content, read only where it must be.

        Args:
            path: its name in the list.
            seen: of the file.
            here: where it lies.
            read: hashes the content of what lies there.
        """
        known = self._of(path, seen)
        if known is None:
            known = Hashed.seen(path, seen, read(here), self._today)
        elif known.is_due(self._today):
            found = read(here)
            if found == known.sha256:
                known = replace(known, read_on=self._today)
            elif known.is_still(os.lstat(here)):
                self.decayed.append(path)
            else:  # it was written to while it was read
                known = replace(known, sha256=found, read_on=self._today)
        if self._note:
            self._note(known)
        return known.sha256

    def _of(self, path: str, seen: os.stat_result) -> Hashed | None:
        """Give the earlier entry of a path, when its hash can be believed."""
        place = path.split("/")
        while self._next and self._next.path.split("/") < place:
            self._next = next(self._rest, None)
        known = self._next
        if known and known.path == path and known.is_still(seen):
            return known if known.ctime_ns < self._before_ns else None
        return None


def nanoseconds(moment: datetime) -> int:
    """Count from 1970, exactly: a float has no room for nanoseconds."""
    return (moment - EPOCH) // timedelta(microseconds=1) * 1000
