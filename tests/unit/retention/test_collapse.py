"""A snapshot that holds far less than the one before stops the pruning, until somebody looked."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from plugins.module_utils.retention.collapse import collapses
from plugins.module_utils.retention.past import past_of
from tests.unit.fakes import contract, database_store
from tests.unit.retention.samples import drill, nights, snapshot

CONTRACT = contract(databases=[database_store()])


def said(rows: Sequence[int], accepted: int | None = None) -> list[str]:
    snapshots = nights(len(rows))
    records = [drill(one, rows=number) for one, number in zip(snapshots, rows, strict=True)]
    if accepted is not None:
        short = snapshots[accepted].short
        records.append({"kind": "prune", "service": "newsletter", "accepted_loss": short})
    return list(collapses(CONTRACT, snapshots, past_of(records, "newsletter")))


@pytest.mark.parametrize(
    ("rows", "is_collapse"),
    [
        ([100, 100, 100], False),
        ([100, 81, 81], False),
        ([100, 79, 79], True),
        ([100, 90, 80, 70, 60], False),
        ([100, 0, 100], False),
        ([100, 0, 0, 0, 0], True),
        ([100, 100, 0], True),
        ([0, 0], False),
    ],
)
def test_a_fall_counts_until_it_is_made_good(rows: list[int], is_collapse: bool) -> None:
    assert bool(said(rows)) is is_collapse


def test_the_sentence_names_both_snapshots_and_the_limit() -> None:
    (sentence,) = said([50_000, 50_000, 20])
    before, after = (one.short for one in nights(2))
    assert f"fell from 50,000 rows in snapshot {before}" in sentence
    assert f"to 20 rows in {after}" in sentence
    assert "more than the 20 % that may be gone" in sentence


def test_a_loss_that_people_accepted_no_longer_counts() -> None:
    assert said([100, 100, 20, 20], accepted=2) == []


def test_a_loss_after_the_accepted_one_counts() -> None:
    assert len(said([100, 20, 20, 1], accepted=1)) == 1


def test_bytes_count_without_any_drill() -> None:
    snapshots = [*nights(3)[:-1], snapshot(nights(1)[0].taken_at - nights(1)[0].taken_at, size=10)]
    (sentence,) = collapses(CONTRACT, snapshots, past_of([], "newsletter"))
    assert "the size of the snapshot fell from 976.6 KiB" in sentence


def test_fewer_files_count() -> None:
    snapshots = nights(2)
    records = [drill(snapshots[0]), {**drill(snapshots[1]), "files": 12}]
    (sentence,) = collapses(CONTRACT, snapshots, past_of(records, "newsletter"))
    assert "the number of files fell from 100 files" in sentence


def test_a_newest_snapshot_whose_rows_nobody_counted_is_no_collapse_of_rows() -> None:
    snapshots = nights(3)
    records = [drill(snapshots[0]), drill(snapshots[1], rows=1), drill(snapshots[2], "unproven")]
    records[-1]["tables"], records[-1]["files"] = {}, 0
    assert list(collapses(CONTRACT, snapshots, past_of(records, "newsletter"))) == []
