"""Pruning never takes what somebody will need, and says why each snapshot stays or goes."""

from __future__ import annotations

import random
from datetime import timedelta

import pytest

from plugins.module_utils.retention.judgement import NEWEST, Keep, Plan, plan
from plugins.module_utils.retention.past import Copied, Past, past_of
from plugins.module_utils.tools.restic import Snapshot
from tests.unit.fakes import NOW, contract, database_store
from tests.unit.retention.samples import KEEP, drill, drilled, nights, snapshot

CONTRACT = contract(databases=[database_store()])


def judged(snapshots: list[Snapshot], past: Past, keep: Keep = KEEP) -> Plan:
    return plan(CONTRACT, snapshots, past, keep, now=NOW)


def all_proven(snapshots: list[Snapshot]) -> Past:
    return past_of(drilled(snapshots), "newsletter")


def test_all_of_a_week_then_one_a_day_a_week_and_a_month_stay() -> None:
    snapshots = [one for night in nights(400) for one in (night,)]
    twice = sorted(
        [*snapshots, *(snapshot(timedelta(days=ago, hours=1)) for ago in range(1, 400))],
        key=lambda one: one.taken_at,
    )
    result = judged(twice, all_proven(twice))
    ages = [(NOW - one.taken_at).days for one in result.staying]
    assert len([age for age in ages if age < 7]) == 13, "both snapshots of each night"
    assert len([age for age in ages if 7 <= age < 30]) == 23, "one a day"
    assert 7 <= len([age for age in ages if 30 <= age < 84]) <= 10, "one a week and a month"
    assert 9 <= len([age for age in ages if age >= 84]) <= 11, "one a month"
    assert result.frozen == ()


def test_an_empty_ledger_keeps_everything() -> None:
    result = judged(nights(400), Past())
    assert result.going == ()
    assert "was not drilled yet" in result.frozen[0]


def test_nothing_to_prune_is_no_reason_to_freeze() -> None:
    assert judged([], Past()) == Plan((), ())


@pytest.mark.parametrize("seed", range(150))
def test_whatever_happened_the_guards_hold(seed: int) -> None:
    chance = random.Random(seed)  # noqa: S311 (the seed makes a failure repeatable)
    snapshots = sorted(
        (
            snapshot(
                timedelta(minutes=chance.randrange(-30, 500 * 24 * 60)),
                size=chance.randrange(900, 1000),
            )
            for _ in range(chance.randrange(1, 60))
        ),
        key=lambda one: one.taken_at,
    )
    verdicts = ["proven", "proven", "broken", "unproven"]
    records = [
        drill(one, chance.choice(verdicts), level=chance.choice(["L2", "L3", "L4", None]))
        for one in snapshots
        if chance.random() < 0.6
    ]
    if chance.random() < 0.8:
        records.append(drill(snapshots[-1]))
    past = past_of(records, "newsletter")
    keep = Keep(*(chance.randrange(0, 100) for _ in range(4)))
    result = judged(snapshots, past, keep)

    staying = {one.id for one in result.staying}
    assert staying | {one.id for one in result.going} == {one.id for one in snapshots}
    assert staying >= {one.id for one in snapshots[-NEWEST:]}
    for level in ("L2", "L3", "L4"):
        proven = [one for one in snapshots if level in past.levels(one.short)]
        assert not proven or proven[-1].id in staying, f"the newest proven at {level}"
    rpo = timedelta(seconds=CONTRACT.rpo_seconds)
    assert staying >= {one.id for one in snapshots if NOW - one.taken_at < rpo}
    newest = past.drills.get(snapshots[-1].short)
    if newest is None or newest.verdict != "proven":
        assert result.going == ()
    if result.frozen:
        assert result.going == ()
    if result.going:
        again = judged(list(result.staying)[::-1], past, keep)
        assert again.going == (), "a second pruning finds nothing"


