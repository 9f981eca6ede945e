"""A throw-away Redis that cannot be had is no fault of the snapshot; one that cannot load is."""

from __future__ import annotations

import os
import pwd
from dataclasses import replace
from pathlib import Path

import pytest

from plugins.module_utils.checks.evidence import Question
from plugins.module_utils.drill.small_servers import Place, asked, loaded
from plugins.module_utils.errors import Broken, Unproven
from plugins.module_utils.host import Call, Finished
from plugins.module_utils.tools.answers import Refused
from plugins.module_utils.tools.containers import Image
from tests.unit.fakes import FakeHost

VERSION = Finished(0, "Redis server v=8.0.2 sha=00000000:0 malloc=jemalloc-5.3.0 bits=64\n", "")
TRUNCATED = """\
1:C 22 Nov 2026 22:10:00.000 * oO0OoO0OoO0Oo Redis is starting oO0OoO0OoO0Oo
1:M 22 Nov 2026 22:10:00.000 # WARNING Memory overcommit must be enabled!
1:M 22 Nov 2026 22:10:00.001 * Loading RDB produced by version 8.0.2
1:M 22 Nov 2026 22:10:00.002 # Short read or OOM loading DB. Unrecoverable error, aborting now.
1:M 22 Nov 2026 22:10:00.002 # Internal error in RDB reading offset 9 -> RDB has key 'secret' twice
1:M 22 Nov 2026 22:10:00.003 # Fatal error loading the DB, check server logs. Exiting.
"""


class DeadServer(FakeHost):
    """Starts a server that ends at once, and leaves a log."""

    def __init__(self, folder: Path, log: str) -> None:
        super().__init__({"--version": VERSION, "show": Finished(0, "inactive\n", "")})
        self._folder, self._log = folder, log

    def run(self, call: Call) -> Finished:
        if call.argv[0] == "systemd-run":
            (self._folder / "log").write_text(self._log, encoding="utf-8")
        return super().run(call)


@pytest.fixture
def place(tmp_path: Path) -> Place:
    return Place(
        tmp_path / "redis", "server.service", "guard.service", pwd.getpwuid(os.getuid())[0]
    )


@pytest.fixture
def dump(tmp_path: Path) -> Path:
    file = tmp_path / "cache.rdb"
    file.write_bytes(b"REDIS")
    return file


def test_a_dump_that_does_not_load_is_broken_and_names_no_key(place: Place, dump: Path) -> None:
    host = DeadServer(place.folder, TRUNCATED)
    with pytest.raises(Broken) as said, loaded(host, place, dump, "8.0.2"):
        pass
    assert "the dump of Redis does not load: Short read or OOM loading DB" in str(said.value)
    assert "secret" not in str(said.value)
    assert not place.folder.exists()
    assert dump.exists()


def test_a_server_that_could_not_begin_is_unproven(place: Place, dump: Path) -> None:
    host = DeadServer(place.folder, "1:M 22 Nov # Failed opening Unix socket: bind: Permission\n")
    with pytest.raises(Unproven, match="ended: Failed opening Unix socket"):
        loaded(host, place, dump, "8.0.2").__enter__()


@pytest.mark.parametrize("version", ["7.0.15", "8.2.0", "9.0.0"])
def test_a_dump_of_another_major_or_a_newer_version_is_unproven(
    place: Place, dump: Path, version: str
) -> None:
    host = FakeHost({"--version": VERSION})
    with pytest.raises(Unproven, match=f"is from Redis {version} and this host has 8.0.2"):
        loaded(host, place, dump, version).__enter__()
    assert not place.folder.exists()


def test_the_server_is_cut_off_and_ends_with_its_guard(place: Place, dump: Path) -> None:
    host = DeadServer(place.folder, TRUNCATED)
    with pytest.raises(Broken):
        loaded(host, place, dump, "8.0.2").__enter__()
    (started,) = [call.argv for call in host.calls if call.argv[0] == "systemd-run"]
    for wanted in ("PrivateNetwork=yes", "BindsTo=guard.service", f"BindPaths={place.folder}:/mnt"):
        assert f"--property={wanted}" in started
    assert list(host.calls[-1].argv) == ["systemctl", "stop", "server.service"]


def test_a_server_from_an_image_is_a_container_that_ends_with_the_guard(
    place: Place, dump: Path
) -> None:
    """Its image is that of the server that wrote the dump, so no version is asked for."""
    image = Image("podman", "sha256:5e1", "redis-server")
    host = DeadServer(place.folder, "")
    from_image = replace(place, user=os.getuid(), image=image)
    with pytest.raises(Unproven, match="ended: it said nothing"):
        loaded(host, from_image, dump, "6.0.16").__enter__()
    (started,) = [call.argv for call in host.calls if call.argv[0] == "systemd-run"]
    removal = "podman rm --force --volumes server"
    for wanted in ("BindsTo=guard.service", f"ExecStartPre=-{removal}", f"ExecStopPost=-{removal}"):
        assert f"--property={wanted}" in started
    begun = started.index("--") + 1
    assert started[begun : begun + 2] == ["podman", "run"]
    assert f"--volume={place.folder}:/mnt" in started


def test_what_the_runtime_says_is_told_when_the_server_said_nothing(
    place: Place, dump: Path
) -> None:
    class Refusing(DeadServer):
        def run(self, call: Call) -> Finished:
            if call.argv[0] == "systemd-run":
                (place.folder / "errors").write_text("Error: 5e1: image not known\n")
            return super().run(call)

    image = Image("podman", "sha256:5e1", "redis-server")
    with pytest.raises(Unproven, match="ended: Error: 5e1: image not known"):
        loaded(
            Refusing(place.folder, ""), replace(place, user=os.getuid(), image=image), dump, "8.0.2"
        ).__enter__()


def test_a_user_that_is_not_there_is_unproven(place: Place, dump: Path) -> None:
    nobody = Place(place.folder, place.unit, place.guard, "no-such-user")
    with pytest.raises(Unproven, match="the user no-such-user does not exist"):
        loaded(FakeHost({"--version": VERSION}), nobody, dump, "8.0.2").__enter__()


def test_one_refused_question_stops_no_other() -> None:
    first, second = Question("cache", "FLUSHALL"), Question("cache", "DBSIZE")

    def answer(query: str) -> list[list[str | None]]:
        if query == "FLUSHALL":
            raise Refused("it does not only read")
        return [["7"]]

    assert asked((first, second), answer) == ({second: [["7"]]}, {first: "it does not only read"})
