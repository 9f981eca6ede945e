# Copyright: (c) The Probealarm contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Copy the store's snapshots to a place that shares nothing with it, not even its keys."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from ..errors import Trouble
from ..host import Host
from ..ledger import Ledger
from ..settings import OffSite, StoreSettings
from ..stopwatch import Stopwatch
from ..text import count
from ..tools.store_keeper import StoreKeeper
from .lock import store_lock

Clock = Callable[[], datetime]


def copy_off_site(host: Host, settings: StoreSettings, *, clock: Clock) -> list[dict[str, Any]]:
    """Bring every copy off site up to date, and give a record of each.

    Copying only adds: what is damaged or gone here takes nothing away there. What the pruning of a
    copy let go is not brought back.

    Raises:
        Trouble: the ledger cannot be read or written.
    """
    ledger = Ledger(Path(settings.ledger))
    found = []
    for copy in settings.copies():
        watch = Stopwatch()
        record: dict[str, Any] = {
            "kind": "copy",
            "host": copy.client,
            "store": copy.name,
            "copied_at": clock().isoformat(),
        }
        try:
            with store_lock(settings.store_directory, alone=False), watch.step("copy"):
                before = _before(ledger.records(), copy.name)
                record.update(_copy(host, settings, copy, before))
        except Trouble as trouble:
            record.update(result="failed", copied=0, snapshots=0, reasons=[str(trouble)])
        record["seconds"] = round(watch.seconds.get("copy", 0.0), 1)
        ledger.append(record)
        found.append(record)
    return found


@dataclass(frozen=True)
class _Before:
    """What the ledger knows of a copy: whether it was ever made, and what was pruned from it."""

    is_new: bool
    let_go: frozenset[str]


def _before(records: Iterable[Mapping[str, Any]], name: str) -> _Before:
    own = [record for record in records if record.get("store") == name]
    return _Before(
        is_new=not any(
            record.get("kind") == "copy" and record["result"] == "done" for record in own
        ),
        let_go=frozenset(
            gone["original"]
            for record in own
            if record.get("kind") == "prune"
            for gone in record["gone"]
        ),
    )


def _copy(host: Host, settings: StoreSettings, copy: OffSite, before: _Before) -> dict[str, Any]:
    source = StoreKeeper(host, settings.repository(copy.client))
    target = StoreKeeper(host, copy.repository())
    if not target.has_repository():
        if not before.is_new:
            raise Trouble(
                f"no repository is at {copy.location}, and there was one at the last copy. Nothing "
                "was made anew: find out who removed it. To begin again, give this copy another "
                "name in store_off_site."
            )
        target.create_like(source)
    had = set(target.originals().values()) | before.let_go
    wanted = {own: first for own, first in source.originals().items() if first not in had}
    if wanted:
        target.copy_from(source, sorted(wanted))
    there = set(target.originals().values())
    if missing := set(wanted.values()) - there:
        names = ", ".join(sorted(one[:8] for one in missing)[:5])
        raise Trouble(
            f"restic said that everything was copied to {copy.location}, and "
            f"{count(len(missing), 'snapshot')} did not arrive ({names})."
        )
    return {
        "result": "done",
        "copied": len(wanted),
        "snapshots": len(there),
        "reasons": [],
    }


def sentence_of(record: dict[str, Any]) -> str:
    """Say what became of a copy."""
    name = f"copy {record['store']} of {record['host']}"
    if record["result"] == "failed":
        return f"{name} failed: {record['reasons'][0]}"
    return (
        f"{name}: {count(record['copied'], 'snapshot')} copied, {count(record['snapshots'])} are "
        "there now"
    )
