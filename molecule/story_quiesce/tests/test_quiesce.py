"""A service that is held still for its backup goes on, whatever becomes of the backup."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from tests.operator import LAB_INVENTORY, ROOT, host, play, playing, within

BACK_UP = "playbooks/back_up.yml"
GUARD = "probealarm-held-clock.service"
MARK = "/var/lib/probealarm/held/clock.json"
MENDED = "/srv/mended"
RESTIC = "/usr/local/sbin/restic"
NICK = f"{os.environ.get('PROBEALARM_LAB') or 'probealarm'}-nick"
SLOW = 'sleep 90; exec /usr/bin/restic "$@"'
DECLARATION = """\
plugin: probealarm.recovery.services
drill_host: judy
services:
  clock:
    profile: files
    host: nick
    objectives: {rpo: 24h, rto: 30m}
    path: /srv/clock
    quiesce:
      reason: A clock that is copied while it ticks shows two times
      hold:
        - run: [systemctl, stop, clock.service]
        - run: ["HOLD"]
          user: nobody
      resume:
        - run: [test, -e, MENDED]
          user: nobody
        - run: [systemctl, start, clock.service]
      at_most: AT_MOST
"""


@pytest.fixture(name="declared")
def _declared(tmp_path: Path) -> Callable[..., Path]:
    """Write an inventory with this one service; the rest is the lab's."""

    def write(*, hold: str = "true", at_most: str = "5m") -> Path:
        inventory = tmp_path / "inventories" / "lab"
        shutil.copytree(LAB_INVENTORY, inventory)
        (tmp_path / ".lab").symlink_to(ROOT / ".lab")
        text = DECLARATION.replace("HOLD", hold).replace("AT_MOST", at_most)
        (inventory / "services.probealarm.yml").write_text(
            text.replace("MENDED", MENDED), encoding="utf-8"
        )
        return inventory

    return write


@pytest.fixture(autouse=True)
def the_service_goes_on() -> Iterator[None]:
    """Whatever a test does: afterwards the service runs, nothing holds it, no bad copy is kept."""
    host("nick").check_output("touch %s", MENDED)
    yield
    nick = host("nick")
    assert is_going_on()
    assert nick.run("systemctl is-active %s", GUARD).rc != 0
    assert nick.check_output("ls -A /var/lib/probealarm/held") == ""


def saved() -> set[str]:
    """Name the snapshots in judy's store, which has no other service."""
    return set(host("judy").check_output("ls /var/lib/probealarm/store/nick/snapshots").split())


def is_going_on() -> bool:
    nick = host("nick")
    return nick.run("systemctl is-active clock.service").rc == 0 and not nick.file(MARK).exists


def is_being_saved() -> bool:
    """Held, with the slow restic at work."""
    nick = host("nick")
    return nick.run("pgrep --full %s", RESTIC).rc == 0 and nick.file(MARK).exists


@contextmanager
def other_restic(script: str) -> Iterator[None]:
    """Put another restic before the real one on nick for a while."""
    nick = host("nick")
    nick.check_output(
        "sh -c %s", f"printf '#!/bin/sh\\n{script}\\n' > {RESTIC}; chmod 755 {RESTIC}"
    )
    try:
        yield
    finally:
        host("nick").check_output("rm %s", RESTIC)


def ledger() -> list[dict[str, Any]]:
    text = host("nick").check_output("cat /var/lib/probealarm/ledger.jsonl")
    return [json.loads(line) for line in text.splitlines()]


def fails(inventory: Path) -> str:
    """Run a backup that must fail, leave no snapshot, and leave an entry with its sentence."""
    before = saved()
    played = play(BACK_UP, inventory=inventory)
    assert played.status != 0, played.output
    assert saved() == before
    assert ledger()[-1]["verdict"] == "failed"
    assert ledger()[-1]["reason"] in played.output
    return played.output


def podman(*arguments: str) -> None:
    """Do something to the container that is nick."""
    subprocess.run([str(ROOT / ".lab" / "bin" / "podman"), *arguments], check=True, timeout=60)


def start_again() -> None:
    """Switch nick on."""
    subprocess.run([sys.executable, "-m", "lab", "up"], cwd=ROOT, check=True)


def guarded_process() -> str:
    """Tell which process the guard waits for: the backup itself."""
    guard = host("nick").check_output("systemctl show --property=ExecStart --value %s", GUARD)
    return guard.partition("--pid=")[2].split()[0]


