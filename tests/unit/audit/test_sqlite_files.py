"""Databases of SQLite are known by their first bytes, whatever their name is."""

from __future__ import annotations

import os
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from plugins.module_utils.audit.facts import Recognised
from plugins.module_utils.audit.sqlite_files import sqlite_at
from plugins.module_utils.audit.walk import look


def look_into(path: Path) -> Recognised | None:
    entry = look(str(path), pytest.fail)
    assert entry is not None
    return sqlite_at(entry)


@pytest.mark.parametrize("name", ["members", "notes?x=1#.doc", os.fsdecode(b"caf\xe9.db")])
def test_a_database_is_found_with_its_tables_and_left_as_it_is(tmp_path: Path, name: str) -> None:
    with closing(sqlite3.connect(tmp_path / "here")) as database:
        database.executescript("CREATE TABLE a (x); CREATE TABLE b (y); CREATE VIEW c AS SELECT 1")
    (tmp_path / "here").rename(tmp_path / name)
    os.utime(tmp_path / name, ns=(1, 1_795_384_322_000_000_000))
    found = look_into(tmp_path / name)
    assert found is not None
    assert (found.form, found.detail) == ("sqlite", "a database of SQLite with 2 tables")
    assert found.bytes == (tmp_path / name).stat().st_size
    assert found.changed is not None
    assert found.changed.isoformat() == "2026-11-22T21:52:02+00:00"
    assert os.listdir(tmp_path) == [name]  # noqa: PTH208 (the name may not be UTF-8)
    assert (tmp_path / name).stat().st_atime_ns == 1


def test_of_a_large_database_the_first_pages_are_enough(tmp_path: Path) -> None:
    with closing(sqlite3.connect(tmp_path / "large")) as database:
        database.executescript("PRAGMA page_size=65536; CREATE TABLE a (x); CREATE TABLE b (y)")
        database.execute("INSERT INTO a SELECT zeroblob(6000000)")
        database.commit()
    found = look_into(tmp_path / "large")
    assert found is not None
    assert found.detail == "a database of SQLite with 2 tables"


def test_the_wal_beside_it_belongs_to_it(tmp_path: Path) -> None:
    file = tmp_path / "live.db"
    with closing(sqlite3.connect(file)) as database:
        database.executescript("PRAGMA journal_mode=WAL; CREATE TABLE a (x);")
        found = look_into(file)
        assert found is not None
        assert found.parts == (str(file), f"{file}-wal", f"{file}-shm")
        assert found.bytes == sum(Path(part).stat().st_size for part in found.parts)
        assert "its last changes are in the -wal beside it" in found.detail


@pytest.mark.parametrize(
    "content",
    [b"", b"SQLite format 3\0", b"x" * 1024, b"SQLite format 3\0" + b"x" * 1000],
)
def test_other_files_are_none(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "file").write_bytes(content)
    assert look_into(tmp_path / "file") is None


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"SQLite format 3\0".ljust(512, b"\xff"), "cut off within its first page"),
        (b"SQLite format 3\0\2\0".ljust(1024, b"\xff"), "could not be counted"),
    ],
)
def test_a_damaged_database_is_found_all_the_same(
    tmp_path: Path, content: bytes, said: str
) -> None:
    (tmp_path / "file").write_bytes(content)
    found = look_into(tmp_path / "file")
    assert found is not None
    assert said in found.detail


def test_a_database_that_vanishes_is_none(tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"x" * 512)
    entry = look(str(tmp_path / "file"), pytest.fail)
    assert entry is not None
    (tmp_path / "file").unlink()
    assert sqlite_at(entry) is None
