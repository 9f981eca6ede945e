"""What is written to: tables whose sums must agree, kept by triggers, in both engines."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from random import Random

from plugins.module_utils.checks.kinds import checks_of
from plugins.module_utils.contract import Contract
from plugins.module_utils.host import Host, Session
from plugins.module_utils.stores import DatabaseStore, Engine, FileStore
from plugins.module_utils.tools.mariadb import MariaDb
from plugins.module_utils.tools.postgresql import PostgreSql

DATABASE = "exactness"
WRITERS = 4
PURSES = 50
FILES = "/srv/exactness"
DAY = 86_400

TABLES = """
CREATE TABLE purse (id INT PRIMARY KEY, cents BIGINT NOT NULL, {doubled});
CREATE TABLE account (id INT PRIMARY KEY, cents BIGINT NOT NULL);
CREATE TABLE transfer (writer INT, id BIGINT, purse INT NOT NULL, account INT NOT NULL,
  cents INT NOT NULL, note TEXT, PRIMARY KEY (writer, id));
CREATE TABLE made (writer INT PRIMARY KEY, number BIGINT NOT NULL);
CREATE TABLE entry (id {counting} PRIMARY KEY, writer INT, receipt BIGINT);
CREATE SEQUENCE receipts;
"""
MARIADB = """
DELIMITER //
CREATE TABLE visit (writer INT, id BIGINT) ENGINE=MyISAM //
CREATE TRIGGER transfer_made AFTER INSERT ON transfer FOR EACH ROW BEGIN
  UPDATE purse SET cents = cents - NEW.cents WHERE id = NEW.purse;
  UPDATE account SET cents = cents + NEW.cents WHERE id = NEW.account;
  UPDATE made SET number = number + 1 WHERE writer = NEW.writer;
  INSERT INTO entry (writer, receipt) VALUES (NEW.writer, NEXTVAL(receipts)); END //
CREATE TRIGGER transfer_undone AFTER DELETE ON transfer FOR EACH ROW BEGIN
  UPDATE purse SET cents = cents + OLD.cents WHERE id = OLD.purse;
  UPDATE account SET cents = cents - OLD.cents WHERE id = OLD.account;
  UPDATE made SET number = number - 1 WHERE writer = OLD.writer; END //
DELIMITER ;
DO 1
"""
POSTGRESQL = """
CREATE FUNCTION transfer_made() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
  UPDATE public.purse SET cents = cents - NEW.cents WHERE id = NEW.purse;
  UPDATE public.account SET cents = cents + NEW.cents WHERE id = NEW.account;
  UPDATE public.made SET number = number + 1 WHERE writer = NEW.writer;
  INSERT INTO public.entry (writer, receipt) VALUES (NEW.writer, nextval('public.receipts'));
  RETURN NULL; END $$;
CREATE FUNCTION transfer_undone() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
  UPDATE public.purse SET cents = cents + OLD.cents WHERE id = OLD.purse;
  UPDATE public.account SET cents = cents - OLD.cents WHERE id = OLD.account;
  UPDATE public.made SET number = number - 1 WHERE writer = OLD.writer;
  RETURN NULL; END $$;
CREATE TRIGGER transfer_made AFTER INSERT ON transfer
  FOR EACH ROW EXECUTE FUNCTION transfer_made();
CREATE TRIGGER transfer_undone AFTER DELETE ON transfer
  FOR EACH ROW EXECUTE FUNCTION transfer_undone();
"""
SUMS = """
SELECT 'all money' AS what FROM (SELECT (SELECT SUM(cents) FROM purse)
  + (SELECT SUM(cents) FROM account) AS total) AS money WHERE total <> 0
UNION ALL SELECT 'what was transferred' FROM (SELECT (SELECT SUM(cents) FROM account)
  - (SELECT COALESCE(SUM(cents), 0) FROM transfer) AS total) AS moved WHERE total <> 0
