# Copyright: (c) The Probealarm contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Ask a MariaDB or MySQL server for its databases and tables.

Source: both manuals, "INFORMATION_SCHEMA TABLES Table". InnoDB forgets when a table was changed as
soon as the server restarts; then its file tells.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

from ..host import Call, Host
from .asking import (
    ANSWERS_WITHIN_SECONDS,
    SILENCE_SECONDS,
    Asker,
    Row,
    Unanswered,
    changed_at,
    moment,
    newest,
    whole,
)
from .facts import DatabaseSeen, ServerSeen, TableSeen
from .patience import Silence, from_child

SYSTEM = ("information_schema", "mysql", "performance_schema", "sys")
FILES = (".ibd", ".MYD", ".MAD", ".CSV", ".ARZ")
"""Where engines keep rows: InnoDB, MyISAM, Aria, CSV, ARCHIVE; the newest of them counts."""

QUESTION = f"""/*!80000 SET SESSION information_schema_stats_expiry = 0 */;
/*M!100102 SET STATEMENT max_statement_time = {ANSWERS_WITHIN_SECONDS} FOR */
SELECT /*+ MAX_EXECUTION_TIME({ANSWERS_WITHIN_SECONDS}000) */
       s.schema_name, t.table_name, t.engine, t.table_rows,
       IFNULL(t.data_length, 0) + IFNULL(t.index_length, 0),
       UNIX_TIMESTAMP(t.update_time), UNIX_TIMESTAMP(t.create_time)
  FROM information_schema.schemata s
  LEFT JOIN information_schema.tables t
    ON t.table_schema = s.schema_name AND t.table_type IN ('BASE TABLE', 'SYSTEM VERSIONED')
 WHERE s.schema_name NOT IN ({", ".join(f"'{name}'" for name in SYSTEM)})
 ORDER BY 1, 2"""
"""One row for each table that a manifest would name, or one with NULL for a database without any.
The comments are read by MySQL 8 and by MariaDB alone (manuals: "Comments", "Comment Syntax")."""


def ask(host: Host, server: ServerSeen) -> tuple[DatabaseSeen, ...]:
    """Return the databases that are not the server's own.

    Raises:
        Unanswered: the server does not let root in, or takes too long.
    """
    answer = Asker(host, server).rows(_question(server), "NULL")
    if any(len(row) != 7 for row in answer):
        raise Unanswered("its client printed something else than the answer")
    databases: dict[str, list[Row]] = {}
    for row in answer:
        databases.setdefault(row[0] or "", []).append(row)
    return tuple(_database(server, name, rows) for name, rows in databases.items())


def folders_in(data_directory: str) -> tuple[str, ...]:
    """Name the databases as their folders tell, for a server that does not."""
    if not data_directory:
        return ()

    def folders() -> Iterator[tuple[str]]:
        for path in Path(data_directory).iterdir():
            if path.is_dir():
                yield (path.name,)

    try:
        found = [name for (name,) in from_child(folders, seconds=SILENCE_SECONDS)]
    except (OSError, Silence):
        return ()
    own = {*SYSTEM, "#innodb_redo", "#innodb_temp", "#rocksdb"}
    return tuple(sorted(_plain(name) for name in found if name not in own and name[0] not in "#."))


def file_name(name: str) -> str:
    """Return how the server calls the folder or file of a name.

    Manual: "Identifier to File Name Mapping". Some letters outside of ASCII have other, shorter
    forms; their files are then not found.
    """
    return re.sub(r"[^0-9A-Za-z_]", lambda found: f"@{ord(found[0]):04x}", name)


def _plain(file: str) -> str:
    """Undo :func:`file_name`."""
    return re.sub(r"@([0-9a-f]{4})", lambda found: chr(int(found[1], 16)), file)


def _question(server: ServerSeen) -> Call:
    where = (
        [f"--socket={server.socket}"]
        if server.socket
        else ["--host=127.0.0.1", f"--port={server.port}"]
    )
    return Call(
        argv=[
            *("mariadb", "--no-defaults", *where, "--user=root", "--connect-timeout=10"),
            *("--batch", "--skip-column-names", "--default-character-set=utf8mb4"),
            f"--execute={QUESTION}",
        ]
    )


def _database(server: ServerSeen, name: str, rows: list[Row]) -> DatabaseSeen:
    tables = tuple(_tables(server, name, rows))
    return DatabaseSeen(
        server=server,
        name=name,
        bytes=sum(table.bytes for table in tables),
        changed=newest(table.changed for table in tables),
        tables=tables,
    )


def _tables(server: ServerSeen, database: str, rows: list[Row]) -> Iterator[TableSeen]:
    for _, name, engine, count, size, updated, created in rows:
        if name is not None:
            yield TableSeen(
                schema="",
                name=name,
                engine=engine or "",
                bytes=whole(size),
                rows=whole(count),
                changed=newest(
                    [moment(updated), moment(created), *_file_times(server, database, name)]
                ),
            )


def _file_times(server: ServerSeen, database: str, table: str) -> Iterator[datetime | None]:
    if server.data_directory:
        folder = Path(server.data_directory) / file_name(database)
        yield from (changed_at(folder / f"{file_name(table)}{ending}") for ending in FILES)
