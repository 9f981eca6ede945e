# Copyright: (c) The Probealarm contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What packages brought, and what of it somebody has changed since.

Sources: dpkg(1), dpkg-divert(1), deb-md5sums(5), deb-conffiles(5) and dpkg 1.22's main/unpack.c,
which writes ``info/PACKAGE.list`` after the package's files stand at their names: what of a file
changed later than that list was touched after its package was installed.
"""

from __future__ import annotations

import hashlib
import itertools
import os
from collections.abc import Callable, Iterable, Iterator, Mapping, MutableMapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path

from .checked import Checked
from .facts import Entry
from .reading import open_file

BLOCK_BYTES = 1024 * 1024


@dataclass(frozen=True)
class Installed:
    """One package's list: ``stem`` names its files below info, as in ``libc6:amd64``."""

    stem: str
    installed_ns: int

    @property
    def name(self) -> str:
        """Name the package as people do."""
        return self.stem.partition(":")[0]


ALTERNATIVES = Installed("update-alternatives", 0)


@dataclass(frozen=True)
class Packages:
    """Everything dpkg knows about files; paths are real ones, with no link in a folder above.

    Attributes:
        owners: the package of each path.
        conffiles: MD5 of each configuration file, as its package has it.
        md5_of: gives the MD5 of a package's other files, by path.
        checked: what an earlier audit has read and found as its package has it.
        read: hashes a file; see :func:`md5`.
    """

    owners: Mapping[str, Installed]
    conffiles: Mapping[str, str]
    md5_of: Md5Sums
    checked: Checked
    read: Callable[[str], str]

    def owner(self, path: str) -> str:
        """Name the package that brought a path; empty when none did."""
        installed = self.owners.get(path)
        return installed.name if installed else ""

    def change(self, entry: Entry) -> str:
        """Say in words what is not as the package brought it; empty when all is.

        Configuration files are read: an update leaves a changed one as it is, with its old time.
        Others are read only when their times lie behind the installation.
        """
        installed = self.owners.get(entry.path)
        if installed is None or entry.type not in {"file", "link"}:
            return ""
        if installed is ALTERNATIVES:
            return "" if entry.type == "link" else "a file stands where Debian keeps a link"
        conffile = self.conffiles.get(entry.path)
        if conffile is None and entry.changed_ns <= installed.installed_ns:
            return ""
        wanted = conffile or self.md5_of(installed.stem).get(entry.path)
        if entry.type == "link":
            return "a link stands where its package has a file" if wanted else ""
        if wanted is None:
            return "its package has no checksum of it, and it was touched after the installation"
        return "" if self.checked.knows(entry, wanted) else self._read(entry, wanted)

    def _read(self, entry: Entry, wanted: str) -> str:
        try:
            seen = self.read(entry.path)
        except (FileNotFoundError, NotADirectoryError):
            return ""
        except OSError as error:
            return f"it cannot be compared with its package ({error.strerror})"
        if seen != wanted:
            return "its content is not the one that its package brought"
        self.checked.remember(entry, wanted)
        return ""


@dataclass(frozen=True)
class Md5Sums:
    """Reads ``info/PACKAGE.md5sums`` when it is needed; the last used ones are kept."""

    info: Path
    real: Real

    def __call__(self, stem: str) -> Mapping[str, str]:
        """Give the MD5 of each of a package's files."""
        return _md5sums(self, stem)


@dataclass(frozen=True)
class Real:
    """Finds the real name of a path: ``/bin/ls`` is ``/usr/bin/ls``, since /bin is a link."""

    folders: MutableMapping[str, str] = field(default_factory=dict)

    def __call__(self, path: str) -> str:
        """Resolve the folders above a path, and not the path itself."""
        folder, _, name = path.rpartition("/")
        return f"{self._folder(folder)}/{name}"

    def _folder(self, path: str) -> str:
        if not path:
            return ""
        if path not in self.folders:
            real = self(path)
            link = os.path.islink(real)  # noqa: PTH114 (a hundred thousand of them)
            self.folders[path] = os.path.realpath(real) if link else real
        return self.folders[path]

    def __hash__(self) -> int:
        return id(self)


