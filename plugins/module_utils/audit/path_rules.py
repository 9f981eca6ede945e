# Copyright: (c) The Probealarm contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What paths are judged by, and what becomes of them: the values around the judge of paths."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import NamedTuple, Protocol

from .claims import Claims, Exemption, PathClaim
from .facts import Entry
from .grouping import Group, Sums

SAMPLES = 5


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
        oldest_ns: the oldest change in it.
    """

    sums: Sums = field(default_factory=Sums)
    oldest_ns: int = 0
    samples: tuple[str, ...] = ()

    def take(self, entry: Entry) -> None:
        """Add a file."""
        self.sums.take(entry)
        if not self.oldest_ns or entry.changed_ns < self.oldest_ns:
            self.oldest_ns = entry.changed_ns
        if len(self.samples) < SAMPLES:
            self.samples = (*self.samples, entry.path)


@dataclass
class Judged:
    """What became of all paths.

    Attributes:
        saved: by the claim.
        waiting: by the service: younger than its newest snapshot.
        lacking: by the claim: older than the newest snapshot, which does not hold it.
        exempt: by the exemption.
        changed: files of packages that somebody changed and nobody claims: package, and what.
        of_packages: how many files are as their packages brought them.
    """

    saved: dict[PathClaim, Sums] = field(default_factory=dict)
    waiting: dict[str, Waiting] = field(default_factory=dict)
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
    """

    claims: Claims
    data_directories: Mapping[str, str]
    sqlite: Mapping[str, tuple[PathClaim, bool]]
    taken_at: Mapping[str, datetime]
