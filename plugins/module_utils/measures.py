# Copyright: (c) The Probealarm contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a store held, in numbers and digests, and the file that it was dumped into."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Table:
    """One table: its exact rows and, where it is irreplaceable, a digest of their content."""

    rows: int
    digest: str | None = None

    def has_other_content(self, copy: Table) -> bool:
        """Tell whether a copy's digest contradicts this one.

        Without a digest, or when the copy's was computed in another way, nothing is said.
        """
        if self.digest is None:
            return False
        return copy.digest is None or (
            copy.digest != self.digest and _form(copy.digest) == _form(self.digest)
        )


def _form(digest: str) -> str:
    return digest.partition(":")[0] if ":" in digest else ""


@dataclass(frozen=True)
class Measure:
    """What a database held, in one transaction's view.

    Attributes:
        server_version: as the server tells it, for example ``11.8.6-MariaDB``; of SQLite that of
            the library.
        creation: what CREATE DATABASE needs to know: character set and collation, or encoding; of
            SQLite what the file says about itself.
        tables: by name (PostgreSQL: schema and name).
        objects: schema objects as ``kind name`` (``view v_active``, ``table leads``), each with a
            digest of its definition.
        counters: sequences and their last values, and MariaDB's next values of columns that count
            by themselves. Only SQLite's stand inside transactions: a copy may be ahead of the
            others and must never be behind.
        form: which kinds of objects were asked for; a copy that is asked for more than its source
            was is not held to those.
    """

    server_version: str
    creation: Mapping[str, str]
    tables: Mapping[str, Table]
    objects: Mapping[str, str]
    counters: Mapping[str, int] = field(default_factory=dict)
    form: int = 1

    @property
    def rows(self) -> int:
        """Rows of all tables."""
        return sum(table.rows for table in self.tables.values())


@dataclass(frozen=True)
class Keys:
    """The keys of Redis that one pattern covers, without those that expire.

    Attributes:
        entries: in all of them together: fields of a hash, members of a set, elements of a list;
            a string is one.
        digest: of keys and contents, whatever their order.
    """

    keys: int
    entries: int
    digest: str


@dataclass(frozen=True)
class RedisMeasure:
    """What one numbered database of Redis held.

    Attributes:
        types: how many keys there are of each type, without those that expire.
        patterns: what each irreplaceable pattern covers.
        expiring: how many keys expire. Time alone takes them away, so a copy may have fewer.
    """

    server_version: str
    types: Mapping[str, int]
    patterns: Mapping[str, Keys]
    expiring: int = 0

    @property
    def keys(self) -> int:
        """Keys of all types, without those that expire."""
        return sum(self.types.values())


@dataclass(frozen=True)
class DumpFile:
    """A file that a dump tool wrote: absolute path on the source, bytes, SHA-256."""

    path: str
    bytes: int
    sha256: str
