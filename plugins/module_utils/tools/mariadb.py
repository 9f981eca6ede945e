# Copyright: (c) The Probealarm contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""MariaDB through its own command line clients: measure, dump, load, ask.

Root logs in over the unix socket, so there is no password to keep; in a container another account
may, and the password is found in there. All statements of a measure run in one transaction.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from ..errors import Trouble
from ..host import Call, Finished, Host, Running, Session
from ..manifest import Measure
from ..stores import DatabaseStore
from .answers import LONGEST_SECONDS, refusal, rows_of, run_for_answer
from .mariadb_accounts import Statement, statements
from .mariadb_measure import counters, creation, measure
from .mariadb_names import identifier, literal, missing_database
from .mariadb_objects import MISSING_RIGHTS, NON_TRANSACTIONAL
from .turns import EVERYBODY, Turns

ERROR_LINE = re.compile(
    r"^ERROR (?P<code>\d+) \((?P<state>\w+)\) at line (?P<line>\d+)[^:]*: (?P<message>.*)$",
    re.MULTILINE,
)
SYNTAX_ERROR = "1064"
"""Quotes the statement from where it could not be read on, values and all."""

LOCK_WAIT_SECONDS = 20
"""Nobody, neither a backup nor the application behind it, waits longer for a lock of ours."""


@dataclass(frozen=True)
class MariaDb:
    """One server, reached over its socket."""

    host: Host
    socket: str
    user: str = "root"

    @contextmanager
    def session(self) -> Iterator[Session]:
        """Keep a client open in which text is UTF-8 and times are UTC."""
        session = self.host.open_session(
            [
                *(*self._client("mariadb"), "--batch", "--skip-column-names", "--unbuffered"),
                "--default-character-set=utf8mb4",
            ],
            lambda word: f"SELECT '{word}'",
        )
        try:
            try:
                session.ask(
                    "SET time_zone = '+00:00', sql_mode = '', group_concat_max_len = 1048576, "
                    f"lock_wait_timeout = {LOCK_WAIT_SECONDS}"
                )
            except Trouble as words:
                raise Trouble(
                    f"the MariaDB server at {self.socket} lets nobody in: {words}"
                ) from None
            yield session
        finally:
            session.close()

    def dump_into(self, database: str, file: Path) -> Running:
        """Start a dump of one database: tables, views, triggers, routines, events, sequences.

        Of tables with system versioning the history is dumped, too.

        The text of one dump to the next differs only where data does, so that the snapshots
        deduplicate: no date, and few statements, because each ends elsewhere when rows before it
        come or go. One of 15 MiB is still taken by a server with the default of
        ``max_allowed_packet``, which is 16.

        It locks no table while it is loaded: where a column takes its default from a sequence, the
        server would miss a lock on that, too (error 1100), and the dump would not load.
        """
        return self.host.start(
            Call(
                argv=[
                    *(*self._client("mariadb-dump"), "--single-transaction", "--quick"),
                    *("--hex-blob", "--skip-dump-date", "--net-buffer-length=15M"),
                    "--skip-add-locks",
                    *("--routines", "--events", "--triggers", "--dump-history"),
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
                    *(*self._client("mariadb"), "--batch"),
                    *("--default-character-set=utf8mb4", f"--database={database}"),
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
            *(*self._client("mariadb"), "--batch", "--skip-column-names"),
            "--default-character-set=utf8mb4",
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

    def require(self, session: Session, database: str) -> None:
        """See that the database exists and that this account would see all of it.

        Raises:
            Trouble: it does not, or a right is missing. mariadb-dump leaves out silently what its
                account may not see, and reports success. Or the server is MySQL, which has neither
                ``BACKUP STAGE`` nor the same tables about accounts.
        """
        version = session.ask("SELECT VERSION()")[0][0]
        if "MariaDB" not in version:
            raise Trouble(
                f"the server at {self.socket} is MySQL {version} and not MariaDB. This version can "
                "hold no MySQL still to dump it exactly, and nothing was saved; save this database "
                "by other means."
            )
        if not creation(session, database):
            raise Trouble(missing_database(database, f"the MariaDB server at {self.socket}"))
        if missing := [privilege for (privilege,) in session.ask(MISSING_RIGHTS)]:
            account = session.ask("SELECT CURRENT_USER()")[0][0]
            raise Trouble(
                f"the account {account} lacks {', '.join(missing)} at the MariaDB server at "
                f"{self.socket}, so a dump of {database} would silently lack tables, views, "
                "triggers, routines or events. Nothing was saved; grant it all of that on *.*."
            )

    def accounts(self, session: Session, database: str) -> tuple[Statement, ...]:
        """Ask for the accounts and grants of a database; they hold hashes of passwords."""
        return statements(session, database, literal(database))

    def counters(self, session: Session, database: str) -> dict[str, int]:
        """Ask for the next value of every sequence, and of every column that counts by itself.

        They stand outside transactions: asked before the dump begins, a copy is never behind.
        """
        return counters(session, database)

    def non_transactional(self, session: Session, database: str) -> tuple[str, ...]:
        """Name the tables that no transaction keeps still: MyISAM, Aria, MEMORY and the like."""
        asked = session.ask(NON_TRANSACTIONAL.format(schema=literal(database)))
        return tuple(name for (name,) in asked)

    def lock(self, session: Session, database: str, tables: Sequence[str]) -> None:
        """Let writers of tables wait until the session ends; readers go on."""
        wanted = (f"{identifier(database)}.{identifier(table)} READ" for table in tables)
        session.ask(f"LOCK TABLES {', '.join(wanted)}")

    def waiting_for_definitions(self, session: Session) -> int:
        """Tell how long somebody has waited to change or drop a table, in seconds."""
        asked = session.ask(
            "SELECT IFNULL(MAX(time), 0) FROM information_schema.processlist "
            "WHERE state = 'Waiting for table metadata lock'"
        )
        return int(asked[0][0])

    def measure(
        self,
        session: Session,
        store: DatabaseStore,
        accounts: Sequence[Statement] = (),
        turns: Turns = EVERYBODY,
    ) -> Measure:
        """Measure a database in the transaction that the session has open.

        Raises:
            Trouble: a table cannot be read.
        """
        return measure(session, store, accounts, turns)

    def _client(self, program: str) -> list[str]:
        return [program, "--no-defaults", f"--socket={self.socket}", f"--user={self.user}"]


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
