"""The stores of a service as a drill has them: SQLite, Redis, and which kind is which."""

from __future__ import annotations

import re
import shlex
import sqlite3
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from plugins.module_utils.checks.evidence import Answer
from plugins.module_utils.errors import Trouble
from plugins.module_utils.host import Call
from plugins.module_utils.manifest import Measure, Table
from plugins.module_utils.tools import sqlite
from plugins.module_utils.tools.redis import Redis
from tests.catalogue.servers import Servers
from tests.catalogue.sql_copies import MariaDbCopy, PostgreSqlCopy
from tests.catalogue.store_copy import Columns, Copy
from tests.catalogue.trees import Tree


class SqliteCopy(Copy):
    """A SQLite file among the files of the copy."""

    def __init__(self, store: dict[str, Any], tree: Tree) -> None:
        super().__init__(store)
        self._tree = tree

    @property
    def _file(self) -> Path:
        return self._tree.place_of(str(self.store["path"]))

    def fill(self, statements: str) -> None:
        self._file.parent.mkdir(parents=True, exist_ok=True)
        self._file.unlink(missing_ok=True)
        self._file.touch()
        self.do(statements)

    def do(self, statements: str) -> None:
        self._run(lambda connection: connection.executescript(statements))

    def ask(self, query: str) -> Answer:
        return sqlite.answer(self._file, query)

    def measure(self) -> Measure:
        tables = {
            name: Table(rows=int(self.ask(f'SELECT count(*) FROM "{name}"')[0][0] or 0))
            for name in self.columns()
        }
        return Measure(sqlite3.sqlite_version, {}, tables, {})

    def drop(self, name: str) -> None:
        self.do(f'DROP TABLE "{name}"')

    def remove(self) -> None:
        self._file.unlink(missing_ok=True)

    def columns(self) -> Columns:
        found: Columns = {}
        rows = self.ask(
            "SELECT m.name, c.name FROM sqlite_master AS m, pragma_table_info(m.name) AS c "
            "WHERE m.type = 'table' AND m.name NOT LIKE 'sqlite\\_%' ESCAPE '\\' ORDER BY 1, c.cid"
        )
        for table, column in rows:
            found.setdefault(str(table), []).append(str(column))
        return found

    def export(self, query: str) -> tuple[list[str], Answer]:
        def run(connection: sqlite3.Connection) -> list[str]:
            return [str(column[0]) for column in connection.execute(query).description]

        return self._run(run), self.ask(query)

    def _run(self, work: Any) -> Any:
        try:
            connection = sqlite3.connect(f"{self._file.as_uri()}?mode=rw", uri=True)
            try:
                with connection:
                    return work(connection)
            finally:
                connection.close()
        except sqlite3.Error as error:
            raise Trouble(str(error)) from None


class RedisCopy(Copy):
    """A numbered database on the throw-away Redis; statements are commands, one a line."""

    def __init__(self, store: dict[str, Any], servers: Servers) -> None:
        super().__init__(store)
        self._host, socket = servers.host, servers.socket("redis")
        number = int(store.get("database") or 0)
        self._redis = Redis(servers.host, socket, database=number)
        self._cli = ["redis-cli", "-e", "-s", socket, "-n", str(number)]

    def fill(self, statements: str) -> None:
        self.do("FLUSHDB\n" + statements)

    def do(self, statements: str) -> None:
        with tempfile.NamedTemporaryFile("w", encoding="utf-8") as file:
            file.write("\n".join(line for line in statements.splitlines() if line.strip()) + "\n")
            file.flush()
            done = self._host.run(Call(argv=self._cli, input_file=Path(file.name)))
        refused = re.search(r"^\(?(?:error\) )?((?:ERR|WRONGTYPE) .*)$", done.output, re.MULTILINE)
        if done.status != 0 or refused:
            raise Trouble(done.last_words)

    def ask(self, query: str) -> Answer:
        return self._redis.answer(query)

    def measure(self) -> Measure:
        keys = [str(row[0]) for row in self.ask("KEYS *")]
        return Measure("", {}, {key: Table(rows=1) for key in keys}, {})

    def drop(self, name: str) -> None:
        self.do(f"DEL {shlex.quote(name)}")

    def remove(self) -> None:
        self.do("FLUSHDB")


def copies_of(
    contract: dict[str, Any], servers: Servers, tree: Tree, folder: Path
) -> Iterator[Copy]:
    """Yield an empty copy of every store that is no file tree; ``folder`` is for their answers."""
    for store in contract["stores"]:
        if store["kind"] == "mariadb":
            yield MariaDbCopy(store, servers, folder)
        elif store["kind"] == "postgresql":
            yield PostgreSqlCopy(store, servers, folder)
        elif store["kind"] == "sqlite":
            yield SqliteCopy(store, tree)
        elif store["kind"] == "redis":
            yield RedisCopy(store, servers)
