"""Databases on the throw-away MariaDB and PostgreSQL: filled, damaged, asked, filled anew."""

from __future__ import annotations

from abc import abstractmethod
from contextlib import AbstractContextManager, suppress
from pathlib import Path
from typing import Any

from plugins.module_utils.checks.evidence import Answer
from plugins.module_utils.errors import Trouble
from plugins.module_utils.host import Session
from plugins.module_utils.manifest import Measure
from plugins.module_utils.stores import DatabaseStore
from plugins.module_utils.tools import mariadb, postgresql
from plugins.module_utils.tools.answers import rows_of
from plugins.module_utils.tools.mariadb import MariaDb
from plugins.module_utils.tools.postgresql import PostgreSql
from tests.catalogue.servers import PORT, Servers
from tests.catalogue.store_copy import Columns, Copy

VIEW = "probealarm_export"


class _SessionCopy(Copy):
    """A store asked through a client that is kept open, and opened anew after a refusal."""

    def __init__(self, store: dict[str, Any], folder: Path) -> None:
        super().__init__(store)
        self._folder = folder
        self._open: AbstractContextManager[Session] | None = None
        self._session: Session | None = None

    @property
    def database(self) -> str:
        return str(self.store["database"])

    @abstractmethod
    def _new_session(self) -> AbstractContextManager[Session]: ...

    @abstractmethod
    def _set_up(self, session: Session) -> None: ...

    def _raw(self, statement: str) -> list[list[str]]:
        if self._session is None:
            self._open = self._new_session()
            self._session = self._open.__enter__()
            self._set_up(self._session)
        try:
            return self._session.ask(statement.strip().rstrip(";"))
        except Trouble:
            self._close()
            raise

    def _close(self) -> None:
        if self._open is not None:
            with suppress(Trouble):
                self._open.__exit__(None, None, None)
        self._open = self._session = None

    def _read(self, statement: str, null: str) -> Answer:
        """Read an answer of the open client as the library reads that of a new one."""
        said = "".join("\t".join(row) + "\n" for row in self._raw(statement))
        return rows_of(said.encode("utf-8", "surrogateescape"), null)

    def do(self, statements: str) -> None:
        self._raw(statements + "\n")

    def columns(self) -> Columns:
        found: Columns = {}
        for table, column in self._raw(self._columns_query):
            found.setdefault(table, []).append(column)
        return found

    def export(self, query: str) -> tuple[list[str], Answer]:
        self.do(f"CREATE VIEW {VIEW} AS {query}")
        try:
            return self.columns()[VIEW], self.ask(f"SELECT * FROM {VIEW}")
        finally:
            self.do(f"DROP VIEW {VIEW}")

    def _judged(self, engine: Any) -> DatabaseStore:
        """Return the store as the measuring tools want it; content needs no digest here."""
        return DatabaseStore(self.store["name"], engine, self.database, "", 0, (), 0)

    _columns_query = ""


class MariaDbCopy(_SessionCopy):
    """A database on the throw-away MariaDB."""

    def __init__(self, store: dict[str, Any], servers: Servers, folder: Path) -> None:
        super().__init__(store, folder)
        self._server = MariaDb(servers.host, servers.socket("mariadb"))
        self._name = mariadb.identifier(self.database)

    _columns_query = (
        "SELECT table_name, column_name FROM information_schema.columns "
        "WHERE table_schema = DATABASE() ORDER BY table_name, ordinal_position"
    )

    def _new_session(self) -> AbstractContextManager[Session]:
        return self._server.session()

    def _set_up(self, session: Session) -> None:
        session.ask(f"CREATE DATABASE IF NOT EXISTS {self._name} CHARACTER SET utf8mb4")
        session.ask(f"USE {self._name}")

    def fill(self, statements: str) -> None:
        self._raw(
            f"DROP DATABASE IF EXISTS {self._name}; "
            f"CREATE DATABASE {self._name} CHARACTER SET utf8mb4; USE {self._name}"
        )
        self.do(statements)

    def ask(self, query: str) -> Answer:
        return self._server.answer(self.database, query, self._folder)

    def ask_quickly(self, query: str) -> Answer:
        return self._read(query, "NULL")

    def measure(self) -> Measure:
        self._raw("SELECT 1")
        assert self._session is not None
        return self._server.measure(self._session, self._judged("mariadb"))

    def drop(self, name: str) -> None:
        self._raw(f"SET foreign_key_checks = 0; DROP TABLE {mariadb.identifier(name)}")

    def remove(self) -> None:
        self._raw(f"DROP DATABASE IF EXISTS {self._name}")
        self._close()


class PostgreSqlCopy(_SessionCopy):
    """A database on the throw-away PostgreSQL."""

    def __init__(self, store: dict[str, Any], servers: Servers, folder: Path) -> None:
        super().__init__(store, folder)
        self._server = PostgreSql(servers.host, servers.socket("postgresql"), PORT, "root")
        self._name = postgresql.identifier(self.database)

    _columns_query = (
        "SELECT table_name, column_name FROM information_schema.columns WHERE table_schema NOT IN "
        "('pg_catalog', 'information_schema') ORDER BY table_schema, table_name, ordinal_position"
    )

    def _new_session(self) -> AbstractContextManager[Session]:
        with self._server.session("postgres") as session:
            known = session.ask(
                f"SELECT 1 FROM pg_database WHERE datname = {mariadb.literal(self.database)}"
            )
            if not known:
                session.ask(f"CREATE DATABASE {self._name} TEMPLATE template0")
        return self._server.session(self.database)

    def _set_up(self, session: Session) -> None:
        session.ask("SET client_min_messages = warning; SET search_path = public")

    def fill(self, statements: str) -> None:
        schemas = self._raw(
            "SELECT nspname FROM pg_namespace "
            "WHERE nspname !~ '^pg_' AND nspname <> 'information_schema'"
        )
        for (name,) in schemas:
            self._raw(f"DROP SCHEMA {postgresql.identifier(name)} CASCADE")
        self._raw("CREATE SCHEMA public")
        self.do(statements)

    def ask(self, query: str) -> Answer:
        return self._server.answer(self.database, query, self._folder)

    def ask_quickly(self, query: str) -> Answer:
        return self._read(f"COPY ({query}\n) TO STDOUT", r"\N")

    def measure(self) -> Measure:
        self._raw("SELECT 1")
        assert self._session is not None
        return self._server.measure(self._session, self._judged("postgresql"))

    def drop(self, name: str) -> None:
        table = ".".join(postgresql.identifier(part) for part in name.split("."))
        self._raw(f"DROP TABLE {table} CASCADE")

    def remove(self) -> None:
        self._close()
        with self._server.session("postgres") as session:
            session.ask(f"DROP DATABASE IF EXISTS {self._name} WITH (FORCE)")
