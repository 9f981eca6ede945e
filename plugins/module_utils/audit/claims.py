# Copyright: (c) The Probealarm contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the declaration says of a host's state: what is saved, and what is left out on purpose.

Everything here comes from finished contracts, so the timer on the host itself sees the same as the
person who declares.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from fnmatch import translate
from typing import Any

from ..contract import Contract
from ..errors import Trouble
from ..stores import WILDCARDS, SqliteStore

BESIDE_SQLITE = ("", "-wal", "-shm", "-journal")
"""What belongs to a database of SQLite, by the ends of its names (SQLite's documentation,
"Temporary Files Used By SQLite")."""


@dataclass(frozen=True)
class PathClaim:
    """A path that a store saves with all that lies below it."""

    path: str
    service: str
    store: str

    @property
    def label(self) -> str:
        """The store, as people read it."""
        return f"{self.service}/{self.store}"


@dataclass(frozen=True)
class Exemption:
    """A path, or all that a pattern matches, that nobody wants saved, with all below it.

    Attributes:
        pattern: ``*`` stands for any text, also across ``/``.
        origin: the service that declares it, or ``service/store`` for what a store calls
            regenerable; empty for what is shipped.
        expires: the last day on which it holds; regenerable and shipped ones hold for ever.
    """

    pattern: str
    reason: str
    origin: str = ""
    owner: str = ""
    expires: date | None = None

    def holds_on(self, day: date) -> bool:
        """Tell whether it has not run out."""
        return self.expires is None or day <= self.expires


@dataclass(frozen=True)
class DatabaseExemption:
    """A database that is not saved, on purpose."""

    database: str
    service: str
    reason: str
    owner: str
    expires: date


class Patterns:
    """Exemptions, found by the path that they match themselves; not by what lies below it.

    In what is shipped a star stays inside one name, but for one that a pattern begins with: else a
    pattern for the workings of a program would go on into what people keep there.
    """

    def __init__(self, exemptions: Iterable[Exemption]) -> None:
        self._plain: dict[str, Exemption] = {}
        self._wild: list[tuple[re.Pattern[str], Exemption]] = []
        for exemption in exemptions:
            pattern = one_spelling(exemption.pattern)
            if WILDCARDS.intersection(pattern):
                read = translate if exemption.origin else _by_names
                self._wild.append((re.compile(read(pattern)), exemption))
            else:
                self._plain.setdefault(pattern, exemption)
        wild = [pattern.pattern for pattern, _ in self._wild]
        self._any = re.compile("|".join(wild)) if wild else None

    def matching(self, path: str) -> Exemption | None:
        """Give the exemption that names a path."""
        if found := self._plain.get(path):
            return found
        if self._any is None or not self._any.match(path):
            return None
        return next(exemption for pattern, exemption in self._wild if pattern.match(path))

    def covering(self, path: str) -> Exemption | None:
        """Give the exemption that names a path, or else the nearest folder above it."""
        while path.strip("/"):
            if found := self.matching(path):
                return found
            path = path.rpartition("/")[0]
        return None


