"""A server in another namespace is not taken for the one that the host knows by that address."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from plugins.module_utils.audit.database_stores import subject_of
from plugins.module_utils.audit.facts import ServerSeen
from plugins.module_utils.audit.processes import look
from tests.unit.audit.asked import MARIADB, asked, only
from tests.unit.audit.proc import FakeProcess, grow_proc
from tests.unit.fakes import FakeHost

HOST = "22 1 8:1 / / rw - ext4 /dev/sda1 rw\n23 22 0:24 / /run rw - tmpfs tmpfs rw\n"
OWN = {"namespace": "mnt:[999]"}
MACHINE = (
    "90 1 8:1 /var/lib/machines/forum / rw - ext4 /dev/sda1 rw\n"
    "91 90 0:50 / /run rw - tmpfs tmpfs rw\n"
)
PRIVATE_UNIT = f"{HOST}24 22 8:1 /tmp/systemd-private-1/tmp /tmp rw - ext4 /dev/sda1 rw\n"
SOCKET = "/run/mysqld/mysqld.sock"


def mariadb(mounts: str, socket: str = SOCKET, **more: str) -> FakeProcess:
    return FakeProcess(
        9,
        "/usr/sbin/mariadbd",
        working_directory="/var/lib/mysql",
        unix=[(socket, 7)],
        mounts=mounts,
        namespace=more.get("namespace", OWN["namespace"]),
    )


def server(tmp_path: Path, process: FakeProcess) -> ServerSeen:
    (one,) = look(grow_proc(tmp_path / "proc", process, host_mounts=HOST)).servers
    return one


@pytest.mark.parametrize(
    ("process", "is_apart"),
    [
        (mariadb(MACHINE), True),
        (mariadb(PRIVATE_UNIT), False),
        (mariadb(PRIVATE_UNIT, f"/var{SOCKET}"), False),
        (mariadb(PRIVATE_UNIT, "/tmp/mysql.sock"), True),
        (mariadb(""), True),
        (replace(mariadb(PRIVATE_UNIT), unix=(), tcp=[(3306, 8)]), False),
    ],
)
def test_only_what_the_host_means_by_that_socket_is_the_hosts(
    tmp_path: Path, process: FakeProcess, is_apart: bool
) -> None:
    assert server(tmp_path, process).is_apart is is_apart


def test_in_a_chroot_it_is_apart_and_its_data_have_the_hosts_name(tmp_path: Path) -> None:
    proc = grow_proc(tmp_path / "proc", mariadb(HOST, namespace="mnt:[4026531841]"))
    (proc / "9/root").unlink()
    (proc / "9/root").symlink_to("/srv/jail")
    (one,) = look(proc).servers
    assert (one.is_apart, one.data_directory) == (True, "/srv/jail/var/lib/mysql")


def test_a_port_in_another_network_is_not_the_hosts(tmp_path: Path) -> None:
    process = replace(mariadb(MACHINE), unix=(), tcp=[(3306, 8)])
    proc = grow_proc(tmp_path / "proc", process, host_mounts=HOST)
    (proc / "self/ns/net").symlink_to("net:[1]")
    (proc / "9/ns/net").symlink_to("net:[2]")
    (one,) = look(proc).servers
    assert one.is_apart


def test_the_mark_of_a_data_directory_tells_when_it_was_made(tmp_path: Path) -> None:
    (tmp_path / "data").mkdir()
    process = replace(mariadb(HOST), working_directory=str(tmp_path / "data"))
    assert server(tmp_path, process).made_ns == 0
    (tmp_path / "data/aria_log_control").touch()
    made = (tmp_path / "data/aria_log_control").stat().st_mtime_ns
    (one,) = look(tmp_path / "proc").servers
    assert one.made_ns == made


def test_it_is_not_asked_and_has_a_name_of_its_own() -> None:
    apart = replace(MARIADB, is_apart=True, data_directory="/var/lib/machines/forum/mysql")
    host = FakeHost()
    found = only(asked(apart, host))
    assert "it runs in a namespace of its own" in found.refused
    assert host.calls == []
    assert subject_of(found) == "mariadb in /var/lib/machines/forum/mysql"
