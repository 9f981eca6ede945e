"""Small plans, and their tables with all rows read."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime

from lab.content.plan import Plan, Sizes
from lab.content.tables import Row, Table

NOW = datetime(2026, 5, 4, 12, 0, tzinfo=UTC)
SMALL = Sizes(
    contacts=600, deliveries=480, posts=20, images=6, comments=12, voters=120, ballots=16,
    messages=30,
)  # fmt: skip


def small_plan(seed: int = 1) -> Plan:
    return Plan(seed, NOW, SMALL)


class Read:
    """All tables of a service, read once."""

    def __init__(self, tables: Iterable[Table]) -> None:
        self._columns: dict[str, tuple[str, ...]] = {}
        self.rows: dict[str, list[Row]] = {}
        for table in tables:
            self._columns[table.name] = table.columns
            self.rows[table.name] = [tuple(row) for row in table.rows]

    def column(self, table: str, column: str) -> list[object]:
        place = self._columns[table].index(column)
        return [row[place] for row in self.rows[table]]
