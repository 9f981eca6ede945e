# Copyright: (c) The Probealarm contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Tell who writes a path: the person who reads a finding wants to know whom to ask.

What is held open for writing says it best; then the mounts of containers, the package to which the
folder belongs, and at last the user who owns it.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator
from pathlib import PurePosixPath

from .facts import ContainerSeen, OpenFile


class Writers:
    """Who writes what on one host, at one moment."""

    def __init__(
        self,
        open_files: Iterable[OpenFile],
        containers: Iterable[ContainerSeen],
        package_of: Callable[[str], str],
        user_of: Callable[[int], str],
    ) -> None:
        """Sort what was seen by path.

        Args:
            open_files: as :func:`.processes.look` tells.
            containers: all of them, running or not.
            package_of: the one package that owns a folder; empty for none, and for many.
            user_of: the name of a user by number.
        """
        self._package_of = package_of
        self._user_of = user_of
        self._open: dict[str, Counter[str]] = defaultdict(Counter)
        for file in open_files:
            if name := _holder(file):
                for path in (file.path, *_folders_above(file.path)):
                    self._open[path][name] += 1
        self._mounted = {
            mount.source.rstrip("/"): f"container {container.name}"
            for container in containers
            for mount in container.mounts
            if mount.is_writable and mount.source
        }

    def writer_of(self, path: str, uid: int) -> str:
        """Tell who writes a file, or most of what is open below a folder.

        Args:
            path: absolute, of the host.
            uid: of the user who owns it.

        Returns:
            ``unit y.service``, ``container z``, ``package x`` or ``user u``.
        """
        if holders := self._open.get(path):
            return max(sorted(holders), key=holders.__getitem__)
        above = list(_folders_above(path))
        for folder in (path, *above):
            if folder in self._mounted:
                return self._mounted[folder]
        package = self._package_of(above[0]) if above else ""
        return f"package {package}" if package else f"user {self._user_of(uid)}"


def _holder(file: OpenFile) -> str:
    """Name who holds a file open: a container first, because its unit is only what started it."""
    if file.container:
        return f"container {file.container}"
    return f"unit {file.unit}" if file.unit else ""


def _folders_above(path: str) -> Iterator[str]:
    """Yield the folders above a path, the nearest first, without the root of everything."""
    for folder in PurePosixPath(path).parents:
        if str(folder) != "/":
            yield str(folder)
