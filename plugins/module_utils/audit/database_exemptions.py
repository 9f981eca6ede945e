# Copyright: (c) The Probealarm contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Which exemption of the declaration holds for a database, or for a server as a whole."""

from __future__ import annotations

from collections.abc import Iterable

from .claims import Claims, DatabaseExemption, Exemption, Patterns, one_spelling
from .database_stores import subject_of
from .facts import DatabaseSeen
from .finding import Alarm


class DatabaseExemptions:
    """The exemptions of a host; one that could mean several databases exempts none."""

    def __init__(self, claims: Claims, databases: Iterable[DatabaseSeen]) -> None:
        """Find out which of them say clearly what they mean.

        Args:
            claims: what is declared.
            databases: all that need an answer.
        """
        self._paths = Patterns(claims.exemptions)
        self._clear: list[DatabaseExemption] = []
        self.ambiguous: dict[DatabaseExemption, Alarm] = {}
        seen = list(databases)
        for exemption in claims.databases:
            named = [subject_of(one) for one in seen if _is_named(one, exemption)]
            if len(named) < 2:
                self._clear.append(exemption)
            else:
                self.ambiguous[exemption] = _ambiguous(exemption, named)

    def of(self, seen: DatabaseSeen) -> DatabaseExemption | Exemption | None:
        """Give the one that holds; one of paths counts where nobody can say what is in there."""
        for exemption in self._clear:
            if _is_named(seen, exemption):
                return exemption
        directory = one_spelling(seen.server.data_directory)
        if directory and (seen.cannot_dump or seen.refused):
            parts = directory.split("/")
            for end in range(2, len(parts) + 1):
                if found := self._paths.matching("/".join(parts[:end])):
                    return found
        return None


def _is_named(seen: DatabaseSeen, exemption: DatabaseExemption) -> bool:
    """Tell whether an exemption names a database, by its name alone or as a finding does."""
    return exemption.database in ({seen.name} - {""} | {subject_of(seen)})


def _ambiguous(exemption: DatabaseExemption, named: list[str]) -> Alarm:
    subject = f"database {exemption.database}"
    return Alarm(
        "ambiguous exemption",
        subject,
        f"the exemption of {subject} in {exemption.service} could mean "
        f"{' or '.join(sorted(named))}, so it exempts none of them. Write the one that is meant "
        "as it stands here.",
    )
