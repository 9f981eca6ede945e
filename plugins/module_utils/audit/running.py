# Copyright: (c) The Probealarm contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What runs on the host and holds state: containers, database servers, files open for writing."""

from __future__ import annotations

import os
import pwd
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from ..host import Host
from . import containers, processes, rootless
from .asking import Entrance
from .containers import Containers
from .facts import ContainerSeen, DatabaseSeen, OpenFile, ServerSeen, VolumeSeen
from .finding import Alarm
from .servers import servers_of

PROC = Path("/proc")


@dataclass(frozen=True)
class Alive:
    """Everything that was seen of it.

    Attributes:
        databases: see :func:`.servers.servers_of`.
        unused_volumes: of no container.
        alarms: about what could not be looked at.
    """

    containers: tuple[ContainerSeen, ...]
    unused_volumes: tuple[VolumeSeen, ...]
    servers: tuple[ServerSeen, ...]
    databases: tuple[DatabaseSeen, ...]
    open_files: tuple[OpenFile, ...]
    alarms: tuple[Alarm, ...]


def look(host: Host, enter: Entrance, proc: Path = PROC) -> Alive:
    """Look at everything that runs, and ask the servers.

    Args:
        host: the host as root sees it.
        enter: makes a container a host.
        proc: ``/proc``.
    """
    known = all_containers(host, proc)
    seen = processes.look(proc, known.seen)
    return Alive(
        containers=known.seen,
        unused_volumes=known.unused,
        servers=seen.servers,
        databases=servers_of(host, seen.servers, enter),
        open_files=seen.open_files,
        alarms=known.alarms,
    )


def all_containers(host: Host, proc: Path = PROC) -> Containers:
    """Return root's containers and, as far as their files tell, those of other accounts."""
    ours = containers.ask_runtimes(host, has_entries)
    inhabited = processes.inhabited(proc)
    theirs = rootless.look(accounts(), {name for around in inhabited for name in around})
    seen = (*ours.seen, *theirs.seen)
    return Containers(
        seen=seen,
        unused=(*ours.unused, *theirs.unused),
        alarms=(*ours.alarms, *theirs.alarms, *strangers(inhabited, seen)),
    )


def strangers(
    inhabited: Iterable[tuple[str, ...]], known: Iterable[ContainerSeen]
) -> Iterator[Alarm]:
    """Yield an alarm for each container with processes that neither podman nor Docker names."""
    ids = {container.id for container in known}
    for around in sorted(inhabited):
        if ids.isdisjoint(around):
            yield Alarm(
                kind="unreadable",
                subject=f"container {around[-1][:12]}",
                sentence=f"Processes run in a container {around[-1][:12]} that neither root's "
                "podman and Docker nor the files of another account's podman know, so nobody can "
                "tell what it keeps. Find out with systemd-cgls who runs it, and declare or "
                "exempt its folders.",
            )


def accounts() -> Iterable[rootless.Account]:
    """Yield the users of the host, without root, each home once."""
    homes = {user.pw_dir: user for user in reversed(pwd.getpwall()) if user.pw_uid != 0}
    return [
        rootless.Account(user.pw_name, Path(home))
        for home, user in sorted(homes.items())
        if home not in ("", "/", "/root", "/nonexistent")
    ]


def has_entries(folder: str) -> bool:
    """Tell whether a folder of the host is there, can be read and is not empty."""
    try:
        with os.scandir(folder) as entries:
            return any(entries)
    except OSError:
        return False
