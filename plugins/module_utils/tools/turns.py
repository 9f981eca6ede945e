# Copyright: (c) The Probealarm contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Which tables' content is hashed in a backup: small ones always, large ones in turn.

Hashing every row costs about as much as dumping it. A large table's rows are counted in every
backup, and its content has its turn once in :data:`NIGHTS` days, so that a night pays for a part.
"""

from __future__ import annotations

import zlib
from dataclasses import dataclass
from datetime import date

LARGE_BYTES = 32 * 1024 * 1024
"""Of rows as the server stores them, without indexes; about 100,000 contacts of a newsletter."""

NIGHTS = 4


@dataclass(frozen=True)
class Turns:
    """Whose turn it is.

    Attributes:
        day: of the backup; without one it is everybody's turn, as in a drill.
    """

    day: date | None = None

    def has(self, table: str, size: int) -> bool:
        """Tell whether a table of a size in bytes is hashed."""
        if self.day is None or size <= LARGE_BYTES:
            return True
        own = zlib.crc32(table.encode("utf-8", "surrogateescape"))
        return (self.day.toordinal() + own) % NIGHTS == 0


EVERYBODY = Turns()
