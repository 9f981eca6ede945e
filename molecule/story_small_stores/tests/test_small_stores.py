"""SQLite and Redis are saved while they are written to, and judged like every other store."""

from __future__ import annotations

import json
import shutil
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.operator import LAB_INVENTORY, ROOT, Played, host, play

SERVICES = """
  cards:
    profile: sqlite
    host: nick
    objectives: {rpo: 24h, rto: 30m}
    path: /srv/cards/cards.db

  signing:
    profile: files
    host: nick
    objectives: {rpo: 24h, rto: 30m}
    path: /srv/signing
    stores:
      keys:
        kind: redis
        database: 2
        irreplaceable: [DKIM_PRIV_KEYS, "member:*"]
    checks:
      keys_of_domains:
        kind: number
        title: There is a key for every domain
        store: keys
        query: HLEN DKIM_PRIV_KEYS
        at_least: 3
        unit: keys
"""
FILL = """
import sqlite3
cards = sqlite3.connect('/srv/cards/cards.db')
cards.executescript('''PRAGMA journal_mode = WAL; PRAGMA user_version = 7;
CREATE TABLE people (id INTEGER PRIMARY KEY AUTOINCREMENT, name TEXT, photo BLOB);
CREATE INDEX by_name ON people (name); CREATE VIEW names AS SELECT name FROM people;
CREATE VIRTUAL TABLE notes USING fts5(body); INSERT INTO notes VALUES ('a note');''')
rows = [('Person %d' % number, b'photo' * 100) for number in range(3000)]
cards.executemany('INSERT INTO people (name, photo) VALUES (?, ?)', rows)
cards.commit()
"""
# Until it is stopped, every 5 ms: a new person and a new member, and an old one of each gone.
WRITE = """
import socket, sqlite3, time
cards = sqlite3.connect('/srv/cards/cards.db', timeout=30, isolation_level=None)
keys = socket.create_connection(('127.0.0.1', 6379))
answers = keys.makefile('rb')
for number in range(60000):
    cards.execute('INSERT INTO people (name) VALUES (?)', ('New %d' % number,))
    cards.execute('DELETE FROM people WHERE id = ?', (3000 + number - 50,))
    commands = 'SELECT 2', 'SET member:n%d x' % number, 'DEL member:n%d' % (number - 50)
    keys.sendall(b''.join(command.encode() + bytes([13, 10]) for command in commands))
    [answers.readline() for _ in range(3)]
    time.sleep(0.005)
"""


@dataclass(frozen=True)
class Days:
    """What was played and what judy wrote down, on a good day and after the accident."""

    good: Played
    good_records: dict[str, dict[str, object]]
    bad_records: dict[str, dict[str, object]]


def records() -> dict[str, dict[str, object]]:
    """Give the newest drill of each service."""
    lines = host("judy").check_output("cat /var/lib/probealarm/ledger.jsonl").splitlines()
    drills = [record for record in map(json.loads, lines) if record["kind"] == "drill"]
    return {record["service"]: record for record in drills}


@pytest.fixture(scope="module")
def days(tmp_path_factory: pytest.TempPathFactory) -> Days:
    site = tmp_path_factory.mktemp("site")
    inventory = site / "inventories" / "lab"
    shutil.copytree(LAB_INVENTORY, inventory)
    (site / ".lab").symlink_to(ROOT / ".lab")
    with (inventory / "services.probealarm.yml").open("a", encoding="utf-8") as declared:
        declared.write(SERVICES)
    nick = host("nick")
    nick.check_output("python3 -c %s", FILL)
    redis("HSET DKIM_PRIV_KEYS a.example 1 b.example 2 c.example 3")
    redis("SET member:1 Kim", "RPUSH member:list a b c", "SET session x EX 20")
    nick.check_output("systemd-run --unit=writers python3 -c %s", WRITE)
    good = backed_up(inventory)
    assert nick.service("writers").is_running
    nick.check_output("systemctl stop writers")
    drilled(inventory)
    good_records = records()
    nick.check_output("sqlite3 /srv/cards/cards.db 'DELETE FROM people WHERE id & 1'")
    redis("DEL DKIM_PRIV_KEYS")
    assert backed_up(inventory).status == 0
    drilled(inventory)
    return Days(good, good_records, records())


def redis(*commands: str) -> None:
    for command in commands:
        host("nick").check_output(f"redis-cli -e -n 2 {command}")


def backed_up(inventory: Path) -> Played:
    return play("playbooks/back_up.yml", "--limit", "cards,signing", inventory=inventory)


def drilled(inventory: Path) -> Played:
    return play("playbooks/drill.yml", "--limit", "cards,signing", inventory=inventory)


def test_both_are_saved_while_they_are_written_to(days: Days) -> None:
    assert days.good.status == 0, days.good.output
    assert "keys and 1 file" in days.good.output


@pytest.mark.parametrize("service", ["cards", "signing"])
def test_what_was_saved_under_writes_is_proven(days: Days, service: str) -> None:
    record = days.good_records[service]
    assert (record["verdict"], record["level"]) == ("proven", "L4"), record["reasons"]
    assert record["rows_compared"]
    assert record["checks_judged"]


@pytest.mark.parametrize(
    ("service", "said"),
    [
        ("cards", "/srv/cards/cards.db: table people has"),
        ("signing", "keys: the contract names the key DKIM_PRIV_KEYS as irreplaceable"),
        ("signing", "There is a key for every domain: 0 keys"),
    ],
)
def test_what_is_lost_at_the_source_is_broken_and_named(
    days: Days, service: str, said: str
) -> None:
    record = days.bad_records[service]
    assert record["verdict"] == "broken"
    assert said in str(record["reasons"])


def test_nothing_of_the_throw_away_servers_stays(days: Days) -> None:
    for name, own in (("nick", 1), ("judy", 0)):
        machine = host(name)
        assert machine.run("pgrep --count --exact redis-server").stdout.strip() == str(own)
        units = "systemctl list-units --all --plain --no-legend 'probealarm-*-redis*' '*-guard*'"
        assert machine.check_output(units) == ""
    assert host("nick").run("find /var/lib/probealarm/staging -type d -mindepth 1").stdout == ""
