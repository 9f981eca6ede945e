# Copyright: (c) The Probealarm contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Write down what the files of a service are, and look again whether they still are.

Nothing here grows with the number of files: the list goes to disk line by line, and what is needed
of it later is read again in the same order.
"""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from ..file_listing import GONE, entries
from ..stores import FileStore
from .hashes import Hashes


@dataclass(frozen=True)
class Listing:
    """What ``files.jsonl`` holds: number and bytes of files, digest of the list, when listed.

    A file with several names counts once for each, and its bytes once.
    """

    listed_at: datetime
    count: int
    bytes: int
    sha256: str


def list_files(
    stores: Sequence[FileStore], file: Path, listed_at: datetime, hashes: Hashes
) -> Listing:
    """List and hash all files of a service, in one walk and one order.

    Args:
        stores: of the service. restic, too, leaves out all that is regenerable of any of them.
        file: where to write.
        listed_at: now.
        hashes: of earlier walks; of files that have not changed since they are taken over.

    Raises:
        Trouble: a path does not exist or something cannot be read.
    """
    paths = [path for store in stores for path in store.paths]
    left_out = [path for store in stores for path in store.regenerable]
    count = size = 0
    digest = hashlib.sha256()
    with hashes.walk(listed_at) as known, file.open("w", encoding="utf-8") as lines:
        for entry in entries(paths, without=left_out, hashes=known):
            line = entry.line() + "\n"
            lines.write(line)
            digest.update(line.encode())
            if entry.type == "file":
                count += 1
                size += 0 if entry.same_as else entry.bytes
    return Listing(listed_at, count, size, digest.hexdigest())


def moved(file: Path) -> Iterator[str]:
    """Yield the paths of files that changed or went since a list was written."""
    with file.open(encoding="utf-8") as lines:
        for line in lines:
            entry = json.loads(line)
            if entry["type"] == "file":
                try:
                    seen = os.lstat(entry["path"])
                except GONE:
                    yield entry["path"]
                else:
                    if (seen.st_mtime_ns, seen.st_size) != (
                        entry["mtime_ns"],
                        entry.get("bytes", 0),
                    ):
                        yield entry["path"]