@pytest.mark.parametrize("verdict", ["broken", "unproven"])
def test_a_newest_snapshot_that_is_not_proven_freezes(verdict: str) -> None:
    snapshots = nights(60)
    past = past_of([*drilled(snapshots), drill(snapshots[-1], verdict)], "newsletter")
    result = judged(snapshots, past)
    assert result.going == ()
    assert f"is {verdict}: table leads is gone" in result.frozen[0]
    assert {fate.why for fate in result.fates} >= {"pruning is frozen"}


def test_a_snapshot_from_the_future_freezes() -> None:
    snapshots = [*nights(60), snapshot(timedelta(days=-400))]
    result = judged(snapshots, all_proven(snapshots))
    assert result.going == ()
    assert "is from the future" in result.frozen[0]


def test_snapshots_from_the_future_drive_nothing_out_and_hide_nothing() -> None:
    honest = nights(60)[:-3]
    forged = [snapshot(timedelta(days=-days)) for days in (402, 401, 400)]
    result = judged([*honest, *forged], all_proven([*honest, *forged]))
    assert "3 snapshots in all" in result.frozen[0]
    assert "while no new ones come" in result.frozen[1], "judged by the newest that is believed"
    why = {fate.snapshot: fate.why for fate in result.fates}
    assert {why[one] for one in forged} == {"says that it is from the future"}
    assert why[honest[-1]] == "the newest one proven at L4"
    assert why[honest[-3]] == "one of the newest 3"


def test_a_clock_that_differs_by_minutes_is_believed() -> None:
    snapshots = [*nights(60), snapshot(timedelta(minutes=-9))]
    result = judged(snapshots, all_proven(snapshots))
    assert result.frozen == ()


def test_only_snapshots_from_the_future_freeze_too() -> None:
    result = judged([snapshot(timedelta(days=-1))], Past())
    assert [fate.stays for fate in result.fates] == [True]
    assert "1 snapshot in all" in result.frozen[0]


def of_copy(*from_copy: dict[str, object]) -> Plan:
    """The plan of a copy that holds 60 nights, all proven in the store."""
    snapshots = nights(60)
    copied = Copied("elsewhere", {one.short: one for one in snapshots})
    past = past_of([*drilled(snapshots), *from_copy], "newsletter", copied)
    return judged(snapshots, past)


def test_a_copy_from_which_nothing_was_ever_restored_is_not_pruned() -> None:
    result = of_copy()
    assert result.going == ()
    assert "nothing of it was ever restored from the copy off site elsewhere" in result.frozen[0]


def test_a_copy_whose_last_drill_failed_is_not_pruned() -> None:
    newest = nights(60)[-1]
    proven = drill(newest, store="elsewhere")
    failed = drill(newest, "unproven", store="elsewhere", snapshot=None)
    result = of_copy(proven, failed)
    assert result.going == ()
    assert "the last drill from the copy off site elsewhere is unproven" in result.frozen[0]


def test_a_copy_that_was_proven_is_pruned_by_the_same_rules() -> None:
    result = of_copy(drill(nights(60)[-5], store="elsewhere"))
    assert result.frozen == ()
    assert len(result.going) > 20


def test_backups_that_stopped_freeze() -> None:
    snapshots = nights(60)[:-3]
    result = judged(snapshots, all_proven(snapshots))
    assert result.going == ()
    assert "while no new ones come, old ones stay" in result.frozen[0]


def test_a_bad_snapshot_added_later_that_day_does_not_drive_out_a_good_one() -> None:
    good = snapshot(timedelta(days=20))
    forged = snapshot(timedelta(days=20) - timedelta(minutes=10))
    snapshots = sorted([*nights(8), good, forged], key=lambda one: one.taken_at)
    past = past_of(drilled([one for one in snapshots if one != forged]), "newsletter")
    result = judged(snapshots, past)
    assert result.going == (forged,)
    (fate,) = [fate for fate in result.fates if fate.snapshot == good]
    assert fate.why == "kept for the day 2026-11-02, proven"


def test_every_fate_has_a_reason() -> None:
    snapshots = nights(500)
    result = judged(snapshots, all_proven(snapshots))
    assert all(fate.why for fate in result.fates)
    assert result.fates[1].why == "one of the newest 3"
    assert result.fates[-1].why == "older than anything that is kept"
