# Copyright: (c) The Probealarm contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Redis through its own command line client: ask."""

from __future__ import annotations

import json
import shlex
from dataclasses import dataclass

from ..host import Call, Host
from .answers import Refused

READING = frozenset(
    [
        *("DBSIZE", "EXISTS", "GET", "HGET", "HKEYS", "HLEN", "HVALS", "KEYS", "LLEN", "LRANGE"),
        *("SCARD", "SMEMBERS", "STRLEN", "TYPE", "ZCARD"),
    ]
)


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

    def answer(self, query: str) -> list[list[str | None]]:
        """Ask one reading command; each element of what comes back is a row of one column.

        Raises:
            Refused: the command does not only read, or the server does not answer it.
        """
        where = ["-s", self.socket] if self.socket else ["-h", "127.0.0.1", "-p", str(self.port)]
        argv = ["redis-cli", "-e", "--json", *where, "-n", str(self.database), *reading(query)]
        done = self.host.run(Call(argv=argv))
        if done.status != 0:
            raise Refused(done.last_words)
        return rows_of(done.output)


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
