# Copyright: (c) The Probealarm contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What lies in the directory of a running server and is left to the databases that it told of.

Only what the server itself writes is. People leave dumps there, and keys, and configuration: that
comes back with no dump. Sources: PostgreSQL 17's manual, "Database File Layout" and "ALTER SYSTEM";
redis.io, "Redis persistence".
"""

from __future__ import annotations

from collections.abc import Iterator

from ..stores import WILDCARDS
from .claims import one_spelling
from .facts import Entry, ServerSeen
from .grouping import CONTAINERS

FOREIGN = (
    *(".sql", ".gz", ".bz2", ".xz", ".zst", ".zip", ".tar", ".tgz", ".dump", ".bak", ".csv"),
    *(".conf", ".key", ".pem", ".gpg", ".age"),
)
"""What no database server makes out of its data. MariaDB's tables of the engine CSV end with .CSV,
in capitals."""

REDIS_FILES = ("dump.rdb", "temp-*.rdb", "appendonly.aof", "appendonlydir")
"""Their usual names, directly in its folder; another one may as well be somebody's copy."""

SET_BY_SQL = "postgresql.auto.conf"
NOTHING_SET_BYTES = 88
"""PostgreSQL makes it with every cluster, with two lines of comment. Whatever is more was set by
ALTER SYSTEM, and no dump holds it."""

SET_BY_HAND = frozenset({"postgresql.conf", "pg_hba.conf", "pg_ident.conf"})
MADE_WITHIN_NS = 120 * 1_000_000_000
"""initdb makes these, too, and images of containers add a line after it. What is no younger than
the cluster's own PG_VERSION and this comes again with the next cluster; Debian has them in /etc."""


def left_to(server: ServerSeen) -> Iterator[str]:
    """Yield the paths of a server's own files; none where its mark is missing in the directory."""
    directory = one_spelling(server.data_directory)
    if not directory.strip("/") or WILDCARDS.intersection(directory):
        return
    if server.engine == "redis":
        for name in REDIS_FILES:
            yield f"{directory}/{name}"
    elif directory not in CONTAINERS and server.made_ns:
        yield directory


def is_foreign(entry: Entry, left: str, made_ns: int) -> bool:
    """Tell whether a file is not the server's, although it lies in what is left to it.

    Args:
        entry: the file.
        left: what :func:`left_to` gave, and the file lies in.
        made_ns: see :class:`.facts.ServerSeen`.
    """
    if WILDCARDS.intersection(left):
        return entry.path.count("/") != left.count("/")
    *folders, name = entry.path[len(left) :].strip("/").split("/")
    if any(folder.startswith(".") for folder in folders):
        return True
    if made_ns and not folders and name == SET_BY_SQL:
        return entry.bytes > NOTHING_SET_BYTES
    if made_ns and not folders and name in SET_BY_HAND:
        return entry.mtime_ns > made_ns + MADE_WITHIN_NS
    return ".sql" in name or name.endswith(FOREIGN)
