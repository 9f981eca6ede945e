"""Redis tells which of its numbered databases hold keys."""

from __future__ import annotations

from dataclasses import replace
from os import utime
from pathlib import Path

import pytest

from plugins.module_utils.audit.facts import DatabaseSeen, TableSeen
from plugins.module_utils.host import Finished
from tests.unit.audit.asked import REDIS, asked, moment, only
from tests.unit.fakes import FakeHost

INFO = (
    "# Server\r\nredis_version:8.0.2\r\nserver_time_usec:1700000000000000\r\n\r\n# Memory\r\n"
    "used_memory_dataset:4000\r\n\r\n# Persistence\r\nrdb_changes_since_last_save:{}\r\n\r\n"
    "# Keyspace\r\ndb0:keys=30,expires=0,avg_ttl=0\r\ndb5:keys=10,expires=1,avg_ttl=9\r\n"
)


def redis(changes: int = 0) -> FakeHost:
    return FakeHost(
        {
            "INFO": Finished(0, INFO.format(changes), ""),
            "CONFIG": Finished(0, "dbfilename\ncache.rdb\n", ""),
        }
    )


def test_redis_tells_its_numbered_databases_and_their_keys(tmp_path: Path) -> None:
    (tmp_path / "cache.rdb").write_bytes(b"x" * 400)
    utime(tmp_path / "cache.rdb", (1600000000, 1600000000))
    server = replace(REDIS, data_directory=str(tmp_path))
    first, fifth = asked(server, redis())
    keys = TableSeen("", "keys", "redis", 300, 30, moment(1600000000))
    assert first == DatabaseSeen(server, "0", 300, moment(1600000000), (keys,))
    assert (fifth.name, fifth.bytes, fifth.tables[0].rows) == ("5", 100, 10)


def test_redis_with_changes_that_wait_changed_just_now_and_without_a_file_has_memory() -> None:
    first, _ = asked(REDIS, redis(changes=7))
    assert (first.bytes, first.changed) == (3000, moment(1700000000))


@pytest.mark.parametrize(
    ("said", "words"),
    [
        ("NOAUTH Authentication required.\n", "NOAUTH Authentication required"),
        ("", "it said nothing"),
        ("# Server\r\nredis_version:7\r\n", "# Server"),
    ],
)
def test_a_redis_that_wants_a_password_is_a_sentence(said: str, words: str) -> None:
    one = only(asked(REDIS, FakeHost({"INFO": Finished(0, said, "")})))
    assert words in one.refused


def test_an_empty_redis_holds_nothing() -> None:
    empty = INFO.format(0).split("db0:")[0]
    assert asked(REDIS, FakeHost({"INFO": Finished(0, empty, "")})) == ()
