# Copyright: (c) The Probealarm contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Hold the newest snapshots to the declaration: what it names and they lack, what it swallows."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime

from ..contract import Contract
from ..text import count, show_duration
from .claims import Claims, is_within, one_spelling
from .finding import Alarm
from .judge_databases import DatabasesJudged
from .path_rules import Judged
from .saved import Held
from .waiting import Waited, waited_now


def alarms_of_stores(
    claims: Claims,
    held: Mapping[str, Held],
    paths: Judged,
    databases: DatabasesJudged,
    *,
    now: datetime,
) -> Iterator[Alarm]:
    """Say what is wrong with what is declared and saved."""
    for contract in claims.contracts:
        yield from _swallowed(contract)
        one = held.get(contract.name)
        if one is None:
            yield Alarm(
                "no snapshot",
                contract.name,
                f"the store holds no snapshot of {contract.name}: nothing of it is saved. Back it "
                f"up: ansible-playbook playbooks/back_up.yml --limit {contract.name}",
            )
            continue
        yield from _lacking(contract, one)
        yield from _too_old(contract, one, paths, databases, now=now)


def waited(
    held: Mapping[str, Held], paths: Judged, databases: DatabasesJudged
) -> dict[str, Waited]:
    """Note for the next audit which files and tables are in no snapshot."""
    waiting = [(service, one.names) for service, one in paths.waiting.items()]
    overdue = [(claim.service, one.names) for claim, one in paths.lacking.items()]
    return waited_now(
        held, [*waiting, *databases.newer.items()], [*overdue, *databases.overdue.items()]
    )


def _lacking(contract: Contract, held: Held) -> Iterator[Alarm]:
    """Name every declared store that the newest snapshot does not hold."""
    short = held.snapshot.short
    if held.manifest is None:
        yield Alarm(
            "store missing",
            contract.name,
            f"nobody can tell which databases snapshot {short} of {contract.name} holds: "
            f"{held.complaint}. Back it up again.",
        )
        return
    manifest = held.manifest
    saved = {(base.store, base.database) for base in manifest.databases}
    saved |= {(base.store, base.path) for base in manifest.sqlite}
    saved |= {(base.store, str(base.database)) for base in manifest.redis}
    wanted = [(store.name, store.database) for store in contract.databases]
    wanted += [(store.name, store.path) for store in contract.sqlite]
    wanted += [(store.name, str(store.database)) for store in contract.redis]
    for store, subject in wanted:
        if (store, subject) not in saved:
            yield _missing(contract, store, subject, short)
    roots = [one_spelling(path) for path in held.snapshot.paths]
    for files in contract.files:
        for path in files.paths:
            if not any(is_within(one_spelling(path), root) for root in roots):
                yield _missing(contract, files.name, path, short)


def _missing(contract: Contract, store: str, subject: str, short: str) -> Alarm:
    return Alarm(
        "store missing",
        f"{contract.name}/{store}",
        f"{contract.name} declares {subject} as store {store}, and its newest snapshot {short} "
        "does not hold it. Back it up, and look why when it is missing again: ansible-playbook "
        f"playbooks/back_up.yml --limit {contract.name}",
    )


def _swallowed(contract: Contract) -> Iterator[Alarm]:
    """Name what is declared and left out by the same service, by whatever store of it.

    restic leaves out the regenerable paths of all stores of a service, since they share a snapshot.
    """
    for store in contract.files:
        for left_out in store.regenerable:
            for other in contract.files:
                swallowed = [path for path in other.paths if is_within(path, left_out)]
                swallowed += [
                    pattern for pattern in other.required if is_within(_fixed(pattern), left_out)
                ]
                for path in swallowed:
                    yield Alarm(
                        "store swallowed",
                        f"{contract.name}/{other.name}",
                        f"{contract.name} leaves {left_out} out as regenerable (store "
                        f"{store.name}), and with it {path}, which store {other.name} wants saved. "
                        "Make the one narrower, or take the other out.",
                    )


def _fixed(pattern: str) -> str:
    for position, sign in enumerate(pattern):
        if sign in "*?[":
            return pattern[:position].rpartition("/")[0] or "/"
    return pattern


def _too_old(
    contract: Contract,
    held: Held,
    paths: Judged,
    databases: DatabasesJudged,
    *,
    now: datetime,
) -> Iterator[Alarm]:
    """Say what is in no snapshot as it is now, when the newest is older than the objective."""
    name, age = contract.name, (now - held.snapshot.taken_at).total_seconds()
    waiting = paths.waiting.get(name)
    files = (waiting.sums.files if waiting else 0) + paths.changed_since.get(name, 0)
    counted = {
        "file": files,
        "database": len(databases.changed.get(name, ())),
        "new table": len(databases.newer.get(name, ())),
    }
    what = [count(number, noun) for noun, number in counted.items() if number]
    if not what or age <= contract.rpo_seconds:
        return
    yield Alarm(
        "not saved yet",
        name,
        f"{' and '.join(what)} of {name} came or changed after its newest snapshot "
        f"{held.snapshot.short} of {held.snapshot.taken_at:%Y-%m-%d %H:%M} UTC, which is "
        f"{show_duration(age)} old; the objective is {show_duration(contract.rpo_seconds)}. Back "
        f"it up again: ansible-playbook playbooks/back_up.yml --limit {name}",
    )
