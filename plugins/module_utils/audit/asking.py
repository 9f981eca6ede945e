# Copyright: (c) The Probealarm contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What asking any database server has in common: the way to it, its words, its files' times.

Every question has two limits: the server's own, and that of the client. Nothing is written; where
an engine has a switch for that, it is set.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TypeAlias

from ..errors import Trouble
from ..host import Call, Finished, Host
from ..tools.answers import rows_of
from .facts import ContainerSeen, ServerEngine, ServerSeen
from .limited import Limited, is_missing, took_too_long
from .patience import Silence, from_child

SILENCE_SECONDS = 15.0
"""How long a disk may be silent where the files of a server are counted."""

Row: TypeAlias = "list[str | None]"
Entrance: TypeAlias = Callable[[Host, ContainerSeen, ServerEngine, str], Host]
"""Makes a container a host: the host outside, the container, the engine whose clients are wanted,
the variable of the container that holds the password, or empty."""

ANSWERS_WITHIN_SECONDS = 60
CLIENT_GIVES_UP_SECONDS = 75
PASSWORD_VARIABLES: Mapping[ServerEngine, tuple[str, ...]] = {
    "mariadb": ("MARIADB_ROOT_PASSWORD", "MYSQL_ROOT_PASSWORD"),
    "postgresql": ("POSTGRES_PASSWORD", "POSTGRESQL_POSTGRES_PASSWORD", "POSTGRESQL_PASSWORD"),
    "redis": ("REDIS_PASSWORD", "REDISPASS", "VALKEY_PASSWORD"),
}
"""Where images keep the password of the account that may see everything; each also with ``_FILE``,
which names a file in the container (README of the official images mariadb, mysql, postgres)."""
TITLES: Mapping[ServerEngine, str] = {
    "mariadb": "MariaDB or MySQL",
    "postgresql": "PostgreSQL",
    "redis": "Redis",
    "mongodb": "MongoDB",
    "couchdb": "CouchDB",
    "elasticsearch": "Elasticsearch or OpenSearch",
    "openldap": "OpenLDAP",
    "etcd": "etcd",
}


class Unanswered(Trouble):
    """A server did not tell what it holds; the text says why."""


@dataclass(frozen=True)
class Asker:
    """Runs the clients of one server."""

    host: Host
    server: ServerSeen

    def rows(self, call: Call, null: str) -> list[Row]:
        """Run a client that prints rows and return them.

        Args:
            call: the client with its question.
            null: how the client writes NULL.

        Raises:
            Unanswered: it is not installed, was refused or took too long.
        """
        return rows_of(self.output(call).encode("utf-8", "surrogateescape"), null)

    def output(self, call: Call) -> str:
        """Run a client and return what it printed.

        Raises:
            Unanswered: as for :meth:`rows`.
        """
        try:
            done = self.host.run(call)
        except Trouble as trouble:
            raise Unanswered(str(trouble)) from None
        if done.status == 0:
            return done.output
        raise Unanswered(_reason(done))


def host_of(outside: Host, server: ServerSeen, enter: Entrance) -> Host:
    """Return the host on which the clients of a server run.

    Raises:
        Unanswered: it is in a container that cannot be entered.
    """
    limited = Limited(outside, CLIENT_GIVES_UP_SECONDS)
    container = server.container
    if container is None:
        return limited
    if container.owner:
        raise Unanswered(f"{container.owner} runs it without root, and root cannot enter there")
    if not container.image:
        raise Unanswered("no container program of root's knows the container")
    try:
        return enter(limited, container, server.engine, password_variable(server))
    except Trouble as trouble:
        raise Unanswered(str(trouble)) from None


def password_variable(server: ServerSeen) -> str:
    """Return the name of the container's variable that holds the password; empty without one.

    The declared one counts first: a backup logs in by it, so the audit can.
    """
    if server.container is None:
        return ""
    if server.container.password_variable:
        return server.container.password_variable
    there = server.container.variables
    plain = PASSWORD_VARIABLES.get(server.engine, ())
    names = (name for variable in plain for name in (variable, f"{variable}_FILE"))
    return next((name for name in names if name in there), "")


def told_by_none(server: ServerSeen, reason: str) -> str:
    """Return a reason that goes on after "did not tell what it holds:", without a full stop."""
    data = f"; its data lie in {server.data_directory}" if server.data_directory else ""
    return f"{reason.rstrip('.')}{data}"


def moment(seconds: float | str | None) -> datetime | None:
    """Return a moment from seconds since 1970; None for nothing, and for what is no number."""
    try:
        return None if seconds is None else datetime.fromtimestamp(float(seconds), UTC)
    except (ValueError, OverflowError, OSError):
        return None


def newest(moments: Iterable[datetime | None]) -> datetime | None:
    """Return the latest of some moments; None when there is none."""
    return max((found for found in moments if found is not None), default=None)


def whole(text: str | None) -> int:
    """Return a whole number that a server wrote; 0 for NULL and for what is none."""
    try:
        return max(0, int(float(text or 0)))
    except ValueError:
        return 0


def sizes_below(folder: str) -> tuple[int, datetime | None]:
    """Add up the files below a folder of the host; return the bytes and the newest change.

    A child does it, because the folder may lie on a mount that does not answer; then it is what
    was seen until then.
    """
    total, latest = 0, None
    with suppress(Silence, OSError):
        for size, changed in from_child(lambda: _files(folder), seconds=SILENCE_SECONDS):
            total += size
            latest = changed if latest is None else max(latest, changed)
    return total, moment(latest)


def _files(folder: str) -> Iterator[tuple[int, float]]:
    waiting = [folder]
    while waiting:
        try:
            with os.scandir(waiting.pop()) as entries:
                for entry in entries:
                    if entry.is_dir(follow_symlinks=False):
                        waiting.append(entry.path)
                    elif entry.is_file(follow_symlinks=False):
                        seen = entry.stat(follow_symlinks=False)
                        yield seen.st_size, seen.st_mtime
        except OSError:
            continue


def changed_at(path: Path) -> datetime | None:
    """Return when a file of the host was last written; None where there is none."""
    try:
        return moment(path.stat().st_mtime)
    except (OSError, ValueError):
        return None


def _reason(done: Finished) -> str:
    if took_too_long(done):
        return f"no answer within {CLIENT_GIVES_UP_SECONDS} s"
    if is_missing(done):
        return f"its client is not installed ({done.last_words})"
    return done.last_words or f"its client ended with status {done.status}"
