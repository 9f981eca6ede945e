"""Dump and measure see one moment, and a dump that is not what was measured is refused."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

import pytest

from plugins.module_utils.checks.moments import Freshness
from plugins.module_utils.errors import Trouble
from plugins.module_utils.host import Call, Finished
from plugins.module_utils.snapshot.databases import dump
from plugins.module_utils.stores import Container
from plugins.module_utils.tools.in_container import MARK
from tests.unit.fakes import FakeHost, database_store

DUMP = "--\n\n--\n-- Table structure for table `leads`\n--\n\n-- Dump completed\n"
STAGES = [f"BACKUP STAGE {stage}" for stage in ("START", "FLUSH", "BLOCK_DDL")]
COLUMN = ["table leads", "id 1 int NO - - - -"]
INSPECTED = '[{"Id": "5e1", "Name": "db", "State": {"Status": "running"}, "Config": {}}]'


@dataclass
class FakeServer:
    """A MariaDB with one table, and everything it was asked, in order, by session."""

    answers: dict[str, list[list[str]] | str] = field(default_factory=dict)
    written: str = DUMP
    status: int = 0
    asked: list[str] = field(default_factory=list)

    def run(self, call: Call) -> Finished:
        raise AssertionError(f"nothing was to be run, and {call.argv} was")

    def start(self, call: Call) -> FakeDump:
        assert call.output_file is not None
        call.output_file.write_text(self.written, encoding="utf-8")
        self.asked.append(call.argv[0])
        return FakeDump(self.status)

    def open_session(self, argv: Sequence[str], mark: Callable[[str], str]) -> FakeSession:
        return FakeSession(self)

    def answer(self, statement: str) -> list[list[str]]:
        self.asked.append(statement)
        usual: dict[str, list[list[str]] | str] = {
            "needed.privilege": [],
            "schemata": [["utf8mb4", "utf8mb4_general_ci"]],
            "CURRENT_USER()": [["dump@localhost"]],
            "VERSION()": [["11.8.6-MariaDB"]],
            "e.transactions": [],
            "COUNT(*)": [["1", "0", "0"]],
            "column_name FROM": [["id"]],
            "'table '": [COLUMN],
            "FOR SYSTEM_TIME ALL": [["leads", "", "16384"]],
            "processlist": [["0"]],
        }
        rest = {words: rows for words, rows in usual.items() if words not in self.answers}
        for words, rows in {**self.answers, **rest}.items():
            if words in statement:
                if isinstance(rows, str):
                    raise Trouble(rows)
                return rows
        return []


@dataclass
class FakeSession:
    server: FakeServer

    def ask(self, statement: str) -> list[list[str]]:
        return self.server.answer(statement)

    def close(self) -> None:
        self.server.asked.append("close")


@dataclass
class FakeDump:
    status: int

    def ended(self) -> bool:
        return True

    def wait(self) -> Finished:
        return Finished(self.status, "", "mariadb-dump: Got error: 2013: Lost connection")

    def kill(self) -> None:
        raise AssertionError("it has ended")


def freshness(name: str, query: str) -> Freshness:
    return Freshness(
        name=name, title=name, store="database", query=query, at_most_behind_seconds=60
    )


def moments(server: FakeServer) -> list[str]:
    """What of the order matters."""
    wanted = ("BACKUP", "LOCK", "START", "mariadb-dump")
    return [statement for statement in server.asked if statement.startswith(wanted)]


def refusal(server: FakeServer, folder: Path) -> str:
    with pytest.raises(Trouble) as refused:
        dump(server, database_store(), folder)
    return str(refused.value)


def test_both_views_open_while_commits_are_held(tmp_path: Path) -> None:
    server = FakeServer()
    saved = dump(server, database_store(), tmp_path)
    assert moments(server) == [
        *STAGES,
        "BACKUP STAGE BLOCK_COMMIT",
        "START TRANSACTION WITH CONSISTENT SNAPSHOT, READ ONLY",
        "mariadb-dump",
        "BACKUP STAGE END",
    ]
    assert (saved.locked_tables, saved.measure.rows, saved.measure.form) == ((), 1, 2)
    assert saved.accounts is not None


def test_the_newest_record_is_asked_for_in_the_same_view(tmp_path: Path) -> None:
    server = FakeServer({"MAX(added)": [["2026-11-22 02:59:00"]], "MAX(gone)": [["NULL"]]})
    checks = [freshness("contacts", "SELECT MAX(added) FROM leads"), freshness("none", "MAX(gone)")]
    saved = dump(server, database_store(), tmp_path, checks)
    assert saved.newest == {"contacts": "2026-11-22T02:59:00+00:00"}
    asked = server.asked.index("SELECT MAX(added) FROM leads")
    assert server.asked.index("BACKUP STAGE END") < asked < server.asked.index("close", asked)


def test_a_query_about_the_newest_record_that_is_refused_stops_no_backup(tmp_path: Path) -> None:
    server = FakeServer({"MAX(added)": "ERROR 1054 (42S22): Unknown column"})
    checks = [freshness("contacts", "SELECT MAX(added) FROM leads")]
    assert dump(server, database_store(), tmp_path, checks).newest == {}


def test_tables_without_transactions_are_locked_between_the_stages(tmp_path: Path) -> None:
    server = FakeServer({"e.transactions": [["visits"], ["odd`name"]]})
    saved = dump(server, database_store(), tmp_path)
    order = moments(server)
    lock = order.index("LOCK TABLES `mautic`.`visits` READ, `mautic`.`odd``name` READ")
    assert order[lock - 1 : lock + 2 : 2] == [STAGES[-1], "BACKUP STAGE BLOCK_COMMIT"]
    assert saved.locked_tables == ("visits", "odd`name")
    assert "writers of visits, odd`name in mautic waited" in "".join(saved.notes())


def test_a_hold_that_is_not_granted_is_given_up_before_anything_is_dumped(tmp_path: Path) -> None:
    server = FakeServer({"BACKUP STAGE BLOCK_DDL": "ERROR 1205 (HY000): Lock wait timeout"})
    said = refusal(server, tmp_path)
    assert "a long ALTER TABLE or another backup" in said
    assert "ERROR 1205" in said
    assert "mariadb-dump" not in server.asked
    assert server.asked[-1] == "close"


def test_a_missing_database_is_refused_before_anybody_has_to_wait(tmp_path: Path) -> None:
    server = FakeServer({"schemata": []})
    assert "the database mautic does not exist" in refusal(server, tmp_path)
    assert moments(server) == []


def test_an_account_that_would_not_see_everything_is_refused(tmp_path: Path) -> None:
    server = FakeServer({"needed.privilege": [["TRIGGER"], ["EVENT"]]})
    said = refusal(server, tmp_path)
    assert "the account dump@localhost lacks TRIGGER, EVENT" in said
    assert moments(server) == []


def test_a_database_that_stops_while_it_is_measured_is_said_so(tmp_path: Path) -> None:
    server = FakeServer({"COUNT(*)": "ERROR 2013 (HY000): Lost connection to server"})
    said = refusal(server, tmp_path)
    assert said.startswith("the database mautic could not be measured: ERROR 2013")
    assert said.endswith("Nothing was saved; earlier snapshots are untouched.")


def test_a_dump_that_fails_is_said_so(tmp_path: Path) -> None:
    said = refusal(FakeServer(status=2), tmp_path)
    assert "the dump of database mautic failed (exit status 2): mariadb-dump: Got error" in said


def test_a_dump_without_its_end_is_refused(tmp_path: Path) -> None:
    said = refusal(FakeServer(written=DUMP.replace("-- Dump completed", "")), tmp_path)
    assert "has no end although mariadb-dump reported success" in said


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("other", "table leads is not in it; table other is in it and was not there"),
        ("leads`\n--\n\n--\n-- Table structure for table `more", "table more is in it"),
    ],
)
def test_a_dump_that_is_not_what_was_measured_is_refused(
    tmp_path: Path, name: str, said: str
) -> None:
    server = FakeServer(written=DUMP.replace("leads", name))
    assert said in refusal(server, tmp_path)


def test_mysql_is_refused_before_anybody_has_to_wait(tmp_path: Path) -> None:
    server = FakeServer({"VERSION()": [["8.4.6"]]})
    assert "is MySQL 8.4.6 and not MariaDB" in refusal(server, tmp_path)
    assert moments(server) == []


class FakePostgreSql(FakeServer):
    def answer(self, statement: str) -> list[list[str]]:
        return [["f"]] if "rolsuper" in statement else super().answer(statement)


def test_a_role_that_may_not_see_all_is_refused(tmp_path: Path) -> None:
    with pytest.raises(
        Trouble, match=r"the role postgres of the PostgreSQL cluster .* no superuser"
    ):
        dump(FakePostgreSql(), database_store(engine="postgresql"), tmp_path)


class FakeContainer(FakeServer):
    """The same server in a container, whose runtime writes down what it was told."""

    def __init__(self, answers: dict[str, list[list[str]] | str] | None = None) -> None:
        super().__init__(answers or {}, DUMP + MARK.decode())
        self.runtime = FakeHost(
            {
                "ps": Finished(0, "5e1\n", ""),
                "inspect": Finished(0, INSPECTED, ""),
                "exec": Finished(0, "mysql\nmysqldump\n", ""),
            }
        )
        self.told: list[list[str]] = []

    def run(self, call: Call) -> Finished:
        return self.runtime.run(call)

    def start(self, call: Call) -> FakeDump:
        self.told.append(list(call.argv))
        return super().start(call)

    def open_session(self, argv: Sequence[str], mark: Callable[[str], str]) -> FakeSession:
        self.told.append(list(argv))
        return super().open_session(argv, mark)


IN_CONTAINER = replace(
    database_store(),
    container=Container("podman", name="db"),
    user="mailcow",
    password_variable="DBPASS",
)


def test_a_server_in_a_container_is_dumped_by_the_clients_in_there(tmp_path: Path) -> None:
    server = FakeContainer()
    saved = dump(server, IN_CONTAINER, tmp_path)
    assert saved.measure.rows == 1
    assert (tmp_path / "database.sql").read_text() == DUMP
    assert [words[:3] for words in server.told] == [["podman", "exec", "--interactive"]] * 4
    clients = [words[words.index("sh", words.index("-c")) + 1] for words in server.told]
    assert sorted(clients) == ["mysql", "mysql", "mysql", "mysqldump"]
    assert all("--user=mailcow" in words for words in server.told)


def test_a_wrong_password_is_said_to_come_from_the_container(tmp_path: Path) -> None:
    denied = (
        "ERROR 1045 (28000): Access denied for user 'mailcow'@'localhost' (using password: YES)"
    )
    with pytest.raises(Trouble) as refused:
        dump(FakeContainer({"SET time_zone": denied}), IN_CONTAINER, tmp_path)
    said = str(refused.value)
    assert said.startswith("in container db: the MariaDB server at /run/mysqld/mysqld.sock lets")
    assert "The password was taken from its variable DBPASS" in said


def test_a_change_that_waits_for_a_locked_table_ends_the_dump(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("plugins.module_utils.snapshot.holding.SECONDS_BETWEEN_LOOKS_AT_LOCKS", -1)
    killed: list[bool] = []
    monkeypatch.setattr(FakeDump, "ended", lambda dumping: bool(killed))
    monkeypatch.setattr(FakeDump, "kill", lambda dumping: killed.append(True))
    server = FakeServer({"e.transactions": [["visits"]], "processlist": [["21"]]})
    said = refusal(server, tmp_path)
    assert "for 20 s a statement that changes a table has waited" in said
    assert killed == [True]
