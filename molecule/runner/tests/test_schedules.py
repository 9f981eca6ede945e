"""What becomes of a schedule that changes."""

import json

import pytest

from tests.operator import play

testinfra_hosts = ["nick"]

SCHEDULES = [
    {
        "name": "report",
        "playbook": "probealarm.recovery.report",
        "calendar": "Mon 07:00",
        "randomized_delay": "5min",
    }
]


@pytest.fixture(scope="module", autouse=True)
def changed():
    """A run with other schedules, and one that goes back."""
    playbook = "molecule/runner/converge.yml"
    done = play(playbook, "--extra-vars", json.dumps({"runner_schedules": SCHEDULES}))
    assert done.status == 0, done.output
    yield
    back = play(playbook)
    assert back.status == 0, back.output


def test_the_new_timer_is_armed(host):
    assert host.service("probealarm-report.timer").is_running


def test_the_former_timer_is_gone(host):
    assert not host.service("probealarm-back-up.timer").is_running
    assert not host.file("/etc/systemd/system/probealarm-back-up.timer").exists
    assert not host.file("/etc/systemd/system/probealarm-back-up.service").exists


def test_a_name_that_cannot_stand_in_a_unit_is_refused():
    wrong = {"runner_schedules": [{**SCHEDULES[0], "name": "Back up"}]}
    done = play("molecule/runner/converge.yml", "--extra-vars", json.dumps(wrong))
    assert done.status != 0
    assert 'runner_schedules names "Back up"' in done.output
