# Copyright: (c) The Probealarm contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Group what nobody claims at the level a person thinks in: the directory, not its thousand files.

A group is the highest directory in which nothing else lies: nothing that is saved, exempt or of a
package. Fed in the order of the walk; what is kept grows with the depth of the tree and not with
the number of files.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass, field

from .facts import Entry

CONTAINERS = frozenset(
    {
        "",
        *("/boot", "/etc", "/home", "/media", "/mnt", "/opt", "/root", "/srv", "/usr", "/var"),
        *("/usr/bin", "/usr/lib", "/usr/local", "/usr/sbin", "/usr/share"),
        *("/usr/local/bin", "/usr/local/etc", "/usr/local/lib", "/usr/local/sbin"),
        *("/usr/local/share", "/usr/local/src", "/usr/src"),
        *("/var/backups", "/var/lib", "/var/local", "/var/log", "/var/mail", "/var/opt"),
        *("/var/spool", "/var/spool/cron", "/var/spool/cron/crontabs", "/var/www"),
        *("/var/lib/systemd", "/var/lib/private", "/etc/systemd", "/etc/systemd/system"),
        "/var/lib/containers/storage/volumes",
        "/var/lib/docker/volumes",
    }
)
"""Directories of the system, in which things lie that have nothing to do with one another."""

SINGLE = 12
"""So many things of one directory are told one by one; the rest of them together."""

SINGLE_IN_CONTAINERS = 200
SAMPLES = 5


@dataclass
class Sums:
    """Added up: files, bytes, the newest change, and the largest file."""

    files: int = 0
    bytes: int = 0
    changed_ns: int = 0
    largest: Entry | None = None

    def take(self, entry: Entry) -> None:
        """Add a file."""
        self.files += 1
        self.bytes += entry.bytes
        changed_ns = entry.mtime_ns
        self.changed_ns = changed_ns if changed_ns > self.changed_ns else self.changed_ns
        if self.largest is None or entry.bytes > self.largest.bytes:
            self.largest = entry

    def add(self, other: Sums) -> None:
        """Add what somebody else added up."""
        self.files += other.files
        self.bytes += other.bytes
        self.changed_ns = max(self.changed_ns, other.changed_ns)
        mine, theirs = self.largest, other.largest
        if mine is None or (theirs is not None and theirs.bytes > mine.bytes):
            self.largest = theirs


@dataclass
class Group:
    """One directory or file that nobody claims.

    Attributes:
        note: why it is not claimed although it looks so; the first reason met.
        is_part: of ``path``, only some things are meant, of which ``samples`` names a few.
    """

    path: str
    sums: Sums
    is_file: bool = False
    note: str = ""
    is_part: bool = False
    samples: tuple[str, ...] = ()


@dataclass
class _Level:
    path: str
    prefix: str
    is_mixed: bool
    is_container: bool
    sums: Sums = field(default_factory=Sums)
    note: str = ""
    groups: list[Group] = field(default_factory=list)
    rest: Group | None = None

    def holds(self, directory: str) -> bool:
        """Tell whether a directory is this one or lies in it."""
        return directory == self.path or directory.startswith(self.prefix)


class Grouping:
    """The stack of directories between the root and where the walk is.

    Args:
        boundaries: directories that are things of their own, whatever surrounds them: the volume of
            a container, the home of a person.
    """

    def __init__(self, boundaries: Collection[str] = ()) -> None:
        self._boundaries = frozenset(boundaries)
        self._stack = [_Level("", "/", is_mixed=True, is_container=True)]
        self._done: list[Group] = []

    def enter(self, directory: str) -> None:
        """Go to a directory; the walk never comes back to one that it has left."""
        while (
            not directory.startswith(self._stack[-1].prefix) and directory != self._stack[-1].path
        ):
            self._close()
        top = self._stack[-1]
        if directory == top.path:
            return
        path = top.path
        for name in directory[len(top.prefix) :].split("/"):
            path = f"{path}/{name}"
            if path in self._boundaries:
                self._stack[-1].is_mixed = True
            container = path in CONTAINERS
            self._stack.append(_Level(path, f"{path}/", container, container))

    def other(self) -> None:
        """Something here is claimed, so this directory is no group as a whole."""
        self._stack[-1].is_mixed = True

    def unclaimed(self, entry: Entry, note: str = "") -> None:
        """Take in a file, of the directory entered last, that nobody claims."""
        top = self._stack[-1]
        top.sums.take(entry)
        top.note = top.note or note
        if top.rest is not None:
            top.rest.sums.take(entry)
            return
        sums = Sums()
        sums.take(entry)
        self._keep(top, Group(entry.path, sums, is_file=True, note=note))

    def finish(self) -> list[Group]:
        """Give all groups, the largest first and of equal ones the freshest."""
        while self._stack:
            self._close()
        return sorted(self._done, key=lambda one: (-one.sums.bytes, -one.sums.changed_ns, one.path))

    def _close(self) -> None:
        level = self._stack.pop()
        if not level.is_mixed:
            if not level.sums.files:
                return
            group = Group(level.path, level.sums, note=level.note)
            parent = self._stack[-1]
            parent.sums.add(level.sums)
            parent.note = parent.note or level.note
            if level.path in self._boundaries:
                self._done.append(group)
            else:
                self._keep(parent, group)
            return
        told = list(_told(level))
        if self._stack and (told or not level.is_container):
            self._stack[-1].is_mixed = True
        self._done += told

    def _keep(self, level: _Level, group: Group) -> None:
        limit = SINGLE_IN_CONTAINERS if level.is_container else SINGLE
        if len(level.groups) < limit:
            level.groups.append(group)
            return
        if level.rest is None:
            level.rest = Group(level.path or "/", Sums(), is_part=True)
        level.rest.sums.add(group.sums)
        level.rest.note = level.rest.note or group.note
        if len(level.rest.samples) < SAMPLES:
            level.rest.samples = (*level.rest.samples, group.path.rpartition("/")[2])


def _told(level: _Level) -> Iterator[Group]:
    """Tell the things of a directory one by one, or its many small files as one group."""
    if level.rest is None:
        yield from level.groups
        return
    rest = level.rest
    for group in level.groups:
        if group.is_file and not level.is_container:
            rest.sums.add(group.sums)
            if len(rest.samples) < SAMPLES:
                rest.samples = (*rest.samples, group.path.rpartition("/")[2])
        else:
            yield group
    yield rest
