"""What is said of the costs of both tools follows from what was measured, pair by pair."""

from __future__ import annotations

from typing import Any

import pytest

from benchmarks.snapshots.summary import FIGURES, Night, Result, summary


def night(ours: float, theirs: float, *, dumping: float = 5.0, peak: int = 200_000_000) -> Night:
    """Two runs whose every figure is one number."""
    steps = {"save with restic": ours}
    alone = {"wall_seconds": 4.0, "host_cpu_seconds": 6.0}
    measured = {"wall_seconds": dumping, "host_cpu_seconds": 9.0}
    return Night(
        ours={**dict.fromkeys(FIGURES, ours), "peak_bytes": peak, "steps": steps},
        borgmatic=dict.fromkeys(FIGURES, theirs),
        dumps={"alone": alone, "measured": measured},
    )


def of(*nights: Night, grown: int = 60) -> dict[str, Any]:
    stored = [{"ours": 1_000, "borgmatic": 1_500}, {"ours": 1_000 + grown, "borgmatic": 1_600}]
    return summary(Result([night(7, 10)], nights, stored, {}))


def test_ratios_are_medians_over_pairs_and_not_ratios_of_medians() -> None:
    nightly = of(night(1, 10), night(2, 4), night(3, 4))["nightly"]["wall_seconds"]
    assert nightly == {"ours": 2, "borgmatic": 4, "ratio": 0.5}


def test_what_is_exactly_at_its_goal_has_reached_it() -> None:
    goals = of(night(8, 10))["goals"]
    assert {name: goal["is"] for name, goal in goals.items()} == {
        "first_wall_ratio": 0.7,
        "nightly_wall_ratio": 0.8,
        "growth_ratio": 0.6,
        "peak_megabytes": 200,
        "manifest_share_of_dump": 0.25,
    }
    assert all(goal["reached"] for goal in goals.values())


@pytest.mark.parametrize(
    ("worse", "grown", "goal"),
    [
        (night(8.2, 10), 60, "nightly_wall_ratio"),
        (night(8, 10, peak=302_000_000), 60, "peak_megabytes"),
        (night(8, 10), 61, "growth_ratio"),
    ],
)
def test_what_is_above_its_goal_has_not_reached_it(worse: Night, grown: int, goal: str) -> None:
    goals = of(worse, grown=grown)["goals"]
    assert [name for name, told in goals.items() if not told["reached"]] == [goal]


def test_measuring_is_weighed_against_dumping_alone() -> None:
    weighed = night(1, 1, dumping=6.0)
    assert weighed.manifest_share("wall_seconds") == 0.5
    assert weighed.manifest_share("host_cpu_seconds") == 0.5
    assert of(weighed)["manifest_share_of_processor_time"] == 0.5
