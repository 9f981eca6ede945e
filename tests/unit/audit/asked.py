"""What the tests of asking servers share: servers, and a cluster that answers by database."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime

from plugins.module_utils.audit.facts import (
    ContainerSeen,
    DatabaseSeen,
    ServerEngine,
    ServerSeen,
)
from plugins.module_utils.audit.servers import servers_of
from plugins.module_utils.host import Call, Finished, Host
from tests.unit.fakes import FakeHost

MARIADB = ServerSeen("mariadb", 1, "mariadbd", socket="/run/mysqld/mysqld.sock", user="mysql")
POSTGRESQL = ServerSeen("postgresql", 2, "postgres", "/run/postgresql", 5433, user="postgres")
REDIS = ServerSeen("redis", 3, "redis-server", port=6379)
FORUM = ContainerSeen("docker", "f" * 64, "forum-db-1", "image:1", is_running=True)


def moment(seconds: int) -> datetime:
    return datetime.fromtimestamp(seconds, UTC)


def no_entrance(
    outside: Host, container: ContainerSeen, engine: ServerEngine, variable: str
) -> Host:
    raise AssertionError(f"{container.name} was not to be entered")


def asked(server: ServerSeen, host: FakeHost) -> tuple[DatabaseSeen, ...]:
    return servers_of(host, [server], no_entrance)


def only(found: Sequence[DatabaseSeen]) -> DatabaseSeen:
    (one,) = found
    return one


class Psql(FakeHost):
    """A cluster that answers by database."""

    def __init__(self, databases: Finished, tables: dict[str, Finished]) -> None:
        super().__init__()
        self.databases, self.tables = databases, tables

    def run(self, call: Call) -> Finished:
        self.calls.append(call)
        database = next(word for word in call.argv if word.startswith("--dbname="))[9:]
        query = call.argv[-1]
        if "FROM pg_class" in query:
            return self.tables[database]
        if database not in self.tables:
            return Finished(2, "", f'psql: error: FATAL:  database "{database}" does not exist')
        return self.databases if "FROM pg_database" in query else Finished(0, "1\n", "")


DATABASES = Finished(
    0, "locked\t700\tf\npostgres\t7000\tt\ntemplate0\t7\tf\ntemplate1\t7\tt\nvoting\t9000\tt\n", ""
)
NONE = Finished(0, "", "")
BALLOTS = Finished(0, "poll\tballot\theap\t8192\t5000\t1700000000.5\n", "")
LARGE_OBJECTS = "\tpg_largeobject\tlarge objects\t9\t2\t\\N\n"
