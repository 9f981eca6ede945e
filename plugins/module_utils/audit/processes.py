# Copyright: (c) The Probealarm contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Database servers by their process, on the host and in containers, and who holds files open.

The host's ``/proc`` sees the processes of all containers; their paths and numbers are translated.
Nothing is asked of a server here, and nothing is run.
"""

from __future__ import annotations

import os
import pwd
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from .facts import ContainerSeen, OpenFile, ServerEngine, ServerSeen
from .marks import made_ns, opened_at
from .process import Process, processes

ENGINE_OF_PROGRAM: Mapping[str, ServerEngine] = {
    "mariadbd": "mariadb",
    "mysqld": "mariadb",
    "postgres": "postgresql",
    "redis-server": "redis",
    "valkey-server": "redis",
    "keydb-server": "redis",
    "mongod": "mongodb",
    "slapd": "openldap",
    "etcd": "etcd",
}
SEARCH_ENGINES = re.compile(
    r"org\.(elasticsearch\.bootstrap\.Elasticsearch|opensearch\.bootstrap\.OpenSearch)$|"
    r"org\.elasticsearch\.server/org\.elasticsearch\.bootstrap\.Elasticsearch$"
)
"""The class that a node's Java is given; the launcher beside it has another."""

DATA_ARGUMENTS: Mapping[ServerEngine, tuple[str, ...]] = {
    "mariadb": ("--datadir",),
    "mongodb": ("--dbpath",),
    "etcd": ("--data-dir", "-data-dir"),
}
WORKS_IN_ITS_DATA = frozenset({"mariadb", "postgresql", "redis"})
"""These change into their data directory when they start (sql/mysqld.cc, miscinit.c, server.c)."""

POSTGRESQL_SOCKET = re.compile(r"(.*)/\.s\.PGSQL\.(\d+)")
STANDARD_PORTS: Mapping[ServerEngine, int] = {"mariadb": 3306, "redis": 6379}


@dataclass(frozen=True)
class Running:
    """What ``/proc`` told."""

    servers: tuple[ServerSeen, ...]
    open_files: tuple[OpenFile, ...]


def look(
    proc: Path,
    containers: Iterable[ContainerSeen] = (),
    user_of: Callable[[int], str] | None = None,
) -> Running:
    """Look at every process once.

    Args:
        proc: ``/proc``.
        containers: those known by podman and Docker.
        user_of: the name of a user by number; the host's own by default.
    """
    known = {container.id: container for container in containers}
    name_of = user_of or user_name
    servers: list[ServerSeen] = []
    files: dict[OpenFile, None] = {}
    for process in processes(proc):
        container = container_of(process, known)
        engine = engine_of(process)
        if engine and engine_of(process.of(process.parent)) != engine:  # a child only works for it
            servers.append(_server(engine, process, container, name_of))
        for path in process.written_files():
            held_by = container.name if container else ""
            files[OpenFile(path, process.program, process.belonging.unit, held_by)] = None
    there = (server for server in servers if (proc / str(server.pid)).exists())
    return Running(tuple(there), tuple(files))


def engine_of(process: Process) -> ServerEngine | None:
    """Tell which database server a process is, if any."""
    program = server_program(process)
    if program in ENGINE_OF_PROGRAM:
        return ENGINE_OF_PROGRAM[program]
    if program == "beam.smp" and any("couchdb" in word for word in process.arguments):
        return "couchdb"
    if program == "java" and any(SEARCH_ENGINES.search(word) for word in process.arguments):
        return "elasticsearch"
    return None


def inhabited(proc: Path) -> frozenset[tuple[str, ...]]:
    """Return the ids of containers around processes, the outermost first."""
    return frozenset(process.belonging.containers for process in processes(proc)) - {()}


