# Copyright: (c) The Probealarm contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""MariaDB through its own command line clients: measure, dump, load, ask.

Root logs in over the unix socket, so there is no password to keep. All statements of a measure run
in one transaction.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from ..errors import Trouble
from ..host import Call, Finished, Host, Running, Session
from ..manifest import Measure, Table
from ..stores import DatabaseStore
from .answers import LONGEST_SECONDS, refusal, rows_of, run_for_answer
from .digest import table_of

ERROR_LINE = re.compile(
    r"^ERROR (?P<code>\d+) \((?P<state>\w+)\) at line (?P<line>\d+)[^:]*: (?P<message>.*)$",
    re.MULTILINE,
)
SYNTAX_ERROR = "1064"
"""Quotes the statement from where it could not be read on, values and all."""
END_MARK = b"-- Dump completed"
FIRST_DEFINITION = (
    b"-- Table structure",
    b"-- Temporary table",
    b"-- Sequence structure",
    END_MARK,
)

OBJECTS = """
SELECT CONCAT('table ', table_name), CONCAT_WS(' ', column_name, ordinal_position, column_type,
       is_nullable, IFNULL(column_default, '-'), IFNULL(collation_name, '-'), extra,
       IFNULL(generation_expression, '-'))
  FROM information_schema.columns WHERE table_schema = {schema}
UNION ALL
SELECT CONCAT('engine of ', table_name), CONCAT_WS(' ', table_type, engine, table_collation)
  FROM information_schema.tables WHERE table_schema = {schema}
UNION ALL
SELECT CONCAT('index ', table_name, '.', index_name), CONCAT_WS(' ', seq_in_index, non_unique,
       column_name, IFNULL(sub_part, '-'), index_type)
  FROM information_schema.statistics WHERE table_schema = {schema}
UNION ALL
SELECT CONCAT('foreign key ', table_name, '.', constraint_name), CONCAT_WS(' ',
       referenced_table_name, update_rule, delete_rule)
  FROM information_schema.referential_constraints WHERE constraint_schema = {schema}
UNION ALL
SELECT CONCAT('view ', table_name), CONCAT_WS(' ', check_option, security_type, view_definition)
  FROM information_schema.views WHERE table_schema = {schema}
UNION ALL
SELECT CONCAT('trigger ', trigger_name), CONCAT_WS(' ', event_object_table, action_timing,
       event_manipulation, action_statement)
  FROM information_schema.triggers WHERE trigger_schema = {schema}
UNION ALL
SELECT CONCAT(LOWER(routine_type), ' ', routine_name), CONCAT_WS(' ', IFNULL(data_type, '-'),
       sql_data_access, is_deterministic, routine_definition)
  FROM information_schema.routines WHERE routine_schema = {schema}
UNION ALL
SELECT CONCAT('event ', event_name), CONCAT_WS(' ', event_type, IFNULL(interval_value, '-'),
       IFNULL(interval_field, '-'), status, event_definition)
  FROM information_schema.events WHERE event_schema = {schema}
ORDER BY 1, 2"""


