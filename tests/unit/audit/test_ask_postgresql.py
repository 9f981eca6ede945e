"""PostgreSQL tells all its databases, schemas and tables."""

from __future__ import annotations

from dataclasses import replace

from plugins.module_utils.audit.facts import DatabaseSeen, TableSeen
from plugins.module_utils.host import Finished
from tests.unit.audit.asked import (
    BALLOTS,
    DATABASES,
    LARGE_OBJECTS,
    NONE,
    POSTGRESQL,
    Psql,
    asked,
    moment,
    only,
)
from tests.unit.fakes import FakeHost


def test_postgresql_tells_all_databases_schemas_and_tables() -> None:
    host = Psql(DATABASES, {"postgres": NONE, "voting": BALLOTS})
    locked, voting = asked(POSTGRESQL, host)
    ballot = TableSeen(
        "poll", "ballot", "heap", 8192, 5000, moment(1700000000).replace(microsecond=500000)
    )
    assert voting == DatabaseSeen(POSTGRESQL, "voting", 9000, ballot.changed, (ballot,))
    assert (locked.name, locked.bytes) == ("locked", 700)
    assert "allows no connections" in locked.refused


def test_large_objects_are_told_where_there_is_nothing_else() -> None:
    one_database = Finished(0, "voting\t9000\tt\n", "")
    both = replace(BALLOTS, output=LARGE_OBJECTS + BALLOTS.output)
    (voting,) = asked(POSTGRESQL, Psql(one_database, {"postgres": NONE, "voting": both}))
    assert [table.name for table in voting.tables] == ["ballot"]
    alone = Finished(0, LARGE_OBJECTS, "")
    (voting,) = asked(POSTGRESQL, Psql(one_database, {"postgres": NONE, "voting": alone}))
    assert voting.tables == (TableSeen("", "pg_largeobject", "large objects", 9, 2, None),)


def test_postgresql_is_asked_as_the_user_of_its_process_and_cannot_be_written_to() -> None:
    host = Psql(DATABASES, {"postgres": NONE, "voting": BALLOTS})
    asked(replace(POSTGRESQL, user="pg17"), host)
    call = host.calls[0]
    assert list(call.argv[3:11]) == [
        *("setpriv", "--reuid=pg17", "--regid=pg17", "--init-groups", "--"),
        *("psql", "--host=/run/postgresql", "--port=5433"),
    ]
    assert call.env is not None
    assert "default_transaction_read_only=on" in call.env["PGOPTIONS"]


def test_the_database_postgres_counts_once_somebody_put_something_into_it() -> None:
    host = Psql(Finished(0, "postgres\t7000\tt\n", ""), {"postgres": BALLOTS})
    assert only(asked(POSTGRESQL, host)).name == "postgres"
    host.tables = {"postgres": NONE}
    assert asked(POSTGRESQL, host) == ()


def test_a_cluster_without_the_database_postgres_is_asked_through_template1() -> None:
    host = Psql(Finished(0, "voting\t1\tt\n", ""), {"template1": NONE, "voting": BALLOTS})
    assert only(asked(POSTGRESQL, host)).name == "voting"


def test_a_database_that_refuses_is_told_and_the_others_are_asked() -> None:
    refuses = Finished(2, "", 'psql: error: FATAL:  permission denied for database "a"')
    two = Finished(0, "a\t1\tt\nvoting\t1\tt\n", "")
    found = asked(POSTGRESQL, Psql(two, {"postgres": NONE, "a": refuses, "voting": BALLOTS}))
    assert [(one.name, "permission denied" in one.refused) for one in found] == [
        ("a", True),
        ("voting", False),
    ]


def test_a_cluster_that_wants_a_password_is_a_sentence() -> None:
    wants = Finished(2, "", "psql: error: fe_sendauth: no password supplied")
    host = FakeHost({"psql": wants})
    assert "no password supplied" in only(asked(POSTGRESQL, host)).refused
    assert len(host.calls) == 1
