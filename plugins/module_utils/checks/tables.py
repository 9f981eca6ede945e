# Copyright: (c) The Probealarm contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Rules across tables: what one names, the other has."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from .evidence import Asking, Evidence, Finding, Question
from .words import not_so_for

COLUMNS_OF = {
    "mariadb": (
        "SELECT table_name, column_name FROM information_schema.columns "
        "WHERE table_schema = DATABASE()"
    ),
    "postgresql": (
        "SELECT table_name, column_name FROM information_schema.columns "
        "WHERE table_schema = 'public'"
    ),
    "sqlite": (
        "SELECT m.name, c.name FROM sqlite_master AS m JOIN pragma_table_info(m.name) AS c "
        "WHERE m.type IN ('table', 'view')"
    ),
}
"""How an engine lists every column of its tables."""

FOLDS_COLUMNS = frozenset({"mariadb", "sqlite"})
"""Engines to which Name and name are one column (MariaDB manual, "Identifier Case-sensitivity")."""


@dataclass(frozen=True, kw_only=True)
class TablesExist(Asking):
    """Every row names a table, or a column as ``table.column``, that the database has.

    Attributes:
        engine: of the store; the contract says it there.
    """

    unit: str
    engine: str

    def __post_init__(self) -> None:
        if self.engine not in COLUMNS_OF:
            raise ValueError(f"a store of kind {self.engine} has no tables")

    def questions(self) -> Iterator[Question]:
        """See :meth:`Check.questions`."""
        yield from super().questions()
        yield self._everything()

    def find(self, evidence: Evidence) -> Finding:
        """See :meth:`Check.find`."""
        named = {row[0] for row in self.answer(evidence) if row[0]}
        if not named:
            return self.nothing_to_compare(evidence, self.unit)
        there = set()
        for row in evidence.answer(self._everything()):
            there |= {row[0], self._folded(f"{row[0]}.{row[-1]}")}
        missing = sum(self._folded(name) not in there for name in named)
        if not missing:
            return self.sound(len(named))
        return self.objection(not_so_for(missing, len(named), self.unit))

    def _everything(self) -> Question:
        return Question(self.store, COLUMNS_OF[self.engine])

    def _folded(self, name: str) -> str:
        table, dot, column = name.partition(".")
        return f"{table}{dot}{column.lower() if self.engine in FOLDS_COLUMNS else column}"


@dataclass(frozen=True, kw_only=True)
class RowsMatch(Asking):
    """Every value of one query's first column is in that of another, perhaps of another store."""

    other_store: str
    other_query: str
    unit: str

    def questions(self) -> Iterator[Question]:
        """See :meth:`Check.questions`."""
        yield from super().questions()
        yield Question(self.other_store, self.other_query)

    def find(self, evidence: Evidence) -> Finding:
        """See :meth:`Check.find`; NULL points to nothing and is not compared."""
        wanted = [row[0] for row in self.answer(evidence) if row[0] is not None]
        known = {row[0] for row in evidence.answer(Question(self.other_store, self.other_query))}
        if not wanted:
            return self.nothing_to_compare(evidence, self.unit)
        missing = sum(value not in known for value in wanted)
        if not missing:
            return self.sound(len(wanted))
        return self.objection(not_so_for(missing, len(wanted), self.unit))
