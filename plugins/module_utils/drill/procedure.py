# Copyright: (c) The Probealarm contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Drill one snapshot of one service: restore it, look at it, judge it, write down the verdict."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path
from typing import Any

from ..checks.evidence import Answer, Evidence, Question
from ..contract import Contract
from ..errors import Broken, Trouble, Unproven
from ..host import Host
from ..ledger import Ledger
from ..manifest import MANIFEST, Manifest
from ..settings import DrillSettings
from ..stopwatch import Stopwatch
from ..text import show_bytes
from ..tools.restic import Restic, Snapshot
from ..upkeep.lock import store_lock
from . import judgement, small_judgement
from .checking import judge_checks, questions_to
from .comparison import FilesSeen, compare
from .history import last_proven
from .judgement import Objection
from .losses import Proven, about_losses
from .record import Attempt, record_of
from .restored_files import RestoredFiles
from .scratch import Scratch, scratch_space
from .servers import Order, load_and_ask
from .small_examination import Examined, Workplace, examine_small

Clock = Callable[[], datetime]

LATEST = "latest"
ROOM = 1.1
"""Free bytes needed for each byte of the snapshot before a restore is begun."""


@dataclass
class Drill:
    """What a drill needs throughout, and what it has gathered so far."""

    host: Host
    contract: Contract
    settings: DrillSettings
    watch: Stopwatch = field(default_factory=Stopwatch)
    objections: list[Objection] = field(default_factory=list)
    answers: dict[Question, Answer] = field(default_factory=dict)
    refusals: dict[Question, str] = field(default_factory=dict)
    before: Proven | None = None


def drill(
    host: Host, contract: Contract, settings: DrillSettings, wanted: str, *, clock: Clock
) -> dict[str, Any]:
    """Drill a snapshot and return the record that was added to the ledger.

    ``wanted`` is ``latest`` or the beginning of a snapshot's id.

    Raises:
        Trouble: the ledger cannot be read or written, or something was left behind.
    """
    ledger = Ledger(Path(settings.ledger))
    history = list(ledger.records())
    attempt = Attempt(contract=contract, began_at=clock())
    work = Drill(host, contract.excusing(attempt.began_at.date()), settings)
    try:
        restic = Restic(host, settings.store(contract.host))
        attempt.snapshot, attempt.is_newest = choose(restic, contract, wanted)
        work.before = last_proven(history, contract.name, attempt.snapshot.taken_at)
        with (
            store_lock(settings.store_directory, alone=False),
            scratch_space(host, Path(settings.scratch_directory), contract.name) as scratch,
        ):
            _examine(work, attempt, restic, scratch)
        _judge(work, attempt)
    except Unproven as unproven:
        attempt.unproven = str(unproven)
    except Trouble as trouble:
        work.objections.append(Objection(judgement.BYTES, str(trouble)))
    attempt.objections = work.objections
    attempt.seconds = work.watch.seconds
    record = {**record_of(attempt), "store": settings.copy_name}
    ledger.append(record)
    return record


def choose(restic: Restic, contract: Contract, wanted: str) -> tuple[Snapshot, bool]:
    """Pick the wanted snapshot and tell whether it is the newest one.

    Raises:
        Unproven: there is none, none of that id, or more than one.
    """
    snapshots = restic.snapshots(contract.name)
    if not snapshots:
        raise Unproven(
            f"the store holds no snapshot of {contract.name}. Back it up first: ansible-playbook "
            f"playbooks/back_up.yml --limit {contract.name}"
        )
    if wanted == LATEST:
        return snapshots[-1], True
    matching = [snapshot for snapshot in snapshots if snapshot.id.startswith(wanted)]
    if len(matching) != 1:
        known = ", ".join(snapshot.short for snapshot in snapshots[-5:])
        raise Unproven(
            f"{len(matching)} snapshots of {contract.name} begin with {wanted!r}. Give the id of "
            f"one; the newest are {known}."
        )
    return matching[0], matching[0] == snapshots[-1]