def read_packages(
    checked: Checked,
    database: Path = Path("/var/lib/dpkg"),
    read: Callable[[str], str] | None = None,
) -> Packages:
    """Read dpkg's database; a machine without one has no packages.

    Args:
        checked: see :class:`Packages`.
        database: dpkg's folder.
        read: hashes a file; :func:`md5` by default.

    Raises:
        OSError: it is there and cannot be read.
    """
    real, info = Real(), database / "info"
    diverted = diversions(_lines(database / "diversions"))
    owners: dict[str, Installed] = {}
    for file in sorted(info.glob("*.list")):
        installed = Installed(file.name.removesuffix(".list"), file.stat().st_mtime_ns)
        for path in _lines(file):
            to, by = diverted.get(path, (path, installed.name))
            owners[real(path if by == installed.name else to)] = installed
    for group in (database / "alternatives").glob("*"):
        for path in alternatives_in(group.name, _lines(group)):
            owners.setdefault(real(path), ALTERNATIVES)
    conffiles = {real(path): md5 for path, md5 in conffiles_in(_lines(database / "status"))}
    for path, md5_then, package in _by_ucf(database.parent / "ucf"):
        owners.setdefault(real(path), Installed(package, 0))
        conffiles.setdefault(real(path), md5_then)
    return Packages(owners, conffiles, Md5Sums(info, real), checked, read or md5)


def diversions(lines: Iterable[str]) -> dict[str, tuple[str, str]]:
    """Read dpkg's diversions: original path to new path and the package that may keep the first."""
    rows = [*lines]
    return {
        original: (to, by)
        for original, to, by in zip(rows[::3], rows[1::3], rows[2::3], strict=False)
    }


def alternatives_in(name: str, lines: Sequence[str]) -> Iterator[str]:
    """Name the links that update-alternatives(1) keeps, unless a person has chosen among them.

    A group says ``auto`` or ``manual``, then the path of its link, then pairs of name and path,
    until an empty line. Each path is a link to the name in /etc/alternatives.
    """
    if lines[:1] == ["auto"]:
        own = [name, *itertools.takewhile(bool, lines[1:])]
        yield from own[1::2]
        yield from (f"/etc/alternatives/{one}" for one in own[::2])


def conffiles_in(status: Iterable[str]) -> Iterator[tuple[str, str]]:
    """Read paths and MD5 of configuration files from dpkg's status; the current ones come last."""
    obsolete: list[tuple[str, str]] = []
    current: list[tuple[str, str]] = []
    is_inside = False
    for line in status:
        if not line.startswith(" "):
            is_inside = line.startswith("Conffiles:")
        elif is_inside:
            words = line.strip().split(" ")
            flags = {"obsolete", "remove-on-upgrade"}.intersection(words[-2:])
            path, md5_then = " ".join(words[: -1 - len(flags)]), words[-1 - len(flags)]
            (obsolete if flags else current).append((path, md5_then))
    yield from obsolete
    yield from current


def md5(path: str) -> str:
    """Hash a file without leaving a time of access; dpkg's lists are in MD5.

    Raises:
        OSError: it is gone, is a link by now, or cannot be read.
    """
    digest = hashlib.md5(usedforsecurity=False)
    with os.fdopen(open_file(path), "rb", buffering=0) as file:
        while block := file.read(BLOCK_BYTES):
            digest.update(block)
    return digest.hexdigest()


@lru_cache(maxsize=256)
def _md5sums(sums: Md5Sums, stem: str) -> Mapping[str, str]:
    rows = (line.partition("  ") for line in _lines(sums.info / f"{stem}.md5sums"))
    return {sums.real(f"/{path}"): md5_then for md5_then, _, path in rows}


def _by_ucf(folder: Path) -> Iterator[tuple[str, str, str]]:
    """Read configuration files that packages' scripts put there by ucf(1): path, MD5, package."""
    packages = {path: package for package, path in _pairs(folder / "registry")}
    for md5_then, path in _pairs(folder / "hashfile"):
        if path in packages:
            yield path, md5_then, packages[path]


def _pairs(file: Path) -> Iterator[tuple[str, str]]:
    for line in _lines(file):
        first, space, second = line.partition(" ")
        if space:
            yield first, second.strip()


def _lines(file: Path) -> list[str]:
    try:
        return os.fsdecode(file.read_bytes()).split("\n")[:-1]
    except FileNotFoundError:
        return []
