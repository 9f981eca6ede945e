"""Every hint, laid over the declaration it answers to, loads."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
import yaml as pyyaml

from plugins.module_utils.audit.claims import Claims
from plugins.module_utils.audit.facts import ContainerSeen, DatabaseSeen, ServerSeen, TableSeen
from plugins.module_utils.audit.hints import Hints
from plugins.module_utils.declaration.contract import Service
from plugins.module_utils.declaration.load import Inventory, load_services

ROOT = Path(__file__).parents[3]
DECLARATION = """\
plugin: probealarm.recovery.services
drill_host: judy
services:
  newsletter:
    profile: mautic
    host: nick
    objectives: {rpo: 24h, rto: 30m}
    database: {name: mautic, prefix: ""}
    path: /srv/newsletter
  board:
    profile: files
    host: nick
    objectives: {rpo: 24h, rto: 30m}
    path: /srv/board/uploads
"""
MACHINE = """\
  machine:
    profile: debian_host
    host: nick
    objectives: {rpo: 24h, rto: 30m}
"""
TABLE = (TableSeen("", "a", "InnoDB", 1, 1, None),)
Loaded = Callable[[str, str], list[Service]]


@pytest.fixture
def loaded(tmp_path: Path) -> Loaded:
    """Lay a hint over a declaration, as a person would, and load it."""

    def load(declaration: str, hint: str) -> list[Service]:
        file = tmp_path / "services.probealarm.yml"
        whole = _laid_over(pyyaml.safe_load(declaration), pyyaml.safe_load(hint) or {})
        file.write_text(pyyaml.safe_dump(whole, allow_unicode=True))
        inventory = Inventory(("judy", "nick"), ("all", "services", "protected"))
        return load_services(file, ROOT / "catalogue", inventory)

    return load


def _laid_over(below: Any, above: Any) -> Any:
    if isinstance(below, dict) and isinstance(above, dict):
        both = {key: _laid_over(below[key], above[key]) for key in below.keys() & above.keys()}
        return {**below, **above, **both}
    if isinstance(below, list) and isinstance(above, list):
        return [*below, *above]
    return above


def hints(loaded: Loaded, declaration: str = DECLARATION) -> Hints:
    merged = [service.contract() for service in loaded(declaration, "")]
    today = datetime.now(UTC).date()
    return Hints.of("nick", Claims.of(merged, (), today=today), merged, today)


def saved_paths(services: list[Service]) -> set[str]:
    return {
        path
        for service in services
        for store in service.contract()["stores"]
        for path in store.get("paths", [store.get("path")])
    }


@pytest.mark.parametrize("declaration", [DECLARATION, DECLARATION + MACHINE])
@pytest.mark.parametrize(
    "path",
    [
        "/srv/forum",
        "/srv/board/avatars",
        "/etc/forgotten.conf",
        "/home/kim",
        "/usr/local/bin/nightly",
        "/var/spool/cron/crontabs/kim",
        "/usr/share/app/changed.php",
        "/var/lib/containers/storage/volumes/wiki_data/_data",
        "/opt/42 things, and: more #1",
        "/srv/yes",
        "/srv/nick",
        "/srv/protected",
        "/srv/Über uns/Bücher",
        "/srv/" + "x" * 255,
        "/srv/-",
        "/x",
    ],
)
def test_the_hint_for_a_path_loads_and_saves_it(
    loaded: Loaded, declaration: str, path: str
) -> None:
    hint = hints(loaded, declaration).for_path(path)
    covering = saved_paths(loaded(declaration, hint))
    above = {path[:end] for end in range(2, len(path) + 1)}
    assert covering & above, hint


def test_what_lies_beside_a_services_paths_is_given_to_that_service(loaded: Loaded) -> None:
    hint = hints(loaded).for_path("/srv/board/avatars")
    assert hint == (
        "services:\n  board:\n    stores:\n      files:\n        paths:\n"
        "          - /srv/board/avatars\n"
    )


def test_what_lies_by_itself_becomes_a_service(loaded: Loaded) -> None:
    assert hints(loaded).for_path("/srv/forum") == (
        "services:\n  forum:\n    profile: files\n    host: nick\n"
        "    objectives: {rpo: 24h, rto: 4h}\n    path: /srv/forum\n"
    )


def test_where_nobody_saves_the_machine_its_profile_is_suggested(loaded: Loaded) -> None:
    assert "profile: debian_host" in hints(loaded).for_path("/etc/forgotten.conf")


@pytest.mark.parametrize(
    "path", ["/srv/a{b}", "/srv/a\nb", "/srv/a\\b", "/srv/$HOME", "/srv/a\udce4", "/srv/a*b"]
)
def test_a_name_that_a_declaration_cannot_hold_is_said_and_can_be_exempted(
    loaded: Loaded, path: str
) -> None:
    hint = hints(loaded).for_path(path)
    assert hint.startswith("# Its name holds signs")
    services = loaded(DECLARATION, hint)
    patterns = [one["path"] for s in services for one in s.contract().get("exemptions", [])]
    assert patterns == ["/srv/" + "".join("?" if c in "{}\n\\$\udce4*" else c for c in path[5:])]


SERVER = ServerSeen("mariadb", 1, "mariadbd", socket="/run/mysqld/mysqld.sock")
CONTAINER = ContainerSeen("podman", "1", "wiki_db_1", "", True)


@pytest.mark.parametrize(
    "server",
    [
        SERVER,
        replace(SERVER, socket="/run/second/mysqld.sock"),
        replace(SERVER, container=CONTAINER),
        replace(SERVER, container=replace(CONTAINER, project="wiki", service="db")),
        ServerSeen("postgresql", 1, "postgres", socket="/run/postgresql", port=5432),
        ServerSeen("postgresql", 1, "postgres", socket="/run/postgresql", port=5433),
        ServerSeen("postgresql", 1, "postgres", port=5432, container=CONTAINER),
    ],
)
def test_the_hint_for_a_database_loads_and_names_it(loaded: Loaded, server: ServerSeen) -> None:
    hint = hints(loaded).for_database(DatabaseSeen(server, "wiki", 1, tables=TABLE))
    (wiki,) = [one for one in loaded(DECLARATION, hint) if one.name == "wiki"]
    (store,) = wiki.contract()["stores"]
    assert (store["kind"], store["database"]) == (server.engine, "wiki")
    assert bool(store.get("container")) == (server.container is not None)
    if server.engine == "postgresql":
        assert store["port"] == server.port or server.container


def test_the_hint_for_a_database_in_a_container_says_how_it_is_entered(loaded: Loaded) -> None:
    container = replace(
        CONTAINER, variables=("POSTGRES_PASSWORD_FILE", "POSTGRES_USER"), account="board"
    )
    server = ServerSeen("postgresql", 1, "postgres", port=5444, container=container)
    hint = hints(loaded).for_database(DatabaseSeen(server, "wiki", 1, tables=TABLE))
    (wiki,) = [one for one in loaded(DECLARATION, hint) if one.name == "wiki"]
    (store,) = wiki.contract()["stores"]
    assert (store["user"], store["password_variable"], store["port"]) == (
        "board",
        "POSTGRES_PASSWORD_FILE",
        5444,
    )


@pytest.mark.parametrize("socket", ["", "/run/redis/redis.sock"])
def test_the_hint_for_keys_of_redis_loads(loaded: Loaded, socket: str) -> None:
    server = ServerSeen("redis", 1, "redis-server", socket=socket, port=6379)
    hint = hints(loaded).for_database(DatabaseSeen(server, "3", 1, tables=TABLE))
    stores = [one for s in loaded(DECLARATION, hint) for one in s.contract()["stores"]]
    assert [one["database"] for one in stores if one["kind"] == "redis"] == [3]


def test_the_hint_for_a_file_of_sqlite_loads(loaded: Loaded) -> None:
    hint = hints(loaded).for_sqlite("/srv/cards/cards.sqlite3")
    assert "/srv/cards/cards.sqlite3" in saved_paths(loaded(DECLARATION, hint))


@pytest.mark.parametrize(
    ("engine", "directory", "name"),
    [("mongodb", "/var/lib/mongodb", ""), ("etcd", "", ""), ("mariadb", "", "")],
)
def test_what_we_cannot_dump_gets_an_exemption_to_fill_in(
    loaded: Loaded, engine: Any, directory: str, name: str
) -> None:
    server = ServerSeen(engine, 1, engine, data_directory=directory)
    seen = DatabaseSeen(server, name, 1, refused="no" if engine == "mariadb" else "")
    hint = hints(loaded).for_database(seen)
    (exemption,) = [
        one for s in loaded(DECLARATION, hint) for one in s.contract().get("exemptions", [])
    ]
    assert exemption.get("path", exemption.get("database")) == (directory or engine)


def test_a_database_whose_name_no_declaration_holds_is_said(loaded: Loaded) -> None:
    hint = hints(loaded).for_database(DatabaseSeen(SERVER, "my-wiki", 1, tables=TABLE))
    assert hint.startswith("# ")
    assert loaded(DECLARATION, hint)


def test_several_paths_come_as_one_hint(loaded: Loaded) -> None:
    hint = hints(loaded).for_paths(["/srv/a/one", "/srv/a/two"])
    assert {"/srv/a/one", "/srv/a/two"} <= saved_paths(loaded(DECLARATION, hint))
