# Copyright: (c) The Probealarm contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Databases of SQLite, known by the first bytes of their file.

Source: sqlite.org, "Database File Format" (the header string; the size of a page at offset 16, a
power of two from 512; versions for reading and writing at 18; the number of pages at 28).
"""

from __future__ import annotations

import os
import sqlite3
from contextlib import closing, suppress

from ..text import count
from .facts import Entry, Recognised
from .reading import first_bytes, moment

MAGIC = b"SQLite format 3\0"
SMALLEST_PAGE_BYTES = 512
READ_BYTES = 4 * 1024 * 1024
BESIDE = ("-wal", "-shm", "-journal")


def may_be_sqlite(entry: Entry) -> bool:
    """Tell by its size whether it is worth reading a file's first bytes."""
    return (
        entry.type == "file"
        and entry.bytes >= SMALLEST_PAGE_BYTES
        and entry.bytes % SMALLEST_PAGE_BYTES == 0
    )


def sqlite_at(entry: Entry) -> Recognised | None:
    """Look into a file; ``None`` when it is no database of SQLite, or is gone.

    Raises:
        OSError: it cannot be read.
    """
    if not may_be_sqlite(entry) or first_bytes(entry.path, len(MAGIC)) != MAGIC:
        return None
    size, changed_ns, parts = entry.bytes, entry.mtime_ns, [entry.path]
    for ending in BESIDE:
        with suppress(OSError):
            beside = os.lstat(entry.path + ending)
            size += beside.st_size
            changed_ns = max(changed_ns, beside.st_mtime_ns)
            parts.append(entry.path + ending)
    detail = _tables(entry.path)
    if f"{entry.path}-wal" in parts:
        detail += "; its last changes are in the -wal beside it"
    return Recognised(entry.path, "sqlite", detail, size, moment(changed_ns), tuple(parts))


def _tables(path: str) -> str:
    """Count the tables in a copy of the first pages: opening the file would touch it.

    A copy has no -wal, and fewer pages; so both are struck out of its header.
    """
    head = bytearray(first_bytes(path, READ_BYTES))
    page = int.from_bytes(head[16:18], "big")
    page = 65_536 if page == 1 else max(page, SMALLEST_PAGE_BYTES)
    pages = len(head) // page
    if not pages:
        return "a database of SQLite, cut off within its first page"
    head[18:20] = b"\1\1"
    head[28:32] = pages.to_bytes(4, "big")
    try:
        with closing(sqlite3.connect(":memory:")) as database:
            database.deserialize(bytes(head[: pages * page]))
            query = "SELECT count(*) FROM sqlite_master WHERE type = 'table'"
            (number,) = database.execute(query).fetchone()
    except sqlite3.Error as error:
        return f"a database of SQLite; its tables could not be counted ({error})"
    return f"a database of SQLite with {count(number, 'table')}"