def test_it_is_held_while_it_is_saved_and_goes_on_afterwards(declared: Any) -> None:
    before = saved()
    with other_restic('systemctl is-active clock > /run/seen; exec /usr/bin/restic "$@"'):
        played = play(BACK_UP, inventory=declared())
    assert played.status == 0, played.output
    assert host("nick").check_output("cat /run/seen") == "inactive"
    assert len(saved() - before) == 1
    assert [entry["verdict"] for entry in ledger()[-2:]] == ["begun", "saved"]
    assert ledger()[-1]["held_still_seconds"] > 0


def test_it_goes_on_after_a_failed_backup(declared: Any) -> None:
    with other_restic("exit 1"):
        assert "clock: restic failed" in fails(declared())


def test_it_goes_on_when_it_could_not_be_held_as_a_whole(declared: Any) -> None:
    said = fails(declared(hold="false"))
    assert "`runuser --user nobody -- false` ended with status 1" in said


def test_it_goes_on_when_the_time_is_up(declared: Any) -> None:
    with other_restic(SLOW):
        said = fails(declared(at_most="16s"))
    assert "clock may be held still for 16 s, and its copy was not ready in that time" in said


def test_it_goes_on_after_kill_9_and_the_orphan_saves_nothing(declared: Any) -> None:
    before, inventory = saved(), declared()
    with other_restic(SLOW):
        with playing(BACK_UP, inventory=inventory) as running:
            assert within(30, is_being_saved)
            assert not is_going_on()
            assert "another backup of this service is running" in fails(inventory)
            host("nick").check_output("kill -KILL %s", guarded_process())
            assert within(10, is_going_on)
        assert running.returncode != 0
        assert host("nick").run("pgrep --full %s", RESTIC).rc != 0
    assert play(BACK_UP, inventory=inventory).status == 0
    assert len(saved() - before) == 1
    *_, killed, _begun, good = ledger()
    assert "was ended from outside before it had finished" in killed["reason"]
    assert good["verdict"] == "saved"


def test_it_goes_on_when_the_backup_does_not_hear_its_own_alarm(declared: Any) -> None:
    with (
        other_restic(SLOW),
        playing(BACK_UP, inventory=declared(at_most="15s")) as running,
    ):
        assert within(30, is_being_saved)
        host("nick").check_output("kill -STOP %s", guarded_process())
        assert within(20, is_going_on)
    assert running.returncode != 0
    assert host("nick").run("pgrep --full %s", RESTIC).rc != 0


def test_it_goes_on_after_a_power_cut(declared: Any) -> None:
    with other_restic(SLOW), playing(BACK_UP, inventory=declared()):
        assert within(30, is_being_saved)
        podman("kill", "--signal=KILL", NICK)
        start_again()
        assert within(60, is_going_on)


def test_it_goes_on_after_an_orderly_reboot(declared: Any) -> None:
    with other_restic(SLOW), playing(BACK_UP, inventory=declared()):
        assert within(30, is_being_saved)
        host("nick").run("systemctl reboot")
        podman("wait", NICK)
        start_again()
        assert within(60, is_going_on)


def test_what_somebody_had_stopped_before_stays_stopped(declared: Any) -> None:
    nick = host("nick")
    nick.check_output("systemctl stop clock.service")
    played = play(BACK_UP, inventory=declared())
    assert played.status == 0, played.output
    stands = nick.run("systemctl is-active clock.service").stdout.strip()
    nick.check_output("systemctl start clock.service")
    assert stands == "inactive"


def test_what_does_not_go_on_is_shouted_and_mended_by_hand(declared: Any) -> None:
    nick, inventory = host("nick"), declared()
    nick.check_output("rm %s", MENDED)
    played = play(BACK_UP, inventory=inventory)
    assert played.status != 0
    assert "clock IS STILL HELD: what lets it go on did not succeed. Run by hand" in played.output
    assert f"runuser --user nobody -- test -e {MENDED} ; systemctl start" in played.output
    assert nick.run("systemctl is-active clock.service").rc == 0, "the other step was run"
    assert "clock IS STILL HELD" in nick.run("/usr/local/lib/probealarm/resume.py clock").stderr
    nick.check_output("touch %s", MENDED)
    played = play("playbooks/resume.yml", inventory=inventory)
    assert played.status == 0, played.output
