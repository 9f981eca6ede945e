# Copyright: (c) The Probealarm contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Containers that other accounts run by podman without root, read from podman's own files.

Root's podman does not know them, and asking as that account would start processes of its own and
write there. Source: containers/storage, ``containers.json`` of the overlay driver, and each
container's OCI configuration beside it. Whether one runs is told by its control group, not here.
"""

from __future__ import annotations

import json
import os
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from .containers import Containers
from .facts import ContainerMount, ContainerSeen, VolumeSeen
from .finding import Alarm

STORAGE = Path(".local/share/containers/storage")
VOLUME = re.compile(r"/containers/storage/volumes/([^/]+)/_data(?:/|$)")
OWN_TYPES = frozenset({"bind", "rbind", "none"})
PODMANS_OWN = ("/run/", "/dev/", "/sys/", "/proc/", "/etc/resolv.conf", "/etc/hosts")


@dataclass(frozen=True)
class Account:
    """A user of the host with a home."""

    name: str
    home: Path


def look(accounts: Iterable[Account], running: Iterable[str] = ()) -> Containers:
    """Read the containers and unused volumes of accounts.

    One that was made and never ran tells nothing of its mounts; its volumes count as unused.

    Args:
        accounts: without root.
        running: ids of containers that have processes.
    """
    ids = frozenset(running)
    seen: list[ContainerSeen] = []
    unused: list[VolumeSeen] = []
    alarms: list[Alarm] = []
    storages: list[Path] = []
    for account in accounts:
        storage = account.home / STORAGE
        try:
            if not storage.is_dir():
                continue
            theirs = list(_containers(storage, account.name, ids))
            used = {mount.name for one in theirs for mount in one.mounts}
            unused += (volume for volume in _volumes(storage) if volume.name not in used)
            seen += theirs
            storages.append(storage)
        except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
            alarms.append(_alarm(account, storage, error))
    return Containers(tuple(seen), tuple(unused), tuple(alarms), podman=tuple(storages))


def _containers(storage: Path, owner: str, running: frozenset[str]) -> Iterator[ContainerSeen]:
    for driver in ("overlay", "vfs", "btrfs"):
        folder = storage / f"{driver}-containers"
        if not (folder / "containers.json").is_file():
            continue
        for told in json.loads((folder / "containers.json").read_bytes()):
            metadata = json.loads(told.get("metadata") or "{}")
            yield ContainerSeen(
                runtime="podman",
                id=str(told["id"]),
                name=str(metadata.get("name") or next(iter(told.get("names") or ()), "")),
                image=str(metadata.get("image-name") or ""),
                is_running=told["id"] in running,
                mounts=tuple(_mounts(folder / told["id"] / "userdata" / "config.json")),
                owner=owner,
            )


def _mounts(config: Path) -> Iterator[ContainerMount]:
    """Yield volumes and bind mounts of a container that has run at least once."""
    if not config.is_file():
        return
    for mount in json.loads(config.read_bytes()).get("mounts") or ():
        source, target = str(mount.get("source", "")), str(mount.get("destination", ""))
        if mount.get("type") not in OWN_TYPES or not source.startswith("/"):
            continue
        if "/userdata/" in source or target.startswith(PODMANS_OWN):
            continue
        volume = VOLUME.search(source)
        yield ContainerMount(
            kind="volume" if volume else "bind",
            name=volume[1] if volume else "",
            source=source,
            target=target,
            is_writable="ro" not in (mount.get("options") or ()),
        )


def _volumes(storage: Path) -> Iterator[VolumeSeen]:
    folder = storage / "volumes"
    if folder.is_dir():
        for name in sorted(os.listdir(folder)):  # noqa: PTH208 (names only)
            if (folder / name / "_data").is_dir():
                yield VolumeSeen("podman", name, str(folder / name / "_data"))


def _alarm(account: Account, storage: Path, error: Exception) -> Alarm:
    return Alarm(
        kind="unreadable",
        subject=str(storage),
        sentence=f"The containers that {account.name} runs by podman without root could not be "
        f"looked at ({type(error).__name__}: {error}). Ask podman ps --all and podman "
        f"volume ls as {account.name} and declare what they keep.",
    )