def _examine(work: Drill, attempt: Attempt, restic: Restic, scratch: Scratch) -> None:
    """Restore into scratch space and gather evidence, level after level."""
    if attempt.snapshot is None:
        raise Unproven("no snapshot was chosen")
    _require_room(scratch, attempt.snapshot)
    with work.watch.step("restore files"):
        restic.restore(attempt.snapshot, scratch.tree)
    staged = _staged(scratch, attempt.snapshot)
    attempt.manifest = manifest = Manifest.read(staged / MANIFEST)
    work.objections += judgement.about_identity(work.contract, manifest)
    work.objections += small_judgement.about_identity(work.contract, manifest)
    with work.watch.step("compare files"):
        attempt.files = files = compare(scratch.tree, manifest, staged)
    work.objections += judgement.about_files(files)
    for trees in work.contract.files:
        work.objections += judgement.about_required_files(trees, files)
    checks = work.contract.checks
    for store in work.contract.databases:
        for saved in manifest.databases:
            if (saved.store, saved.database) == (store.name, store.database):
                questions = questions_to(checks, store.name)
                _examine_database(work, attempt, scratch, Order(store, saved, questions))
    place = Workplace(work.host, scratch, work.settings.user, work.watch, work.before)
    for examined in examine_small(place, work.contract, manifest, checks):
        _take_in(work, attempt, examined)
    with work.watch.step("judge checks"):
        _judge_checks(work, attempt, scratch)


def _examine_database(work: Drill, attempt: Attempt, scratch: Scratch, order: Order) -> None:
    store = order.store
    try:
        with work.watch.step(f"load and measure {store.database}"):
            loaded = load_and_ask(work.host, scratch, work.settings.user, order)
    except Unproven:
        raise
    except Trouble as reason:
        work.objections.append(Objection(judgement.DATABASE, str(reason)))
        return
    attempt.load_seconds += loaded.load_seconds
    attempt.copies[store.name] = loaded.measure
    work.answers.update(loaded.answers)
    work.refusals.update(loaded.refusals)
    work.objections += judgement.about_copy(order.wanted, loaded.measure)
    work.objections += judgement.about_newest(order.wanted, work.contract.checks, loaded.answers)
    work.objections += judgement.about_contract(store, loaded.measure)


def _take_in(work: Drill, attempt: Attempt, examined: Examined) -> None:
    work.objections += examined.objections
    copy = examined.copy
    if copy is None:
        return
    attempt.load_seconds += copy.load_seconds
    if copy.measure is not None:
        attempt.copies[examined.store] = copy.measure
    if copy.keys is not None:
        attempt.keys[examined.store] = copy.keys
    work.answers.update(copy.answers)
    work.refusals.update(copy.refusals)


def _judge_checks(work: Drill, attempt: Attempt, scratch: Scratch) -> None:
    """Let the checks judge what the databases answered, the restored files, and both together."""
    if attempt.snapshot is None or attempt.files is None:
        return
    evidence = Evidence(
        answers=work.answers,
        refusals=work.refusals,
        files=RestoredFiles(scratch.tree, attempt.files.held),
        taken_at=attempt.snapshot.taken_at,
        before=work.before.facts if work.before else {},
    )
    on = attempt.began_at.date()
    came_back = {*attempt.copies, *attempt.keys}
    attempt.checks = judge_checks(work.contract, evidence, came_back, on=on)
    work.objections += [Objection(judgement.MEANING, said) for said in attempt.checks.objections]


def _judge(work: Drill, attempt: Attempt) -> None:
    """Hold what came back to the last proven snapshot and to the objectives."""
    snapshot = attempt.snapshot
    if snapshot is None:
        return
    files = attempt.files or FilesSeen()
    came_back = replace(
        work.contract,
        databases=tuple(one for one in work.contract.databases if one.name in attempt.copies),
        sqlite=tuple(one for one in work.contract.sqlite if one.name in attempt.copies),
    )
    work.objections += about_losses(
        came_back,
        attempt.irreplaceable_rows(),
        files.compared + len(files.moving),
        work.before,
    )
    work.objections += judgement.about_objectives(
        work.contract,
        age=attempt.began_at - snapshot.taken_at if attempt.is_newest else None,
        restore_seconds=attempt.restore_seconds(work.watch.seconds),
    )


def _staged(scratch: Scratch, snapshot: Snapshot) -> Path:
    """Find the restored folder that holds the manifest."""
    for path in snapshot.paths:
        folder = Path(f"{scratch.tree}{path}")
        if (folder / MANIFEST).exists():
            return folder
    raise Broken("the snapshot holds no manifest, so nothing tells what it should hold")


def _require_room(scratch: Scratch, snapshot: Snapshot) -> None:
    free = shutil.disk_usage(scratch.tree).free
    needed = int(snapshot.bytes * ROOM)
    if free < needed:
        raise Unproven(
            f"the scratch folder {scratch.folder.parent} has {show_bytes(free)} free and this "
            f"drill needs {show_bytes(needed)}. Make room there and drill again."
        )
