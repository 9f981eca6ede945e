# Copyright: (c) The Probealarm contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What paths are judged by, and what becomes of them: the values around the judge of paths."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import NamedTuple, Protocol

from ..file_listing import shown
from .claims import Claims, Exemption, PathClaim
from .data_directories import is_foreign
from .facts import Entry
from .grouping import Group, Sums
from .waiting import MOST_KEPT

SAMPLES = 5
SERVER = "server"
"""The origin of what is exempt because a database server was asked what it holds."""


class Packages(Protocol):
    """Who owns a path, as the package manager knows it."""

    def owner(self, path: str) -> str:
        """Name the package that brings a path; empty when none does."""
        ...

    def change(self, entry: Entry) -> str:
        """Say what of a package's file is not as the package brought it; empty when all is."""
        ...


@dataclass
class Waiting:
    """What a service declares and its newest snapshot cannot hold yet, or should and does not.

    Attributes:
        names: the first of its files, for the next audit.
    """

    sums: Sums = field(default_factory=Sums)
    names: list[str] = field(default_factory=list)

    def take(self, entry: Entry) -> None:
        """Add a file."""
        self.sums.take(entry)
        if len(self.names) < MOST_KEPT:
            self.names.append(entry.path)

    @property
    def samples(self) -> tuple[str, ...]:
        """Some of them, to be shown."""
        return tuple(self.names[:SAMPLES])


@dataclass
class Judged:
    """What became of all paths.

    Attributes:
        saved: by the claim.
        waiting: by the service: younger than its newest snapshot.
        changed_since: by the service: files that its newest snapshot holds as they were then.
        lacking: by the claim: older than the newest snapshot, which does not hold it; or waiting
            since an earlier one.
        exempt: by the exemption.
        changed: files of packages that somebody changed and nobody claims: package, and what.
        of_packages: how many files are as their packages brought them.
    """

    saved: dict[PathClaim, Sums] = field(default_factory=dict)
    waiting: dict[str, Waiting] = field(default_factory=dict)
    changed_since: dict[str, int] = field(default_factory=dict)
    lacking: dict[PathClaim, Waiting] = field(default_factory=dict)
    exempt: dict[Exemption, Sums] = field(default_factory=dict)
    changed: list[tuple[Entry, str, str]] = field(default_factory=list)
    groups: list[Group] = field(default_factory=list)
    of_packages: int = 0


class Context(NamedTuple):
    """What a folder decides for all below it."""

    claims: tuple[PathClaim, ...] = ()
    exemption: Exemption | None = None


FREE = Context()


@dataclass(frozen=True)
class Rules:
    """What the judge goes by.

    Attributes:
        data_directories: of servers that were asked what they hold, so that their files are
            nobody's matter: path and reason.
        sqlite: by the path of each file that belongs to a store of SQLite: the store, and whether
            the newest snapshot holds it.
        taken_at: by service: when its newest snapshot was taken; without any, nothing.
        made_ns: by data directory, see :class:`.facts.ServerSeen`.
        overdue: by service: what waited for an earlier snapshot than the newest.
    """

    claims: Claims
    data_directories: Mapping[str, str]
    sqlite: Mapping[str, tuple[PathClaim, bool]]
    taken_at: Mapping[str, datetime]
    made_ns: Mapping[str, int] = field(default_factory=dict)
    overdue: Mapping[str, frozenset[str]] = field(default_factory=dict)

    def of_it(self, exemption: Exemption | None, entry: Entry) -> Exemption | None:
        """Give back an exemption; none where it is a server's, and a file in there is foreign."""
        if exemption is None or exemption.origin != SERVER:
            return exemption
        left = exemption.pattern
        return None if is_foreign(entry, left, self.made_ns.get(left, 0)) else exemption

    def taken_ns(self) -> dict[str, int]:
        """Give the moments of the newest snapshots in nanoseconds since 1970."""
        return {
            service: int(moment.timestamp() * 1_000_000_000)
            for service, moment in self.taken_at.items()
        }

    def is_overdue(self, service: str, path: str) -> bool:
        """Tell whether a file waited for an earlier snapshot, whatever its times say."""
        names = self.overdue.get(service)
        return names is not None and shown(path) in names
