from __future__ import annotations

import dataclasses
import os
import stat
import subprocess
import sys
import zipfile
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path

import pytest

from lab.content import archive, php
from lab.content.__main__ import main
from lab.content.clients import Client, MariaDB, PostgreSQL
from lab.content.errors import FillError
from lab.content.filling import fill
from lab.content.marks import Marks
from lab.content.newsletter import content as newsletter
from lab.content.plan import Plan, Sizes
from lab.content.settings import Settings
from lab.content.tables import lines, table
from lab.content.voting import content as voting

from .builders import NOW, Read, small_plan

GIVEN: dict[str, dict[str, object]] = {
    "newsletter": {"path": "/srv/newsletter", "database": "mautic", "socket": "/run/socket",
                   "user": "mautic", "password": "invented"},
    "website": {"host": "website.example.org", "wordpress": "/usr/share/wordpress"},
    "voting": {"path": "/srv/voting", "database": "voty", "port": 5433, "owner": "voty",
               "password": "invented"},
    "mail": {"mailboxes": ["kim@example.org"], "folder": "/var/vmail"},
}  # fmt: skip


class Service:
    """A service that remembers how often it was filled, and may refuse."""

    def __init__(self, refusal: str = "") -> None:
        self.times = 0
        self.refusal = refusal

    def __call__(self) -> Mapping[str, int]:
        self.times += 1
        if self.refusal:
            raise FillError(self.refusal)
        return {"rows": 3}


def filled(
    services: dict[str, Service], folder: Path, *, seed: int = 1, again: bool = False
) -> str:
    outcomes = fill(small_plan(seed), services, Marks(folder), again=again)
    return " ".join(each.service + each.objection for each in outcomes)


def test_a_second_filling_does_nothing(tmp_path: Path) -> None:
    services = {"mail": Service()}
    assert filled(services, tmp_path) == "mail"
    assert filled(services, tmp_path) == ""
    assert services["mail"].times == 1


def test_another_seed_or_an_express_wish_fills_again(tmp_path: Path) -> None:
    services = {"mail": Service()}
    filled(services, tmp_path)
    assert filled(services, tmp_path, seed=2) == "mail"
    assert filled(services, tmp_path, seed=2, again=True) == "mail"


def test_a_service_that_refuses_is_named_tried_again_and_stops_no_other(tmp_path: Path) -> None:
    services = {"newsletter": Service("the server is gone"), "mail": Service()}
    assert filled(services, tmp_path) == "newsletterthe server is gone mail"
    services["newsletter"].refusal = ""
    assert filled(services, tmp_path) == "newsletter"


def test_a_half_written_mark_counts_as_none(tmp_path: Path) -> None:
    (tmp_path / "mail.json").write_text('{"seed"', encoding="utf-8")
    assert filled({"mail": Service()}, tmp_path) == "mail"


def test_the_time_does_not_decide_whether_content_is_the_same() -> None:
    first = Plan(1, datetime(2026, 1, 1, tzinfo=UTC), Sizes())
    second = Plan(1, datetime(2027, 1, 1, tzinfo=UTC), Sizes())
    assert first.fingerprint() == second.fingerprint()


def test_settings_are_read_and_hide_their_passwords() -> None:
    settings = Settings.read(GIVEN)
    assert settings.mail.maildir("kim@example.org") == Path("/var/vmail/example.org/kim/Maildir")
    assert "invented" not in repr(settings)


@pytest.mark.parametrize("service", GIVEN)
def test_a_missing_or_unknown_setting_is_named(service: str) -> None:
    known = GIVEN[service]
    with pytest.raises(FillError, match=rf"{service}: .*prot"):
        Settings.read({**GIVEN, service: {**known, "prot": 1}})
    with pytest.raises(FillError, match=rf"{service}: "):
        Settings.read({**GIVEN, service: {}})


def test_settings_that_cannot_be_read_are_a_sentence(tmp_path: Path) -> None:
    file = tmp_path / "settings.json"
    with pytest.raises(FillError, match=r"settings.json cannot be read: .*lab/fill.yml"):
        Settings.load(file)
    file.write_text("{", encoding="utf-8")
    with pytest.raises(FillError, match=r"settings.json cannot be read: .*lab/fill.yml"):
        Settings.load(file)


