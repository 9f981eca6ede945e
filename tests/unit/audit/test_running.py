"""One look at a host tells its containers, servers, databases and open files together."""

from __future__ import annotations

from pathlib import Path

import pytest

from plugins.module_utils.audit import running
from plugins.module_utils.audit.facts import OpenFile, VolumeSeen
from plugins.module_utils.audit.rootless import Account
from plugins.module_utils.host import Finished
from tests.unit.audit.asked import MARIADB, no_entrance
from tests.unit.audit.proc import FakeProcess, grow_proc
from tests.unit.fakes import FakeHost

STRANGER = "0::/machine.slice/" + "d" * 64 + "\n"


def test_everything_that_runs_is_told_at_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "error.log").touch()
    server = FakeProcess(
        812,
        "/usr/sbin/mariadbd",
        unix=[(MARIADB.socket, 71)],
        files={3: (str(tmp_path / "error.log"), "02001")},
    )
    stranger = FakeProcess(900, "/usr/bin/app", cgroup=STRANGER)
    proc = grow_proc(tmp_path / "proc", server, stranger)
    volume = tmp_path / ".local/share/containers/storage/volumes/notes/_data"
    volume.mkdir(parents=True)
    monkeypatch.setattr(running, "accounts", lambda: [Account("ada", tmp_path)])
    missing = Finished(127, "", "")
    answer = Finished(0, "mautic\tNULL\tNULL\tNULL\t0\tNULL\tNULL\n", "")
    host = FakeHost({"podman": missing, "docker": missing, "mariadb": answer})
    alive = running.look(host, no_entrance, proc)
    assert [one.engine for one in alive.servers] == ["mariadb"]
    assert [one.name for one in alive.databases] == ["mautic"]
    assert alive.unused_volumes == (VolumeSeen("podman", "notes", str(volume)),)
    log = OpenFile(str(tmp_path / "error.log"), "mariadbd", "test.service")
    assert (alive.containers, alive.open_files) == ((), (log,))
    assert [alarm.subject for alarm in alive.alarms] == ["container dddddddddddd"]


def test_homes_of_people_are_looked_at_and_roots_and_the_roots_of_all_are_not() -> None:
    homes = {str(account.home) for account in running.accounts()}
    assert homes.isdisjoint({"/", "/root", "/nonexistent"})


def test_a_folder_that_is_not_there_or_empty_has_no_entries(tmp_path: Path) -> None:
    assert not running.has_entries(str(tmp_path / "none"))
    assert not running.has_entries(str(tmp_path))
    (tmp_path / "a").touch()
    assert running.has_entries(str(tmp_path))


def test_a_home_on_a_mount_that_does_not_answer_is_left_alone() -> None:
    ada, kim = Account("ada", Path("/home/ada")), Account("kim", Path("/srv/kim"))
    assert list(running.answering([ada, kim], ["/home"])) == [kim]
    assert list(running.answering([ada, kim], [])) == [ada, kim]


def test_layers_are_told_wherever_a_runtime_keeps_them_and_where_one_did() -> None:
    alive = running.Alive((), (), (), (), (), (), podman=(Path("/srv/podman"),))
    patterns = {pattern for pattern, _ in alive.exempt_layers()}
    assert {
        "/srv/podman/db.sql",
        "/var/lib/containers/storage/db.sql",
        "/var/lib/docker/image",
    } <= patterns
