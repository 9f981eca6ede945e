"""Servers tell what they hold; one that refuses, hangs or cannot be entered is a sentence."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import NoReturn

import pytest

from plugins.module_utils.audit import ask_mariadb, asking
from plugins.module_utils.audit.asking import password_variable
from plugins.module_utils.audit.facts import ContainerSeen, ServerEngine, ServerSeen
from plugins.module_utils.audit.patience import Silence
from plugins.module_utils.audit.servers import servers_of
from plugins.module_utils.errors import Trouble
from plugins.module_utils.host import Finished, Host
from tests.unit.audit.asked import (
    BALLOTS,
    FORUM,
    MARIADB,
    NONE,
    POSTGRESQL,
    Psql,
    asked,
    only,
)
from tests.unit.fakes import FakeHost


@pytest.mark.parametrize(
    ("done", "words"),
    [
        (Finished(124, "", ""), "no answer within 75 s"),
        (Finished(137, "", ""), "no answer within 75 s"),
        (Finished(127, "", "timeout: failed to run command"), "its client is not installed"),
        (Finished(1, "", ""), "its client ended with status 1"),
        (Finished(0, "unexpected\n", ""), "something else than the answer"),
    ],
)
def test_a_server_that_does_not_answer_is_a_sentence(done: Finished, words: str) -> None:
    assert words in only(asked(MARIADB, FakeHost({"mariadb": done}))).refused


def test_a_server_that_listens_nowhere_is_a_sentence() -> None:
    one = only(asked(ServerSeen("mariadb", 77, "mariadbd"), FakeHost()))
    assert one.refused == "it listens at no socket and no port"


@pytest.mark.parametrize("engine", ["mongodb", "couchdb", "elasticsearch", "openldap", "etcd"])
def test_what_we_cannot_dump_is_recognised_with_its_size(
    tmp_path: Path, engine: ServerEngine
) -> None:
    (tmp_path / "deep").mkdir()
    (tmp_path / "deep/file").write_bytes(b"x" * 700)
    server = ServerSeen(engine, 5, "x", data_directory=str(tmp_path))
    one = only(asked(server, FakeHost()))
    assert (one.name, one.bytes, one.refused) == ("", 700, "")
    assert one.changed is not None
    assert one.cannot_dump.startswith("We cannot dump ")
    assert str(tmp_path) in one.cannot_dump


def test_a_server_in_a_container_is_asked_in_there_with_the_variable_of_its_password() -> None:
    container = replace(FORUM, variables=("PATH", "POSTGRES_PASSWORD_FILE"), account="forum")
    server = replace(POSTGRESQL, container=container, user="999")
    inside = Psql(Finished(0, "forum\t1\tt\n", ""), {"postgres": NONE, "forum": BALLOTS})
    entered: list[object] = []

    def enter(outside: Host, seen: ContainerSeen, engine: ServerEngine, variable: str) -> Host:
        entered.append((seen.name, engine, variable))
        return inside

    assert only(servers_of(FakeHost(), [server], enter)).name == "forum"
    assert entered == [("forum-db-1", "postgresql", "POSTGRES_PASSWORD_FILE")]
    assert list(inside.calls[0].argv[:4]) == [
        *("psql", "--host=/run/postgresql", "--port=5433", "--username=forum"),
    ]


@pytest.mark.parametrize(
    ("container", "words"),
    [
        (replace(FORUM, owner="ada"), "ada runs it without root"),
        (replace(FORUM, image=""), "no container program of root's knows the container"),
    ],
)
def test_a_container_that_root_cannot_enter_is_a_sentence(
    container: ContainerSeen, words: str
) -> None:
    assert words in only(asked(replace(MARIADB, container=container), FakeHost())).refused


def test_a_container_without_a_client_is_a_sentence() -> None:
    def enter(*_: object) -> Host:
        raise Trouble("there is no mariadb and no mysql in there")

    one = only(servers_of(FakeHost(), [replace(MARIADB, container=FORUM)], enter))
    assert "there is no mariadb and no mysql in there" in one.refused


def test_the_declared_variable_of_a_password_counts_before_the_usual_ones() -> None:
    container = replace(FORUM, variables=("MARIADB_ROOT_PASSWORD", "OWN"), password_variable="OWN")
    assert password_variable(replace(MARIADB, container=container)) == "OWN"
    usual = replace(container, password_variable="")
    assert password_variable(replace(MARIADB, container=usual)) == "MARIADB_ROOT_PASSWORD"


def test_a_disk_that_does_not_answer_holds_up_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "forum").mkdir()
    (tmp_path / "forum/x").write_bytes(b"12345")
    assert asking.sizes_below(str(tmp_path))[0] == 5
    assert ask_mariadb.folders_in(str(tmp_path)) == ("forum",)

    def hang(*_: object, **__: object) -> NoReturn:
        raise Silence

    for module in (asking, ask_mariadb):
        monkeypatch.setattr(module, "from_child", hang)
    assert asking.sizes_below(str(tmp_path)) == (0, None)
    assert ask_mariadb.folders_in(str(tmp_path)) == ()
