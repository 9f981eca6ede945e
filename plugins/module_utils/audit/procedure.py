# Copyright: (c) The Probealarm contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The coverage audit of one host, from its live state to what is sent to the host that judges.

It reads and never writes, but for its own folder, and gives way to whatever else the host does.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import Any

from ..errors import Trouble
from ..host import Host
from ..settings import SnapshotSettings
from ..stopwatch import Stopwatch
from ..tools.rest_store import knock
from ..tools.restic_contents import Contents
from . import running
from .arrival import NOTE
from .checked import Checked
from .claims import BESIDE_SQLITE, Claims, PathClaim, one_spelling
from .entering import enter
from .facts import Entry, Recognised, Unread
from .formats import recognise
from .grouping import CONTAINERS
from .hints import Hints
from .judge_databases import DatabasesJudged, judge_databases
from .judge_paths import Knowledge, Seen
from .judgement import judge
from .manners import alone, give_way
from .packages import read_packages
from .path_rules import Judged, Rules
from .paths import PathJudge
from .places import read_places
from .processes import user_name
from .result import Result, figures_of, keep, last, shrunk
from .saved import Held, hold_newest, reading
from .schedules import state_directories
from .shipped_exemptions import SHIPPED
from .sqlite_files import sqlite_at
from .walk import walk
from .writers import Writers

FOLDER = Path("/var/lib/probealarm/audit")

KEPT_CHECKED = "checked"

Clock = Callable[[], datetime]


@dataclass(frozen=True)
class Audited:
    """What came of an audit.

    Attributes:
        unsent: why the host that judges has not got the result yet; empty when it has.
    """

    result: Result
    unsent: str = ""


def audit(
    host: Host,
    name: str,
    merged: Iterable[Mapping[str, Any]],
    settings: SnapshotSettings,
    *,
    clock: Clock,
) -> Audited:
    """Audit this host, keep the result and send it.

    Args:
        host: this very machine.
        name: what the inventory calls it.
        merged: the contracts of all services that run on it.
        settings: where the store is.
        clock: tells the time.

    Raises:
        Trouble: the store cannot be read, so that nothing can be called saved; or the result
            cannot be kept.
    """
    give_way(host)
    knock(settings.store(), clock())
    contents = Contents(host, settings.store())
    with alone(FOLDER):
        result = result_of(host, Order(name, tuple(merged), contents, clock))
        newest = keep(result, FOLDER)
        try:
            contents.leave_note(name, NOTE, newest)
        except Trouble as trouble:
            return Audited(
                result, f"the result stays on {name} until the next audit sends its own: {trouble}"
            )
    return Audited(result)


@dataclass(frozen=True)
class Order:
    """What is audited: the host's name, the contracts of its services, the store, a clock."""

    name: str
    merged: tuple[Mapping[str, Any], ...]
    contents: Contents
    clock: Clock


def result_of(host: Host, order: Order) -> Result:
    """Audit this host.

    Raises:
        Trouble: the store cannot be read.
    """
    return _Audit(host, order).result()


class _Audit:
    def __init__(self, host: Host, order: Order) -> None:
        self._host = host
        self._name = order.name
        self._merged = order.merged
        self._contents = order.contents
        self._now = order.clock()
        self._watch = Stopwatch()
        self._unread: list[Unread] = []
        self._recognised: list[Recognised] = []
        self._entries = 0
        self._claims = Claims.of(order.merged, SHIPPED.items(), today=self._now.date())

    def result(self) -> Result:
        with self._watch.step("ask the store"):
            held = hold_newest(self._contents, self._claims.contracts, FOLDER)
        with self._watch.step("ask the servers"):
            alive = running.look(self._host, enter)
            databases = judge_databases(alive.databases, self._claims, held)
        with self._watch.step("walk"):
            checked = Checked.read(FOLDER / KEPT_CHECKED)
            packages = read_packages(checked)
            places = read_places([claim.path for claim in self._claims.paths])
            volumes = [
                *(one.path for one in alive.unused_volumes),
                *(mount.source for one in alive.containers for mount in one.mounts),
            ]
            units = state_directories()
            boundaries = {path.rstrip("/") for path in (*volumes, *units)} - {""}
            with reading(held) as snapshots:
                path_judge = PathJudge(
                    self._rules(held, databases),
                    snapshots,
                    packages,
                    boundaries=boundaries,
                    notice=self._notice,
                )
                take, entries = path_judge.take, 0
                for entry in walk(places, path_judge.is_settled, self._unread.append):
                    entries += 1
                    take(entry)
                self._entries = entries
                paths = path_judge.finish()
            checked.save(FOLDER / KEPT_CHECKED)
        unread = tuple(one for one in self._unread if not path_judge.is_exempt(one.path))
        seen = Seen(
            databases=alive.databases,
            containers=alive.containers,
            unused_volumes=alive.unused_volumes,
            places=places,
            unread=unread,
            recognised=tuple(self._recognised),
            alarms=alive.alarms,
        )
        writers = Writers(
            alive.open_files,
            alive.containers,
            lambda folder: "" if folder in CONTAINERS else packages.owner(folder),
            user_name,
        )
        known = Knowledge(
            claims=self._claims,
            held=held,
            hints=Hints.of(self._name, self._claims, self._merged, self._now.date()),
            writer_of=writers.writer_of,
            state_directories=units,
        )
        return self._said(seen, paths, databases, known)

    def _said(
        self, seen: Seen, paths: Judged, databases: DatabasesJudged, known: Knowledge
    ) -> Result:
        with self._watch.step("judge"):
            said = judge(seen, paths, databases, known, now=self._now)
            before = last(FOLDER)
            figures = figures_of(known.held)
            fell = shrunk(self._claims.contracts, figures, before.figures) if before else ()
        result = Result(
            host=self._name,
            audited_at=self._now,
            findings=said.findings,
            alarms=(*said.alarms, *fell),
            entries=self._entries,
            figures=figures,
        ).since(before)
        return replace(result, seconds=dict(self._watch.seconds))

    def _rules(self, held: Mapping[str, Held], databases: DatabasesJudged) -> Rules:
        sqlite: dict[str, tuple[PathClaim, bool]] = {}
        for contract, store in self._claims.sqlite():
            path = one_spelling(store.path)
            claim = PathClaim(path, contract.name, store.name)
            manifest = held[contract.name].manifest if contract.name in held else None
            is_saved = manifest is not None and any(
                (one.store, one.path) == (store.name, store.path) for one in manifest.sqlite
            )
            sqlite |= {path + end: (claim, is_saved) for end in BESIDE_SQLITE}
        return Rules(
            claims=self._claims,
            data_directories=databases.directories,
            sqlite=sqlite,
            taken_at={name: one.snapshot.taken_at for name, one in held.items()},
        )

    def _notice(self, entry: Entry) -> None:
        """Recognise what nobody claims."""
        try:
            found = recognise(entry) or sqlite_at(entry)
        except OSError as error:
            self._unread.append(Unread(entry.path, error.strerror or str(error)))
            return
        if found is not None:
            self._recognised.append(found)
