# Copyright: (c) The Probealarm contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""SQLite: ask a database file, which needs no server."""

from __future__ import annotations

import sqlite3
import time
from contextlib import closing
from pathlib import Path
from urllib.parse import quote

from .answers import LONGEST_SECONDS, Refused

STEPS_BETWEEN_LOOKS_AT_THE_CLOCK = 100_000


def answer(file: Path, query: str) -> list[list[str | None]]:
    """Ask one question of a file that nobody writes to; its ``-wal`` beside it is read with it.

    Raises:
        Refused: the file is no database, or the query is refused.
    """
    address = f"file:{quote(str(file))}?mode=ro"
    deadline = time.monotonic() + LONGEST_SECONDS
    try:
        with closing(sqlite3.connect(address, uri=True)) as database:
            database.text_factory = _text
            database.set_progress_handler(
                lambda: time.monotonic() > deadline, STEPS_BETWEEN_LOOKS_AT_THE_CLOCK
            )
            return [[_shown(value) for value in row] for row in database.execute(query)]
    except (sqlite3.Error, sqlite3.Warning) as error:
        raise Refused(str(error)) from None


def _text(value: bytes) -> str:
    return value.decode("utf-8", "surrogateescape")


def _shown(value: str | int | float | bytes | None) -> str | None:
    if isinstance(value, bytes):
        return _text(value)
    return None if value is None else str(value)