@dataclass(frozen=True)
class MariaDb:
    """One server, reached over its socket by root."""

    host: Host
    socket: str

    @contextmanager
    def session(self) -> Iterator[Session]:
        """Keep a client open in which text is UTF-8 and times are UTC."""
        session = self.host.open_session(
            [
                *("mariadb", "--no-defaults", f"--socket={self.socket}", "--user=root"),
                *("--batch", "--skip-column-names", "--unbuffered"),
                "--default-character-set=utf8mb4",
            ],
            lambda word: f"SELECT '{word}'",
        )
        try:
            session.ask("SET time_zone = '+00:00', sql_mode = '', group_concat_max_len = 1048576")
            yield session
        finally:
            session.close()

    def dump_into(self, database: str, file: Path) -> Running:
        """Start a dump of one database: tables, views, triggers, routines and events.

        The text of one dump to the next differs only where data does (no date, no comments that
        change), so that the snapshots deduplicate.
        """
        return self.host.start(
            Call(
                argv=[
                    *("mariadb-dump", "--no-defaults", f"--socket={self.socket}", "--user=root"),
                    *("--single-transaction", "--quick", "--hex-blob", "--skip-dump-date"),
                    *("--routines", "--events", "--triggers"),
                    *("--default-character-set=utf8mb4", database),
                ],
                output_file=file,
            )
        )

    def load(self, database: str, dump: Path) -> Finished:
        """Load a dump into a database that exists and is empty; the first error ends it."""
        return self.host.run(
            Call(
                argv=[
                    *("mariadb", "--no-defaults", f"--socket={self.socket}", "--user=root"),
                    *("--batch", "--default-character-set=utf8mb4", f"--database={database}"),
                ],
                input_file=dump,
            )
        )

    def answer(self, database: str, query: str, folder: Path) -> list[list[str | None]]:
        """Ask one question, in a session of its own that cannot write.

        The client writes NULL and the text NULL alike; both are read as NULL.
        The rows lie in ``folder``, which is the drill's own, while they are read.

        Raises:
            Refused: the server refuses it.
            Unproven: it took too long, or the server died.
        """
        settings = (
            "time_zone = '+00:00', sql_mode = '', tx_read_only = 1, "
            f"max_statement_time = {LONGEST_SECONDS}"
        )
        argv = [
            *("mariadb", "--no-defaults", f"--socket={self.socket}", "--user=root"),
            *("--batch", "--skip-column-names", "--default-character-set=utf8mb4"),
            *(f"--init-command=SET SESSION {settings}", f"--database={database}"),
            f"--execute={query}",
        ]
        done, output = run_for_answer(self.host, argv, folder)
        if done.status != 0:
            raise refusal(query, done.complaint, load_fault(done))
        return rows_of(output, "NULL")

    def create_database(self, session: Session, database: str, creation: dict[str, str]) -> None:
        """Make an empty database with the character set and collation it had."""
        session.ask(
            f"CREATE DATABASE {identifier(database)} CHARACTER SET {creation['character_set']} "
            f"COLLATE {creation['collation']}"
        )

    def measure(self, session: Session, store: DatabaseStore) -> Measure:
        """Measure a database in the transaction that the session has open.

        Raises:
            Trouble: the database does not exist, or a table cannot be read.
        """
        schema = literal(store.database)
        creation = session.ask(
            "SELECT default_character_set_name, default_collation_name "
            f"FROM information_schema.schemata WHERE schema_name = {schema}"
        )
        if not creation:
            raise Trouble(missing_database(store.database, f"the MariaDB server at {self.socket}"))
        names = session.ask(
            "SELECT table_name FROM information_schema.tables "
            f"WHERE table_schema = {schema} AND table_type IN ('BASE TABLE', 'SYSTEM VERSIONED') "
            "ORDER BY 1"
        )
        return Measure(
            server_version=session.ask("SELECT VERSION()")[0][0],
            creation={"character_set": creation[0][0], "collation": creation[0][1]},
            tables={name: self._table(session, store, name) for (name,) in names},
            objects=_digests(session.ask(OBJECTS.format(schema=schema))),
        )

    def _table(self, session: Session, store: DatabaseStore, name: str) -> Table:
        table = f"{identifier(store.database)}.{identifier(name)}"
        if not store.is_irreplaceable(name):
            return table_of(session.ask(f"SELECT COUNT(*) FROM {table}")[0])
        columns = session.ask(
            "SELECT column_name FROM information_schema.columns WHERE table_schema = "
            f"{literal(store.database)} AND table_name = {literal(name)} ORDER BY ordinal_position"
        )
        cells = ", ".join(f"QUOTE({identifier(column)})" for (column,) in columns)
        answer = session.ask(
            "SELECT COUNT(*), "
            "IFNULL(SUM(CAST(CONV(LEFT(h, 15), 16, 10) AS UNSIGNED)), 0), "
            "IFNULL(SUM(CAST(CONV(MID(h, 16, 15), 16, 10) AS UNSIGNED)), 0) "
            f"FROM (SELECT MD5(CONCAT_WS(',', {cells})) AS h FROM {table}) AS hashed"
        )
        return table_of(answer[0])


def has_begun(file: Path) -> bool:
    """Tell whether a dump has opened its view: its first definition is written only then."""
    with file.open("rb") as dump:
        head = dump.read(65536)
    return any(mark in head for mark in FIRST_DEFINITION)


def has_end(file: Path) -> bool:
    """Tell whether a dump is whole: mariadb-dump writes its last line only after everything."""
    with file.open("rb") as dump:
        dump.seek(max(0, file.stat().st_size - 200))
        return END_MARK in dump.read()


def load_fault(done: Finished) -> str:
    """Say why a dump did not load or a query was refused, without the values in it.

    The client prints the failing statement, which may hold people's data; a report must not. Names
    of objects are told (SQLSTATE class 42, manual: "Error Codes"). Of all others nothing is told
    from the first quote on, because a value may have quotes in it.
    """
    found = ERROR_LINE.search(done.complaint)
    if found is None:
        return f"the client ended with status {done.status} and named no error"
    told = found["message"]
    if found["code"] == SYNTAX_ERROR or not found["state"].startswith("42"):
        told = re.sub(r"'.*", "'...'", told)
    return f"ERROR {found['code']} ({found['state']}) at line {found['line']}: {told}"


def missing_database(database: str, server: str) -> str:
    """Say that a declared database is not there."""
    return (
        f"the database {database} does not exist on {server}, so nothing was saved. Correct the "
        "name in services.probealarm.yml, or find out who dropped it: the last snapshot has it."
    )


def identifier(name: str) -> str:
    """Quote a name for MariaDB (manual: "Identifier Names")."""
    return "`" + name.replace("`", "``") + "`"


def literal(text: str) -> str:
    """Quote a text for MariaDB."""
    return "'" + text.replace("\\", "\\\\").replace("'", "''") + "'"


def _digests(rows: list[list[str]]) -> dict[str, str]:
    texts: dict[str, list[str]] = {}
    for name, *definition in rows:
        texts.setdefault(name, []).append("\t".join(definition))
    return {
        name: hashlib.sha256("\n".join(lines).encode("utf-8", "surrogateescape")).hexdigest()[:32]
        for name, lines in texts.items()
    }
