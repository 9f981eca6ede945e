# Copyright: (c) The Probealarm contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""SQLite, which needs no server: copy a database in use, measure a copy, ask it."""

from __future__ import annotations

import hashlib
import os
import shutil
import sqlite3
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from urllib.parse import quote

from ..errors import Trouble
from ..manifest import Measure, Table
from ..stores import SqliteStore
from .answers import LONGEST_SECONDS, Refused
from .digest import RowsDigest

STEPS_BETWEEN_LOOKS_AT_THE_CLOCK = 100_000
LOCKED_SECONDS = 60.0
"""How long a backup waits for a program that keeps everybody else out."""
RETRY_SECONDS = 1.0
"""Within which SQLite itself tries again and again, before the clock is looked at."""
UNCHECKED = "not checked"
"""Begins what is said of integrity where the check needs an extension of the application's own."""

OBJECTS = "SELECT type || ' ' || name, sql FROM sqlite_schema"
TABLES = (
    "SELECT name FROM sqlite_schema WHERE type = 'table' AND substr(name, 1, 7) <> 'sqlite_' "
    "AND sql NOT LIKE 'CREATE VIRTUAL TABLE%' ORDER BY name"
)
"""The content of a virtual table (full text search) lies in plain ones beside it."""
COUNTERS = "SELECT name, seq FROM sqlite_sequence"
"""Where AUTOINCREMENT goes on; the table is there only if some table has that."""


def copy_into(
    path: Path, copy: Path, *, locked_seconds: float = LOCKED_SECONDS, retry: float = RETRY_SECONDS
) -> None:
    """Copy a database in one state, as writers and readers go on, its ``-wal`` included.

    All pages go in one step: a copy in several steps begins anew whenever another process writes,
    and may never end (SQLite manual, "Using the SQLite Online Backup API"). With a write-ahead log
    nobody waits; without one, writers wait for as long as copying takes. The copy keeps the journal
    mode, the owner and the mode of the file.

    Raises:
        Trouble: the file is missing, no database that can be read, or locked all the time.
    """
    if not path.is_file():
        raise Trouble(
            f"the SQLite database {path} does not exist, so nothing was saved. Correct the path in "
            "services.probealarm.yml, or find out who removed it: the last snapshot has it."
        )
    deadline = time.monotonic() + locked_seconds

    def look_at_the_clock(*_: int) -> None:
        if time.monotonic() > deadline:
            raise _Locked

    try:
        with closing(_connect(path, wait=retry)) as live, closing(sqlite3.connect(copy)) as saved:
            live.backup(saved, pages=-1, progress=look_at_the_clock, sleep=0.01)
        found = path.stat()
        os.chown(copy, found.st_uid, found.st_gid)
        shutil.copymode(path, copy)
    except _Locked:
        raise Trouble(_locked(path, locked_seconds)) from None
    except sqlite3.Error as error:
        raise Trouble(_no_copy(path, error, locked_seconds)) from None


def measure(file: Path, store: SqliteStore) -> Measure:
    """Measure a copy that nobody writes to.

    Raises:
        Trouble: it is no database that can be read.
    """
    try:
        with _copy(file) as database:
            objects = database.execute(OBJECTS).fetchall()
            counted = any(name == "table sqlite_sequence" for name, _ in objects)
            return Measure(
                server_version=sqlite3.sqlite_version,
                creation={
                    **{word: _pragma(database, word) for word in ("encoding", "user_version")},
                    "application_id": _pragma(database, "application_id"),
                    "integrity": _integrity(database),
                },
                tables={
                    name: _table(database, name, with_digest=store.is_irreplaceable(name))
                    for (name,) in database.execute(TABLES).fetchall()
                },
                objects={name: _sha256(sql or "")[:32] for name, sql in objects},
                counters={
                    str(name): int(last)
                    for name, last in (database.execute(COUNTERS) if counted else ())
                },
            )
    except (sqlite3.Error, sqlite3.Warning) as error:
        raise Trouble(f"the copy of {store.path} cannot be read: {error}") from None


