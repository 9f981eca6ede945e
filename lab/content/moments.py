"""When things happened: years of growth, busy evenings, and something fresh at the end."""

from __future__ import annotations

import random
from datetime import datetime, timedelta

YEARS = 6


def growing(
    chance: random.Random, count: int, now: datetime, *, days: float = YEARS * 365.0
) -> list[datetime]:
    """Spread ``count`` moments over the ``days`` before ``now``, oldest first.

    They become denser towards the end, as a movement grows, and the last one is minutes old, so
    that a rule about freshness has something to find.
    """
    span = days * 86_400
    ages = sorted((span * (1 - chance.random() ** 0.6) for _ in range(count - 1)), reverse=True)
    moments = [now - timedelta(seconds=int(age) + 900) for age in ages]
    if count:
        moments.append(now - timedelta(seconds=chance.randint(60, 840)))
    return moments


def soon_after(chance: random.Random, moment: datetime, now: datetime, *, days: float) -> datetime:
    """Pick a moment at most ``days`` after ``moment``, and never after ``now``."""
    room = min((now - moment).total_seconds(), days * 86_400)
    return moment + timedelta(seconds=int(chance.random() * max(room, 0)))