@pytest.mark.parametrize("wrong", ["--contacts=0", "--posts=-1", "--seed=x", "--images=many"])
def test_sizes_that_make_no_sense_are_refused(
    wrong: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit):
        main(["fill", "--settings=/nowhere", wrong])
    assert wrong.partition("=")[0] in capsys.readouterr().err


@pytest.mark.parametrize("size", [1, 2, 7, 30])
def test_the_smallest_sizes_work(size: int) -> None:
    plan = Plan(1, NOW, Sizes(*[size] * len(dataclasses.fields(Sizes))))
    assert len(Read(newsletter.tables(plan)).rows["leads"]) == size
    assert len(Read(voting.tables(plan, voting.voters(plan))).rows["auth_user"]) == size


def test_the_archive_is_the_same_every_time_and_holds_sql_and_php(tmp_path: Path) -> None:
    file = tmp_path / "new" / "content.pyz"
    assert archive.write(file)
    assert not archive.write(file)
    names = zipfile.ZipFile(file).namelist()
    assert "lab/content/newsletter/schema.sql" in names
    assert "lab/content/website/website.php" in names


def test_the_archive_runs(tmp_path: Path) -> None:
    file = tmp_path / "content.pyz"
    archive.write(file)
    ended = subprocess.run(
        [sys.executable, str(file), "fill", "--help"], capture_output=True, text=True, check=False
    )
    assert ended.returncode == 0, ended.stderr
    assert "--contacts" in ended.stdout


def test_rows_survive_as_both_servers_read_them() -> None:
    moment = datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)
    rows = [("tab\tand\nline", None, True, moment, "back\\slash", 1.5)]
    assert list(lines(table("any", "a b c d e f", rows).rows)) == [
        "tab\\tand\\nline\t\\N\t1\t2026-01-02 03:04:05\tback\\\\slash\t1.5\n"
    ]


def test_php_counts_bytes_and_not_letters() -> None:
    assert php.serialised({"ü": [1, True, None]}) == 'a:1:{s:2:"ü";a:3:{i:0;i:1;i:1;b:1;i:2;N;}}'


def test_php_source_is_quoted() -> None:
    assert php.exported({"key": "it's \\ there"}) == "array(\n\t'key' => 'it\\'s \\\\ there',\n)"


@pytest.fixture
def a_client_that_says(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Put programs into PATH that read everything and print the content of a file."""
    for program in ("mariadb", "runuser"):
        file = tmp_path / program
        file.write_text(f"#!/bin/sh\ncat > {tmp_path}/heard\ncat {tmp_path}/says\n", "utf-8")
        file.chmod(file.stat().st_mode | stat.S_IXUSR)
    monkeypatch.setenv("PATH", f"{tmp_path}{os.pathsep}{os.environ['PATH']}")
    (tmp_path / "says").write_text("", encoding="utf-8")
    return tmp_path


def clients(folder: Path) -> list[Client]:
    return [MariaDB("mautic", "/run/socket", folder), PostgreSQL("voty", 5433)]


@pytest.mark.parametrize("which", [0, 1])
def test_a_client_hears_every_row(a_client_that_says: Path, which: int) -> None:
    with clients(a_client_that_says)[which] as client:
        assert isinstance(client, MariaDB | PostgreSQL)
        assert client.load(table("people", "id name", [(1, "Zoë"), (2, "Jörg")])) == 2
    assert "people" in (a_client_that_says / "heard").read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("which", "said"),
    [
        (0, "Warning (Code 1265): Data truncated for column 'donor' at row 1"),
        (0, "ERROR 1146 (42S02) at line 1: Table 'mautic.leads' doesn't exist"),
        (1, 'ERROR:  relation "initproc_vote" does not exist'),
    ],
)
def test_what_a_client_objects_to_is_an_error(
    a_client_that_says: Path, which: int, said: str
) -> None:
    (a_client_that_says / "says").write_text(said, encoding="utf-8")
    client = clients(a_client_that_says)[which]
    with pytest.raises(FillError, match=r"stopped \(exit status 0\)"), client:
        client.say("SELECT 1;\n")


def test_a_client_that_is_not_installed_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(FillError, match="mariadb is not installed here"):
        MariaDB("mautic", "/run/socket", tmp_path).__enter__()
