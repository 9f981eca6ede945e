# Copyright: (c) The Probealarm contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""One process as ``/proc`` shows it; that it vanishes while we look is normal.

Source: man proc(5). Programs, folders and open files are read as links, which touches no file
system: a mount that hangs does not stop us.
"""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from . import sockets
from .belonging import Belonging, belonging_of, containers_in
from .host_paths import covering, is_one_place, on_the_host
from .mounts import KERNEL, Mount, may_hang, mounts_of

DELETED = " (deleted)"
WRITES = os.O_WRONLY | os.O_RDWR


@dataclass(frozen=True)
class Surroundings:
    """What is the same for all processes that one look at ``/proc`` meets.

    Attributes:
        mounts: the auditor's own.
        mount_namespace: the auditor's own, as the link names it; empty where it cannot be read.
        net_namespace: the auditor's own network, likewise.
        containers: ids of the containers in which the auditor itself runs.
    """

    mounts: tuple[Mount, ...]
    mount_namespace: str
    containers: tuple[str, ...]
    net_namespace: str = ""


def surroundings(proc: Path) -> Surroundings:
    """Look at the auditor's own place; what cannot be read counts as nothing."""
    cgroups = (line.split(":", 2)[-1] for line in text_of(proc / "1/cgroup").splitlines())
    ours = max((containers_in(path) for path in cgroups), key=len, default=())
    return Surroundings(
        mounts=mounts_of(text_of(proc / "self/mountinfo")),
        mount_namespace=target_of(proc / "self/ns/mnt"),
        net_namespace=target_of(proc / "self/ns/net"),
        containers=ours,
    )


