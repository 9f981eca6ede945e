"""A record says how far a snapshot came, and never mixes levels."""

from __future__ import annotations

from datetime import timedelta

import pytest

from plugins.module_utils.drill.checking import CheckFindings
from plugins.module_utils.drill.comparison import FilesSeen
from plugins.module_utils.drill.history import last_proven, newest_of_each
from plugins.module_utils.drill.judgement import BYTES, DATABASE, MEANING, OBJECTIVES, Objection
from plugins.module_utils.drill.record import Attempt, record_of
from plugins.module_utils.standings import standings_of
from plugins.module_utils.tools.restic import Snapshot
from tests.unit.fakes import NOW, contract, database_store, measure

TAKEN = Snapshot("8c8f89d91556b837", "newsletter", NOW - timedelta(hours=1), 100, ("/srv",))


def attempt(*levels: int, databases: bool = True) -> Attempt:
    return Attempt(
        contract=contract(databases=[database_store()] if databases else []),
        began_at=NOW,
        snapshot=TAKEN,
        files=FilesSeen(compared=3, bytes=30),
        copies={"database": measure(leads=5, tags=2)} if databases else {},
        objections=[Objection(level, "because") for level in levels],
        seconds={"restore files": 1.5},
        load_seconds=2.0,
    )


@pytest.mark.parametrize(
    ("levels", "reached"),
    [
        ((), "L4"),
        ((MEANING,), "L3"),
        ((DATABASE, MEANING), "L2"),
        ((BYTES,), None),
        ((OBJECTIVES,), "L4"),
    ],
)
def test_the_level_is_the_highest_below_the_first_objection(
    levels: tuple[int, ...], reached: str | None
) -> None:
    assert attempt(*levels).level() == reached


def test_a_service_without_a_database_reaches_l2_and_claims_no_more() -> None:
    assert attempt(databases=False).level() == "L2"


def judged(*, objections: int = 0) -> CheckFindings:
    return CheckFindings(3, ["no"] * objections, {"rule": 7}, ["1 check not judged"])


def test_a_service_without_a_database_reaches_l4_by_its_checks() -> None:
    tried = attempt(databases=False)
    tried.checks = judged()
    assert tried.level() == "L4"
    tried.objections.append(Objection(MEANING, "no"))
    assert tried.level() == "L2"


def test_facts_and_the_number_of_checks_are_recorded_and_remembered() -> None:
    tried = attempt()
    tried.checks = judged()
    record = record_of(tried)
    assert (record["checks_judged"], record["facts"]) == (3, {"rule": 7})
    assert "1 check not judged" in record["notes"]
    found = last_proven([record], "newsletter", NOW)
    assert found is not None
    assert found.facts == {"rule": 7}


def test_a_record_of_an_older_version_has_no_facts() -> None:
    record = {name: value for name, value in record_of(attempt()).items() if name != "facts"}
    found = last_proven([record], "newsletter", NOW)
    assert found is not None
    assert found.facts == {}


def test_a_drill_that_could_not_be_tried_is_unproven_even_with_objections() -> None:
    tried = attempt(MEANING)
    tried.unproven = "the store is locked"
    record = record_of(tried)
    assert (record["verdict"], record["level"]) == ("unproven", None)
    assert record["reasons"] == ["the store is locked"]


def test_a_record_counts_what_was_compared() -> None:
    record = record_of(attempt())
    assert record["verdict"] == "proven"
    assert (record["tables_compared"], record["rows_compared"]) == (2, 7)
    assert (record["files_compared"], record["bytes_compared"]) == (3, 30)
    assert record["restore_seconds"] == 3.5
    assert record["tables"] == {"database.leads": 5}


def test_history_is_the_newest_proven_snapshot_before_a_time() -> None:
    proven = record_of(attempt())
    broken = {**record_of(attempt(MEANING)), "snapshot": "ffffffff"}
    found = last_proven([proven, broken], "newsletter", NOW)
    assert found is not None
    assert found.snapshot == "8c8f89d9"
    assert last_proven([proven], "newsletter", TAKEN.taken_at) is None
    assert last_proven([proven], "website", NOW) is None


def test_an_older_snapshot_drilled_by_choice_does_not_change_where_a_service_stands() -> None:
    by_choice = attempt(MEANING)
    by_choice.is_newest = False
    newest = newest_of_each([record_of(attempt()), record_of(by_choice)])
    assert newest["newsletter"]["verdict"] == "proven"


def test_the_age_in_a_standing_is_as_of_now() -> None:
    later = NOW + timedelta(hours=5)
    (standing,) = standings_of([record_of(attempt())], [contract()], now=later)
    assert standing["age_seconds"] == 6 * 3_600


def test_a_service_that_was_never_drilled_is_unproven() -> None:
    (standing,) = standings_of([], [contract()], now=NOW)
    assert standing["verdict"] == "unproven"
    assert "never drilled" in standing["reasons"][0]
