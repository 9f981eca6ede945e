"""A service that was held still goes on, whatever becomes of its backup."""

from __future__ import annotations

import json
import os
import time
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from pathlib import Path

import pytest

from plugins.module_utils.contract import Contract, Quiesce, Step
from plugins.module_utils.errors import Trouble
from plugins.module_utils.host import Call, Finished
from plugins.module_utils.snapshot import resume
from plugins.module_utils.snapshot.quiesce import Places, held_still
from tests.unit.fakes import NOW, FakeHost, contract

GUARD = "probealarm-held-newsletter.service"
HOLD = (Step(("app", "stop")), Step(("cron", "off"), "www-data"))
RESUME = (Step(("cron", "on"), "www-data"), Step(("app", "start")))


def held(at_most_seconds: int = 600) -> Contract:
    still = Quiesce("Rows and files belong together", HOLD, RESUME, at_most_seconds)
    return replace(contract(), quiesce=still)


@dataclass
class Machine(FakeHost):
    """A host with systemd's part: stopping the guard, or its time being up, runs the resume steps.

    ``refusing`` names programs that fail.
    """

    places: Places = field(default_factory=Places)
    refusing: tuple[str, ...] = ()
    story: list[str] = field(default_factory=list)
    guard: list[str] = field(default_factory=list)

    @property
    def mark(self) -> Path:
        return self.places.held / "newsletter.json"

    def run(self, call: Call) -> Finished:
        self.calls.append(call)
        argv = list(call.argv)
        if argv[0] == "systemd-run":
            assert not self.mark.exists(), "the guard comes before the mark"
            self.guard = argv
        elif argv[:2] == ["systemctl", "show"]:
            return Finished(0, "active\n" if self.guard else "inactive\n", "")
        elif argv[:2] in (["systemctl", "stop"], ["systemctl", "start"]):
            self.let_go()
        else:
            assert self.guard, "nothing is held without a guard"
            assert self.mark.exists(), "nothing is held without a mark"
            return Finished(0 if self.step(argv[3:]) else 1, "", "the password is hunter2")
        return Finished(0, "", "")

    def step(self, words: list[str]) -> bool:
        self.story.append(" ".join(words[4:] if words[0] == "runuser" else words))
        return words[-2] not in self.refusing

    def let_go(self) -> None:
        self.guard = []
        resume.resume(self.mark, lambda step: self.step(list(step["run"])))


@pytest.fixture(name="machine")
def _machine(tmp_path: Path) -> Machine:
    program, folder = tmp_path / "resume.py", tmp_path / "held"
    program.touch()
    folder.mkdir()
    return Machine(places=Places(folder, program))


def back_up(machine: Machine, wanted: Contract, work: Callable[[], None] = lambda: None) -> float:
    with held_still(machine, wanted, clock=lambda: NOW, places=machine.places) as still:
        machine.story.append("copy")
        work()
    return still.seconds


def failing(sentence: str = "the dump failed") -> Callable[[], None]:
    def fail() -> None:
        raise Trouble(sentence)

    return fail


EVERYTHING = ["app stop", "cron off", "copy", "cron on", "app start"]


def test_a_service_without_quiesce_is_left_alone(machine: Machine) -> None:
    assert back_up(machine, contract()) == 0.0
    assert machine.calls == []


def test_a_service_is_held_while_it_is_copied_and_then_goes_on(machine: Machine) -> None:
    assert back_up(machine, held(), lambda: time.sleep(0.01)) >= 0.01
    assert machine.story == EVERYTHING
    assert list(machine.places.held.iterdir()) == []


def test_the_mark_tells_how_to_let_go_before_anything_is_held(machine: Machine) -> None:
    def look() -> None:
        mark = json.loads(machine.mark.read_text(encoding="utf-8"))
        assert mark["resume"][0] == {"run": ["cron", "on"], "user": "www-data"}
        assert mark["held_at"] == NOW.isoformat()

    back_up(machine, held(), look)


def test_the_guard_waits_for_this_process_and_for_the_time_limit(machine: Machine) -> None:
    back_up(machine, held())
    (guard,) = [call.argv for call in machine.calls if call.argv[0] == "systemd-run"]
    assert f"--unit={GUARD}" in guard
    assert f"--pid={os.getpid()}" in guard
    assert "--property=RuntimeMaxSec=600" in guard
    program = f"/usr/bin/python3 -I {machine.places.program} --run={os.getpid()} newsletter"
    assert f"--property=ExecStopPost={program}" in guard


def test_a_failed_backup_lets_the_service_go_on_and_keeps_its_sentence(machine: Machine) -> None:
    with pytest.raises(Trouble, match=r"^the dump failed$"):
        back_up(machine, held(), failing())
    assert machine.story == EVERYTHING


def test_a_bug_in_a_backup_lets_the_service_go_on(machine: Machine) -> None:
    def fail() -> None:
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        back_up(machine, held(), fail)
    assert machine.story == EVERYTHING