def server_program(process: Process) -> str:
    """Name the program of a process; empty for a Redis that only watches other servers.

    Redis is one file with several names, and Debian's is called ``redis-check-rdb``.
    """
    program = process.program
    if program.startswith(("redis-", "valkey-")):
        program = process.name or program
        is_sentinel = any("sentinel" in word for word in process.arguments)
        return "" if is_sentinel else program
    return program


def container_of(process: Process, known: Mapping[str, ContainerSeen]) -> ContainerSeen | None:
    """Tell in which container a process runs: the innermost one that is known.

    One that no container program of root's names is told by its number.
    """
    ids = process.belonging.containers
    if not ids:
        return None
    named = next((known[name] for name in reversed(ids) if name in known), None)
    if named is not None:
        return named
    runtime = process.belonging.runtime
    return ContainerSeen(runtime, ids[-1], ids[-1][:12], image="", is_running=True)


def data_directory_of(engine: ServerEngine, process: Process) -> str:
    """Tell where a server keeps its data, as the host names it; empty when it cannot be told."""
    argument = _argument(process.arguments, DATA_ARGUMENTS.get(engine, ()))
    seen = os.path.join(process.working_directory(), argument) if argument else ""  # noqa: PTH118 (a path of another root)
    if not seen and engine in WORKS_IN_ITS_DATA:
        seen = process.working_directory()
    if not seen:
        seen = opened_at(engine, process.links.values())
    return process.host_path(os.path.normpath(seen)) if seen else ""


def user_name(uid: int) -> str:
    """Return the name of a user of the host; the number where it has none."""
    try:
        return pwd.getpwuid(uid).pw_name
    except KeyError:
        return str(uid)


def _server(
    engine: ServerEngine,
    process: Process,
    container: ContainerSeen | None,
    name_of: Callable[[int], str],
) -> ServerSeen:
    socket, port = _where(engine, process)
    data_directory = data_directory_of(engine, process)
    return ServerSeen(
        engine=engine,
        pid=process.pid,
        program=server_program(process),
        socket=socket,
        port=port,
        data_directory=data_directory,
        container=container,
        unit=process.belonging.unit,
        user=_user(process.uid, container, name_of),
        is_apart=container is None and _is_apart(engine, process, socket, port),
        made_ns=made_ns(engine, data_directory),
    )


def _is_apart(engine: ServerEngine, process: Process, socket: str, port: int) -> bool:
    """Tell whether the host means something else by the address at which a server listens.

    A unit of the host with mounts of its own (``PrivateTmp``) still has the host's sockets.
    """
    if not socket:
        return not process.shares_our_network
    seen = f"{socket}/.s.PGSQL.{port}" if engine == "postgresql" else socket
    return not process.means_ours(seen)


def _user(uid: int | None, container: ContainerSeen | None, name_of: Callable[[int], str]) -> str:
    """Name a user; a container has names of its own for the numbers."""
    if uid is None:
        return ""
    return str(uid) if container else name_of(uid)


def _where(engine: ServerEngine, process: Process) -> tuple[str, int]:
    """Return the socket and the port of a server that a client would use."""
    paths, ports = process.listens_at()
    usual = STANDARD_PORTS.get(engine, 0)
    port = usual if usual in ports else next(iter(ports), 0)
    if engine == "postgresql":
        found = next((m for path in paths if (m := POSTGRESQL_SOCKET.fullmatch(path))), None)
        return (_current(found[1]), int(found[2])) if found else ("", port)
    plain = (path for path in paths if "mysqlx" not in path)
    return _current(next(plain, "")), port


def _current(path: str) -> str:
    """``/var/run`` is a link to ``/run`` since long ago; servers are still told the old one."""
    return path.removeprefix("/var") if path.startswith("/var/run/") else path


def _argument(arguments: Sequence[str], names: Sequence[str]) -> str:
    for index, word in enumerate(arguments):
        name, equals, value = word.partition("=")
        if name in names:
            return value if equals else next(iter(arguments[index + 1 : index + 2]), "")
    return ""
