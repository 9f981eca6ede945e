"""A server's data is recognised wherever it lies, and nothing else is taken for it."""

from __future__ import annotations

from pathlib import Path

import pytest

from plugins.module_utils.audit.facts import Recognised
from plugins.module_utils.audit.formats import may_have_form, recognise
from plugins.module_utils.audit.walk import walk
from tests.unit.audit.declared import entry


def found_in(top: Path) -> list[Recognised]:
    entries = walk([], lambda _: False, pytest.fail, top=str(top))
    return [found for entry in entries if (found := recognise(entry))]


def put(top: Path, *names: str, content: bytes = b"x") -> Path:
    for name in names:
        file = top / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(content)
    return top


def only(top: Path) -> tuple[str, str, str]:
    (found,) = found_in(top)
    return found.form, found.path.removeprefix(str(top)), found.detail


def test_mariadb_is_told_once_with_its_databases(tmp_path: Path) -> None:
    data = tmp_path / "data/db"
    put(data, "ibdata1", "aria_log_control", "mysql/db.MAD", "mysql/db.frm", "#rocksdb/x.ibd")
    put(data, "mautic/leads.ibd", "empty/db.opt", "lost+found/x")
    put(data, "mariadb_upgrade_info", content=b"11.8.2-MariaDB\n")
    said = "a data directory of MariaDB 11.8.2-MariaDB with 2 databases: empty, mautic"
    assert only(tmp_path) == ("mariadb", "/data/db", said)
    assert found_in(tmp_path)[0].parts == ("empty", "mautic")
    assert found_in(tmp_path)[0].bytes == 7 + 15 + 1


def test_mysql_is_told_from_mariadb(tmp_path: Path) -> None:
    put(tmp_path, "db/ibdata1", "db/shop/orders.ibd", "db/sys/x.ibd")
    assert only(tmp_path)[2] == "a data directory of MySQL with 1 database: shop"


def test_mariadb_without_innodb_is_recognised(tmp_path: Path) -> None:
    put(tmp_path, "db/aria_log_control", "db/old/members.frm")
    assert only(tmp_path)[:2] == ("mariadb", "/db")


def test_postgresql_is_told_once_at_its_top(tmp_path: Path) -> None:
    data = put(tmp_path / "pg", "PG_VERSION", content=b"17\n")
    put(data, "global/pg_control", *(f"base/{oid}/PG_VERSION" for oid in (1, 4, 5, 16384)))
    said = "a data directory of PostgreSQL 17 with 1 database of its users"
    assert only(tmp_path) == ("postgresql", "/pg", said)


@pytest.mark.parametrize(
    ("name", "content", "form", "path"),
    [
        ("cache.rdb", b"REDIS0012\xfa", "redis", "/cache.rdb"),
        ("dump.rdb", b"VALKEY080\xfa", "redis", "/dump.rdb"),
        ("r/appendonly.aof", b"*2", "redis", "/r/appendonly.aof"),
        ("r/appendonlydir/appendonly.aof.manifest", b"", "redis", "/r/appendonlydir"),
        ("wekan/WiredTiger", b"WiredTiger\nWiredTiger 11.2.0", "mongodb", "/wekan"),
        ("c/_dbs.couch", b"", "couchdb", "/c"),
        ("c/people.couch", b"", "couchdb", "/c/people.couch"),
        ("ldap/data.mdb", b"", "openldap", "/ldap"),
        ("e/member/snap/db", b"", "etcd", "/e"),
    ],
)
def test_each_engine_is_known_by_its_files(
    tmp_path: Path, name: str, content: bytes, form: str, path: str
) -> None:
    put(tmp_path, name, content=content)
    assert only(tmp_path)[:2] == (form, path)


def test_couchdb_is_told_once_for_all_its_files(tmp_path: Path) -> None:
    put(tmp_path, "_dbs.couch", "_users.couch", "shards/00000000-ffffffff/people.1.couch")
    assert [found.path for found in found_in(tmp_path)] == [str(tmp_path)]


@pytest.mark.parametrize("top", ["nodes/0", ""])
def test_elasticsearch_is_known_in_old_and_new_form(tmp_path: Path, top: str) -> None:
    put(tmp_path / "es" / top, "node.lock", "_state/node-1.st", "indices/aB3/x", "indices/cD4/x")
    assert only(tmp_path)[2].endswith("Elasticsearch or OpenSearch with 2 indices")


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("resource.rdb", b"a database of R"),
        ("WiredTiger", b"notes about MongoDB"),
        ("node.lock", b""),
        ("global/pg_control", b""),
        ("src/db", b""),
        ("appendonlydir/notes", b""),
        ("ibdata1.txt", b""),
    ],
)
def test_what_only_has_the_name_is_not_taken_for_it(
    tmp_path: Path, name: str, content: bytes
) -> None:
    put(tmp_path, name, content=content)
    assert found_in(tmp_path) == []


def test_a_folder_or_link_with_the_name_is_not_taken_for_it(tmp_path: Path) -> None:
    (tmp_path / "ibdata1").mkdir()
    (tmp_path / "dump.rdb").symlink_to("/dev/zero")
    assert found_in(tmp_path) == []


@pytest.mark.parametrize(
    ("path", "type_", "is_worth_it"),
    [
        ("/srv/db/ibdata1", "file", True),
        ("/srv/queue/dump.rdb", "file", True),
        ("/srv/queue/appendonlydir", "folder", True),
        ("/srv/poll/.git", "folder", True),
        ("/srv/queue/dump.rdb", "folder", False),
        ("/srv/letter.txt", "file", False),
        ("/srv/dump.rdb", "link", False),
    ],
)
def test_what_is_worth_a_look_is_told_by_its_name(path: str, type_: str, is_worth_it: bool) -> None:
    assert may_have_form(entry(path, type=type_)) is is_worth_it