def test_what_was_held_goes_on_when_the_rest_cannot_be_held(machine: Machine) -> None:
    machine.refusing = ("cron",)
    with pytest.raises(Trouble) as refused:
        back_up(machine, held())
    said = str(refused.value)
    assert "`runuser --user www-data -- cron off` ended with status 1" in said
    assert "hunter2" not in said
    assert machine.story[:3] == ["app stop", "cron off", "cron on"]


def test_a_step_that_does_not_end_is_told_from_one_that_fails(tmp_path: Path) -> None:
    class Hanging(Machine):
        def run(self, call: Call) -> Finished:
            done = super().run(call)
            return replace(done, status=124) if list(call.argv[3:]) == ["app", "stop"] else done

    (tmp_path / "held").mkdir()
    (tmp_path / "resume.py").touch()
    machine = Hanging(places=Places(tmp_path / "held", tmp_path / "resume.py"))
    with pytest.raises(Trouble, match=r"`app stop` did not end within 120 s\. Nothing was saved"):
        back_up(machine, held())
    assert machine.story == ["app stop", "cron on", "app start"]


def test_a_copy_that_takes_too_long_counts_for_nothing(machine: Machine) -> None:
    with pytest.raises(Trouble, match=r"may be held still for 1\.0 s, and its copy was not ready"):
        back_up(machine, held(at_most_seconds=1), lambda: time.sleep(5))
    assert machine.story == EVERYTHING


def test_a_time_limit_that_somebody_took_for_their_own_failure_still_counts(
    machine: Machine,
) -> None:
    def swallow() -> None:
        with pytest.raises(Trouble):
            time.sleep(5)

    with pytest.raises(Trouble, match="its copy was not ready"):
        back_up(machine, held(at_most_seconds=1), swallow)


def test_a_copy_during_which_the_guard_let_go_counts_for_nothing(machine: Machine) -> None:
    with pytest.raises(Trouble, match="would not be of one moment"):
        back_up(machine, held(), machine.let_go)


def test_a_service_that_does_not_go_on_is_shouted_with_the_commands(machine: Machine) -> None:
    def refuse() -> None:
        machine.refusing = ("app", "cron")

    with pytest.raises(Trouble) as shouted:
        back_up(machine, held(), refuse)
    said = str(shouted.value)
    assert "The snapshot was saved, but newsletter IS STILL HELD" in said
    assert "runuser --user www-data -- cron on ; app start ; then: rm" in said
    assert machine.story == EVERYTHING, "every step is tried, also after one that failed"
    assert machine.mark.exists()


def test_both_failures_are_said(machine: Machine) -> None:
    def fail() -> None:
        machine.refusing = ("app",)
        raise Trouble("the dump failed")

    with pytest.raises(Trouble, match=r"^the dump failed newsletter IS STILL HELD: what lets"):
        back_up(machine, held(), fail)


def test_what_an_earlier_run_left_held_goes_on_before_a_new_one_begins(machine: Machine) -> None:
    machine.mark.write_text(json.dumps({"resume": [{"run": ["app", "start"]}]}), encoding="utf-8")
    back_up(machine, held())
    assert machine.story == ["app start", *EVERYTHING]


def test_a_service_that_stays_held_is_not_backed_up(machine: Machine) -> None:
    machine.refusing = ("app",)
    machine.mark.write_text(json.dumps({"resume": [{"run": ["app", "start"]}]}), encoding="utf-8")
    with pytest.raises(Trouble, match="An earlier backup held newsletter, and what lets it go on"):
        back_up(machine, held())
    assert "copy" not in machine.story


@pytest.mark.parametrize("missing", ["resume.py", "held"])
def test_nothing_is_held_that_nobody_could_let_go(machine: Machine, missing: str) -> None:
    if missing == "held":
        machine.places.held.rmdir()
    else:
        machine.places.program.unlink()
    with pytest.raises(Trouble, match=r"Nothing was held and nothing saved; run playbooks"):
        back_up(machine, held())
    assert machine.calls == []


def test_a_mark_that_cannot_be_written_holds_nothing(machine: Machine) -> None:
    (machine.places.held / "newsletter.half").mkdir()
    with pytest.raises(Trouble, match="so newsletter was not held and nothing was saved"):
        back_up(machine, held())
    assert machine.story == []


def test_what_was_stopped_before_the_backup_stays_stopped(machine: Machine) -> None:
    class Standing(Machine):
        def run(self, call: Call) -> Finished:
            asked = list(call.argv[:2]) == ["systemctl", "is-active"]
            return Finished(3, "inactive\n", "") if asked else super().run(call)

    standing = Standing(places=machine.places)
    stop, start = Step(("systemctl", "stop", "app")), Step(("systemctl", "start", "app"))
    quiesce = Quiesce("Rows and files belong together", (stop, HOLD[1]), (RESUME[0], start), 600)
    back_up(standing, replace(contract(), quiesce=quiesce))
    assert standing.story == ["systemctl stop app", "cron off", "copy", "cron on"]
