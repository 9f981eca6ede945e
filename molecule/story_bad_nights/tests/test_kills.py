"""A backup is killed at ten moments spread over its whole length; nothing of it goes on."""

from __future__ import annotations

import os
import random

import pytest

from tests import night
from tests.operator import host, within

SEED = int(os.environ.get("PROBEALARM_SEED") or random.SystemRandom().randrange(10_000))
"""Stands in the name of every test; set the variable to have the same moments again."""
MOMENTS = 10


def moments() -> list[float]:
    """Draw one moment from each tenth of a run."""
    drawn = random.Random(SEED)  # noqa: S311 (moments to be had again, no secret)
    return [(number + drawn.random()) / MOMENTS for number in range(MOMENTS)]


@pytest.fixture(scope="module", name="length")
def _length(contract: object) -> float:
    """How many seconds a run takes when nothing disturbs it; the first one sends everything."""
    assert contract
    assert night.back_up().status == 0
    undisturbed = night.killed_after(600)
    assert undisturbed.had_ended
    return undisturbed.lasted


@pytest.mark.parametrize("moment", moments(), ids=lambda moment: f"{moment:.3f} of seed {SEED}")
def test_a_killed_backup_leaves_nothing_at_work_and_the_next_one_says_so(
    length: float, moment: float
) -> None:
    before = night.saved()
    seconds = moment * length
    while (killed := night.killed_after(seconds)).had_ended:
        before, seconds = night.saved(), seconds * 0.8
    assert killed.left == [], killed
    assert within(5, lambda: night.clients() == (0, 0)), night.clients()
    after = night.saved()
    assert after[: len(before)] == before
    assert all(night.is_whole(snapshot) for snapshot in after[len(before) :])
    played = night.back_up()
    assert played.status == 0, played.output
    assert "was ended from outside before it had finished: killed" in played.output
    assert len(night.saved()) == len(after) + 1
    killed_run, begun, good = night.ledger()[-3:]
    verdicts = [killed_run["verdict"], begun["verdict"], good["verdict"]]
    assert verdicts == ["failed", "begun", "saved"]
    assert "was ended from outside" in killed_run["reason"]
    assert not host("nick").file(f"{night.STAGING}/night").exists
