"""Servers are told apart, and nothing is hidden behind one that did not answer for it."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from plugins.module_utils.audit.database_stores import store_of
from plugins.module_utils.audit.facts import ContainerSeen, DatabaseSeen, ServerSeen, TableSeen
from plugins.module_utils.audit.judge_databases import judge_databases
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
from tests.unit.audit.test_judge_databases import MARIADB, MONGODB, POSTGRESQL, judged, seen

REDIS = ServerSeen("redis", 1, "redis-server", port=6379, data_directory="/var/lib/redis")
KEYS = (TableSeen("", "keys", "redis", 1, 1, None),)
CHAT = replace(MARIADB, container=ContainerSeen("podman", "f" * 64, "chat", "image", True))
QUIESCED: dict[str, Any] = {"reason": "x", "hold": [], "resume": [], "at_most_seconds": 5}


def keys(**more: Any) -> dict[str, Any]:
    told = {"name": "keys", "kind": "redis", "irreplaceable": ["*"], "largest_loss_percent": 20}
    return {**told, "database": 0, **more}


def is_declared(store: dict[str, Any], one: DatabaseSeen) -> bool:
    return store_of(one, claims(merged(files("/srv/x"), store)).contracts) is not None


@pytest.mark.parametrize(
    ("store", "server", "is_it"),
    [
        (keys(socket="/var/run/redis/a.sock"), replace(REDIS, socket="/run/redis/a.sock"), True),
        (keys(socket="/run/redis/a.sock"), REDIS, False),
        (keys(socket="/run/redis/a.sock"), replace(REDIS, socket="/run/redis/b.sock"), False),
        (keys(port=6379), REDIS, True),
        (keys(port=6379), replace(REDIS, port=6380), False),
        (keys(port=6379), replace(REDIS, socket="/run/redis/b.sock", port=0), False),
        (keys(port=6379), replace(REDIS, is_apart=True), False),
    ],
)
def test_two_servers_of_redis_are_told_apart(
    store: dict[str, Any], server: ServerSeen, is_it: bool
) -> None:
    assert is_declared(store, DatabaseSeen(server, "0", 1, tables=KEYS)) is is_it


@pytest.mark.parametrize(
    ("server", "is_it"),
    [
        (MARIADB, True),
        (replace(MARIADB, socket="", port=3307), False),
        (replace(MARIADB, is_apart=True), False),
        (replace(POSTGRESQL, port=5432), True),
        (POSTGRESQL, False),
        (replace(POSTGRESQL, port=0), False),
        (replace(POSTGRESQL, socket="", port=5432), False),
    ],
)
def test_a_server_whose_address_is_not_known_is_not_the_declared_one(
    server: ServerSeen, is_it: bool
) -> None:
    assert is_declared(database(kind=server.engine), seen(server)) is is_it


def test_a_name_that_several_databases_have_exempts_none_and_is_said() -> None:
    everywhere = [seen(MARIADB, "app"), seen(CHAT, "app"), seen(POSTGRESQL, "app")]
    bare = claims(merged(files("/srv/x"), exemptions=[exemption(database="app")]))
    found = judged(everywhere, bare)
    assert {one.state for one in found.findings} == {"unclaimed"}
    assert [alarm.kind for alarm in found.alarms] == ["ambiguous exemption"]
    assert "mariadb/app in container chat" in found.alarms[0].sentence
    assert found.used == {*bare.databases}
    named = exemption(database="mariadb/app in container chat")
    found = judged(everywhere, claims(merged(files("/srv/x"), exemptions=[named])))
    assert [one.subject for one in found.findings if one.state == "exempt"] == [named["database"]]
    assert found.alarms == []


def test_an_exemption_by_name_does_not_reach_two_engines() -> None:
    both = [seen(POSTGRESQL, "redis"), seen(REDIS, "", tables=(), refused="NOAUTH")]
    found = judged(both, claims(merged(files("/srv/x"), exemptions=[exemption(database="redis")])))
    assert [one.state for one in found.findings].count("exempt") <= 1


def test_databases_of_the_server_itself_are_those_of_its_engine() -> None:
    found = judged([seen(POSTGRESQL, "sys"), seen(POSTGRESQL, "mysql")], claims())
    assert [one.state for one in found.findings] == ["unclaimed", "unclaimed"]
    assert judged([seen(MARIADB, "sys"), seen(POSTGRESQL, "template1")], claims()).findings == []


def test_a_server_without_any_database_still_answers_for_its_files() -> None:
    servers = [MARIADB, POSTGRESQL, REDIS]
    found = judge_databases([], claims(), {}, servers=servers)
    assert {*found.directories} >= {"/var/lib/mysql", "/var/lib/postgresql/17/voting"}
    assert "/var/lib/redis/dump.rdb" in found.directories
    assert (found.findings, found.alarms) == ([], [])


def test_without_its_mark_a_directory_is_no_data_directory() -> None:
    strange = [replace(MARIADB, made_ns=0), replace(MARIADB, data_directory="/srv/*")]
    assert judge_databases([], claims(), {}, servers=strange).directories == {}


def test_a_server_that_told_nothing_hides_nothing() -> None:
    mute = seen(name="", tables=(), refused="Access denied")
    assert {*judged([mute], claims()).directories} == {"/var/lib/mysql"}  # it is red itself
    apart = replace(mute, server=replace(MARIADB, is_apart=True))
    assert judged([apart], claims()).directories == {}
    named = claims(merged(files("/srv/x"), exemptions=[exemption(database="mariadb")]))
    found = judged([mute], named)
    assert [one.state for one in found.findings] == ["exempt"]
    assert found.directories == {}


def test_what_we_cannot_dump_is_saved_only_by_a_snapshot_with_its_files(tmp_path: Path) -> None:
    declared = claims(merged(files("/srv/chat"), name="chat", quiesce=QUIESCED))
    server = replace(MONGODB, data_directory="/srv/chat/mongo")
    mongodb = DatabaseSeen(server, "", 5, cannot_dump="We cannot dump MongoDB.")
    listed = tmp_path / "chat.paths"
    for lines, state in (("/srv/chat/mongodb-notes\n", "unclaimed"), ("", "saved")):
        listed.write_text(f"/srv/chat\n{lines or '/srv/chat/mongo/WiredTiger'}\n")
        saved = {"chat": replace(held("chat", "/srv/chat"), paths=listed)}
        found = judged([mongodb], declared, saved)
        assert [one.state for one in found.findings] == [state]
        assert found.directories == {}
    assert judged([mongodb], declared, {"chat": held("chat")}).findings[0].state == "unclaimed"


def test_a_table_that_waited_for_an_earlier_snapshot_is_lacking() -> None:
    declared = claims(merged(files("/srv/newsletter"), database()))
    saved = {"newsletter": held("newsletter", "/srv/newsletter", databases=[base()])}
    overdue = {"newsletter": frozenset({"mariadb/mautic.new"})}
    found = judge_databases([seen(MARIADB, "mautic", "new")], declared, saved, overdue=overdue)
    assert [(one.kind, one.state) for one in found.findings] == [
        *(("table", "unclaimed"), ("database", "saved")),
    ]
    assert (found.newer, found.overdue) == ({}, {"newsletter": ["mariadb/mautic.new"]})


def test_a_database_that_was_written_to_since_its_snapshot_is_noted() -> None:
    declared = claims(merged(files("/srv/newsletter"), database()))
    saved = {"newsletter": held("newsletter", "/srv/newsletter", databases=[base()])}
    for minutes, changed in ((5, {"newsletter": ["mariadb/mautic"]}), (-5, {})):
        moment = TAKEN + timedelta(minutes=minutes)
        table = TableSeen("", "leads", "InnoDB", 100, 5, moment)
        assert judged([seen(tables=(table,))], declared, saved).changed == changed
