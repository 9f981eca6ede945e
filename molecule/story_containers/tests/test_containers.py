"""Databases in containers are saved exactly while they are written to, and judged like others."""

from __future__ import annotations

import json
import shutil
import time
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.operator import LAB_INVENTORY, ROOT, Played, host, play, playing, snapshots

SERVICES = """
  forum:
    profile: files
    host: nick
    objectives: {rpo: 24h, rto: 30m}
    path: /srv/forum
    stores:
      database:
        kind: mariadb
        container: {runtime: podman, name: forum-db}
        password_variable: MARIADB_ROOT_PASSWORD
        database: forum
        irreplaceable: [posts]

  board:
    profile: files
    host: nick
    objectives: {rpo: 24h, rto: 30m}
    path: /srv/board
    stores:
      votes:
        kind: postgresql
        container: {runtime: docker, project: board, service: db}
        user: board
        password_variable: POSTGRES_PASSWORD_FILE
        database: board
        irreplaceable: [votes]
      members:
        kind: redis
        container: {runtime: docker, project: board, service: cache}
        password_variable: REDISPASS
        irreplaceable: ["member:*"]
"""
FORUM = """
import pymysql, time
forum = pymysql.connect(unix_socket='/srv/forum-socket/mysqld.sock', user='root',
                        password='of the forum', autocommit=True).cursor()
"""
BOARD = """
import psycopg2, time
link = psycopg2.connect(host='/srv/board-socket', user='board', password='of the board',
                        dbname=name)
link.autocommit = True
board = link.cursor()
"""
FILL_FORUM = """
forum.execute('CREATE DATABASE forum'); forum.execute('USE forum')
forum.execute('CREATE TABLE posts (id INT PRIMARY KEY AUTO_INCREMENT, body TEXT)')
forum.execute('CREATE TABLE visits (id INT PRIMARY KEY AUTO_INCREMENT) ENGINE=MyISAM')
forum.execute('CREATE PROCEDURE tidy() DELETE FROM posts WHERE body IS NULL')
forum.execute("INSERT INTO posts (body) SELECT REPEAT('a post ', 40) FROM seq_1_to_60000")
forum.execute("CREATE USER reader@localhost IDENTIFIED BY 'read'")
forum.execute('GRANT SELECT ON forum.* TO reader@localhost')
"""
FILL_BOARD = """
board.execute('CREATE TABLE votes (id SERIAL PRIMARY KEY, choice TEXT)')
board.execute("INSERT INTO votes (choice) SELECT 'yes' FROM generate_series(1, 20000)")
board.execute("CREATE ROLE counter LOGIN PASSWORD 'count'; GRANT SELECT ON votes TO counter")
"""
# Until they are stopped, every 5 ms: a new row, a changed one, and an old one gone.
WRITE_FORUM = """
for number in range(60000):
    forum.execute("INSERT INTO forum.posts (body) VALUES ('new')")
    forum.execute("UPDATE forum.posts SET body = 'edited' WHERE id = %s", (number + 1,))
    forum.execute('DELETE FROM forum.posts WHERE id = %s', (30000 + number,))
    time.sleep(0.005)
"""
WRITE_BOARD = """
for number in range(60000):
    board.execute("INSERT INTO votes (choice) VALUES ('no')")
    board.execute("UPDATE votes SET choice = 'maybe' WHERE id = %s", (number + 1,))
    board.execute('DELETE FROM votes WHERE id = %s', (10000 + number,))
    time.sleep(0.005)
"""
# Stops the dump where it stands, so that it cannot end by itself, and kills the backup behind it.
KILL = """
until dump=$(pgrep --exact mariadb-dump); do sleep 0.002; done
kill -STOP $dump
client=$(pgrep --exact --list-full podman | grep -e ' exec .* mariadb-dump' | cut -d ' ' -f 1)
kill -KILL $(ps -o ppid= -p $client)
"""


@dataclass(frozen=True)
class Days:
    """What was played and what judy wrote down, on a good day and after the accident.

    Attributes:
        went_on: what of a killed backup was still there some seconds later.
    """

    inventory: Path
    good: Played
    good_records: dict[str, dict[str, object]]
    went_on: str
    bad_records: dict[str, dict[str, object]]


def records() -> dict[str, dict[str, object]]:
    """Give the newest drill of each service."""
    lines = host("judy").check_output("cat /var/lib/probealarm/ledger.jsonl").splitlines()
    drills = [record for record in map(json.loads, lines) if record["kind"] == "drill"]
    return {record["service"]: record for record in drills}


def python(*program: str) -> None:
    host("nick").check_output("python3 -c %s", "".join(program))


def redis(command: str) -> None:
    client = "podman exec --env REDISCLI_AUTH='of the cache' board_cache_1 redis-cli -e"
    host("nick").check_output(f"{client} {command}")


def database_of_board(name: str) -> str:
    return f"name = '{name}'\n{BOARD}"


