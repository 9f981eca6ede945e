"""Every backup leaves a record, good or bad, and none holds a person's name."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from plugins.module_utils.errors import Trouble
from plugins.module_utils.ledger import Ledger
from plugins.module_utils.manifest import Manifest
from plugins.module_utils.settings import SnapshotSettings
from plugins.module_utils.snapshot.attempt import Trace, attempt, in_its_time, without_names
from plugins.module_utils.snapshot.procedure import Taken
from plugins.module_utils.snapshot.staging import alone
from plugins.module_utils.tools.restic import Snapshot
from tests.unit.fakes import NOW, FakeHost, contract

TAKEN = Taken(
    snapshot=Snapshot("8c8f89d9ffff", "newsletter", NOW, 34_000),
    manifest=Manifest("newsletter", "nick", NOW, (), 120, 30_000, "0" * 64),
    seconds={"save with restic": 2.1},
    held_still_seconds=4.5,
)


def trace(ledger: Path) -> Trace:
    times = iter(NOW + timedelta(seconds=number) for number in range(10))
    return Trace(Ledger(ledger), contract(), lambda: next(times))


def failing(error: BaseException) -> Callable[[], Taken]:
    def fail() -> Taken:
        raise error

    return fail


def records(ledger: Path) -> list[dict[str, Any]]:
    return [dict(record) for record in Ledger(ledger).records()]


def test_a_good_backup_is_recorded_with_what_it_saved(tmp_path: Path) -> None:
    ledger = tmp_path / "ledger.jsonl"
    assert trace(ledger).of(lambda: TAKEN) is TAKEN
    begun, saved = records(ledger)
    assert (begun["verdict"], begun["service"]) == ("begun", "newsletter")
    del saved["previous"]
    assert saved == {
        "kind": "snapshot",
        "service": "newsletter",
        "host": "nick",
        "verdict": "saved",
        "began_at": NOW.isoformat(),
        "ended_at": (NOW + timedelta(seconds=1)).isoformat(),
        "snapshot": "8c8f89d9",
        "taken_at": NOW.isoformat(),
        "bytes": 34_000,
        "files": 120,
        "rows": 0,
        "held_still_seconds": 4.5,
        "seconds": {"save with restic": 2.1},
    }


def test_a_failed_backup_is_recorded_with_its_reason(tmp_path: Path) -> None:
    ledger = tmp_path / "ledger.jsonl"
    with pytest.raises(Trouble, match="the disk is full"):
        trace(ledger).of(failing(Trouble("newsletter: the disk is full")))
    failed = records(ledger)[-1]
    assert (failed["verdict"], failed["reason"]) == ("failed", "newsletter: the disk is full")


def test_a_bug_is_recorded_too(tmp_path: Path) -> None:
    ledger = tmp_path / "ledger.jsonl"
    with pytest.raises(ZeroDivisionError):
        trace(ledger).of(failing(ZeroDivisionError("Kim Beispiel")))
    assert records(ledger)[-1]["reason"] == "newsletter: it broke off (ZeroDivisionError)"


def test_a_ledger_that_cannot_be_written_stops_no_backup_and_fails_the_run(tmp_path: Path) -> None:
    with pytest.raises(Trouble, match=r"snapshot 8c8f89d9 was saved, but the ledger .* cannot be"):
        trace(tmp_path / "missing" / "ledger.jsonl").of(lambda: TAKEN)
    with pytest.raises(Trouble, match="the disk is full"):
        trace(tmp_path / "missing" / "ledger.jsonl").of(failing(Trouble("the disk is full")))


@pytest.mark.parametrize(
    ("reason", "written"),
    [
        ("cannot open /srv/newsletter/kim@example.org/1: denied", "/srv/newsletter/...: denied"),
        ("it said (lstat /srv/newsletter/Kim B.pdf). Look", "it said (lstat /srv/newsletter/...)."),
        ("/etc/probealarm/store.pem is missing", "/etc/probealarm/store.pem is missing"),
        ("/srv/newsletter is missing", "/srv/newsletter is missing"),
    ],
)
def test_names_of_files_stay_out_of_the_ledger(reason: str, written: str) -> None:
    said = without_names(reason, ["/srv/newsletter"])
    assert written in said
    assert "Kim" not in said
    assert "kim@" not in said


def settings(folder: Path) -> SnapshotSettings:
    return SnapshotSettings(
        "rest:https://127.0.0.1:9/nick/",
        str(folder / "p"),
        "nick",
        str(folder / "r"),
        str(folder / "ca"),
        str(folder / "staging"),
        str(folder / "ledger.jsonl"),
    )


def test_a_run_that_was_killed_is_recorded_by_the_next(tmp_path: Path) -> None:
    (tmp_path / "staging").mkdir()
    (tmp_path / "staging" / "newsletter.lock").write_text("4711\n", encoding="utf-8")
    with pytest.raises(Trouble):
        attempt(FakeHost(), contract(), settings(tmp_path), clock=lambda: NOW)
    killed, begun, failed = records(tmp_path / "ledger.jsonl")
    assert "ended from outside before it had finished" in killed["reason"]
    assert [killed["verdict"], begun["verdict"], failed["verdict"]] == ["failed", "begun", "failed"]


def test_a_run_that_is_going_on_is_not_taken_for_a_killed_one(tmp_path: Path) -> None:
    with alone(tmp_path / "staging", "newsletter"), pytest.raises(Trouble, match="is running"):
        attempt(FakeHost(), contract(), settings(tmp_path), clock=lambda: NOW)
    (refused,) = records(tmp_path / "ledger.jsonl")
    assert refused["verdict"] == "failed"
    assert "another backup of this service is running" in refused["reason"]


def test_a_killed_run_is_said_by_the_next_that_succeeds(tmp_path: Path) -> None:
    said = trace(tmp_path / "ledger.jsonl").of_a_killed_run(NOW)
    assert said.startswith(
        "the backup that began at 2026-11-22 03:00:00 UTC was ended from outside"
    )
    assert replace(TAKEN, notes=(said,)).summary().endswith(f"in snapshot 8c8f89d9; {said}")


@pytest.mark.parametrize("minutes", [-5, 0, 25, 39])
def test_a_snapshot_of_the_time_of_its_backup_counts(minutes: int) -> None:
    assert taken_after(minutes).snapshot.short == "8c8f89d9"


@pytest.mark.parametrize("minutes", [-24 * 60, -11, 41, 24 * 60])
def test_a_snapshot_of_another_time_than_its_backup_does_not_count(minutes: int) -> None:
    with pytest.raises(Trouble) as refused:
        taken_after(minutes)
    said = str(refused.value)
    assert said.startswith("newsletter: the clock of this host was set during the backup: it began")
    assert "at 2026-11-22 03:00 UTC, ended 30 min later, and snapshot 8c8f89d9 carries" in said


def taken_after(minutes: int) -> Taken:
    """Let a backup take half an hour, and its snapshot carry some time after the beginning."""
    snapshot = replace(TAKEN.snapshot, taken_at=NOW + timedelta(minutes=minutes))
    seconds = iter([100.0, 100.0 + 30 * 60])
    return in_its_time(
        lambda: replace(TAKEN, snapshot=snapshot), lambda: NOW, lambda: next(seconds)
    )
