# Copyright: (c) The Probealarm contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The ledger: one line a run, each carrying the digest of the line before.

Lines are only ever added. A line that was changed or taken out afterwards breaks the chain, and
reading says so.
"""

from __future__ import annotations

import fcntl
import hashlib
import json
import os
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from .errors import Trouble

Record = Mapping[str, Any]
BEGINNING = "0" * 64


@dataclass(frozen=True)
class Ledger:
    """One ledger file, with one JSON object a line."""

    file: Path

    def append(self, record: Record) -> None:
        """Add a record and have it on the disk before coming back.

        Raises:
            Trouble: it cannot be written.
        """
        try:
            with self.file.open("a+b") as file:
                fcntl.flock(file, fcntl.LOCK_EX)
                line = json.dumps({**record, "previous": _digest_of_last_line(file.fileno())})
                torn = b"" if _ends_whole(file.fileno()) else b"\n"
                file.write(torn + line.encode() + b"\n")
                file.flush()
                os.fsync(file.fileno())
        except OSError as error:
            raise Trouble(
                f"the ledger {self.file} cannot be written ({error.strerror}), so this run "
                "leaves no record. Make room or mend the permissions, then run it again."
            ) from None

    def records(self) -> Iterator[Record]:
        """Read all records, oldest first; none when there is no ledger yet.

        Raises:
            Trouble: a line was changed, removed or cut off.
        """
        if not self.file.exists():
            return
        previous = BEGINNING
        with self.file.open("rb") as file:
            for number, line in enumerate(file, start=1):
                try:
                    record = json.loads(line)
                    intact = record["previous"] == previous
                except (ValueError, KeyError, TypeError):
                    intact = False
                if not intact:
                    raise Trouble(
                        f"the ledger {self.file} was changed: line {number} does not continue line "
                        f"{number - 1}. Do not trust it; keep it as evidence and start a new one."
                    )
                previous = _digest(line)
                yield record


def _digest(line: bytes) -> str:
    return hashlib.sha256(line.rstrip(b"\n")).hexdigest()


def _ends_whole(descriptor: int) -> bool:
    """Tell whether the last line is whole; a crash may have torn it, and spoils no further one."""
    size = os.fstat(descriptor).st_size
    return size == 0 or os.pread(descriptor, 1, size - 1) == b"\n"


def _digest_of_last_line(descriptor: int) -> str:
    """Read backwards from the end, so that a long ledger costs nothing."""
    position = os.fstat(descriptor).st_size
    tail = b""
    while position > 0 and b"\n" not in tail.rstrip(b"\n"):
        step = min(65536, position)
        position -= step
        tail = os.pread(descriptor, step, position) + tail
    lines = tail.rstrip(b"\n").split(b"\n")
    return _digest(lines[-1]) if lines[-1] else BEGINNING
