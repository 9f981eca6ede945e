# Copyright: (c) The Probealarm contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""PostgreSQL through its own command line clients: measure, dump, load, ask.

Clients run as a system user whom the cluster trusts by peer authentication, so there is no password
to keep; in a container they stay who they are, and the password is found in there. Dump and measure
share one snapshot by ``pg_export_snapshot()``; nobody waits.
"""

from __future__ import annotations

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
from .mariadb_names import missing_database
from .postgresql_objects import FORM, OBJECTS, SEQUENCES, TABLES
from .turns import EVERYBODY, Turns

ASKING = {
    "search_path": "public",
    "TimeZone": "UTC",
    "DateStyle": "ISO",
    "bytea_output": "hex",
    "client_encoding": "UTF8",
    "default_transaction_read_only": "on",
    "statement_timeout": f"{LONGEST_SECONDS}s",
}
"""How checks see a database: as the application does, and without a way to write."""


@dataclass(frozen=True)
class PostgreSql:
    """One cluster, reached over its socket.

    Attributes:
        socket: the folder of the socket.
        user: the role that may do everything, and the system user of the same name.
        becomes_user: whether clients have to become that system user.
    """

    host: Host
    socket: str
    port: int
    user: str
    becomes_user: bool = True

    @contextmanager
    def session(self, database: str) -> Iterator[Session]:
        """Keep a client open in which every value is written in one way.

        Raises:
            Trouble: the database does not exist or the cluster does not answer.
        """
        session = self.host.open_session(
            [
                *self._as_user("psql"),
                *("--no-psqlrc", "--quiet", "--no-align", "--tuples-only", "--field-separator=\t"),
                *("--set=ON_ERROR_STOP=1", f"--dbname={database}"),
            ],
            lambda word: f"SELECT '{word}'",
        )
        try:
            session.ask(
                "SET client_encoding = 'UTF8'; SET TimeZone = 'UTC'; SET DateStyle = 'ISO'; "
                "SET IntervalStyle = 'postgres'; SET bytea_output = 'hex'; "
                "SET extra_float_digits = 1; SET search_path = ''; SET row_security = off"
            )
            yield session
        except Trouble as trouble:
            if f'database "{database}" does not exist' in str(trouble):
                where = f"the PostgreSQL cluster at {self.socket}, port {self.port}"
                raise Trouble(missing_database(database, where)) from None
            raise
        finally:
            session.close()

    def answer(self, database: str, query: str, folder: Path) -> list[list[str | None]]:
        """Ask one question, in a session of its own that cannot write.

        ``COPY`` escapes what would break rows apart, and tells NULL from every text.
        The rows lie in ``folder``, which is the drill's own, while they are read.

        Raises:
            Refused: the server refuses it.
            Unproven: it took too long, or the server died.
        """
        argv = [
            *(*self._as_user("psql"), "--no-psqlrc", "--quiet", "--set=VERBOSITY=verbose"),
            *(f"--dbname={database}", f"--command=COPY ({query}\n) TO STDOUT"),
        ]
        options = " ".join(f"-c {name}={value}" for name, value in ASKING.items())
        done, output = run_for_answer(self.host, argv, folder, {"PGOPTIONS": options})
        if done.status != 0:
            raise refusal(query, done.complaint, query_fault(done))
        return rows_of(output, r"\N")

    def dump_into(self, database: str, file: Path, *, snapshot: str = "") -> Running:
        """Start a dump in pg_dump's custom form, uncompressed so that snapshots deduplicate."""
        view = [f"--snapshot={snapshot}"] if snapshot else []
        return self.host.start(
            Call(
                argv=[
                    *(*self._as_user("pg_dump"), "--format=custom", "--compress=0"),
                    *(*view, f"--dbname={database}"),
                ],
                output_file=file,
            )
        )

    def dump_roles_into(self, file: Path) -> Finished:
        """Write the roles, with the hashes of their passwords: the snapshot is encrypted."""
        argv = [*self._as_user("pg_dumpall"), "--roles-only"]
        return self.host.run(Call(argv=argv, output_file=file))

    def load(self, dump: Path) -> Finished:
        """Make the database with its rights and settings and load a dump; the first error ends it.

        Tablespaces are the source's disks, which this host need not have.
        """
        return self.host.run(
            Call(
                argv=[
                    *(*self._as_user("pg_restore"), "--exit-on-error", "--jobs=2", "--create"),
                    *("--no-tablespaces", "--dbname=postgres", str(dump)),
                ],
            )
        )

    def load_roles(self, roles: Path) -> Finished:
        """Make the roles that own things; those that exist already are left as they are."""
        argv = [*self._as_user("psql"), "--no-psqlrc", "--quiet", "--dbname=postgres"]
        return self.host.run(Call(argv=argv, input_file=roles))

    def measure(self, session: Session, store: DatabaseStore, turns: Turns = EVERYBODY) -> Measure:
        """Measure a database in the transaction that the session has open.

        Raises:
            Trouble: a table cannot be read.
        """
        creation = session.ask(
            "SELECT pg_encoding_to_char(encoding), datcollate, datctype FROM pg_database "
            "WHERE datname = current_database()"
        )[0]
        return Measure(
            server_version=session.ask("SHOW server_version")[0][0].split()[0],
            creation=dict(zip(("encoding", "collation", "character_type"), creation, strict=True)),
            tables={
                f"{schema}.{name}": self._table(
                    session,
                    f"{identifier(schema)}.{identifier(name)}",
                    is_hashed=store.is_irreplaceable(f"{schema}.{name}")
                    and turns.has(f"{schema}.{name}", int(size)),
                )
                for schema, name, size in session.ask(TABLES)
            },
            objects=self._objects(session),
            counters=self.counters(session),
            form=FORM,
        )

    def require(self, session: Session, database: str) -> None:
        """See that this role sees everything, roles and their passwords among it.

        Raises:
            Trouble: it does not.
        """
        asked = session.ask("SELECT rolsuper FROM pg_roles WHERE rolname = current_user")
        if asked != [["t"]]:
            raise Trouble(
                f"the role {self.user} of the PostgreSQL cluster at {self.socket}, port "
                f"{self.port}, is no superuser, so a dump of {database} with its roles is not for "
                "it to make. Nothing was saved; name a superuser, in a container as user of the "
                "store (POSTGRES_USER of the official image is one)."
            )

    def counters(self, session: Session) -> dict[str, int]:
        """Ask for the last value of every sequence, before the dump: a copy is never behind."""
        return {name: int(value) for name, value in session.ask(SEQUENCES)}

    def _table(self, session: Session, table: str, *, is_hashed: bool) -> Table:
        if not is_hashed:
            return table_of(session.ask(f"SELECT count(*) FROM {table}")[0])
        answer = session.ask(
            "SELECT count(*), coalesce(sum(hashtextextended(r, 0)), 0), "
            "coalesce(sum(hashtextextended(r, 1)), 0) "
            # OFFSET keeps the text of a row from being made twice.
            f'FROM (SELECT t::text COLLATE "C" AS r FROM {table} AS t OFFSET 0) AS texts'
        )
        return table_of(answer[0])

    def _objects(self, session: Session) -> dict[str, str]:
        rows = session.ask(
            "SELECT o.name, md5(string_agg(o.definition, E'\\n' ORDER BY o.definition)) "
            f"FROM ({OBJECTS}) AS o (name, definition) GROUP BY o.name ORDER BY o.name"
        )
        return dict(rows)

    def _as_user(self, program: str) -> list[str]:
        """Ask anew to die with us: whoever takes another account is no longer told of our end.

        At once: at a gentler signal pg_dump asks the server to cancel first, and waits for it.
        A client that asked for a password would take the next statement for one.
        """
        taking = [
            *("setpriv", f"--reuid={self.user}", f"--regid={self.user}", "--init-groups"),
            *("--pdeathsig", "KILL", "--"),
        ]
        return [
            *(taking if self.becomes_user else ()),
            *(program, f"--host={self.socket}", f"--port={self.port}", f"--username={self.user}"),
            "--no-password",
        ]


def load_fault(done: Finished) -> str:
    """Say why a dump did not load, without its DETAIL and CONTEXT lines and the values in them."""
    found = re.search(r"ERROR:\s+(.*)$", done.complaint, re.MULTILINE)
    if found is None:
        first = done.complaint.strip().splitlines()[:1]
        return first[0] if first else f"pg_restore ended with status {done.status}"
    return re.sub(r"""(: )(".*"|'.*')$""", r"\1...", found[1])


def query_fault(done: Finished) -> str:
    """Say why a query was refused, without values.

    Names of objects are told (SQLSTATE class 42, manual: "PostgreSQL Error Codes"), other quoted
    texts are not.
    """
    found = re.search(r"ERROR:\s+(\w{5}): (.*)$", done.complaint, re.MULTILINE)
    if found is None:
        return load_fault(done)
    if found[1].startswith("42"):
        return found[2]
    return re.sub(r"""(["']).*\1""", "...", found[2])


def identifier(name: str) -> str:
    """Quote a name for PostgreSQL (manual: "Identifiers and Key Words")."""
    return '"' + name.replace('"', '""') + '"'
