# Copyright: (c) The Probealarm contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Redis through its own command line client: dump, ask."""

from __future__ import annotations

import json
import os
import re
import shlex
from dataclasses import dataclass
from pathlib import Path

from ..host import Call, Finished, Host
from .answers import Refused

READING = frozenset(
    [
        *("DBSIZE", "EXISTS", "GET", "HGET", "HKEYS", "HLEN", "HVALS", "KEYS", "LLEN", "LRANGE"),
        *("SCARD", "SMEMBERS", "STRLEN", "TYPE", "ZCARD"),
    ]
)

VERSION = re.compile(rb"(?:redis|valkey)-ver[\x01-\x20]([0-9][0-9.]*)")
"""Where a dump's head says who wrote it: a name, the length of a text, the text."""
END_MARK = 0xFF
TAIL_BYTES = 9
"""So many bytes before the end of a dump: end of data, then a checksum (Redis source, rdb.h)."""
STREAM_MARK_BYTES = 40
STREAM_MARK = re.compile(rb"[0-9a-f]{40}")


@dataclass(frozen=True)
class Redis:
    """One numbered database of a server.

    Attributes:
        socket: the server's socket; empty where it listens on a port of its own loopback.
    """

    host: Host
    socket: str = ""
    port: int = 6379
    database: int = 0

    def dump_into(self, file: Path) -> Finished:
        """Let the server send the dump that a replica would get, of one moment.

        The server makes it in a process of its own and goes on serving; the file that it keeps for
        itself, and when it is due, stay as they are. Over standard output, because a client in a
        container has no place of its own to write to.
        """
        argv = ["redis-cli", *self._where(), "--rdb", "-"]
        done = self.host.run(Call(argv=argv, output_file=file))
        if done.status == 0 and file.exists():
            _cut_stream_mark(file)
        return done

    def answer(self, query: str) -> list[list[str | None]]:
        """Ask one reading command; each element of what comes back is a row of one column.

        Raises:
            Refused: the command does not only read, or the server does not answer it.
        """
        where = [*self._where(), "-n", str(self.database)]
        argv = ["redis-cli", "-e", "--json", *where, *reading(query)]
        done = self.host.run(Call(argv=argv))
        if done.status != 0:
            raise Refused(done.last_words)
        return rows_of(done.output)

    def _where(self) -> list[str]:
        return ["-s", self.socket] if self.socket else ["-h", "127.0.0.1", "-p", str(self.port)]


def _cut_stream_mark(file: Path) -> None:
    """Cut off the mark by which a server that sends without a file of its own tells the end.

    40 random digits follow the dump then. redis-cli cuts them off of a file, and cannot of a
    stream (redis-cli.c, ``getRDB``).
    """
    with file.open("r+b") as dump:
        size = dump.seek(0, os.SEEK_END)
        dump.seek(max(0, size - STREAM_MARK_BYTES - TAIL_BYTES))
        tail = dump.read()
        if STREAM_MARK.fullmatch(tail[TAIL_BYTES:]) and tail[0] == END_MARK:
            dump.truncate(size - STREAM_MARK_BYTES)


def dump_version(file: Path) -> str:
    """Tell the version of the server that wrote a dump; nothing when it is none, or has no end."""
    with file.open("rb") as dump:
        head = dump.read(400)
        found = VERSION.search(head)
        if not head.startswith((b"REDIS", b"VALKEY")) or found is None:
            return ""
        dump.seek(max(0, file.stat().st_size - TAIL_BYTES))
        return found[1].decode() if dump.read(1)[0] == END_MARK else ""


def reading(query: str) -> list[str]:
    """Split a command into its words, which quotes hold together.

    Raises:
        Refused: it is none of those that only read.
    """
    try:
        name, *words = shlex.split(query)
    except ValueError:
        raise Refused("the command is empty, or a quote in it has no end") from None
    if name.upper() not in READING:
        raise Refused(
            f"{name} is none of the commands that only read: {', '.join(sorted(READING))}"
        )
    return [name.upper(), *words]


def rows_of(output: str) -> list[list[str | None]]:
    """Read what ``redis-cli --json`` printed.

    Raises:
        Refused: it is no JSON.
    """
    try:
        said = json.loads(output, strict=False)
    except ValueError:
        raise Refused("the client did not answer in JSON; it is older than Redis 7.0") from None
    elements = said if isinstance(said, list) else [said]
    return [[None if element is None else str(element)] for element in elements]
