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
        "variables": {"report_directory": "shown"},
        "limit": "newsletter,voting",
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


def test_variables_and_limit_reach_the_playbook_as_a_person_would_give_them(host):
    started = host.check_output("systemctl show --property=ExecStart probealarm-report.service")
    assert (
        "argv[]=/usr/bin/ansible-playbook --extra-vars report_directory=shown "
        "--limit newsletter,voting probealarm.recovery.report" in started
    )


def test_the_former_timer_is_gone(host):
    assert not host.service("probealarm-back-up.timer").is_running
    assert not host.file("/etc/systemd/system/probealarm-back-up.timer").exists
    assert not host.file("/etc/systemd/system/probealarm-back-up.service").exists


def test_what_a_unit_would_read_otherwise_is_refused():
    wrong = [
        {**SCHEDULES[0], "name": "space", "variables": {"drill_copy": "a b"}},
        {**SCHEDULES[0], "name": "variable", "variables": {"drill_copy": "$HOME"}},
        {**SCHEDULES[0], "name": "key", "variables": {"Drill copy": "a"}},
        {**SCHEDULES[0], "name": "limit", "limit": "all --check"},
    ]
    extra = json.dumps({"runner_schedules": wrong})
    done = play("molecule/runner/converge.yml", "--extra-vars", extra)
    assert done.status != 0
    for odd in ("Drill copy", "a b", "$HOME", "all --check"):
        assert f'"{odd}"' in done.output


def test_a_name_that_cannot_stand_in_a_unit_is_refused():
    wrong = {"runner_schedules": [{**SCHEDULES[0], "name": "Back up"}]}
    done = play("molecule/runner/converge.yml", "--extra-vars", json.dumps(wrong))
    assert done.status != 0
    assert 'runner_schedules names "Back up"' in done.output
