# Copyright: (c) The Probealarm contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Which snapshots of a service go and which stay, and why: values in, reasons out."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from ..clocks import CLOCKS_DIFFER
from ..contract import Contract
from ..text import count, show_duration
from ..tools.restic import Snapshot
from .collapse import collapses
from .past import Past

NEWEST = 3
"""So many of the newest snapshots stay, whatever their age."""


@dataclass(frozen=True)
class Keep:
    """How long snapshots stay, in days before now: all, then one a day, a week, a month."""

    all_days: int
    daily_days: int
    weekly_days: int
    monthly_days: int


@dataclass(frozen=True)
class Fate:
    """What becomes of one snapshot, and why."""

    snapshot: Snapshot
    stays: bool
    why: str


@dataclass(frozen=True)
class Plan:
    """What pruning does to one service.

    Attributes:
        fates: of every snapshot, newest first.
        frozen: why nothing may go at all; empty when pruning may go on.
    """

    fates: tuple[Fate, ...]
    frozen: tuple[str, ...]

    @property
    def going(self) -> tuple[Snapshot, ...]:
        """What is to be forgotten."""
        return tuple(fate.snapshot for fate in self.fates if not fate.stays)

    @property
    def staying(self) -> tuple[Snapshot, ...]:
        """What must still be there afterwards."""
        return tuple(fate.snapshot for fate in self.fates if fate.stays)


@dataclass(frozen=True)
class _Rhythm:
    """One snapshot of each period stays, for some days."""

    noun: str
    days: int
    period: Callable[[datetime], str]


def plan(
    contract: Contract, snapshots: Sequence[Snapshot], past: Past, keep: Keep, *, now: datetime
) -> Plan:
    """Judge the snapshots of a service, which come oldest first.

    Ages count from judy's clock, not from the newest snapshot: whoever owns the protected host may
    add a snapshot from the future and would else make all others old. One that says it is from the
    future stays and counts for nothing: it is not among the newest, and drives no other one out.
    """
    frozen = tuple(reasons_to_freeze(contract, snapshots, past, now=now))
    believed, doubtful = _apart(snapshots, now)
    reasons = dict.fromkeys((one.id for one in doubtful), "says that it is from the future")
    reasons |= _reasons_to_stay(contract, believed, past, keep, now)
    fates = []
    for snapshot in reversed(snapshots):
        why = reasons.get(snapshot.id)
        if why is None and frozen:
            why = "pruning is frozen"
        gone = _why_it_goes(snapshot, keep, now)
        fates.append(Fate(snapshot, stays=why is not None, why=why or gone))
    return Plan(tuple(fates), frozen)


def reasons_to_freeze(
    contract: Contract, snapshots: Sequence[Snapshot], past: Past, *, now: datetime
) -> Iterator[str]:
    """Say why nothing of a service may go: its newest snapshot is no good ground to stand on."""
    snapshots, doubtful = _apart(snapshots, now)
    if doubtful:
        latest, number = doubtful[-1], count(len(doubtful), "snapshot")
        yield (
            f"{latest.short} ({latest.taken_at:%Y-%m-%d %H:%M} UTC) is from the future, {number} "
            f"in all; by the clock of this host it is {now:%Y-%m-%d %H:%M} UTC. A clock is or was "
            "wrong, or somebody forged it"
        )
    if not snapshots:
        return
    if past.copy:
        yield from _about_copy(past)
    newest = snapshots[-1]
    named = f"the newest snapshot, {newest.short} ({newest.taken_at:%Y-%m-%d %H:%M} UTC),"
    age = now - newest.taken_at
    if age > timedelta(seconds=contract.rpo_seconds):
        yield (
            f"{named} is {show_duration(age.total_seconds())} old and the objective is "
            f"{show_duration(contract.rpo_seconds)}; while no new ones come, old ones stay"
        )
    drilled = past.drills.get(newest.short)
    if drilled is None:
        yield f"{named} was not drilled yet"
    elif drilled.verdict != "proven":
        first = drilled.reasons[0] if drilled.reasons else "no reason was recorded"
        yield f"{named} is {drilled.verdict}: {first}"
    yield from collapses(contract, snapshots, past)


