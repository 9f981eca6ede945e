# Copyright: (c) The Probealarm contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What is said of databases: names, a few words, a line a table."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from ..text import count, show_bytes
from .facts import DatabaseSeen, ServerEngine, TableSeen

OF_THE_SERVER: Mapping[ServerEngine, frozenset[str]] = {
    "mariadb": frozenset({"information_schema", "mysql", "performance_schema", "sys"}),
    "postgresql": frozenset({"template0", "template1"}),
}


def is_state(seen: DatabaseSeen) -> bool:
    """Tell whether a database is anybody's: not the server's own, and not empty."""
    if seen.refused or seen.cannot_dump:
        return True
    return bool(seen.tables) and seen.name not in OF_THE_SERVER.get(seen.server.engine, ())


def name_in(table: TableSeen) -> str:
    """Name a table as manifests do."""
    return f"{table.schema}.{table.name}" if table.schema else table.name


def told(seen: DatabaseSeen) -> str:
    """Say in a few words what is in a database."""
    if not seen.tables:
        return ""
    schemas = sorted({table.schema for table in seen.tables} - {"", "public"})
    engines = sorted({table.engine for table in seen.tables} - {"", "InnoDB", "heap"})
    if seen.server.engine == "redis":
        return count(sum(table.rows for table in seen.tables), "key")
    return (
        count(len(seen.tables), "table")
        + (f", schemas {', '.join(schemas)}" if schemas else "")
        + (f", some of them {', '.join(engines)}" if engines else "")
    )


def parts_of(seen: DatabaseSeen) -> Iterator[str]:
    """Give a line a table."""
    for table in seen.tables:
        changed = f", last change {table.changed:%Y-%m-%d %H:%M} UTC" if table.changed else ""
        engine = f"{table.engine}, " if table.engine else ""
        yield (
            f"{name_in(table)}: {engine}{show_bytes(table.bytes)}, "
            f"about {count(table.rows, 'row')}{changed}"
        )
