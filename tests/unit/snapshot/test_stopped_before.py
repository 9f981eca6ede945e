"""What somebody had stopped on purpose stays stopped after a backup."""

from __future__ import annotations

import pytest

from plugins.module_utils.contract import Quiesce, Step
from plugins.module_utils.host import Call, Finished
from plugins.module_utils.snapshot.stopped_before import without_what_stood
from tests.unit.fakes import FakeHost

Words = tuple[str, ...]


class Systemd(FakeHost):
    """Knows the states of units; ``systemctl is-active`` says one a line."""

    def __init__(self, **states: str) -> None:
        super().__init__()
        self.states = states

    def run(self, call: Call) -> Finished:
        self.calls.append(call)
        assert list(call.argv[:3]) == ["systemctl", "is-active", "--"]
        said = [self.states.get(name, "inactive") for name in call.argv[3:]]
        return Finished(3 if "inactive" in said else 0, "".join(f"{one}\n" for one in said), "")


def resumed(host: FakeHost, hold: Words, *resume: Words, user: str = "") -> list[str]:
    steps = tuple(Step(words) for words in resume)
    quiesce = Quiesce("Rows and files belong together", (Step(hold, user),), steps, 600)
    return [" ".join(step.run) for step in without_what_stood(host, quiesce).resume]


STOP, START = ("systemctl", "stop", "app"), ("systemctl", "start", "app")


@pytest.mark.parametrize("state", ["active", "activating", "reloading"])
def test_what_ran_goes_on(state: str) -> None:
    assert resumed(Systemd(app=state), STOP, START) == ["systemctl start app"]


@pytest.mark.parametrize("state", ["inactive", "failed", "deactivating"])
def test_what_stood_stays_stopped(state: str) -> None:
    assert resumed(Systemd(app=state), STOP, START) == []


def test_of_two_units_only_the_one_that_ran_goes_on() -> None:
    both = ("/usr/bin/systemctl", "--no-block", "start", "app", "worker")
    said = resumed(Systemd(worker="active"), ("systemctl", "stop", "app", "worker"), both)
    assert said == ["/usr/bin/systemctl --no-block start worker"]


def test_other_steps_are_left_as_they_are() -> None:
    said = resumed(Systemd(), STOP, ("php", "occ", "maintenance:mode", "--off"), START)
    assert said == ["php occ maintenance:mode --off"]


def test_a_unit_that_is_started_and_was_never_stopped_is_left_as_it_is() -> None:
    assert resumed(Systemd(), STOP, ("systemctl", "start", "other")) == ["systemctl start other"]


@pytest.mark.parametrize(
    "hold",
    [
        ("app", "stop"),
        ("systemctl",),
        ("systemctl", "--user", "stop", "app"),
        ("systemctl", "reload", "app"),
    ],
)
def test_of_other_steps_nothing_is_known(hold: Words) -> None:
    host = FakeHost()
    assert resumed(host, hold, START) == ["systemctl start app"]
    assert host.calls == []


def test_a_step_of_another_account_is_of_another_systemd() -> None:
    assert resumed(FakeHost(), STOP, START, user="kim") == ["systemctl start app"]


def test_a_pattern_counts_as_running() -> None:
    start = ("systemctl", "start", "app@*")
    assert resumed(Systemd(), ("systemctl", "stop", "app@*", "worker"), start) == [" ".join(start)]
