"""Nights of one service: snapshots, and what the ledger says of them."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from plugins.module_utils.retention.judgement import Keep
from plugins.module_utils.tools.restic import Snapshot
from tests.unit.fakes import NOW

KEEP = Keep(all_days=7, daily_days=30, weekly_days=84, monthly_days=365)


def snapshot(age: timedelta, *, size: int = 1_000_000) -> Snapshot:
    """A snapshot of that age, with an id that follows from it."""
    taken_at = NOW - age
    return Snapshot(
        hashlib.sha256(str(taken_at).encode()).hexdigest(), "newsletter", taken_at, size
    )


def nights(number: int, *, size: int = 1_000_000) -> list[Snapshot]:
    """One snapshot a night, oldest first, the newest half an hour old."""
    newest = timedelta(minutes=30)
    return [snapshot(newest + timedelta(days=ago), size=size) for ago in reversed(range(number))]


def drill(  # one record has this many sides
    of: Snapshot,
    verdict: str = "proven",
    *,
    level: str | None = "L4",
    rows: int = 50_000,
    **more: object,
) -> dict[str, Any]:
    """A drill as it stands in the ledger."""
    return {
        "kind": "drill",
        "service": of.service,
        "verdict": verdict,
        "level": level,
        "reasons": [] if verdict == "proven" else ["table leads is gone"],
        "snapshot": of.short,
        "taken_at": of.taken_at.isoformat(),
        "tables": {"database.leads": rows},
        "files": 100,
        **more,
    }


def drilled(snapshots: Sequence[Snapshot]) -> list[Mapping[str, Any]]:
    """Every one of them proven."""
    return [drill(one) for one in snapshots]


def at(text: str) -> datetime:
    """Read a time."""
    return datetime.fromisoformat(text)
