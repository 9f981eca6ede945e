# Copyright: (c) The Probealarm contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Measure a database of MariaDB in whatever transaction a session has open."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence

from ..errors import Trouble
from ..host import Session
from ..manifest import Measure, Table
from ..stores import DatabaseStore
from .digest import table_of
from .mariadb_accounts import Statement, objects
from .mariadb_names import identifier, literal
from .mariadb_objects import FORM, OBJECTS
from .turns import EVERYBODY, Turns


def measure(
    session: Session,
    store: DatabaseStore,
    accounts: Sequence[Statement],
    turns: Turns = EVERYBODY,
) -> Measure:
    """Ask for everything that a manifest says of a database.

    Raises:
        Trouble: a table cannot be read.
    """
    schema = literal(store.database)
    made = creation(session, store.database)[0]
    tables = session.ask(
        "SELECT table_name, IF(table_type = 'SYSTEM VERSIONED', ' FOR SYSTEM_TIME ALL', ''), "
        "IFNULL(data_length, 0) "
        "FROM information_schema.tables "
        f"WHERE table_schema = {schema} AND table_type IN ('BASE TABLE', 'SYSTEM VERSIONED') "
        "ORDER BY 1"
    )
    return Measure(
        server_version=session.ask("SELECT VERSION()")[0][0],
        creation={"character_set": made[0], "collation": made[1]},
        tables={
            name: _table(
                session,
                store,
                name,
                span,
                is_hashed=store.is_irreplaceable(name) and turns.has(name, int(size)),
            )
            for name, span, size in tables
        },
        objects={**_digests(session.ask(OBJECTS.format(schema=schema))), **objects(accounts)},
        counters=counters(session, store.database),
        form=FORM,
    )


def creation(session: Session, database: str) -> list[list[str]]:
    """Ask for the character set and collation of a database; no row where there is none."""
    return session.ask(
        "SELECT default_character_set_name, default_collation_name "
        f"FROM information_schema.schemata WHERE schema_name = {literal(database)}"
    )


def counters(session: Session, database: str) -> dict[str, int]:
    """Ask for the next value of every sequence, and of every column that counts by itself."""
    schema = literal(database)
    sequences = session.ask(
        "SELECT table_name FROM information_schema.tables "
        f"WHERE table_schema = {schema} AND table_type = 'SEQUENCE' ORDER BY 1"
    )
    values = {
        name: session.ask(
            f"SELECT next_not_cached_value FROM {identifier(database)}.{identifier(name)}"
        )[0][0]
        for (name,) in sequences
    }
    counting = session.ask(
        "SELECT CONCAT('AUTO_INCREMENT of ', table_name), auto_increment "
        "FROM information_schema.tables "
        f"WHERE table_schema = {schema} AND auto_increment > 0 ORDER BY 1"
    )
    return {name: int(value) for name, value in [*values.items(), *counting]}


def _table(
    session: Session, store: DatabaseStore, name: str, span: str, *, is_hashed: bool
) -> Table:
    table = f"{identifier(store.database)}.{identifier(name)}{span}"
    if not is_hashed:
        return table_of(session.ask(f"SELECT COUNT(*) FROM {table}")[0])
    columns = session.ask(
        "SELECT column_name FROM information_schema.columns WHERE table_schema = "
        f"{literal(store.database)} AND table_name = {literal(name)} ORDER BY ordinal_position"
    )
    if not columns:
        raise Trouble(f"table {name} was dropped or renamed while the backup ran")
    cells = ", ".join(f"QUOTE({identifier(column)})" for (column,) in columns)
    answer = session.ask(
        "SELECT COUNT(*), "
        f"IFNULL(SUM(CAST(CONV(LEFT(MD5(CONCAT_WS(',', {cells})), 16), 16, 10) AS UNSIGNED)), 0) "
        f"FROM {table}"
    )
    return table_of(answer[0])


def _digests(rows: list[list[str]]) -> dict[str, str]:
    texts: dict[str, list[str]] = {}
    for name, *definition in rows:
        texts.setdefault(name, []).append("\t".join(definition))
    return {
        name: hashlib.sha256("\n".join(lines).encode("utf-8", "surrogateescape")).hexdigest()[:32]
        for name, lines in texts.items()
    }
