"""One program lets a service go on, every time, and never forgets one that did not."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from plugins.module_utils.snapshot import resume
from plugins.module_utils.snapshot.resume import Step

START: Step = {"run": ["app", "start now"], "user": ""}
AS_USER: Step = {"run": ["cron", "on"], "user": "www-data"}


def mark_of(folder: Path, *steps: Step, service: str = "newsletter") -> Path:
    mark = folder / f"{service}.json"
    mark.write_text(json.dumps({"service": service, "resume": steps}), encoding="utf-8")
    return mark


def test_every_step_is_run_in_its_order_and_the_mark_removed(tmp_path: Path) -> None:
    run: list[Step] = []
    mark = mark_of(tmp_path, AS_USER, START)
    assert resume.resume(mark, lambda step: not run.append(step)) == []
    assert run == [AS_USER, START]
    assert not mark.exists()


def test_a_step_that_fails_stops_no_other_and_keeps_the_mark(tmp_path: Path) -> None:
    run: list[Step] = []
    mark = mark_of(tmp_path, AS_USER, START)

    def only_start(step: Step) -> bool:
        run.append(step)
        return step == START

    assert resume.resume(mark, only_start) == ["runuser --user www-data -- cron on"]
    assert run == [AS_USER, START]
    assert mark.exists()


def test_a_service_that_goes_on_already_is_left_alone(tmp_path: Path) -> None:
    assert resume.resume(tmp_path / "newsletter.json", lambda step: False) == []


def test_whoever_comes_second_finds_nothing_to_do(tmp_path: Path) -> None:
    mark = mark_of(tmp_path, START)
    run: list[Step] = []

    def meanwhile(step: Step) -> bool:
        run.append(step)
        mark.unlink(missing_ok=True)
        return True

    assert resume.resume(mark, meanwhile) == []
    assert resume.resume(mark, meanwhile) == []
    assert run == [START]


@pytest.mark.parametrize("content", ["{", "{}", '{"resume": 5}', '{"resume": [{"user": "x"}]}'])
def test_a_mark_that_makes_no_sense_is_kept_and_said(
    tmp_path: Path, content: str, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "newsletter.json").write_text(content, encoding="utf-8")
    assert resume.main(["newsletter"], tmp_path) == 1
    assert "newsletter MAY STILL BE HELD" in capsys.readouterr().err
    assert (tmp_path / "newsletter.json").exists()


def test_a_step_is_run_as_its_account_and_not_for_ever() -> None:
    assert resume.command_of(AS_USER) == [
        *("timeout", "--kill-after=5", "120"),
        *("runuser", "--user", "www-data", "--", "cron", "on"),
    ]
    assert resume.by_hand(START) == "app 'start now'"
    assert resume.environment_of({"run": ["x"], "user": "root"})["HOME"] == "/root"
    assert resume.environment_of({"run": ["x"], "user": "no-such-account"}) == {}


def test_the_program_says_who_goes_on_and_who_does_not(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(resume, "is_guarded", lambda service: service == "cloud")
    mark_of(tmp_path, {"run": ["true"]}, service="mail")
    mark_of(tmp_path, {"run": ["false"]}, service="newsletter")
    mark_of(tmp_path, {"run": ["true"]}, service="cloud")
    assert resume.main([], tmp_path) == 1
    said = capsys.readouterr()
    assert said.out == "mail goes on.\n"
    assert "newsletter IS STILL HELD" in said.err
    assert f"Run by hand, as root: false ; then: rm {tmp_path}/newsletter.json" in said.err
    assert sorted(mark.name for mark in tmp_path.iterdir()) == ["cloud.json", "newsletter.json"]


def test_it_runs_without_the_library(tmp_path: Path) -> None:
    """The role copies this one file; killed runs have taken the library along."""
    copy = tmp_path / "resume.py"
    copy.write_bytes(Path(str(resume.__file__)).read_bytes())
    done = subprocess.run(
        [sys.executable, "-I", str(copy), "newsletter"],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")


@pytest.mark.parametrize(("result", "ends"), [("timeout", True), ("success", False)])
def test_a_run_that_is_too_slow_and_deaf_is_ended_and_no_other(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, result: str, ends: bool
) -> None:
    monkeypatch.setenv("SERVICE_RESULT", result)
    sleeping = subprocess.Popen(["sleep", "60"])
    try:
        assert resume.main([f"--run={sleeping.pid}", "newsletter"], tmp_path) == 0
        sleeping.terminate()
        assert (sleeping.wait() == -signal.SIGKILL) is ends
    finally:
        sleeping.kill()
