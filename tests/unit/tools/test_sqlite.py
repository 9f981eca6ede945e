"""A database in use is copied in one state, and whatever differs between two copies is seen."""

from __future__ import annotations

import os
import sqlite3
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest

from plugins.module_utils.errors import Trouble
from plugins.module_utils.manifest import Measure
from plugins.module_utils.stores import SqliteStore
from plugins.module_utils.tools import sqlite

SCHEMA = """
CREATE TABLE people (id INTEGER PRIMARY KEY AUTOINCREMENT, name TEXT, photo BLOB);
CREATE TABLE cache (key TEXT, value);
CREATE INDEX by_name ON people (name);
CREATE VIEW names AS SELECT name FROM people;
CREATE TRIGGER forget AFTER DELETE ON people BEGIN DELETE FROM cache; END;
PRAGMA user_version = 12;
INSERT INTO people (name, photo) VALUES ('Kim', x'00ff'), ('Robin', NULL), ('Sascha', x'31');
INSERT INTO cache VALUES ('a', 1);
"""


def store(path: Path, *irreplaceable: str) -> SqliteStore:
    return SqliteStore("cards", str(path), irreplaceable or ("people",), 20)


@pytest.fixture
def cards(tmp_path: Path) -> Path:
    file = tmp_path / "cards ?#%.db"
    with closing(sqlite3.connect(file)) as made:
        made.executescript(SCHEMA)
    return file


def measured(path: Path, *statements: str) -> Measure:
    """Copy a database, change the copy, and measure it."""
    copy = path.with_name("copy")
    copy.unlink(missing_ok=True)
    sqlite.copy_into(path, copy)
    with closing(sqlite3.connect(copy)) as changed:
        for statement in statements:
            changed.execute(statement)
        changed.commit()
    return sqlite.measure(copy, store(path))


def test_a_copy_has_the_rows_objects_counters_and_marks_of_its_source(cards: Path) -> None:
    seen = measured(cards)
    assert {name: table.rows for name, table in seen.tables.items()} == {"people": 3, "cache": 1}
    assert seen.tables["people"].digest is not None
    assert seen.tables["cache"].digest is None
    assert {name for name in seen.objects if "sqlite_" not in name} == {
        *("table people", "table cache", "index by_name", "view names", "trigger forget"),
    }
    assert seen.counters == {"people": 3}
    assert (seen.creation["user_version"], seen.creation["integrity"]) == ("12", "ok")
    assert seen.server_version == sqlite3.sqlite_version


def test_the_order_of_rows_is_nothing(cards: Path) -> None:
    before = measured(cards)
    again = measured(
        cards,
        "CREATE TABLE kept AS SELECT * FROM people",
        "DELETE FROM people",
        "INSERT INTO people SELECT * FROM kept ORDER BY id DESC",
    )
    assert again.tables["people"] == before.tables["people"]


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE people SET name = 'Kin' WHERE id = 1",
        "UPDATE people SET photo = NULL WHERE id = 1",
        "UPDATE people SET photo = '1' WHERE id = 3",  # a text with the same bytes
        "UPDATE people SET id = 9 WHERE id = 3",
        "DELETE FROM people WHERE id = 2",
        "INSERT INTO people (name) VALUES ('Robin')",
    ],
)
def test_one_changed_cell_is_seen(cards: Path, change: str) -> None:
    assert measured(cards, change).tables["people"] != measured(cards).tables["people"]


@pytest.mark.parametrize(
    "change",
    ["DROP INDEX by_name", "DROP TRIGGER forget", "DROP VIEW names", "CREATE TABLE more (a)"],
)
def test_a_changed_schema_is_seen(cards: Path, change: str) -> None:
    assert measured(cards, change).objects != measured(cards).objects


def test_a_damaged_copy_is_told_by_its_integrity(cards: Path) -> None:
    with closing(sqlite3.connect(cards)) as made:
        made.executemany("INSERT INTO people (name) VALUES (?)", [("x" * 500,)] * 200)
        made.commit()
    copy = cards.with_name("copy")
    sqlite.copy_into(cards, copy)
    content = bytearray(copy.read_bytes())
    name = content.rindex(b"x" * 400)
    content[name : name + 4] = b"yyyy"  # a row that its index no longer finds
    copy.write_bytes(content)
    assert sqlite.measure(copy, store(cards)).creation["integrity"] != "ok"


@contextmanager
def writing(path: Path) -> Iterator[threading.Event]:
    """Move money from one account to another, all the time; the sum never changes."""
    stop, begun = threading.Event(), threading.Event()

    def write() -> None:
        with closing(sqlite3.connect(path, timeout=10, isolation_level=None)) as live:
            number = 0
            while not stop.is_set():
                number += 1
                live.execute("BEGIN IMMEDIATE")
                live.execute("UPDATE account SET held = held - 1 WHERE id = ?", (number % 50,))
                live.execute("UPDATE account SET held = held + 1 WHERE id = ?", (number % 49,))
                live.execute("INSERT INTO moved VALUES (?, ?)", (number, "x" * 700))
                live.execute("UPDATE total SET moves = moves + 1")
                live.execute("COMMIT")
                begun.set()

    writer = threading.Thread(target=write)
    writer.start()
    try:
        assert begun.wait(10)
        yield begun
    finally:
        stop.set()
        writer.join()


