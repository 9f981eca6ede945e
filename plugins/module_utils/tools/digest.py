# Copyright: (c) The Probealarm contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""How many rows a table has and what is in them, told in one row of an answer.

The content digest is a multiset hash: every row is hashed, and the hashes are summed. It does not
depend on the order of rows, so a dump may load in any, and one changed cell, a lost or a doubled
row changes it; that it does not has a chance of one in 2 to the power of 64 at most. It finds
damage, not forgery: the list of digests is guarded by the snapshot's own encryption and
authentication.

Measuring goes on while the dump is written, and most of its work are these hashes. So each server
hashes a row once, by what it is quickest at: MariaDB sums the first 64 bits of MD5, PostgreSQL its
own 64-bit hash of text with two seeds. Both summed two parts of MD5 before (form 1), for which they
computed it twice.
"""

from __future__ import annotations

import hashlib

from ..manifest import Table

FORM = 2
"""Stands before a digest; form 1 had two numbers and nothing before them."""


class RowsDigest:
    """The same kind of digest for rows that are read here, where no server sums them up."""

    def __init__(self) -> None:
        self._sums = [0, 0]

    def add(self, row: bytes) -> None:
        """Add one row, whatever its place among the others."""
        hashed = hashlib.sha256(row).hexdigest()
        self._sums[0] += int(hashed[:15], 16)
        self._sums[1] += int(hashed[15:30], 16)

    def __str__(self) -> str:
        return f"{self._sums[0]:x}-{self._sums[1]:x}"


def table_of(answer: list[str]) -> Table:
    """Read ``rows, sum...`` as a table; a table without a digest answers ``rows`` alone.

    Sums are signed in PostgreSQL.
    """
    rows, *sums = (int(number) for number in answer)
    if not sums:
        return Table(rows=rows)
    return Table(rows=rows, digest=f"{FORM}:" + ",".join(f"{number:x}" for number in sums))
