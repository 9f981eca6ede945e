# Copyright: (c) The Probealarm contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Prune one service's snapshots: judge, forget, look whether the rest is still there, record."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import Any

from ..contract import Contract
from ..errors import Trouble
from ..host import Host
from ..ledger import Ledger
from ..settings import OffSite, StoreSettings
from ..tools.restic import Snapshot
from ..tools.store_keeper import StoreKeeper
from ..upkeep.lock import store_lock
from .judgement import Keep, Plan, plan
from .past import Copied, Past, past_of
from .table import plan_table

Clock = Callable[[], datetime]


@dataclass(frozen=True)
class Wish:
    """What a person wants beside the nightly way.

    Attributes:
        dry_run: only tell.
        accepted_loss: the beginning of the id of a snapshot whose loss against older ones is known
            and fine; pruning no longer freezes because of it.
        copy: the copy off site to prune instead of the store.
    """

    dry_run: bool = False
    accepted_loss: str = ""
    copy: str = ""


@dataclass(frozen=True)
class Pruned:
    """What was done, as it stands in the ledger, and the plan as a table."""

    record: dict[str, Any]
    table: str


def prune(
    host: Host, contract: Contract, settings: StoreSettings, wish: Wish, *, clock: Clock
) -> Pruned:
    """Prune one service and add a record of it to the ledger; a dry run leaves no record.

    Raises:
        Trouble: the ledger or the repository cannot be read, or the accepted snapshot or the copy
            is unknown.
    """
    ledger = Ledger(Path(settings.ledger))
    place = _place(host, contract, settings, wish.copy)
    with store_lock(settings.store_directory, alone=True):
        snapshots = place.keeper.snapshots(contract.name)
        originals = place.keeper.originals() if wish.copy else {}
        copied = Copied.of(wish.copy, snapshots, originals) if wish.copy else None
        past, accepted = _accept(past_of(ledger.records(), contract.name, copied), snapshots, wish)
        judged = plan(contract, snapshots, past, place.keep, now=clock())
        record = {**_record(contract, judged, accepted, clock()), "store": wish.copy}
        for entry, gone in zip(record["gone"], judged.going, strict=True):
            entry["original"] = originals.get(gone.id, gone.id)
        if not wish.dry_run:
            if judged.going:
                record.update(_forget(place.keeper, contract, judged))
            ledger.append(record)
    return Pruned(record, plan_table(place.title, judged, past))


@dataclass(frozen=True)
class _Place:
    """What is pruned: its title for people, who keeps it, and how long what stays."""

    title: str
    keeper: StoreKeeper
    keep: Keep


def _place(host: Host, contract: Contract, settings: StoreSettings, copy: str) -> _Place:
    if not copy:
        keeper = StoreKeeper(host, settings.repository(contract.host), settings.user)
        return _Place(contract.name, keeper, keep_of(settings))
    away = settings.copy_called(copy)
    away.require_host(contract.host)
    title = f"{contract.name} in the copy off site {copy}"
    return _Place(title, StoreKeeper(host, away.repository()), keep_of(away))


def keep_of(settings: StoreSettings | OffSite) -> Keep:
    """Take the days from the settings."""
    return Keep(
        all_days=settings.keep_all_days,
        daily_days=settings.keep_daily_days,
        weekly_days=settings.keep_weekly_days,
        monthly_days=settings.keep_monthly_days,
    )


def _accept(past: Past, snapshots: list[Snapshot], wish: Wish) -> tuple[Past, str]:
    if not wish.accepted_loss:
        return past, ""
    matching = [one for one in snapshots if one.id.startswith(wish.accepted_loss)]
    if len(matching) != 1:
        raise Trouble(
            f"{len(matching)} snapshots begin with {wish.accepted_loss!r}. Give the id that the "
            "frozen pruning names, of the snapshot after the loss."
        )
    short = matching[0].short
    return replace(past, accepted=past.accepted | {short}), short


def _forget(keeper: StoreKeeper, contract: Contract, judged: Plan) -> dict[str, Any]:
    """Forget and prune; whatever restic says, what counts is what is there afterwards."""
    failure = ""
    try:
        keeper.forget(judged.going)
    except Trouble as trouble:
        failure = str(trouble)
    try:
        there = {snapshot.id for snapshot in keeper.snapshots(contract.name)}
    except Trouble as trouble:
        return {"result": "failed", "reasons": [failure or str(trouble)]}
    reasons = [failure] if failure else []
    if lost := [one.short for one in judged.staying if one.id not in there]:
        reasons.append(f"snapshots that were to stay are gone: {', '.join(lost)}")
    if left := [one.short for one in judged.going if one.id in there]:
        reasons.append(f"snapshots that were to go are still there: {', '.join(left)}")
    if reasons:
        return {"result": "failed", "reasons": reasons}
    return {"result": "pruned"}


def _record(contract: Contract, judged: Plan, accepted: str, now: datetime) -> dict[str, Any]:
    return {
        "kind": "prune",
        "service": contract.name,
        "host": contract.host,
        "pruned_at": now.isoformat(),
        "result": "frozen" if judged.frozen else "nothing to do",
        "reasons": list(judged.frozen),
        "accepted_loss": accepted,
        "gone": [
            {"snapshot": one.short, "taken_at": one.taken_at.isoformat()} for one in judged.going
        ],
        "kept": len(judged.staying),
    }
