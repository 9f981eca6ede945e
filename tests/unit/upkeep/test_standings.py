"""What was not done in time is red, what was found stays red until it is mended."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from plugins.module_utils.settings import StoreSettings
from plugins.module_utils.upkeep.checking import next_part
from plugins.module_utils.upkeep.standings import StoreStanding, store_standings
from tests.unit.fakes import NOW, contract
from tests.unit.upkeep.samples import settings

PARTS = 28


def ago(days: float) -> str:
    return (NOW - timedelta(days=days)).isoformat()


def check(
    days: float, part: int = 1, verdict: str = "proven", **changes: object
) -> dict[str, object]:
    reasons = [] if verdict == "proven" else ["pack 82ea contains 2 errors"]
    return {
        "kind": "check",
        "host": "nick",
        "store": "",
        "checked_at": ago(days),
        "part": part,
        "parts": PARTS,
        "verdict": verdict,
        "reasons": reasons,
        **changes,
    }


def pruned(days: float, result: str = "pruned", store: str = "") -> dict[str, object]:
    reasons = ["the newest snapshot was not drilled yet"] if result != "pruned" else []
    return {
        "kind": "prune",
        "service": "newsletter",
        "store": store,
        "pruned_at": ago(days),
        "result": result,
        "reasons": reasons,
    }


def copied(days: float, result: str = "done") -> dict[str, object]:
    return {
        "kind": "copy",
        "host": "nick",
        "store": "elsewhere",
        "copied_at": ago(days),
        "result": result,
        "reasons": [] if result == "done" else ["connection refused"],
    }


def drilled(days: float, verdict: str = "proven", store: str = "elsewhere") -> dict[str, object]:
    return {
        "kind": "drill",
        "service": "newsletter",
        "store": store,
        "drilled_at": ago(days),
        "verdict": verdict,
        "reasons": [] if verdict == "proven" else ["table leads is gone"],
    }


@pytest.fixture(name="where")
def _where(tmp_path: Path) -> StoreSettings:
    return settings(tmp_path, off_site=True)


def judged(where: StoreSettings, *records: dict[str, object]) -> list[StoreStanding]:
    return store_standings(records, [contract()], where, now=NOW)


def store_of(where: StoreSettings, *records: dict[str, object]) -> StoreStanding:
    return judged(where, *records)[0]


def copy_of(where: StoreSettings, *records: dict[str, object]) -> StoreStanding:
    return judged(where, check(0.1, store="elsewhere"), *records)[1]


def a_good_month(until: float = 0.1) -> Iterator[dict[str, Any]]:
    """A check every day of 40 days, which read the parts in turn."""
    history: list[dict[str, Any]] = []
    for day in range(40):
        history.append(check(40 - day + until, next_part(history, PARTS)))
    return iter(history)


def test_a_store_that_is_looked_after_is_green(where: StoreSettings) -> None:
    standing = store_of(where, *a_good_month(), pruned(2))
    assert (standing.state, standing.read_percent) == ("proven", 100)
    assert standing.checked_at == NOW - timedelta(days=1.1)
    assert standing.pruned_at == NOW - timedelta(days=2)


def test_a_check_that_did_not_run_in_time_is_red(where: StoreSettings) -> None:
    standing = store_of(where, *a_good_month(until=1), pruned(2))
    assert standing.state == "broken"
    assert standing.faults == (
        "its structure was checked 2 d ago, and is to be every 1 d 12 h: playbooks/check_store.yml",
    )


def test_a_new_site_has_time_for_its_first_check(where: StoreSettings) -> None:
    assert store_of(where, drilled(0.5, store="")).state == "proven"
    assert store_of(where).state == "proven"
    late = store_of(where, drilled(10, store=""))
    assert "its structure was checked never, and is to be every" in late.faults[0]
    assert "newsletter was pruned never, and is to be every 9 d" in late.faults[1]


def test_a_check_that_could_not_be_done_is_none(where: StoreSettings) -> None:
    standing = store_of(where, check(3), check(0.1, 2, "unproven"), pruned(1))
    assert standing.checked_at == NOW - timedelta(days=3)
    assert "the last check could not be done: pack 82ea" in standing.faults[0]
    assert "checked 3 d ago" in standing.faults[1]


def test_damage_stays_red_until_the_same_part_was_read_again(where: StoreSettings) -> None:
    found = (check(2, 1, "broken"), check(1, 2), pruned(1))
    standing = store_of(where, *found)
    assert "part 1/28, found: pack 82ea contains 2 errors" in standing.faults[0]
    assert store_of(where, *found, check(0.1, 1)).state == "proven"


def test_data_that_was_not_read_within_a_month_is_red(where: StoreSettings) -> None:
    weekly = [check(42 - 7 * week, week + 1) for week in range(6)]
    standing = store_of(where, *weekly, check(0.1, 7), pruned(1))
    assert standing.read_percent == 17
    assert standing.faults == (
        "23 parts of 28 of its data were not read within 31 days; let the check run daily",
    )


def test_in_the_first_month_nobody_asks_for_all_of_the_data(where: StoreSettings) -> None:
    standing = store_of(where, check(0.5, 1), pruned(1))
    assert (standing.state, standing.read_percent) == ("proven", 3)


def test_a_frozen_pruning_is_yellow_and_says_why(where: StoreSettings) -> None:
    standing = store_of(where, check(0.1), pruned(1, "frozen"))
    assert standing.state == "late"
    assert standing.frozen == (
        "pruning of newsletter is frozen: the newest snapshot was not drilled yet",
    )


def test_a_pruning_that_failed_or_did_not_run_is_red(where: StoreSettings) -> None:
    assert store_of(where, check(0.1), pruned(1, "failed")).state == "broken"
    late = store_of(where, check(0.1), pruned(10))
    assert "newsletter was pruned 10 d ago, and is to be every 9 d" in late.faults[0]


def test_limits_that_are_switched_off_make_nothing_late(where: StoreSettings) -> None:
    never = replace(
        where,
        check_within_hours=0,
        prune_within_days=0,
        copy_within_hours=0,
        copy_drill_within_days=0,
    )
    assert [one.state for one in judged(never, drilled(100, store=""), check(90))] == [
        "proven",
        "proven",
    ]


def test_a_copy_that_was_never_made_is_red(where: StoreSettings) -> None:
    assert copy_of(where).faults == ("no copy was ever made: playbooks/copy_off_site.yml",)


def test_a_copy_is_green_when_it_is_fresh_and_was_drilled(where: StoreSettings) -> None:
    standing = copy_of(where, copied(40), drilled(3), copied(0.2))
    assert standing.state == "proven"
    assert standing.copied_at == NOW - timedelta(days=0.2)
    assert standing.drilled_at == NOW - timedelta(days=3)
    assert standing.name == "elsewhere (copy of nick)"


@pytest.mark.parametrize(
    ("records", "said"),
    [
        ([copied(2)], "it was brought up to date 2 d ago, and is to be every 1 d 12 h"),
        ([copied(1), copied(0.1, "failed")], "the last copy failed: connection refused"),
        ([copied(36), copied(0.1)], "newsletter was never restored from it: playbooks/drill.yml"),
        ([copied(0.1), drilled(1, "broken")], "newsletter, restored from it, is broken: table"),
        ([copied(0.1), drilled(36)], "newsletter was restored from it 36 d ago, and is to be"),
        ([copied(0.1), drilled(1), pruned(10, store="elsewhere")], "newsletter was pruned 10 d"),
    ],
)
def test_what_is_wrong_with_a_copy_is_said(
    where: StoreSettings, records: list[dict[str, object]], said: str
) -> None:
    standing = copy_of(where, *records)
    assert standing.state == "broken"
    assert said in "; ".join(standing.faults)


def test_what_was_done_for_the_copy_does_not_count_for_the_store(where: StoreSettings) -> None:
    standing = store_of(where, check(0.1, store="elsewhere"), pruned(1, store="elsewhere"))
    assert standing.checked_at is None
    assert standing.pruned_at is None


def test_a_day_that_was_missed_delays_and_leaves_nothing_out(where: StoreSettings) -> None:
    """Daily, with three days off, everything is read within the 31 days."""
    history: list[dict[str, Any]] = []
    for day in range(31):
        if day not in {5, 6, 20}:
            history.append(check(30.9 - day, next_part(history, PARTS)))
    assert store_of(where, *history, pruned(1)).read_percent == 100


def test_records_of_other_kinds_and_versions_are_read_over(where: StoreSettings) -> None:
    strange = {"kind": "audit", "host": "nick"}
    assert store_of(where, strange, check(0.1), pruned(1)).state == "proven"


def test_a_clock_that_went_back_makes_nothing_late(where: StoreSettings) -> None:
    assert store_of(where, check(-1), pruned(-1)).state == "proven"
    assert isinstance(store_of(where, check(-1)).checked_at, datetime)