UNION ALL SELECT 'how often' FROM (SELECT (SELECT SUM(number) FROM made)
  - (SELECT COUNT(*) FROM transfer) AS total) AS counted WHERE total <> 0"""


@dataclass(frozen=True)
class Subject:
    """One database of the measurement, and the folder that files are added to meanwhile."""

    engine: Engine
    socket: str
    port: int
    dialect: dict[str, str]
    triggers: str

    @property
    def name(self) -> str:
        """The service that is backed up and drilled."""
        return f"exactness-{self.engine}"

    @property
    def folder(self) -> str:
        """Where files are added."""
        return f"{FILES}/{self.engine}"

    def contract(self) -> Contract:
        """Every table is irreplaceable, so every cell is compared; the sums must agree, too."""
        store = DatabaseStore(
            "database", self.engine, DATABASE, self.socket, self.port, ("*",), 100
        )
        check = {
            "name": "sums agree",
            "title": "the sums of all tables agree",
            "kind": "no_rows",
            "store": "database",
            "query": SUMS,
            "unit": "sums that do not agree",
        }
        return Contract(
            name=self.name,
            host="nick",
            drill_host="judy",
            rpo_seconds=DAY,
            rto_seconds=DAY,
            databases=(store,),
            files=(FileStore("files", (self.folder,), (), (), 100),),
            checks=checks_of({"name": self.name, "checks": [check]}),
        )

    @contextmanager
    def session(self, host: Host, database: str = DATABASE) -> Iterator[Session]:
        """Open a client as the application would."""
        if self.engine == "mariadb":
            with MariaDb(host, self.socket).session() as session:
                session.ask(f"USE {database}")
                yield session
        else:
            server = PostgreSql(host, self.socket, self.port, "postgres")
            with server.session(database) as session:
                session.ask("SET search_path = public")
                yield session

    def prepare(self, host: Host) -> None:
        """Make the database anew."""
        home = "mysql" if self.engine == "mariadb" else "postgres"
        with self.session(host, home) as session:
            session.ask(f"DROP DATABASE IF EXISTS {DATABASE}")
            session.ask(f"CREATE DATABASE {DATABASE}")
        numbers = ", ".join(f"({number}, 0)" for number in range(WRITERS * PURSES))
        with self.session(host) as session:
            for statement in TABLES.format(**self.dialect).split(";\n"):
                if statement.strip():
                    session.ask(statement)
            session.ask(self.triggers)
            for table in ("purse", "account"):
                session.ask(f"INSERT INTO {table} (id, cents) VALUES {numbers}")
            session.ask(f"INSERT INTO made VALUES {', '.join(f'({n}, 0)' for n in range(WRITERS))}")

    def remove(self, host: Host) -> None:
        """Take the database away."""
        with self.session(host, "mysql" if self.engine == "mariadb" else "postgres") as session:
            session.ask(f"DROP DATABASE IF EXISTS {DATABASE}")


SUBJECTS = {
    "mariadb": Subject(
        engine="mariadb",
        socket="/run/mysqld/mysqld.sock",
        port=0,
        dialect={
            "doubled": "doubled BIGINT AS (cents * 2) VIRTUAL, label TEXT AS (HEX(cents)) STORED",
            "counting": "BIGINT AUTO_INCREMENT",
        },
        triggers=MARIADB,
    ),
    "postgresql": Subject(
        engine="postgresql",
        socket="/run/postgresql",
        port=5433,
        dialect={
            "doubled": "doubled BIGINT GENERATED ALWAYS AS (cents * 2) STORED",
            "counting": "BIGINT GENERATED ALWAYS AS IDENTITY",
        },
        triggers=POSTGRESQL,
    ),
}


def steps(writer: int, chance: Random) -> Iterator[list[str]]:
    """Yield what one writer does, for ever: statements that belong together, on rows of its own."""
    first, last = 1, 0

    def mine() -> int:
        return writer * PURSES + chance.randrange(PURSES)

    while True:
        kind = chance.random()
        if kind < 0.4 or last - first < 20:
            last += 1
            values = f"{writer}, {last}, {mine()}, {mine()}, {chance.randrange(1, 1000)}, 'new'"
            yield [f"INSERT INTO transfer VALUES ({values})"]
        elif kind < 0.65:
            yield [f"DELETE FROM transfer WHERE writer = {writer} AND id = {first}"]
            first += 1
        elif kind < 0.85:
            changed = chance.randrange(first, last + 1)
            row = f"writer = {writer} AND id = {changed}"
            yield [f"UPDATE transfer SET note = 'changed {chance.random()}' WHERE {row}"]
        else:
            cents = chance.randrange(1, 1000)
            yield [
                f"UPDATE purse SET cents = cents - {cents} WHERE id = {mine()}",
                f"UPDATE purse SET cents = cents + {cents} WHERE id = {mine()}",
            ]
