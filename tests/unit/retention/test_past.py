"""What the ledger remembers is read the careful way round."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from plugins.module_utils.retention.past import Copied, past_of
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


THERE = replace(SNAPSHOT, id="c0" * 32)
"""The same snapshot as it is in the copy."""


def of_copy(*records: dict[str, object], copied: Copied | None = None) -> set[str]:
    copied = copied or Copied.of("elsewhere", [THERE], {THERE.id: SNAPSHOT.id})
    return set(past_of(records, "newsletter", copied).levels(THERE.short))


def test_what_the_store_proved_of_a_snapshot_counts_for_its_copy() -> None:
    assert of_copy(drill(SNAPSHOT), drill(THERE, level="L2", store="elsewhere")) == {"L4", "L2"}


def test_another_copy_says_nothing_about_this_one() -> None:
    assert of_copy(drill(THERE, store="third")) == set()


def test_two_that_claim_to_be_the_same_snapshot_are_none() -> None:
    forged = replace(THERE, id="f0" * 32)
    originals = {THERE.id: SNAPSHOT.id, forged.id: SNAPSHOT.id}
    copied = Copied.of("elsewhere", [THERE, forged], originals)
    assert of_copy(drill(SNAPSHOT), copied=copied) == set()


def test_a_copy_that_says_it_is_of_another_time_is_not_believed() -> None:
    forged = replace(THERE, taken_at=THERE.taken_at + timedelta(hours=1))
    copied = Copied.of("elsewhere", [forged], {forged.id: SNAPSHOT.id})
    assert of_copy(drill(SNAPSHOT), copied=copied) == set()


def test_a_loss_that_was_accepted_in_the_store_is_accepted_in_the_copy() -> None:
    accepted = {"kind": "prune", "service": "newsletter", "accepted_loss": SNAPSHOT.short}
    copied = Copied.of("elsewhere", [THERE], {THERE.id: SNAPSHOT.id})
    assert past_of([accepted], "newsletter", copied).accepted == {THERE.short}
    assert past_of([accepted], "newsletter").accepted == {SNAPSHOT.short}
