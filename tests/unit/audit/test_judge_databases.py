"""A database is saved when the declaration names it and the newest snapshot holds it."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from plugins.module_utils.audit.claims import Claims
from plugins.module_utils.audit.database_stores import with_access
from plugins.module_utils.audit.facts import ContainerSeen, DatabaseSeen, ServerSeen, TableSeen
from plugins.module_utils.audit.finding import Finding
from plugins.module_utils.audit.judge_databases import DatabasesJudged, judge_databases
from plugins.module_utils.audit.saved import Held
from tests.unit.audit.declared import (
    TAKEN,
    base,
    claims,
    database,
    exemption,
    files,
    held,
    merged,
)

MARIADB = ServerSeen(
    "mariadb",
    100,
    "mariadbd",
    socket="/run/mysqld/mysqld.sock",
    data_directory="/var/lib/mysql",
    unit="mariadb.service",
    made_ns=1,
)
POSTGRESQL = ServerSeen(
    "postgresql",
    200,
    "postgres",
    socket="/run/postgresql",
    port=5433,
    data_directory="/var/lib/postgresql/17/voting",
    made_ns=1,
)
MONGODB = ServerSeen(
    "mongodb", 300, "mongod", port=27017, data_directory="/var/lib/mongodb", made_ns=1
)


def seen(server: ServerSeen = MARIADB, name: str = "mautic", *tables: str, **more: Any) -> Any:
    made = tuple(TableSeen("", table, "InnoDB", 100, 5, None) for table in tables or ("leads",))
    return DatabaseSeen(server, name, 1000, tables=more.pop("tables", made), **more)


def judged(
    databases: list[DatabaseSeen], declared: Claims, saved: dict[str, Held] | None = None
) -> DatabasesJudged:
    return judge_databases(databases, declared, saved or {})


def one(found: DatabasesJudged) -> Finding:
    (finding,) = found.findings
    return finding


NEWSLETTER = merged(files("/srv/newsletter"), database())
SAVED = {"newsletter": held("newsletter", "/srv/newsletter", databases=[base()])}


def test_declared_and_held_is_saved_with_store_and_snapshot() -> None:
    finding = one(judged([seen()], claims(NEWSLETTER), SAVED))
    assert (finding.state, finding.store, finding.snapshot) == (
        *("saved", "newsletter/database", "8c8f89d9"),
    )
    assert finding.writer == "unit mariadb.service"


def test_the_incident_a_database_taken_out_of_the_declaration_is_unclaimed_at_once() -> None:
    without = merged(files("/srv/newsletter"))
    careless = merged(files("/srv/newsletter"), exemptions=[exemption(path="/var/lib/*")])
    for contract in (without, careless):
        finding = one(judged([seen()], claims(contract), SAVED))
        assert finding.state == "unclaimed"
        assert "the next snapshot will lack it" in finding.detail


def test_declared_and_not_held_is_no_saved_database() -> None:
    empty = {"newsletter": held("newsletter", "/srv/newsletter")}
    finding = one(judged([seen()], claims(NEWSLETTER), empty))
    assert finding.state == "unclaimed"
    assert "declared as newsletter/database" in finding.detail


@pytest.mark.parametrize(
    ("store", "server", "name"),
    [
        (database("voty", "postgresql", port=5432), POSTGRESQL, "voty"),
        (database(socket="/run/other.sock"), MARIADB, "mautic"),
        (database(container={"runtime": "podman", "name": "db"}), MARIADB, "mautic"),
        (database(), replace(MARIADB, container=ContainerSeen("podman", "1", "db", "", True)), ""),
    ],
)
def test_a_database_of_another_server_is_another_database(
    store: dict[str, Any], server: ServerSeen, name: str
) -> None:
    declared = claims(merged(files("/srv/newsletter"), store))
    assert one(judged([seen(server, name or "mautic")], declared, SAVED)).state == "unclaimed"


def test_a_database_in_a_container_is_found_by_name_or_by_compose_service() -> None:
    container = ContainerSeen("podman", "1", "wiki_db_1", "", True, project="wiki", service="db")
    server = replace(MARIADB, container=container)
    for where in ({"name": "wiki_db_1"}, {"project": "wiki", "service": "db"}):
        store = database(container={"runtime": "podman", **where})
        declared = claims(merged(files("/srv/newsletter"), store))
        assert one(judged([seen(server)], declared, SAVED)).state == "saved"


@pytest.mark.parametrize(("is_podman", "state"), [(True, "saved"), (False, "unclaimed")])
def test_docker_in_a_declaration_may_mean_podman_only_where_docker_is_podman(
    is_podman: bool, state: str
) -> None:
    container = ContainerSeen("podman", "1", "db", "", True, answers_to_docker=is_podman)
    store = database(container={"runtime": "docker", "name": "db"})
    declared = claims(merged(files("/srv/newsletter"), store))
    found = judged([seen(replace(MARIADB, container=container))], declared, SAVED)
    assert one(found).state == state


def test_the_declaration_says_how_a_server_in_a_container_is_entered() -> None:
    where = {"runtime": "podman", "name": "db"}
    store = database("voty", "postgresql", container=where, user="board", password_variable="PW")
    contracts = claims(merged(files("/srv/newsletter"), store)).contracts
    container = ContainerSeen("podman", "1", "db", "", True, account="other", variables=("PW",))
    entered = with_access(container, contracts)
    assert (entered.account, entered.password_variable) == ("board", "PW")
    other = replace(container, name="another")
    assert with_access(other, contracts) == other


def test_an_exempt_database_says_why_and_who() -> None:
    declared = claims(
        merged(files("/srv/newsletter"), exemptions=[exemption(database="phpmyadmin")])
    )
    found = judged([seen(name="phpmyadmin")], declared)
    assert (one(found).state, one(found).owner) == ("exempt", "Ada Example")
    assert found.used == {*declared.databases}


def test_a_table_that_came_after_the_snapshot_waits() -> None:
    found = judged([seen(MARIADB, "mautic", "leads", "new")], claims(NEWSLETTER), SAVED)
    assert one(found).state == "saved"
    assert found.newer == {"newsletter": ["mariadb/mautic.new"]}


def test_a_table_older_than_the_snapshot_and_not_in_it_is_unclaimed() -> None:
    old = TableSeen("", "left_out", "InnoDB", 10, 1, TAKEN - timedelta(days=1))
    found = judged([seen(tables=(old,))], claims(NEWSLETTER), SAVED)
    assert [(one.kind, one.state) for one in found.findings] == [
        ("table", "unclaimed"),
        ("database", "saved"),
    ]


def test_what_is_empty_or_of_the_server_itself_is_no_state() -> None:
    nothing = [seen(name="empty", tables=()), seen(name="mysql")]
    assert judged(nothing, claims(NEWSLETTER)).findings == []


def test_a_server_that_refuses_the_login_is_a_finding_and_an_alarm() -> None:
    found = judged([seen(name="", tables=(), refused="Access denied")], claims(NEWSLETTER), SAVED)
    assert (one(found).kind, one(found).state) == ("server", "unclaimed")
    assert [alarm.kind for alarm in found.alarms] == ["refused"]
    assert "Access denied" in found.alarms[0].sentence


def test_what_we_cannot_dump_is_unclaimed_until_somebody_answers_for_it() -> None:
    mongodb = seen(MONGODB, "", tables=(), cannot_dump="We cannot dump MongoDB.")
    assert one(judged([mongodb], claims(NEWSLETTER))).state == "unclaimed"
    for what in ({"path": "/var/lib/mongodb"}, {"path": "/var/lib/mon*"}):
        declared = claims(merged(files("/srv/newsletter"), exemptions=[exemption(**what)]))
        found = judged([mongodb], declared)
        assert one(found).state == "exempt"
        assert found.used == {*declared.exemptions}


def test_files_of_a_running_server_alone_are_an_alarm() -> None:
    declared = claims(merged(files("/var/lib/mysql")))
    found = judged([seen()], declared, SAVED)
    assert [alarm.kind for alarm in found.alarms] == ["files of a running database"]
    left_out = claims(merged(files("/var/lib", regenerable=["/var/lib/mysql"])))
    assert judged([seen()], left_out, SAVED).alarms == []
    both = claims(merged(files("/var/lib/mysql"), database()))
    assert judged([seen()], both, SAVED).alarms == []


def test_its_directory_is_left_to_the_server_and_no_whole_tree_of_the_system_ever_is() -> None:
    found = judged([seen()], claims(NEWSLETTER), SAVED)
    assert {*found.directories} == {"/var/lib/mysql"}
    for careless in ("/srv", "/", "", "/var/lib"):
        server = replace(MARIADB, data_directory=careless)
        assert judged([seen(server)], claims(NEWSLETTER), SAVED).directories == {}


def test_two_servers_on_one_host_have_two_names() -> None:
    other = replace(MARIADB, socket="/run/other.sock")
    found = judged([seen(), seen(other)], claims(NEWSLETTER), SAVED)
    assert {finding.subject for finding in found.findings} == {
        *("mariadb/mautic", "mariadb/mautic at /run/other.sock"),
    }
