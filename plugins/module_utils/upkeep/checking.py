# Copyright: (c) The Probealarm contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Check every repository of the store, level L1 of the ladder: structure, and the data by parts."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

from ..errors import Trouble
from ..host import Host
from ..ledger import Ledger
from ..settings import StoreSettings
from ..stopwatch import Stopwatch
from ..tools.repository import Repository
from ..tools.store_keeper import StoreKeeper
from .lock import store_lock

Clock = Callable[[], datetime]
Record = Mapping[str, Any]


def check_store(host: Host, settings: StoreSettings, *, clock: Clock) -> list[dict[str, Any]]:
    """Check all repositories, the copies off site among them, and give a record of each.

    Raises:
        Trouble: the ledger cannot be read or written.
    """
    ledger = Ledger(Path(settings.ledger))
    found = []
    for client, store, repository in _repositories(settings):
        history = [
            record
            for record in ledger.records()
            if (record.get("kind"), record.get("host"), record.get("store"))
            == ("check", client, store)
        ]
        record = {
            "kind": "check",
            "host": client,
            "store": store,
            "level": "L1",
            "checked_at": clock().isoformat(),
            "part": next_part(history, settings.data_parts),
            "parts": settings.data_parts,
        }
        with store_lock(settings.store_directory, alone=False):
            record.update(_check(StoreKeeper(host, repository), record, history))
        ledger.append(record)
        found.append(record)
    return found


def next_part(history: Iterable[Record], parts: int) -> int:
    """Pick the part of the data that was not read for the longest time; parts count from 1.

    By what was really read and not by the calendar: a day on which judy was off delays a part and
    never leaves it out. A part that was found damaged has every second turn until it is whole: the
    others are read on, and a repair is noticed soon.
    """
    turns = [
        record for record in history if record["parts"] == parts and record["verdict"] != "unproven"
    ]
    last = {record["part"]: number for number, record in enumerate(turns)}
    damaged = [part for part, number in last.items() if turns[number]["verdict"] == "broken"]
    is_repeat = bool(turns) and turns[-1]["part"] in damaged
    choice = damaged if damaged and not is_repeat else range(1, parts + 1)
    return min(choice, key=lambda part: (last.get(part, -1), part))


def strange_keys(keys: Sequence[str], history: Sequence[Record]) -> Iterator[str]:
    """Say which keys of a repository the last check did not know.

    Whoever holds a key reads everything, whatever becomes of the passwords that people know of.
    """
    known = next((record["keys"] for record in reversed(history) if record["keys"]), None)
    if known is None:
        return
    for key in sorted(set(keys) - set(known)):
        yield (
            f"key {key[:8]} opens the repository and was not there at the last check. If nobody "
            "here changed its password, somebody added a key: find out who, and remove it with "
            "restic key remove. The next check takes it as known"
        )
    for key in sorted(set(known) - set(keys)):
        yield f"key {key[:8]} was there at the last check and is gone"


def sentence_of(record: Record) -> str:
    """Say what a check found, for a person who reads nothing else."""
    name = f"the repository of {record['host']}"
    if record["store"]:
        name = f"the copy off site {record['store']} of {record['host']}"
    if record["verdict"] == "proven":
        return f"{name} is whole; of its data, part {record['part']}/{record['parts']} was read"
    if record["verdict"] == "unproven":
        return f"{name} could not be checked: {record['reasons'][0]}"
    return f"{name} is not as it should be: {'; '.join(record['reasons'][:5])}"


def _check(keeper: StoreKeeper, record: Record, history: Sequence[Record]) -> dict[str, Any]:
    watch = Stopwatch()
    keys: tuple[str, ...] = ()
    try:
        with watch.step("check"):
            keys = keeper.keys()
            reasons = [*strange_keys(keys, history), *keeper.check(record["part"], record["parts"])]
        verdict = "broken" if reasons else "proven"
    except Trouble as trouble:
        verdict, reasons = "unproven", [str(trouble)]
    return {
        "verdict": verdict,
        "reasons": reasons,
        "keys": list(keys),
        "seconds": round(watch.seconds.get("check", 0.0), 1),
    }


def _repositories(settings: StoreSettings) -> Iterator[tuple[str, str, Repository]]:
    for client in settings.clients:
        yield client, "", settings.repository(client)
    for copy in settings.copies():
        yield copy.client, copy.name, copy.repository()
