"""A process is told to its unit and to its container, however control groups are laid out."""

from __future__ import annotations

import pytest

from plugins.module_utils.audit.belonging import Belonging, belonging_of

A, B = "a" * 64, "b" * 64


@pytest.mark.parametrize(
    ("cgroup", "belonging"),
    [
        ("0::/system.slice/mariadb.service\n", Belonging("mariadb.service")),
        (
            "0::/system.slice/system-postgresql.slice/postgresql@17-main.service\n",
            Belonging("postgresql@17-main.service"),
        ),
        (f"0::/machine.slice/libpod-{A}.scope/container\n", Belonging("", (A,))),
        (f"0::/machine.slice/libpod-conmon-{A}.scope\n", Belonging("", (A,))),
        (f"0::/libpod_parent/libpod-{A}\n", Belonging("", (A,))),
        (
            f"0::/system.slice/chat.service/libpod-payload-{A}\n",
            Belonging("chat.service", (A,)),
        ),
        (f"0::/system.slice/docker-{A}.scope\n", Belonging("", (A,), None, "docker")),
        (
            f"12:pids:/docker/{A}\n11:memory:/docker/{A}\n1:name=systemd:/docker/{A}\n0::/\n",
            Belonging("", (A,), None, "docker"),
        ),
        (f"4:memory:/docker/{A}\n0::/\n", Belonging("", (A,), None, "docker")),
        (
            "9:name=systemd:/system.slice/redis-server.service\n8:pids:/system.slice\n0::/\n",
            Belonging("redis-server.service"),
        ),
        (
            "9:cpu:/system.slice/other.service\n1:name=systemd:/system.slice/app.service\n0::/\n",
            Belonging("app.service"),
        ),
        (f"0::/docker/{A}/docker/{B}\n", Belonging("", (A, B), None, "docker")),
        (
            f"0::/machine.slice/libpod-{A}.scope/container/system.slice/mariadb.service\n",
            Belonging("", (A,)),
        ),
        (
            f"0::/user.slice/user-1000.slice/user@1000.service/user.slice/libpod-{A}.scope\n",
            Belonging("user@1000.service", (A,), 1000),
        ),
        ("0::/user.slice/user-1000.slice/session-3.scope\n", Belonging("", (), 1000)),
        ("0::/../../other\n", Belonging()),
        ("", Belonging()),
        ("no line of this kind", Belonging()),
    ],
)
def test_units_and_containers_are_told_in_every_layout(cgroup: str, belonging: Belonging) -> None:
    assert belonging_of(cgroup) == belonging


def test_the_containers_around_the_auditor_itself_do_not_count() -> None:
    inside = f"0::/libpod_parent/libpod-{A}/system.slice/mariadb.service\n"
    assert belonging_of(inside, [A]) == Belonging("mariadb.service")
    deeper = f"0::/libpod_parent/libpod-{A}/libpod_parent/libpod-{B}\n"
    assert belonging_of(deeper, [A]).containers == (B,)


@pytest.mark.parametrize(
    ("path", "unit"),
    [
        (
            "/machine.slice/systemd-nspawn@forum.service/payload/system.slice/mariadb.service",
            "systemd-nspawn@forum.service",
        ),
        ("/machine.slice/machine-forum.scope/payload/system.slice/mariadb.service", ""),
        ("/lxc.payload.forum/system.slice/mariadb.service", ""),
        ("/lxc.payload/forum/system.slice/mariadb.service", ""),
    ],
)
def test_a_unit_of_another_system_is_none_of_the_hosts(path: str, unit: str) -> None:
    assert belonging_of(f"0::{path}\n").unit == unit
