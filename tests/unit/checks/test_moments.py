"""Freshness is held to the time of the snapshot, in whatever way a time is written."""

from __future__ import annotations

from datetime import timedelta

import pytest

from plugins.module_utils.checks.evidence import Answer
from tests.unit.checks.samples import TAKEN_AT, PaperFiles, check, evidence, objection, one

DAY = 86_400
LOGINS = check("freshness", at_most_behind_seconds=2 * DAY)
FILES = check("files_fresh", asks=False, files=["/srv/a/*.log"], at_most_behind_seconds=2 * DAY)


@pytest.mark.parametrize(
    "written",
    [
        "2026-02-28 21:30:00",
        "2026-02-28 21:30:00.123456",
        "2026-02-28T21:30:00Z",
        "2026-02-28 21:30:00+00",
        "2026-02-28 22:30:00.5+01:00",
        "2026-02-28",
        "20260228213000",
        "2026-03-01 20:00:00",
    ],
)
def test_a_time_shortly_before_the_snapshot_is_fresh(written: str) -> None:
    assert LOGINS.judge(evidence(one(written))).objections == ()


@pytest.mark.parametrize(
    ("answer", "said"),
    [
        (
            one("2026-02-20 02:00:00"),
            "the newest is 9 d older than the snapshot, at most 2 d wanted",
        ),
        (
            one("2026-03-03 02:00:00"),
            (
                "the newest is of 2 d after the snapshot, so it is no sign of life; find out whose "
                "clock was wrong"
            ),
        ),
        (one(None), "there is not a single one"),
        ([], "there is not a single one"),
        (one("0000-00-00 00:00:00"), "what the query answered is not a time"),
        (one("yesterday"), "what the query answered is not a time"),
        (one(""), "what the query answered is not a time"),
        ([["2026-02-28"], ["2026-02-27"]], "the query answered with 2 rows, not with one time"),
    ],
)
def test_anything_else_is_an_objection(answer: Answer, said: str) -> None:
    assert objection(LOGINS.judge(evidence(answer))) == f"all is well: {said}"


def test_seconds_and_milliseconds_since_1970_are_times() -> None:
    fresh = (TAKEN_AT - timedelta(hours=3)).timestamp()
    seconds = check("freshness", reads="epoch_seconds", at_most_behind_seconds=DAY)
    thousandths = check("freshness", reads="epoch_milliseconds", at_most_behind_seconds=DAY)
    assert seconds.judge(evidence(one(f"{fresh:.0f}"))).objections == ()
    assert thousandths.judge(evidence(one(f"{fresh * 1000:.0f}"))).objections == ()
    assert "older than the snapshot" in objection(thousandths.judge(evidence(one(f"{fresh:.0f}"))))
    assert "is not a time" in objection(seconds.judge(evidence(one("9" * 40))))
    assert "is not a time" in objection(seconds.judge(evidence(one("nan"))))


def test_files_written_shortly_before_the_snapshot_are_fresh() -> None:
    written = PaperFiles({"/srv/a/b.log": b"x"}, TAKEN_AT - timedelta(hours=5))
    assert FILES.judge(evidence(files=written)).objections == ()


@pytest.mark.parametrize(
    ("age", "said"),
    [
        (timedelta(days=3), "the newest is 3 d older"),
        (-timedelta(days=3), "3 d after the snapshot"),
    ],
)
def test_files_of_another_time_are_an_objection(age: timedelta, said: str) -> None:
    written = PaperFiles({"/srv/a/b.log": b"x"}, TAKEN_AT - age)
    assert said in objection(FILES.judge(evidence(files=written)))


def test_no_file_at_all_is_an_objection() -> None:
    folder = evidence(files={"/srv/a/b.log": None})
    assert objection(FILES.judge(folder)) == "all is well: the copy has no such file"
