"""What clients print is read as the rows that it is; captured from the clients themselves."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest

from plugins.module_utils.host import Finished
from plugins.module_utils.tools import postgresql, redis, sqlite
from plugins.module_utils.tools.answers import Refused, rows_of
from plugins.module_utils.tools.redis import Redis
from tests.unit.fakes import FakeHost


def test_mariadb_escapes_tab_newline_and_backslash_and_leaves_the_carriage_return() -> None:
    printed = b"1\tA\\tB\\nC\\\\D\r\t\n2\tNULL\t\xc3\xa9\n"
    assert rows_of(printed, "NULL") == [["1", "A\tB\nC\\D\r", ""], ["2", None, "é"]]


def test_postgresql_copies_null_apart_from_every_text() -> None:
    printed = b"1\tA\\tB\\nC\\\\D\\r\t\n2\t\\N\tNULL\n3\t\\\\N\t\\b\\f\\v\n"
    assert rows_of(printed, r"\N") == [
        ["1", "A\tB\nC\\D\r", ""],
        ["2", None, "NULL"],
        ["3", r"\N", "\b\f\v"],
    ]


def test_no_rows_and_rows_of_one_empty_text_differ() -> None:
    assert rows_of(b"", "NULL") == []
    assert rows_of(b"\n\n", "NULL") == [[""], [""]]


def test_text_that_is_not_utf_8_is_kept() -> None:
    assert rows_of(b"\xff\n", "NULL") == [["\udcff"]]


@pytest.mark.parametrize(
    ("complaint", "told"),
    [
        (
            'ERROR:  42703: column "emial" does not exist\nLINE 1: COPY (SELECT emial FROM ...',
            'column "emial" does not exist',
        ),
        (
            'ERROR:  22P02: invalid input syntax for type integer: "kim@example.org"\nLOCATION: x',
            "invalid input syntax for type integer: ...",
        ),
        ("ERROR:  22012: division by zero\n", "division by zero"),
        ('psql: error: connection to server on socket "/x" failed', "psql: error: connection to"),
    ],
)
def test_postgresql_names_objects_and_no_values(complaint: str, told: str) -> None:
    assert postgresql.query_fault(Finished(1, "", complaint)).startswith(told)


@pytest.mark.parametrize(
    ("printed", "rows"),
    [
        ('["PEM\\nline",""]\n', [["PEM\nline"], [""]]),
        ('["ä","b"]\n', [["ä"], ["b"]]),
        ('"x\\"y\\\\z"\n', [['x"y\\z']]),
        ('"bin\udcff\\u0000\\r\\nend"\n', [["bin\udcff\0\r\nend"]]),
        ("4\n", [["4"]]),
        ("null\n", [[None]]),
        ("[]\n", []),
    ],
)
def test_redis_answers_in_json(printed: str, rows: list[list[str | None]]) -> None:
    host = FakeHost({"redis-cli": Finished(0, printed, "")})
    assert Redis(host, "/run/redis.sock", database=2).answer("HVALS 'a key'") == rows
    (call,) = host.calls
    assert [*call.argv] == [
        *("redis-cli", "-e", "--json", "-s", "/run/redis.sock", "-n", "2", "HVALS", "a key")
    ]


def test_redis_refuses_in_its_own_words() -> None:
    words = "WRONGTYPE Operation against a key holding the wrong kind of value"
    host = FakeHost({"redis-cli": Finished(1, "", words + "\n\n")})
    with pytest.raises(Refused, match=words):
        Redis(host).answer("hvals a")
    with pytest.raises(Refused, match="older than Redis 7"):
        Redis(FakeHost({"redis-cli": Finished(0, "1) a", "")})).answer("hvals a")


@pytest.mark.parametrize("command", ["FLUSHALL", "del a", "", "GET 'a", "CONFIG GET dir"])
def test_redis_is_never_asked_to_write(command: str) -> None:
    with pytest.raises(Refused):
        redis.reading(command)


@pytest.fixture
def database(tmp_path: Path) -> Path:
    file = tmp_path / "a b?.db"
    with sqlite3.connect(file) as made:
        made.executescript(
            "PRAGMA journal_mode = WAL; CREATE TABLE t (a, b);"
            "INSERT INTO t VALUES (1, NULL), (2.5, 'x'), (x'ff', '')"
        )
    made.close()
    return file


def test_sqlite_answers_in_texts(database: Path) -> None:
    assert sqlite.answer(database, "SELECT a, b FROM t ORDER BY rowid") == [
        ["1", None],
        ["2.5", "x"],
        ["\udcff", ""],
    ]


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ("SELECT c FROM t", "no such column: c"),
        ("DELETE FROM t", "readonly database"),
        ("SELECT 1; SELECT 2", "one statement at a time"),
    ],
)
def test_sqlite_refuses_in_its_own_words(database: Path, query: str, said: str) -> None:
    with pytest.raises(Refused, match=said):
        sqlite.answer(database, query)


def test_a_missing_or_broken_file_is_a_refusal_and_is_not_made(tmp_path: Path) -> None:
    (tmp_path / "broken").write_bytes(b"no database" * 200)
    for name in ("missing", "broken"):
        with pytest.raises(Refused):
            sqlite.answer(tmp_path / name, "SELECT 1 FROM sqlite_master")
    assert not (tmp_path / "missing").exists()
