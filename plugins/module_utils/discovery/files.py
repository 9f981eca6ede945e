# Copyright: (c) The Probealarm contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The files of a server, as far as recognising needs them: names, and a few configurations."""

from __future__ import annotations

import os
import re
import stat
from collections.abc import Callable, Iterator, Sequence
from fnmatch import fnmatchcase
from itertools import islice
from pathlib import Path
from typing import Protocol

from ..audit.facts import Entry, Place, Unread
from ..audit.walk import walk
from ..host import Call, Host

LARGEST_CONFIGURATION_BYTES = 1_000_000
MOST_CONFIGURATIONS = 20
MOST_NAMES = 100_000
"""So many names are held against one pattern; what was not among them counts as missing."""

FIXED = re.compile(r"(.*?)/[^/*?]*[*?]")
"""Of a pattern the folder above its first wildcard; nothing of a plain path."""

SQLITE_HEADER = b"SQLite format 3\0"

NEVER_STATE = frozenset(
    (
        *("/bin", "/boot", "/dev", "/lib", "/lib32", "/lib64", "/media", "/proc", "/run", "/sbin"),
        *("/snap", "/sys", "/tmp", "/var/cache", "/var/log", "/var/tmp"),  # noqa: S108 (left out)
        *("/var/lib/apt", "/var/lib/dpkg", "/var/lib/probealarm"),
        *("/var/lib/docker/overlay2", "/var/lib/docker/image", "/var/lib/docker/containers"),
        *("/var/lib/containerd", "/var/lib/containers/storage/overlay", "/root/.ansible"),
    )
)
"""Folders in which nobody installs an application; images of containers are full of copies."""

NEVER_INSIDE = frozenset(("node_modules", ".git", "__pycache__", ".cache", "vendor"))
"""Names of folders that an application brings along or makes again."""


class Files(Protocol):
    """The files of a machine."""

    def entries(self) -> Iterator[Entry]:
        """Yield every name at a place where an application could be."""
        ...

    def exists(self, pattern: str) -> bool:
        """Tell whether anything is there; ``*`` and ``?`` are wildcards."""
        ...

    def read(self, pattern: str) -> list[str]:
        """Return the texts of all files that match, of plain and small ones only."""
        ...

    def is_sqlite(self, path: str) -> bool:
        """Tell whether a file says of itself that it is a database of SQLite."""
        ...

    def package_of(self, path: str) -> str:
        """Name the package that a folder came with; empty when none did."""
        ...


class LocalFiles:
    """The files of the machine this very process runs on."""

    def __init__(
        self, places: Sequence[Place], host: Host, report: Callable[[Unread], None]
    ) -> None:
        self._places = places
        self._host = host
        self._report = report

    def entries(self) -> Iterator[Entry]:
        """See :meth:`Files.entries`."""
        return walk(self._places, is_left_out, self._report)

    def exists(self, pattern: str) -> bool:
        """See :meth:`Files.exists`."""
        return next(_matching(pattern), None) is not None

    def read(self, pattern: str) -> list[str]:
        """See :meth:`Files.read`."""
        texts = (_text_of(path) for path in islice(_matching(pattern), MOST_CONFIGURATIONS))
        return [text for text in texts if text]

    def is_sqlite(self, path: str) -> bool:
        """See :meth:`Files.is_sqlite`."""
        try:
            with Path(path).open("rb") as stream:
                return stream.read(len(SQLITE_HEADER)) == SQLITE_HEADER
        except OSError:
            return False

    def package_of(self, path: str) -> str:
        """See :meth:`Files.package_of`."""
        done = self._host.run(Call(["dpkg-query", "--search", path]))
        return "" if done.status else done.output.partition(":")[0]


def is_left_out(path: str) -> bool:
    """Tell whether a folder is not looked into; of ``/usr`` only ``/usr/local`` is people's."""
    if path in NEVER_STATE or path.rpartition("/")[2] in NEVER_INSIDE:
        return True
    return path.startswith("/usr/") and path.count("/") == 2 and path != "/usr/local"


def _matching(pattern: str) -> Iterator[str]:
    """Yield what matches a pattern of a profile, in which ``*`` goes across ``/`` as well."""
    fixed = FIXED.match(pattern)
    if fixed is None:
        if os.path.lexists(pattern):
            yield pattern
        return
    seen = 0
    for folder, folders, names in os.walk(fixed[1] or "/"):
        for name in sorted((*folders, *names)):
            path = f"{folder.rstrip('/')}/{name}"
            if fnmatchcase(path, pattern.replace("[", "[[]")):
                yield path
            seen += 1
        if seen > MOST_NAMES:
            return


def _text_of(path: str) -> str:
    """Read a configuration; a pipe or a device would keep us waiting."""
    try:
        file = os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC)
    except OSError:
        return ""
    try:
        if not stat.S_ISREG(os.fstat(file).st_mode):
            return ""
        content = os.read(file, LARGEST_CONFIGURATION_BYTES + 1)
    except OSError:
        return ""
    finally:
        os.close(file)
    if len(content) > LARGEST_CONFIGURATION_BYTES:
        return ""
    return content.decode("utf-8", errors="replace")
