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
from functools import partial
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
from .claims import Claims, one_spelling
from .entering import enter
from .facts import Entry, Recognised, Unread
from .figures import compared, figures_of
from .grouping import CONTAINERS
from .hints import Hints
from .judge_databases import DatabasesJudged, judge_databases
from .judge_paths import Knowledge, Seen
from .judge_stores import waited
from .judgement import judge
from .manners import alone, give_way
from .packages import read_packages
from .path_rules import Judged
from .paths import PathJudge
from .places import read_places, unreached
from .processes import user_name
from .result import Result, keep, last
from .rules import rules_of
from .saved import hold_newest, reading
from .schedules import state_directories
from .shipped_exemptions import SHIPPED, still_empty
from .slow_places import SlowPlaces, recognised
from .waiting import overdue_now
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
            ledger = Path(settings.ledger)
            contents.leave_note(name, NOTE, newest, *([ledger] if ledger.exists() else []))
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
        self._before = last(FOLDER)
        self._claims = Claims.of(order.merged, SHIPPED.items(), today=self._now.date())

    def result(self) -> Result:
        with self._watch.step("ask the store"):
            held = hold_newest(self._contents, self._claims.contracts, FOLDER)
        with self._watch.step("ask the servers"):
            places = read_places(
                [claim.path for claim in self._claims.paths]
                + [one_spelling(store.path) for _, store in self._claims.sqlite()],
                self._claims.exempting(),
            )
            alive = running.look(
                self._host,
                enter,
                contracts=self._claims.contracts,
                silent=[place.path for place in places if place.skipped and place.is_state],
            )
            self._claims = self._claims.with_shipped([*alive.exempt_layers(), *still_empty()])
            overdue = overdue_now(self._before.waiting if self._before else {}, held)
            databases = judge_databases(
                alive.databases, self._claims, held, servers=alive.servers, overdue=overdue
            )
        with self._watch.step("walk"):
            checked = Checked.read(FOLDER / KEPT_CHECKED)
            slow = SlowPlaces(places)
            packages = read_packages(checked, read=slow.md5)
            volumes = [
                *(one.path for one in alive.unused_volumes),
                *(mount.source for one in alive.containers for mount in one.mounts),
            ]
            units = state_directories()
            boundaries = {path.rstrip("/") for path in (*volumes, *units)} - {""}
            with reading(held) as snapshots:
                path_judge = PathJudge(
                    rules_of(self._claims, held, databases, overdue),
                    snapshots,
                    packages,
                    boundaries=boundaries,
                    notice=partial(self._notice, slow),
                )
                take, unmet = path_judge.take, {place.path for place in places}
                walked = walk(places, path_judge.is_settled, self._unread.append)
                for self._entries, entry in enumerate(walked, start=1):
                    take(entry)
                    unmet.discard(entry.path)
                paths = path_judge.finish()
            self._recognised += slow.look(self._unread.append)
            checked.save(FOLDER / KEPT_CHECKED)
        unread = tuple(one for one in self._unread if not path_judge.is_exempt(one.path))
        seen = Seen(
            databases=alive.databases,
            containers=alive.containers,
            unused_volumes=alive.unused_volumes,
            places=unreached(places, unmet),
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
            old = self._before.figures if self._before else {}
            newest = figures_of(known.held)
            fell, kept = compared(self._claims.contracts, newest, old, now=self._now)
        result = Result(
            host=self._name,
            audited_at=self._now,
            findings=said.findings,
            alarms=(*said.alarms, *fell),
            entries=self._entries,
            figures=kept,
            waiting=waited(known.held, paths, databases),
        ).since(self._before)
        return replace(result, seconds=dict(self._watch.seconds))

    def _notice(self, slow: SlowPlaces, entry: Entry) -> None:
        """Recognise what nobody claims; later, where that may hang."""
        if slow.put_aside(entry):
            return
        try:
            found = recognised(entry)
            self._recognised += [found] if found else []
        except OSError as error:
            self._unread.append(Unread(entry.path, error.strerror or str(error)))
