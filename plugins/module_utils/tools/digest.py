# Copyright: (c) The Probealarm contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""How many rows a table has and what is in them, told in one row of an answer.

The content digest is a multiset hash: the MD5 of every row, cut into two numbers of 60 bits, each
summed. It does not depend on the order of rows, so a dump may load in any, and one changed cell, a
lost or a doubled row changes it. It finds damage, not forgery: the list of digests is guarded by
the snapshot's own encryption and authentication.
"""

from __future__ import annotations

import hashlib

from ..manifest import Table


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
    """Read ``rows, sum, sum`` as a table; a table without a digest answers ``rows`` alone."""
    if len(answer) == 1:
        return Table(rows=int(answer[0]))
    return Table(rows=int(answer[0]), digest=f"{int(answer[1]):x}-{int(answer[2]):x}")
