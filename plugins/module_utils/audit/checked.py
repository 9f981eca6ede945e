# Copyright: (c) The Probealarm contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Packaged files that an earlier audit has read and found unchanged.

After a machine was copied, or its package's script has set an owner, a file's times say nothing,
and it must be read. That is done once: eight bytes a file remember it.
"""

from __future__ import annotations

from array import array
from bisect import bisect_left
from contextlib import suppress
from dataclasses import dataclass, field
from hashlib import blake2b
from pathlib import Path

from .facts import Entry

WIDTH = 8


@dataclass(frozen=True)
class Checked:
    """What was known before, and what this audit has seen of it or added.

    Only what this audit has asked for is saved again, so that it does not grow for ever.
    """

    before: array[int] = field(default_factory=lambda: array("Q"))
    now: array[int] = field(default_factory=lambda: array("Q"))

    @classmethod
    def read(cls, file: Path) -> Checked:
        """Read what an earlier audit has saved; a missing or torn file is as none."""
        before = array("Q")
        with suppress(OSError):
            saved = file.read_bytes()
            before.frombytes(saved[: len(saved) // WIDTH * WIDTH])
        return cls(before=array("Q", sorted(before)))

    def knows(self, entry: Entry, md5: str) -> bool:
        """Tell whether this very file, with this size and these times, was found to be so."""
        key = _key(entry, md5)
        place = bisect_left(self.before, key)
        if place == len(self.before) or self.before[place] != key:
            return False
        self.now.append(key)
        return True

    def remember(self, entry: Entry, md5: str) -> None:
        """Note that a file's content has this MD5."""
        self.now.append(_key(entry, md5))

    def save(self, file: Path) -> None:
        """Write it for the next audit; the file is whole or the old one.

        Raises:
            OSError: the folder cannot be written.
        """
        fresh = file.with_name(f"{file.name}.new")
        fresh.write_bytes(array("Q", sorted(set(self.now))).tobytes())
        fresh.replace(file)


def _key(entry: Entry, md5: str) -> int:
    told = f"{entry.path}\0{entry.bytes}\0{entry.mtime_ns}\0{entry.changed_ns}\0{md5}"
    digest = blake2b(told.encode("utf-8", "surrogateescape"), digest_size=WIDTH)
    return int.from_bytes(digest.digest(), "big")
