"""Make medians, ratios and a judgement of what was measured."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from statistics import median
from typing import Any

Cost = Mapping[str, Any]
FIGURES = ("wall_seconds", "cpu_seconds", "host_cpu_seconds", "peak_bytes", "sent_bytes")
GOALS = {
    "first_wall_ratio": 0.7,
    "nightly_wall_ratio": 0.8,
    "growth_ratio": 0.6,
    "peak_megabytes": 300,
    "manifest_share_of_dump": 0.25,
}


@dataclass(frozen=True)
class Night:
    """One backup by each tool of the same state.

    Attributes:
        dumps: our dumps ``alone`` and ``measured``, each with its wall and processor seconds.
    """

    ours: Cost
    borgmatic: Cost
    dumps: Mapping[str, Cost]

    def manifest_share(self, figure: str) -> float:
        """How much more dumping takes because it is measured, as a share of dumping alone."""
        alone: float = self.dumps["alone"][figure]
        measured: float = self.dumps["measured"][figure]
        return (measured - alone) / alone


@dataclass(frozen=True)
class Result:
    """Everything that was measured.

    Attributes:
        stored: bytes in each tool's store, after the last first backup and after each night.
        databases: bytes that they take on nick.
    """

    firsts: Sequence[Night]
    nights: Sequence[Night]
    stored: Sequence[Mapping[str, int]]
    databases: Mapping[str, int]


def summary(found: Result) -> dict[str, Any]:
    """Put it into one table, and say which goals are reached."""
    growth = {
        tool: found.stored[-1][tool] - found.stored[0][tool] for tool in ("ours", "borgmatic")
    }
    first, nightly = _side_by_side(found.firsts), _side_by_side(found.nights)
    everything = [*found.firsts, *found.nights]
    reached = {
        "first_wall_ratio": first["wall_seconds"]["ratio"],
        "nightly_wall_ratio": nightly["wall_seconds"]["ratio"],
        "growth_ratio": _ratio(growth["ours"], growth["borgmatic"]),
        "peak_megabytes": round(max(night.ours["peak_bytes"] for night in everything) / 1e6),
        "manifest_share_of_dump": _manifest_share("wall_seconds", everything),
    }
    return {
        "goals": {
            name: {"at_most": most, "is": reached[name], "reached": reached[name] <= most}
            for name, most in GOALS.items()
        },
        "first": first,
        "nightly": nightly,
        "growth_bytes": {**growth, "nights": len(found.nights)},
        "stored_bytes": list(found.stored),
        "our_steps_seconds": {
            "first": _steps(found.firsts),
            "nightly": _steps(found.nights),
        },
        "dumps_seconds": {
            name: _median_of_each([night.dumps[name] for night in everything])
            for name in ("alone", "measured")
        },
        "manifest_share_of_processor_time": _manifest_share("host_cpu_seconds", everything),
        "runs": {
            name: [
                {"ours": night.ours, "borgmatic": night.borgmatic, "dumps": night.dumps}
                for night in nights
            ]
            for name, nights in (("first", found.firsts), ("nightly", found.nights))
        },
    }


def _side_by_side(nights: Sequence[Night]) -> dict[str, Any]:
    """Give each figure's median for both tools, and the median of the ratios of each pair."""
    return {figure: _compare(figure, nights) for figure in FIGURES}


def _compare(figure: str, nights: Sequence[Night]) -> dict[str, float]:
    return {
        "ours": round(median(night.ours[figure] for night in nights), 2),
        "borgmatic": round(median(night.borgmatic[figure] for night in nights), 2),
        "ratio": round(
            median(_ratio(night.ours[figure], night.borgmatic[figure]) for night in nights), 2
        ),
    }


def _steps(nights: Sequence[Night]) -> dict[str, float]:
    return _median_of_each([night.ours["steps"] for night in nights])


def _manifest_share(figure: str, nights: Sequence[Night]) -> float:
    return round(median(night.manifest_share(figure) for night in nights), 2)


def _median_of_each(tables: Sequence[Mapping[str, float]]) -> dict[str, float]:
    return {key: round(median(table[key] for table in tables), 2) for key in tables[0]}


def _ratio(ours: float, theirs: float) -> float:
    return round(ours / theirs, 3)