def answer(file: Path, query: str) -> list[list[str | None]]:
    """Ask one question of a copy that nobody writes to.

    Raises:
        Refused: the file is no database, or the query is refused.
    """
    deadline = time.monotonic() + LONGEST_SECONDS
    try:
        with _copy(file) as database:
            database.set_progress_handler(
                lambda: time.monotonic() > deadline, STEPS_BETWEEN_LOOKS_AT_THE_CLOCK
            )
            return [[_shown(value) for value in row] for row in database.execute(query)]
    except (sqlite3.Error, sqlite3.Warning) as error:
        raise Refused(str(error)) from None


class _Locked(Exception):  # noqa: N818 (it ends a wait and is caught where that began)
    """Somebody else kept the database to himself all the time."""


@contextmanager
def _copy(file: Path) -> Iterator[sqlite3.Connection]:
    """Open a copy as one that cannot change, so that no ``-wal`` appears beside it.

    What the file defines is not trusted: it may have been made to harm who opens it (SQLite manual,
    "Defense Against The Dark Arts").
    """
    with closing(_connect(file, "&immutable=1")) as database:
        database.execute("PRAGMA trusted_schema = OFF")
        database.execute("PRAGMA cell_size_check = ON")
        database.text_factory = _text
        yield database


def _connect(file: Path, options: str = "", *, wait: float = 0.0) -> sqlite3.Connection:
    return sqlite3.connect(f"file:{quote(str(file))}?mode=ro{options}", uri=True, timeout=wait)


def _table(database: sqlite3.Connection, name: str, *, with_digest: bool) -> Table:
    quoted = '"' + name.replace('"', '""') + '"'
    if not with_digest:
        return Table(rows=database.execute(f"SELECT COUNT(*) FROM {quoted}").fetchone()[0])
    rows, digest = 0, RowsDigest()
    for row in database.execute(f"SELECT * FROM {quoted}"):
        digest.add(ascii(row).encode())  # tells 1, 1.0, '1' and x'31' apart, on any Python alike
        rows += 1
    return Table(rows=rows, digest=str(digest))


def _integrity(database: sqlite3.Connection) -> str:
    try:
        said = [str(line) for (line,) in database.execute("PRAGMA integrity_check(3)")]
    except sqlite3.OperationalError as error:
        return f"{UNCHECKED} ({error})"
    return "; ".join(" ".join(line.split()) for line in said)


def _pragma(database: sqlite3.Connection, name: str) -> str:
    return str(database.execute(f"PRAGMA {name}").fetchone()[0])


def _no_copy(path: Path, error: sqlite3.Error, seconds: float) -> str:
    reason = getattr(error, "sqlite_errorname", "")
    if reason.startswith(("SQLITE_BUSY", "SQLITE_LOCKED")):
        return _locked(path, seconds)
    if reason == "SQLITE_NOTADB":
        return (
            f"{path} is no SQLite database, or it is encrypted; both look alike. Nothing was "
            "saved. Correct the path in services.probealarm.yml, or declare it as files."
        )
    if reason == "SQLITE_READONLY_ROLLBACK":
        return (
            f"the SQLite database {path} has a change that a program began and did not end, "
            "because it was killed. Nothing was saved; start the program, which takes the change "
            "back, and back up again."
        )
    return f"the SQLite database {path} cannot be copied: {error}. Nothing was saved."


def _locked(path: Path, seconds: float) -> str:
    return (
        f"the SQLite database {path} was locked for {seconds:g} s by a program that lets nobody "
        "read. Nothing was saved; find that program (fuser shows it), or back up at another time."
    )


def _sha256(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8", "surrogateescape")).hexdigest()


def _text(value: bytes) -> str:
    return value.decode("utf-8", "surrogateescape")


def _shown(value: str | int | float | bytes | None) -> str | None:
    if isinstance(value, bytes):
        return _text(value)
    return None if value is None else str(value)
