# Copyright: (c) The Probealarm contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Keep the hashes of a service's files from one snapshot to the next.

They lie beside the staging folder, which only root may enter: ``SERVICE.hashes`` belongs to the
last snapshot that was really saved. Its first line says which version wrote it and when the walk
began, its last line has the digest of all before it. A file that does not end so is of no use and
is left alone: all contents are read then, as if there were none.
"""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import IO

from ..hashed_before import SETTLED_NS, Hashed, HashedBefore, nanoseconds

VERSION = 1
BLOCK_BYTES = 1 << 20


@dataclass
class Hashes:
    """The hashes of one service's files; one walk after the other.

    Attributes:
        file: those of the last snapshot.
        decayed: what the last walk found, see :attr:`HashedBefore.decayed`.
    """

    file: Path
    decayed: list[str] = field(default_factory=list)
    _walked: bool = False

    @classmethod
    def beside(cls, staging: Path) -> Hashes:
        """Find those of the service whose staging folder this is."""
        return cls(staging.with_name(f"{staging.name}.hashes"))

    @contextmanager
    def walk(self, listed_at: datetime) -> Iterator[HashedBefore]:
        """Give what the walk before knew, and write down what this one learns.

        A further attempt of one backup goes on from the attempt before it.
        """
        half = self._beside("half")
        before = self._beside("draft") if self._walked else self.file
        with _read(before) as earlier, _writing(half) as lines:
            note = _Notes(lines)
            note.say({"version": VERSION, "listed_ns": nanoseconds(listed_at)})
            hashes = HashedBefore(
                earlier.entries,
                before_ns=earlier.listed_ns - SETTLED_NS,
                today=listed_at.toordinal(),
                note=note,
            )
            yield hashes
            note.say({"sha256": note.digest.hexdigest()})
        half.replace(self._beside("draft"))
        self._walked = True
        self.decayed = hashes.decayed

    def keep(self) -> None:
        """Let what the last walk learned count from now on: its snapshot was saved."""
        self._beside("draft").replace(self.file)
        self._walked = False

    def _beside(self, ending: str) -> Path:
        return self.file.with_name(f"{self.file.name}.{ending}")


@dataclass(frozen=True)
class _Earlier:
    entries: Iterator[Hashed]
    listed_ns: int = 0


class _Notes:
    """Writes lines and sums them up."""

    def __init__(self, lines: IO[bytes]) -> None:
        self._lines = lines
        self.digest = hashlib.sha256()

    def __call__(self, hashed: Hashed) -> None:
        self._write(hashed.line())

    def say(self, told: dict[str, object]) -> None:
        """Write a first or a last line."""
        self._write(json.dumps(told))

    def _write(self, text: str) -> None:
        line = f"{text}\n".encode()
        self._lines.write(line)
        self.digest.update(line)


@contextmanager
def _writing(file: Path) -> Iterator[IO[bytes]]:
    with suppress(FileNotFoundError):
        file.unlink()
    opened = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(opened, "wb") as lines:
        yield lines


@contextmanager
def _read(file: Path) -> Iterator[_Earlier]:
    """Open what an earlier walk left; nothing of it where it is not whole or of another version."""
    try:
        lines = file.open("rb")
    except FileNotFoundError:
        yield _Earlier(iter(()))
        return
    with lines:
        if not _is_whole(lines):
            yield _Earlier(iter(()))
            return
        lines.seek(0)
        head = json.loads(lines.readline())
        if head["version"] != VERSION:
            yield _Earlier(iter(()))
            return
        yield _Earlier(_entries(lines), int(head["listed_ns"]))


def _is_whole(lines: IO[bytes]) -> bool:
    """Tell whether the last line has the digest of all before it."""
    end = b'{"sha256": "%s"}\n'
    length = len(end % (b"0" * 64))
    left = lines.seek(0, os.SEEK_END) - length
    lines.seek(0)
    digest = hashlib.sha256()
    while left > 0 and (block := lines.read(min(left, BLOCK_BYTES))):
        digest.update(block)
        left -= len(block)
    return lines.read() == end % digest.hexdigest().encode()


def _entries(lines: IO[bytes]) -> Iterator[Hashed]:
    for line in lines:
        if line.startswith(b"["):
            yield Hashed.of_line(line.decode())