def _about_copy(past: Past) -> Iterator[str]:
    """What the store proves of a snapshot is worth nothing when the copy cannot be restored."""
    drilled = past.from_copy
    if drilled is None:
        yield (
            f"nothing of it was ever restored from the copy off site {past.copy}; do it with "
            f"playbooks/drill.yml -e drill_copy={past.copy}"
        )
    elif drilled.verdict != "proven":
        first = drilled.reasons[0] if drilled.reasons else "no reason was recorded"
        yield f"the last drill from the copy off site {past.copy} is {drilled.verdict}: {first}"


def _apart(snapshots: Sequence[Snapshot], now: datetime) -> tuple[list[Snapshot], list[Snapshot]]:
    """Part the snapshots whose time can be believed from those that are from the future."""
    believed = [one for one in snapshots if one.taken_at - now <= CLOCKS_DIFFER]
    return believed, [one for one in snapshots if one.taken_at - now > CLOCKS_DIFFER]


def _reasons_to_stay(
    contract: Contract, snapshots: Sequence[Snapshot], past: Past, keep: Keep, now: datetime
) -> dict[str, str]:
    """Give the strongest reason for each snapshot that stays, by its id."""
    reasons: dict[str, str] = {}
    for snapshot in snapshots[-NEWEST:]:
        reasons[snapshot.id] = f"one of the newest {NEWEST}"
    for level in sorted({level for one in snapshots for level in past.levels(one.short)}):
        proven = [one for one in snapshots if level in past.levels(one.short)]
        reasons[proven[-1].id] = f"the newest one proven at {level}"
    for snapshot in snapshots:
        age = now - snapshot.taken_at
        if age < timedelta(seconds=contract.rpo_seconds):
            reasons.setdefault(snapshot.id, "younger than the objective")
        if age < timedelta(days=keep.all_days):
            reasons.setdefault(snapshot.id, f"all of {keep.all_days} days stay")
    for rhythm in _rhythms(keep):
        for period, snapshot in _best_of_each(rhythm, snapshots, past, now).items():
            said = f"kept for the {rhythm.noun} {period}"
            if past.levels(snapshot.short):
                said += ", proven"
            reasons.setdefault(snapshot.id, said)
    return reasons


def _best_of_each(
    rhythm: _Rhythm, snapshots: Sequence[Snapshot], past: Past, now: datetime
) -> dict[str, Snapshot]:
    """Pick the newest proven snapshot of each period, and only where there is none, the newest.

    Without the first, a bad snapshot that is added later in the day would drive out a good one.
    """
    best: dict[str, Snapshot] = {}
    for snapshot in snapshots:
        if now - snapshot.taken_at >= timedelta(days=rhythm.days):
            continue
        period = rhythm.period(snapshot.taken_at)
        before = best.get(period)
        if before is None or past.levels(snapshot.short) or not past.levels(before.short):
            best[period] = snapshot
    return best


def _rhythms(keep: Keep) -> tuple[_Rhythm, ...]:
    return (
        _Rhythm("day", keep.daily_days, lambda moment: f"{moment:%Y-%m-%d}"),
        _Rhythm("week", keep.weekly_days, lambda moment: f"{moment:%G-W%V}"),
        _Rhythm("month", keep.monthly_days, lambda moment: f"{moment:%Y-%m}"),
    )


def _why_it_goes(snapshot: Snapshot, keep: Keep, now: datetime) -> str:
    age = now - snapshot.taken_at
    for rhythm in _rhythms(keep):
        if age < timedelta(days=rhythm.days):
            return f"another one is kept for the {rhythm.noun} {rhythm.period(snapshot.taken_at)}"
    return "older than anything that is kept"
