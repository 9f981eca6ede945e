"""What judy does by itself happens in an order that makes sense, here and in the example."""

from __future__ import annotations

import re

import pytest

from tests.repo.tree import ROOT, document

DAILY = re.compile(r"\*-\*-\* (\d\d:\d\d)")


@pytest.fixture(name="calendars", params=["lab", "example"])
def _calendars(request: pytest.FixtureRequest) -> dict[str, str]:
    """When each schedule of judy runs, by its name."""
    found = document(ROOT / "inventories" / request.param / "host_vars" / "judy" / "runner.yml")
    assert isinstance(found, dict)
    return {entry["name"]: entry["calendar"] for entry in found["runner_schedules"]}


def time_of(calendar: str) -> str:
    return calendar.rpartition(" ")[2]


def test_drills_and_checks_run_every_day(calendars: dict[str, str]) -> None:
    assert DAILY.fullmatch(calendars["drill"])
    assert DAILY.fullmatch(calendars["check-store"]), "one part of 28 a day is all within a month"


def test_pruning_has_the_drills_and_the_check_of_its_night_behind_it(
    calendars: dict[str, str],
) -> None:
    times = [time_of(calendars[name]) for name in ("drill", "check-store", "prune")]
    assert times == sorted(times)


def test_a_copy_is_made_of_what_was_drilled_and_checked(calendars: dict[str, str]) -> None:
    if "copy-off-site" in calendars:
        assert DAILY.fullmatch(calendars["copy-off-site"])
        copied, checked = time_of(calendars["copy-off-site"]), time_of(calendars["check-store"])
        assert checked < copied < time_of(calendars["prune"])
