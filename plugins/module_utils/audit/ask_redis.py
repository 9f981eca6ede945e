# Copyright: (c) The Probealarm contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Ask a Redis or Valkey server which of its numbered databases hold keys.

Source: manual, commands INFO and CONFIG GET. What the server holds goes to its disk as one file, so
the size of a database is its share of that file, by keys; where there is no file, of its memory.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path

from ..host import Call, Host
from .asking import Asker, Unanswered, changed_at, moment, whole
from .facts import DatabaseSeen, ServerSeen, TableSeen

KEYSPACE = re.compile(r"^db(\d+):keys=(\d+)", re.MULTILINE)
DENIED = ("NOAUTH", "WRONGPASS", "NOPERM", "ERR ", "DENIED")


def ask(host: Host, server: ServerSeen) -> tuple[DatabaseSeen, ...]:
    """Return the databases with keys in them.

    Raises:
        Unanswered: the server wants a password, or takes too long.
    """
    asker = Asker(host, server)
    text = asker.output(_question(server, "INFO", "everything"))
    if text.startswith(DENIED) or "# Keyspace" not in text:
        raise Unanswered(" ".join(text.split())[:200] or "it said nothing")
    told = _fields(text)
    counts = {number: int(keys) for number, keys in KEYSPACE.findall(text)}
    total = sum(counts.values())
    file = _dump_file(asker, server)
    size = _size_of(file) or whole(told.get("used_memory_dataset"))
    changed = _changed(told, file)
    return tuple(
        DatabaseSeen(
            server=server,
            name=number,
            bytes=size * keys // total,
            changed=changed,
            tables=(TableSeen("", "keys", "redis", size * keys // total, keys, changed),),
        )
        for number, keys in counts.items()
        if keys
    )


def _question(server: ServerSeen, *command: str) -> Call:
    where = ["-s", server.socket] if server.socket else ["-h", "127.0.0.1", "-p", str(server.port)]
    return Call(argv=["redis-cli", *where, *command])


def _fields(text: str) -> Mapping[str, str]:
    rows = (line.strip().partition(":") for line in text.splitlines())
    return {name: value for name, colon, value in rows if colon}


def _changed(told: Mapping[str, str], file: Path | None) -> datetime | None:
    """Tell when something was changed: now, when changes wait for the next dump."""
    if whole(told.get("rdb_changes_since_last_save")):
        return moment(whole(told.get("server_time_usec")) / 1_000_000 or None)
    return changed_at(file) if file else None


def _dump_file(asker: Asker, server: ServerSeen) -> Path | None:
    """Return the file to which the server writes its dumps, as the host names it, if it is there.

    The question is refused where an operator has taken CONFIG away; then it has the usual name.
    """
    if not server.data_directory:
        return None
    try:
        said = asker.output(_question(server, "CONFIG", "GET", "dbfilename")).split()
    except Unanswered:
        said = []
    name = said[1] if len(said) == 2 and "/" not in said[1] else "dump.rdb"
    return Path(server.data_directory) / name


def _size_of(file: Path | None) -> int:
    try:
        return file.stat().st_size if file else 0
    except OSError:
        return 0
