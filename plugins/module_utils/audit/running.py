# Copyright: (c) The Probealarm contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What runs on the host and holds state: containers, database servers, files open for writing."""

from __future__ import annotations

import os
import pwd
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from ..contract import Contract
from ..host import Host
from . import containers, layers, processes, rootless
from .asking import Entrance
from .claims import is_within
from .containers import Containers
from .database_stores import with_access
from .facts import ContainerSeen, DatabaseSeen, OpenFile, ServerSeen, VolumeSeen
from .finding import Alarm
from .servers import servers_of

PROC = Path("/proc")


@dataclass(frozen=True)
class Alive:
    """Everything that was seen of it.

    Attributes:
        podman: see :class:`.containers.Containers`; ``docker``, too.
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
    podman: tuple[Path, ...] = ()
    docker: tuple[Path, ...] = ()

    def exempt_layers(self) -> Iterator[tuple[str, str]]:
        """Yield what in the stores of containers is no state: pattern and reason.

        The usual places count as well: a runtime that is gone, or hangs, has left its images there.
        """
        targets = {one.id: [mount.target for mount in one.mounts] for one in self.containers}
        podman, docker = (Path(usual) for _, usual in containers.STORAGES.values())
        return layers.exempt_layers(
            dict.fromkeys((podman, *self.podman)), dict.fromkeys((docker, *self.docker)), targets
        )


def look(
    host: Host,
    enter: Entrance,
    proc: Path = PROC,
    *,
    contracts: Sequence[Contract] = (),
    silent: Collection[str] = (),
) -> Alive:
    """Look at everything that runs, and ask the servers.

    Args:
        host: the host as root sees it.
        enter: makes a container a host.
        proc: ``/proc``.
        contracts: which may say how a server in a container is entered.
        silent: mounts that do not answer, so that homes below them are left out.
    """
    known = all_containers(host, proc, silent)
    ours = tuple(with_access(one, contracts) for one in known.seen)
    seen = processes.look(proc, ours)
    return Alive(
        podman=known.podman,
        docker=known.docker,
        containers=ours,
        unused_volumes=known.unused,
        servers=seen.servers,
        databases=servers_of(host, seen.servers, enter),
        open_files=seen.open_files,
        alarms=known.alarms,
    )


def all_containers(host: Host, proc: Path = PROC, silent: Collection[str] = ()) -> Containers:
    """Return root's containers and, as far as their files tell, those of other accounts."""
    ours = containers.ask_runtimes(host, has_entries)
    inhabited = processes.inhabited(proc)
    theirs = rootless.look(
        answering(accounts(), silent), {name for around in inhabited for name in around}
    )
    seen = (*ours.seen, *theirs.seen)
    return Containers(
        seen=seen,
        unused=(*ours.unused, *theirs.unused),
        alarms=(*ours.alarms, *theirs.alarms, *strangers(inhabited, seen)),
        podman=(*ours.podman, *theirs.podman),
        docker=ours.docker,
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


def answering(
    accounts: Iterable[rootless.Account], silent: Collection[str]
) -> Iterator[rootless.Account]:
    """Leave out accounts whose homes lie on mounts that do not answer."""
    for account in accounts:
        if not any(is_within(str(account.home), mount) for mount in silent):
            yield account


def has_entries(folder: str) -> bool:
    """Tell whether a folder of the host is there, can be read and is not empty."""
    try:
        with os.scandir(folder) as entries:
            return any(entries)
    except OSError:
        return False
