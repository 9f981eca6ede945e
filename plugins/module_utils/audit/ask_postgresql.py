# Copyright: (c) The Probealarm contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Ask a PostgreSQL cluster for its databases, schemas and tables.

Each database is asked in a session of its own, because the server shows tables of no other. The
server does not know when a table was changed; its file does, after the next checkpoint. Sources:
manual, "System Catalogs", "Database Object Management Functions", "Generic File Access Functions".
"""

from __future__ import annotations

from dataclasses import dataclass

from ..host import Call, Host
from .asking import (
    ANSWERS_WITHIN_SECONDS,
    Asker,
    Row,
    Unanswered,
    moment,
    newest,
    told_by_none,
    whole,
)
from .facts import DatabaseSeen, ServerSeen, TableSeen

DEFAULT_ACCOUNT = "postgres"
SETTINGS = {
    "default_transaction_read_only": "on",
    "statement_timeout": f"{ANSWERS_WITHIN_SECONDS}s",
    "lock_timeout": "5s",
    "client_encoding": "UTF8",
    "search_path": "pg_catalog",
    "DateStyle": "ISO",
}
CLOSED = "it allows no connections (datallowconn in pg_database)"
SYSTEM = frozenset({"template0", "template1"})
MAINTENANCE = "postgres"
"""Made with every cluster; worth a finding only when somebody put something into it."""

DATABASES = """SELECT datname, pg_database_size(oid), datallowconn
  FROM pg_database ORDER BY 1"""
TABLES = """SELECT n.nspname, c.relname, coalesce(a.amname, ''), pg_total_relation_size(c.oid),
       greatest(s.n_live_tup, c.reltuples::bigint, 0),
       extract(epoch FROM (pg_stat_file(pg_relation_filepath(c.oid), true)).modification)
  FROM pg_class c
  JOIN pg_namespace n ON n.oid = c.relnamespace
  LEFT JOIN pg_am a ON a.oid = c.relam
  LEFT JOIN pg_stat_all_tables s ON s.relid = c.oid
 WHERE c.relkind = 'r' AND c.relpersistence <> 't'
   AND n.nspname NOT IN ('pg_catalog', 'information_schema', 'pg_toast')
   AND n.nspname !~ '^pg_(temp|toast_temp)_'
UNION ALL
SELECT '', 'pg_largeobject', 'large objects', pg_total_relation_size('pg_largeobject'),
       (SELECT count(*) FROM pg_largeobject_metadata), NULL
 WHERE EXISTS (SELECT FROM pg_largeobject_metadata)
 ORDER BY 1, 2"""
"""Tables as a manifest names them: partitions are tables of their own, the one that they are of
holds nothing itself. Large objects stand in no table of anybody's, and are told where there is
nothing else."""


@dataclass(frozen=True)
class Cluster(Asker):
    """One cluster and the way to it."""

    def ask(self, database: str, query: str) -> list[Row]:
        """Ask one question in a database.

        Raises:
            Unanswered: the cluster does not let the account in, or takes too long.
        """
        options = " ".join(f"-c {name}={value}" for name, value in SETTINGS.items())
        argv = [
            *(*self._as_account(), "--no-psqlrc", "--quiet", "--no-password"),
            *(f"--dbname={database}", f"--command=COPY ({query}\n) TO STDOUT"),
        ]
        env = {"PGOPTIONS": options, "PGCONNECT_TIMEOUT": "10"}
        return self.rows(Call(argv=argv, env=env), r"\N")

    def _as_account(self) -> list[str]:
        """Become the system user whom the cluster trusts; in a container its own account."""
        server = self.server
        where = [f"--host={server.socket or '127.0.0.1'}", f"--port={server.port or 5432}"]
        if server.container:
            return ["psql", *where, f"--username={server.container.account or DEFAULT_ACCOUNT}"]
        user = server.user or DEFAULT_ACCOUNT
        become = ["setpriv", f"--reuid={user}", f"--regid={user}", "--init-groups", "--"]
        return [*become, "psql", *where, f"--username={user}"]


def ask(host: Host, server: ServerSeen) -> tuple[DatabaseSeen, ...]:
    """Return the databases that are not the cluster's own.

    One that cannot be looked into stands there with the reason.

    Raises:
        Unanswered: the cluster lets nobody in, or takes too long.
    """
    cluster = Cluster(host, server)
    account = server.container.account if server.container else ""
    entries = [name for name in (MAINTENANCE, account, "template1") if name]
    databases = [row for row in _databases(cluster, entries) if len(row) == 3]
    looked = (_database(cluster, *row) for row in databases if row[0] not in SYSTEM)
    return tuple(seen for seen in looked if seen.name != MAINTENANCE or seen.tables or seen.refused)


def _databases(cluster: Cluster, entries: list[str]) -> list[Row]:
    """Ask for all databases in the first one that is there; ``postgres`` may have been dropped.

    Raises:
        Unanswered: none lets us in.
    """
    for database in entries[:-1]:
        try:
            return cluster.ask(database, DATABASES)
        except Unanswered as unanswered:
            if "does not exist" not in str(unanswered):
                raise
    return cluster.ask(entries[-1], DATABASES)


def _database(
    cluster: Cluster, name: str | None, size: str | None, allows: str | None
) -> DatabaseSeen:
    server, database = cluster.server, name or ""
    if allows != "t":
        return DatabaseSeen(server, database, whole(size), refused=CLOSED)
    try:
        rows = cluster.ask(database, TABLES)
    except Unanswered as unanswered:
        reason = told_by_none(server, str(unanswered))
        return DatabaseSeen(server, database, whole(size), refused=reason)
    tables = tuple(_table(row) for row in rows if len(row) == 6)
    if any(table.schema for table in tables):
        tables = tuple(table for table in tables if table.schema)
    changed = newest(table.changed for table in tables)
    return DatabaseSeen(server, database, whole(size), changed, tables)


def _table(row: Row) -> TableSeen:
    schema, name, engine, size, count, changed = row
    return TableSeen(
        schema=schema or "",
        name=name or "",
        engine=engine or "",
        bytes=whole(size),
        rows=whole(count),
        changed=moment(changed),
    )
