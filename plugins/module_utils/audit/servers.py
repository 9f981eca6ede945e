# Copyright: (c) The Probealarm contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Ask every database server that runs what it holds; one that does not tell is told of in words."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import datetime

from ..host import Host
from . import ask_mariadb, ask_postgresql, ask_redis
from .asking import TITLES, Entrance, Unanswered, host_of, sizes_below, told_by_none
from .facts import DatabaseSeen, ServerEngine, ServerSeen

ASK: Mapping[ServerEngine, Callable[[Host, ServerSeen], tuple[DatabaseSeen, ...]]] = {
    "mariadb": ask_mariadb.ask,
    "postgresql": ask_postgresql.ask,
    "redis": ask_redis.ask,
}
OWN_DUMPS: Mapping[ServerEngine, str] = {
    "mongodb": "mongodump --archive",
    "couchdb": "its replication, or a copy of the .couch files, which only ever grow,",
    "elasticsearch": "its snapshots, or building the index anew from what it indexes,",
    "openldap": "slapcat",
    "etcd": "etcdctl snapshot save",
}
"""What each engine's own manual offers."""


def servers_of(
    host: Host, servers: Iterable[ServerSeen], enter: Entrance
) -> tuple[DatabaseSeen, ...]:
    """Ask each server for its databases.

    Args:
        host: the host as root sees it.
        servers: those that run, see :func:`.processes.look`.
        enter: makes a container a host.

    Returns:
        The databases, without those that come with every server. A server that does not tell is
        one without a name and with ``refused``; one that is only recognised has ``cannot_dump``.
    """
    return tuple(seen for server in servers for seen in _asked(host, server, enter))


def _asked(host: Host, server: ServerSeen, enter: Entrance) -> tuple[DatabaseSeen, ...]:
    if server.engine not in ASK:
        return (_recognised(server),)
    try:
        if server.is_apart:
            raise Unanswered(
                "it runs in a namespace of its own (systemd-nspawn, LXC, a chroot), where no "
                "client of the host reaches it"
            )
        if not server.socket and not server.port:
            raise Unanswered("it listens at no socket and no port")
        return ASK[server.engine](host_of(host, server, enter), server)
    except Unanswered as unanswered:
        return (_refused(server, str(unanswered)),)


def _refused(server: ServerSeen, reason: str) -> DatabaseSeen:
    size, changed = _data_of(server)
    sentence = told_by_none(server, reason)
    if server.engine == "mariadb" and (names := ask_mariadb.folders_in(server.data_directory)):
        sentence += f", in folders with the names of the databases {', '.join(names)}"
    return DatabaseSeen(server, "", size, changed, refused=sentence)


def _recognised(server: ServerSeen) -> DatabaseSeen:
    size, changed = _data_of(server)
    where = f", in {server.data_directory}" if server.data_directory else ""
    sentence = (
        f"We cannot dump {TITLES[server.engine]}{where}. A copy of the files of a running server "
        f"is none that surely starts: let {OWN_DUMPS[server.engine]} write into a folder that is "
        "declared, or exempt it."
    )
    return DatabaseSeen(server, "", size, changed, cannot_dump=sentence)


def _data_of(server: ServerSeen) -> tuple[int, datetime | None]:
    return sizes_below(server.data_directory) if server.data_directory else (0, None)
