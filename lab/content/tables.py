"""Rows on their way into a database, as the text that both MariaDB and PostgreSQL load.

Moments are in UTC and written without a zone, as Mautic's columns want them; a session of
PostgreSQL that loads them sets its zone to UTC.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime

Value = str | int | float | date | datetime | None
Row = Sequence[Value]

_ESCAPES = str.maketrans({"\\": "\\\\", "\t": "\\t", "\n": "\\n", "\r": "\\r"})


@dataclass(frozen=True)
class Table:
    """Rows for one table; columns that are not named keep their default."""

    name: str
    columns: tuple[str, ...]
    rows: Iterable[Row]


def table(name: str, columns: str, rows: Iterable[Row]) -> Table:
    """Make a table from its column names, written one after the other with spaces between."""
    return Table(name, tuple(columns.split()), rows)


def _field(value: Value) -> str:
    if value is None:
        return "\\N"
    if isinstance(value, str):
        return value.translate(_ESCAPES)
    if isinstance(value, bool):
        return "1" if value else "0"
    if isinstance(value, datetime):
        return str(value)[:19]
    return str(value)


def lines(rows: Iterable[Row]) -> Iterator[str]:
    r"""Write rows as tab-separated lines, NULL as ``\N``, which ``LOAD DATA`` and ``COPY`` read."""
    for row in rows:
        yield "\t".join(map(_field, row)) + "\n"
