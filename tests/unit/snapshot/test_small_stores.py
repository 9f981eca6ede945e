"""A copy of SQLite or Redis that is not whole is a sentence, and nothing is saved."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest

from plugins.module_utils.errors import Trouble
from plugins.module_utils.file_listing import sha256_of
from plugins.module_utils.host import Finished
from plugins.module_utils.snapshot.small_stores import save_small_stores
from plugins.module_utils.stores import Container, RedisStore, SqliteStore
from tests.unit.fakes import FakeHost, contract

CACHE = RedisStore("cache", "", 6379, 2, ("DKIM_*",), 20)
SIGNING = replace(contract(), redis=(CACHE,))


def test_a_sqlite_database_is_saved_and_measured(tmp_path: Path) -> None:
    with closing(sqlite3.connect(tmp_path / "cards.db")) as made:
        made.executescript("CREATE TABLE people (id); INSERT INTO people VALUES (1), (2)")
    folder = tmp_path / "staging"
    folder.mkdir()
    store = SqliteStore("cards", str(tmp_path / "cards.db"), ("people",), 20)
    host = FakeHost()
    saved = save_small_stores(host, replace(contract(), sqlite=(store,)), folder)
    (cards,) = saved.sqlite
    assert (cards.path, cards.measure.rows) == (store.path, 2)
    assert cards.dump.path == str(folder / "cards.sqlite")
    assert cards.dump.sha256 == sha256_of(cards.dump.path)
    assert (saved.redis, host.calls) == ((), [])
    assert [file.name for file in folder.iterdir()] == ["cards.sqlite"]


@pytest.mark.parametrize(
    ("answer", "said"),
    [
        (
            # what redis-cli 8.0.2 prints
            Finished(1, "", "SYNC with master failed: -NOAUTH Authentication required.\n"),
            "port 6379 (store cache) asks for a password, and on the host itself there is",
        ),
        (
            Finished(1, "", "Could not connect to Redis at 127.0.0.1:6379: Connection refused\n"),
            "port 6379 (store cache) gave no dump: Could not connect to Redis",
        ),
        (Finished(0, "", ""), "is not whole although redis-cli reported success"),
    ],
)
def test_a_redis_that_gives_no_dump_is_a_sentence(
    tmp_path: Path, answer: Finished, said: str
) -> None:
    host = FakeHost({"redis-cli": answer})
    with pytest.raises(Trouble) as refused:
        save_small_stores(host, SIGNING, tmp_path)
    assert said in str(refused.value)
    assert "Nothing was saved" in str(refused.value)


def test_what_a_killed_backup_left_goes_first_and_the_guard_goes_last(tmp_path: Path) -> None:
    host = FakeHost({"redis-cli": Finished(1, "", "refused")})
    with pytest.raises(Trouble):
        save_small_stores(host, SIGNING, tmp_path)
    units = [call.argv[2] for call in host.calls if call.argv[:2] == ["systemctl", "stop"]]
    server, guard = (f"probealarm-back-up-newsletter-{part}.service" for part in ("redis", "guard"))
    assert units == [server, guard, guard]


IN_CONTAINER = replace(CACHE, container=Container("podman", name="cache"), password_variable="PASS")


def in_container(image: str, dumped: Finished) -> FakeHost:
    """A container with a Redis, whose clients were found and gave this."""
    inspected = (
        '[{"Id": "5e1", "Name": "cache", "State": {"Status": "running"}, "Config": {}, '
        f'"Image": "{image}"}}]'
    )
    return FakeHost(
        {
            "ps": Finished(0, "5e1\n", ""),
            "inspect": Finished(0, inspected, ""),
            "--rdb": dumped,
            "exec": Finished(0, "valkey-cli\nvalkey-server\n", ""),
        }
    )


@pytest.mark.parametrize(
    ("image", "dumped", "said"),
    [
        ("", Finished(0, "", ""), "container cache runs from a plain folder and not from an image"),
        (
            "sha256:5e1",
            Finished(1, "", "AUTH failed: WRONGPASS\nSYNC with master failed: -NOAUTH\n"),
            "The password was taken from its variable PASS",
        ),
        ("sha256:5e1", Finished(1, "", "Could not connect to Redis"), "in container cache: the"),
    ],
)
def test_a_redis_in_a_container_that_gives_no_dump_is_a_sentence(
    tmp_path: Path, image: str, dumped: Finished, said: str
) -> None:
    host = in_container(image, dumped)
    with pytest.raises(Trouble) as refused:
        save_small_stores(host, replace(SIGNING, redis=(IN_CONTAINER,)), tmp_path)
    assert said in str(refused.value)
    assert "Nothing was saved" in str(refused.value)


def test_a_redis_in_a_container_is_asked_in_there(tmp_path: Path) -> None:
    host = in_container("sha256:5e1", Finished(1, "", "refused"))
    with pytest.raises(Trouble):
        save_small_stores(host, replace(SIGNING, redis=(IN_CONTAINER,)), tmp_path)
    (call,) = [call for call in host.calls if "--rdb" in call.argv]
    assert call.argv[:2] == ["podman", "exec"]
    assert list(call.argv[-7:]) == ["valkey-cli", "-h", "127.0.0.1", "-p", "6379", "--rdb", "-"]
    assert call.output_file == tmp_path / "cache.rdb"