@dataclass(frozen=True)
class Claims:
    """Everything that is declared for one host.

    Attributes:
        regenerable: what stores leave out, as exemptions whose origin is the store.
        expired: exemptions of paths and databases that have run out, and so exempt nothing.
    """

    contracts: tuple[Contract, ...]
    paths: tuple[PathClaim, ...]
    regenerable: tuple[Exemption, ...]
    exemptions: tuple[Exemption, ...]
    databases: tuple[DatabaseExemption, ...]
    expired: tuple[Exemption | DatabaseExemption, ...]
    shipped: tuple[Exemption, ...]

    @classmethod
    def of(
        cls,
        merged: Iterable[Mapping[str, Any]],
        shipped: Iterable[tuple[str, str]],
        *,
        today: date,
    ) -> Claims:
        """Read the contracts of a host, and what is shipped as pairs of pattern and reason.

        Raises:
            Trouble: a contract is of another version.
        """
        given = list(merged)
        contracts = tuple(Contract.of(one) for one in given)
        try:
            regenerable = tuple(found for one in given for found in _regenerable(one))
            paths = [found for one in given for found in _path_exemptions(one)]
            databases = [found for one in given for found in _database_exemptions(one)]
        except (KeyError, TypeError, ValueError) as error:
            raise Trouble(
                f"an exemption of a contract cannot be read ({type(error).__name__}: {error}). Run "
                "playbooks/site.yml so that all hosts carry the same version of the collection."
            ) from None
        return cls(
            contracts=contracts,
            paths=tuple(found for contract in contracts for found in _claimed(contract)),
            regenerable=regenerable,
            exemptions=tuple(one for one in paths if one.holds_on(today)),
            databases=tuple(one for one in databases if today <= one.expires),
            expired=(
                *(one for one in paths if not one.holds_on(today)),
                *(one for one in databases if today > one.expires),
            ),
            shipped=tuple(Exemption(pattern, reason) for pattern, reason in shipped),
        )

    def with_shipped(self, more: Iterable[tuple[str, str]]) -> Claims:
        """Add places that are never state on this very host, as pairs of pattern and reason."""
        added = (Exemption(pattern, reason) for pattern, reason in more)
        return replace(self, shipped=(*self.shipped, *added))

    def exempting(self) -> Callable[[str], bool]:
        """Give what tells whether a path is exempt, by itself or by a folder above it."""
        patterns = Patterns([*self.exemptions, *self.shipped])
        return lambda path: patterns.covering(path) is not None

    def sqlite(self) -> Iterator[tuple[Contract, SqliteStore]]:
        """Give every store that is one database of SQLite, with its service."""
        for contract in self.contracts:
            for store in contract.sqlite:
                yield contract, store


def is_within(path: str, directory: str) -> bool:
    """Tell whether a path is a directory or lies in it."""
    return directory in {"/", path} or path.startswith(f"{directory}/")


def one_spelling(path: str) -> str:
    """Write a path as the walk meets it: on Debian ``/var/run`` is a link to ``/run``."""
    for link, target in (("/var/run", "/run"), ("/var/lock", "/run/lock")):
        if is_within(path, link):
            return target + path[len(link) :]
    return path


def _by_names(pattern: str) -> str:
    """Translate a pattern whose stars stay inside one name, but for one that it begins with."""
    begin, rest = (".*", pattern[1:]) if pattern.startswith("*/") else ("", pattern)
    parts = re.split(r"([*?]|\[[^]/]+\])", rest)  # every second one is a wildcard
    inside = {"*": "[^/]*", "?": "[^/]"}
    read = (inside.get(part, part) if at % 2 else re.escape(part) for at, part in enumerate(parts))
    return f"(?s:{begin}{''.join(read)})\\Z"


def _claimed(contract: Contract) -> Iterator[PathClaim]:
    for store in contract.files:
        for path in store.paths:
            yield PathClaim(one_spelling(path), contract.name, store.name)


def _regenerable(merged: Mapping[str, Any]) -> Iterator[Exemption]:
    for store in merged["stores"]:
        for entry in store.get("regenerable", ()):
            origin = f"{merged['name']}/{store['name']}"
            yield Exemption(entry["path"], entry["reason"], origin=origin)


def _path_exemptions(merged: Mapping[str, Any]) -> Iterator[Exemption]:
    for entry in merged.get("exemptions", ()):
        if entry.get("path"):
            yield Exemption(
                pattern=entry["path"],
                reason=entry["reason"],
                origin=merged["name"],
                owner=entry["owner"],
                expires=date.fromisoformat(str(entry["expires"])),
            )


def _database_exemptions(merged: Mapping[str, Any]) -> Iterator[DatabaseExemption]:
    for entry in merged.get("exemptions", ()):
        if entry.get("database"):
            yield DatabaseExemption(
                database=entry["database"],
                service=merged["name"],
                reason=entry["reason"],
                owner=entry["owner"],
                expires=date.fromisoformat(str(entry["expires"])),
            )