@dataclass(frozen=True)
class Process:
    """One process, read as far as somebody asks."""

    folder: Path
    around: Surroundings

    @property
    def pid(self) -> int:
        """Its number, as the host counts."""
        return int(self.folder.name)

    def of(self, pid: int) -> Process:
        """Return another process, which need not be there."""
        return Process(self.folder.parent / str(pid), self.around)

    @cached_property
    def program(self) -> str:
        """The name of its program's file, also when an upgrade has replaced that; else empty."""
        return os.path.basename(target_of(self.folder / "exe").removesuffix(DELETED))  # noqa: PTH119 (a link's text, maybe of another root)

    @cached_property
    def name(self) -> str:
        """What it is called in lists of processes; at most 15 letters."""
        return text_of(self.folder / "comm").removesuffix("\n")

    @cached_property
    def arguments(self) -> tuple[str, ...]:
        """Its arguments, or what it put in their place."""
        text = text_of(self.folder / "cmdline").rstrip("\0")
        return tuple(text.split("\0")) if text else ()

    @cached_property
    def _status(self) -> dict[str, str]:
        rows = (line.split(":\t", 1) for line in text_of(self.folder / "status").splitlines())
        return {row[0]: row[1] for row in rows if len(row) == 2}

    @property
    def parent(self) -> int:
        """The number of its parent; 0 when it has none or is gone."""
        told = self._status.get("PPid", "").strip()
        return int(told) if told.isdigit() else 0

    @property
    def uid(self) -> int | None:
        """Under which user it runs, as the host counts; None when it is gone."""
        told = self._status.get("Uid", "").split()
        return int(told[1]) if len(told) > 1 else None

    @cached_property
    def belonging(self) -> Belonging:
        """Its unit and containers."""
        return belonging_of(text_of(self.folder / "cgroup"), self.around.containers)

    @cached_property
    def links(self) -> dict[str, str]:
        """What its file descriptors are, by number."""
        try:
            numbers = os.listdir(self.folder / "fd")  # noqa: PTH208 (names only, of every process)
        except OSError:
            return {}
        found = ((number, target_of(self.folder / "fd" / number)) for number in numbers)
        return {number: target for number, target in found if target}

    @cached_property
    def mounts(self) -> tuple[Mount, ...]:
        """Its own mounts."""
        if self._shares_our_mounts:
            return self.around.mounts
        return mounts_of(text_of(self.folder / "mountinfo"))

    @cached_property
    def _shares_our_mounts(self) -> bool:
        namespace = target_of(self.folder / "ns/mnt")
        return namespace != "" and namespace == self.around.mount_namespace

    def host_path(self, path: str) -> str:
        """Tell what the host calls one of its paths; empty when there is no name for it."""
        root = target_of(self.folder / "root")
        if self._shares_our_mounts:
            return path if root in ("", "/") else root + path
        return on_the_host(path, self.mounts, self.around.mounts, os.path.lexists)

    def means_ours(self, path: str) -> bool:
        """Tell whether a path of its own is that very path of the host."""
        if self._shares_our_mounts:
            return target_of(self.folder / "root") in ("", "/")
        return is_one_place(path, self.mounts, self.around.mounts)

    @property
    def shares_our_network(self) -> bool:
        """Whether its ports are the host's."""
        return target_of(self.folder / "ns/net") == self.around.net_namespace

    def working_directory(self) -> str:
        """Return the folder it works in, as it sees it; empty when it is gone."""
        return target_of(self.folder / "cwd").removesuffix(DELETED)

    def listens_at(self) -> tuple[tuple[str, ...], tuple[int, ...]]:
        """Return the unix sockets, as absolute paths it would use, and the ports."""
        inodes = sockets.inodes_of(self.links.values())
        if not inodes:
            return (), ()
        net = self.folder / "net"
        paths = sockets.unix_paths(text_of(net / "unix"), inodes)
        tables = (text_of(net / "tcp"), text_of(net / "tcp6"))
        absolute = tuple(os.path.join(self.working_directory(), path) for path in paths)  # noqa: PTH118 (a path of another root)
        return absolute, sockets.tcp_ports(tables, inodes)

    def written_files(self) -> Iterator[str]:
        """Yield the regular files it holds open for writing, as the host names them.

        Deleted ones are left out, and those for which the host has no name.
        """
        for number, target in self.links.items():
            if target.startswith("/") and self._writes(number) and self._is_there(number, target):
                named = self.host_path(target)
                if named:
                    yield named

    def _writes(self, number: str) -> bool:
        for line in text_of(self.folder / "fdinfo" / number).splitlines():
            if line.startswith("flags:"):
                return int(line.split()[1], 8) & WRITES != 0
        return False

    def _is_there(self, number: str, target: str) -> bool:
        """Tell whether it is a regular file that still has a name.

        A file on a mount that may hang is not asked: one that is open is taken for regular.
        """
        mount = covering(self.mounts, target)
        if mount is not None and mount.type in KERNEL:
            return False
        if mount is not None and may_hang(mount.type):
            return not target.endswith(DELETED)
        with suppress(OSError):
            seen = os.stat(self.folder / "fd" / number)  # noqa: PTH116 (of thousands of links)
            return stat.S_ISREG(seen.st_mode) and seen.st_nlink > 0
        return False


def processes(proc: Path) -> Iterator[Process]:
    """Yield the processes that run now, in the order of their numbers.

    Threads of the kernel are left out, and the auditor itself.
    """
    around, ourselves = surroundings(proc), target_of(proc / "self")
    numbers = sorted(int(name) for name in os.listdir(proc) if name.isdigit())  # noqa: PTH208 (names only)
    for number in numbers:
        process = Process(proc / str(number), around)
        if str(number) != ourselves and process.program:
            yield process


def text_of(file: Path) -> str:
    """Read a file of ``/proc``; empty when the process is gone, or not ours to see."""
    try:
        return file.read_bytes().decode("utf-8", "surrogateescape")
    except OSError:
        return ""


def target_of(link: Path) -> str:
    """Read a link of ``/proc``; empty when the process is gone, or not ours to see."""
    try:
        return os.readlink(link)  # noqa: PTH115 (its text, not a path of ours)
    except OSError:
        return ""