@pytest.fixture(scope="module")
def days(tmp_path_factory: pytest.TempPathFactory) -> Days:
    site = tmp_path_factory.mktemp("site")
    inventory = site / "inventories" / "lab"
    shutil.copytree(LAB_INVENTORY, inventory)
    (site / ".lab").symlink_to(ROOT / ".lab")
    with (inventory / "services.probealarm.yml").open("a", encoding="utf-8") as declared:
        declared.write(SERVICES)
    nick = host("nick")
    python(FORUM, FILL_FORUM)
    python(database_of_board("postgres"), "board.execute('CREATE DATABASE board')")
    python(database_of_board("board"), FILL_BOARD)
    redis("SET member:1 Kim")
    redis("RPUSH member:list a b c")
    writers = {"forum": FORUM + WRITE_FORUM, "board": database_of_board("board") + WRITE_BOARD}
    for name, program in writers.items():
        nick.check_output("systemd-run --unit=%s python3 -c %s", f"write-{name}", program)
    good = backed_up(inventory)
    for name in writers:
        assert nick.service(f"write-{name}").is_running
        nick.check_output("systemctl stop %s", f"write-{name}")
    drilled(inventory)
    good_records = records()
    with playing("playbooks/back_up.yml", "--limit", "forum", inventory=inventory):
        nick.check_output("timeout 60 sh -c %s", KILL)
    went_on = left_over()
    python(FORUM, "forum.execute('DELETE FROM forum.posts WHERE id & 1')")
    python(database_of_board("board"), "board.execute('DELETE FROM votes WHERE (id & 1) = 0')")
    redis("DEL member:1 member:list")
    assert backed_up(inventory).status == 0
    drilled(inventory)
    return Days(inventory, good, good_records, went_on, records())


def left_over() -> str:
    """Give the clients in the containers that are there for ten seconds more."""
    deadline = time.monotonic() + 10
    while (asked := host("nick").run("pgrep --list-full --exact 'mariadb|mariadb-dump'")).rc == 0:
        if time.monotonic() > deadline:
            return asked.stdout
        time.sleep(0.2)
    return ""


def backed_up(inventory: Path) -> Played:
    return play("playbooks/back_up.yml", "--limit", "forum,board", inventory=inventory)


def drilled(inventory: Path) -> Played:
    return play("playbooks/drill.yml", "--limit", "forum,board", inventory=inventory)


def declared_otherwise(days: Days, folder: Path, old: str, new: str) -> Path:
    """Copy the inventory and change a word in the declaration."""
    inventory = folder / "inventories" / "lab"
    shutil.copytree(days.inventory, inventory)
    (folder / ".lab").symlink_to(ROOT / ".lab")
    file = inventory / "services.probealarm.yml"
    text = file.read_text(encoding="utf-8")
    assert old in text
    file.write_text(text.replace(old, new), encoding="utf-8")
    return inventory


def test_the_host_has_no_client_of_its_own() -> None:
    for client in ("mariadb", "mariadb-dump", "psql", "pg_dump", "redis-cli", "redis-server"):
        assert host("nick").run(f"{client} --version").rc != 0


def test_all_are_saved_while_they_are_written_to(days: Days) -> None:
    assert days.good.status == 0, days.good.output
    assert "forum: 2 tables with" in days.good.output
    assert "writers of visits in forum waited" in days.good.output


@pytest.mark.parametrize("service", ["forum", "board"])
def test_what_was_saved_under_writes_is_proven(days: Days, service: str) -> None:
    record = days.good_records[service]
    assert (record["verdict"], record["level"]) == ("proven", "L4"), record["reasons"]
    assert record["rows_compared"]


@pytest.mark.parametrize(
    ("service", "said"),
    [
        ("forum", "forum: table posts has"),
        ("board", "board: table public.votes has"),
        ("board", "members: no key is left of what the contract names as irreplaceable"),
    ],
)
def test_what_is_lost_at_the_source_is_broken_and_named(
    days: Days, service: str, said: str
) -> None:
    record = days.bad_records[service]
    assert record["verdict"] == "broken"
    assert said in str(record["reasons"])


def test_a_wrong_password_and_a_stopped_container_are_sentences(days: Days, tmp_path: Path) -> None:
    before = snapshots("forum"), snapshots("board")
    otherwise = declared_otherwise(days, tmp_path, "MARIADB_ROOT_PASSWORD", "OLD_PASSWORD")
    nick = host("nick")
    nick.check_output("podman stop --time 5 board-db-1")
    played = backed_up(otherwise)
    nick.check_output("podman start board-db-1")
    assert played.status != 0
    assert "(using password: YES). The password was taken from its variable OLD_PASSWORD." in (
        played.output
    )
    assert (
        "service db in a compose project board of docker does not run (board-db-1 is exited)"
        in (played.output)
    )
    assert (snapshots("forum"), snapshots("board")) == before


def test_after_kill_9_nothing_goes_on_in_the_container_and_the_next_backup_succeeds(
    days: Days,
) -> None:
    assert days.went_on == ""


def test_nothing_is_written_into_the_volume_of_redis_and_nothing_stays(days: Days) -> None:
    nick = host("nick")
    volume = nick.check_output("podman volume inspect --format '{{ .Mountpoint }}' board-cache")
    assert nick.file(volume).listdir() == []
    names = nick.check_output("podman ps --all --format '{{ .Names }}'").split()
    assert sorted(names) == ["board-db-1", "board_cache_1", "forum-db"]
    assert nick.run("find /var/lib/probealarm/staging -type d -mindepth 1").stdout == ""


def test_no_password_stands_in_an_argument_or_in_a_record(days: Days) -> None:
    assert "of the forum" not in days.good.output
    ledger = host("judy").check_output("cat /var/lib/probealarm/ledger.jsonl")
    assert "of the forum" not in ledger