@pytest.mark.parametrize("mode", ["WAL", "DELETE"])
def test_under_writes_every_copy_is_one_state(tmp_path: Path, mode: str) -> None:
    bank, copy = tmp_path / "bank.db", tmp_path / "copy"
    with closing(sqlite3.connect(bank)) as made:
        made.executescript(
            f"PRAGMA journal_mode = {mode}; PRAGMA synchronous = OFF;"
            "CREATE TABLE account (id PRIMARY KEY, held); CREATE TABLE moved (number, note);"
            "CREATE TABLE total (moves); INSERT INTO total VALUES (0);"
        )
        made.executemany("INSERT INTO account VALUES (?, 100)", [(n,) for n in range(50)])
        made.commit()
    moves = []
    with writing(bank):
        for _ in range(6):
            copy.unlink(missing_ok=True)
            sqlite.copy_into(bank, copy)
            asked = (
                "SELECT (SELECT SUM(held) FROM account), (SELECT moves FROM total), "
                "(SELECT COUNT(*) FROM moved)"
            )
            ((held, said, counted),) = sqlite.answer(copy, asked)
            assert (held, said) == ("5000", counted)
            assert sqlite.measure(copy, store(bank, "*")).creation["integrity"] == "ok"
            moves.append(int(counted or 0))
    assert moves == sorted(moves)
    assert moves[-1] > moves[0]
    assert {file.name for file in tmp_path.iterdir()} <= {
        *("bank.db", "bank.db-wal", "bank.db-shm", "copy"),
    }


def test_the_write_ahead_log_of_a_killed_program_is_in_the_copy(tmp_path: Path) -> None:
    path = tmp_path / "cards.db"
    killed(path, "PRAGMA journal_mode = WAL", "CREATE TABLE people (id)", INSERT)
    assert path.with_name("cards.db-wal").stat().st_size > 0
    assert measured(path).tables["people"].rows == 1


def test_a_change_that_a_killed_program_did_not_end_is_a_sentence(tmp_path: Path) -> None:
    path = tmp_path / "cards.db"
    many = "INSERT INTO people SELECT randomblob(5000) FROM people a, people b, people c"
    steps = ("CREATE TABLE people (id)", *[INSERT] * 9, "PRAGMA cache_size = 1", "BEGIN", many)
    killed(path, *steps)
    with pytest.raises(Trouble, match="has a change that a program began and did not end"):
        sqlite.copy_into(path, tmp_path / "copy")


INSERT = "INSERT INTO people VALUES (1)"


def killed(path: Path, *statements: str) -> None:
    """Let a program of its own run statements and be killed before it closes the database."""
    program = (
        "import os, sqlite3, sys\n"
        "live = sqlite3.connect(sys.argv[1], isolation_level=None)\n"
        "for statement in sys.argv[2:]: live.execute(statement)\n"
        "os.kill(os.getpid(), 9)"
    )
    subprocess.run([sys.executable, "-c", program, str(path), *statements], check=False)


def test_a_missing_file_is_named_and_not_made(tmp_path: Path) -> None:
    path = tmp_path / "cards.db"
    with pytest.raises(Trouble, match=r"cards\.db does not exist, so nothing was saved"):
        sqlite.copy_into(path, tmp_path / "copy")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("content", [b"no database" * 500, os.urandom(8192)])
def test_what_is_no_database_or_encrypted_is_a_sentence(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "cards.db"
    path.write_bytes(content)
    with pytest.raises(Trouble, match="is no SQLite database, or it is encrypted"):
        sqlite.copy_into(path, tmp_path / "copy")


def test_a_database_that_stays_locked_is_a_sentence(cards: Path, tmp_path: Path) -> None:
    with closing(sqlite3.connect(cards, isolation_level=None)) as other:
        other.execute("BEGIN EXCLUSIVE")
        with pytest.raises(Trouble, match=r"was locked for 0\.3 s"):
            sqlite.copy_into(cards, tmp_path / "copy", locked_seconds=0.3, retry=0.01)
        other.execute("ROLLBACK")
    sqlite.copy_into(cards, tmp_path / "copy")


def test_a_copy_is_as_private_as_its_source_and_keeps_the_journal_mode(cards: Path) -> None:
    with closing(sqlite3.connect(cards)) as live:
        live.execute("PRAGMA journal_mode = WAL")
    cards.chmod(0o640)
    copy = cards.with_name("copy")
    sqlite.copy_into(cards, copy)
    assert copy.stat().st_mode & 0o777 == 0o640
    with closing(sqlite3.connect(copy)) as opened:
        assert opened.execute("PRAGMA journal_mode").fetchone() == ("wal",)


def test_a_copy_that_is_none_is_a_sentence_and_no_tables(tmp_path: Path) -> None:
    copy = tmp_path / "copy"
    copy.write_bytes(b"SQLite format 3\0" + b"x" * 5000)
    with pytest.raises(Trouble, match="cannot be read"):
        sqlite.measure(copy, store(copy))
