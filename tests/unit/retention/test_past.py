"""What the ledger remembers is read the careful way round."""

from __future__ import annotations

from plugins.module_utils.retention.past import past_of
from tests.unit.retention.samples import drill, nights

(SNAPSHOT,) = nights(1)


def levels(*records: dict[str, object]) -> set[str]:
    return set(past_of(records, "newsletter").levels(SNAPSHOT.short))


def test_each_level_is_remembered() -> None:
    assert levels(drill(SNAPSHOT), drill(SNAPSHOT, level="L2")) == {"L4", "L2"}


def test_a_drill_that_could_not_be_tried_takes_nothing_away() -> None:
    assert levels(drill(SNAPSHOT), drill(SNAPSHOT, "unproven", level=None)) == {"L4"}


def test_a_snapshot_that_was_found_broken_later_is_no_longer_proven() -> None:
    assert levels(drill(SNAPSHOT), drill(SNAPSHOT, "broken")) == set()


def test_a_drill_of_a_copy_off_site_says_nothing_about_the_store() -> None:
    assert levels(drill(SNAPSHOT, store="elsewhere")) == set()


def test_another_service_says_nothing() -> None:
    assert past_of([drill(SNAPSHOT)], "voting").drills == {}


def test_records_of_checks_copies_and_failed_drills_are_read_over() -> None:
    others = [
        {"kind": "check", "host": "nick", "verdict": "proven"},
        {"kind": "copy", "host": "nick", "store": "elsewhere"},
        {**drill(SNAPSHOT, "unproven"), "snapshot": None},
    ]
    assert past_of(others, "newsletter").drills == {}
