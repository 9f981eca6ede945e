# Copyright: (c) The Probealarm contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Take a snapshot and leave a trace of it in the ledger of this host, however it ends.

Each attempt is two records of the kind ``snapshot``: ``begun``, then ``saved``, or ``failed`` with
the reason. A run that was killed leaves ``begun`` alone, and the next run says what that means in a
record of its own. One that finds another at work never begins, and leaves ``failed`` alone.
"""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Iterable
from contextlib import ExitStack, suppress
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from ..clocks import CLOCKS_DIFFER
from ..contract import Contract
from ..errors import Trouble
from ..host import Host
from ..ledger import Ledger
from ..settings import SnapshotSettings
from ..text import show_duration
from .procedure import Taken, take
from .staging import alone

Clock = Callable[[], datetime]
Taking = Callable[[], Taken]
SinceBoot = Callable[[], float]
"""Seconds since the host was started, asleep or not; nobody can set that."""


def since_boot() -> float:
    """See :data:`SinceBoot`."""
    return time.clock_gettime(time.CLOCK_BOOTTIME)


def attempt(host: Host, contract: Contract, settings: SnapshotSettings, *, clock: Clock) -> Taken:
    """Take a snapshot and record it.

    Raises:
        Trouble: it failed, or it could not be recorded.
    """
    trace = Trace(Ledger(Path(settings.ledger)), contract, clock)
    with ExitStack() as until_the_end:
        try:
            killed_at = until_the_end.enter_context(
                alone(Path(settings.staging_directory), contract.name)
            )
        except Trouble as refused:
            trace.failed(clock(), str(refused))
            raise
        notes = (trace.of_a_killed_run(killed_at),) if killed_at else ()
        taken = trace.of(
            lambda: in_its_time(lambda: take(host, contract, settings, clock=clock), clock)
        )
        return replace(taken, notes=notes)


def in_its_time(taking: Taking, clock: Clock, since_boot: SinceBoot = since_boot) -> Taken:
    """Let no snapshot count whose time is not that of its backup: the clock was set meanwhile.

    That the clock was right before, compared with the store's, is seen when the store is asked.

    Raises:
        Trouble: it is not.
    """
    began, started = clock(), since_boot()
    taken = taking()
    ended = began + timedelta(seconds=since_boot() - started)
    at = taken.snapshot.taken_at
    if not began - CLOCKS_DIFFER <= at <= ended + CLOCKS_DIFFER:
        raise Trouble(
            f"{taken.manifest.service}: the clock of this host was set during the backup: it began "
            f"at {began:%Y-%m-%d %H:%M} UTC, ended {show_duration((ended - began).total_seconds())}"
            f" later, and snapshot {taken.snapshot.short} carries {at:%Y-%m-%d %H:%M} UTC. Its "
            "content is whole; its time is wrong, so it does not count. See that the clock is "
            "right (timedatectl), and back up again."
        )
    return taken


@dataclass(frozen=True)
class Trace:
    """What one service's attempts leave in the ledger."""

    ledger: Ledger
    contract: Contract
    clock: Clock

    def of(self, taking: Taking) -> Taken:
        """Record the beginning and the end of one attempt.

        A ledger that cannot be written stops no backup; the run fails when all is done.

        Raises:
            Trouble: the attempt failed, or its end could not be recorded.
        """
        began = self.clock()
        with suppress(Trouble):
            self.ledger.append(self._record("begun", began_at=began.isoformat()))
        try:
            taken = taking()
        except Trouble as trouble:
            self.failed(began, str(trouble))
            raise
        except BaseException as error:  # Ctrl-C or a bug: a trace all the same
            self.failed(began, f"{self.contract.name}: it broke off ({type(error).__name__})")
            raise
        try:
            self.ledger.append(self._saved(began, taken))
        except Trouble as trouble:
            raise Trouble(
                f"{self.contract.name}: snapshot {taken.snapshot.short} was saved, but {trouble}"
            ) from None
        return taken

    def of_a_killed_run(self, since: datetime) -> str:
        """Record what an earlier run could not record itself, and say it."""
        reason = (
            f"{self.contract.name}: the backup that began at {since:%Y-%m-%d %H:%M:%S} UTC was "
            "ended from outside before it had finished: killed, or the host went down"
        )
        with suppress(Trouble):
            self.ledger.append(self._record("failed", began_at=since.isoformat(), reason=reason))
        return reason.removeprefix(f"{self.contract.name}: ")

    def failed(self, began: datetime, reason: str) -> None:
        """Record a failure; what went wrong first is said, even if this goes wrong as well."""
        with suppress(Trouble):
            self.ledger.append(
                self._record(
                    "failed",
                    began_at=began.isoformat(),
                    ended_at=self.clock().isoformat(),
                    reason=without_names(reason, self._folders()),
                )
            )

    def _saved(self, began: datetime, taken: Taken) -> dict[str, Any]:
        manifest = taken.manifest
        return self._record(
            "saved",
            began_at=began.isoformat(),
            ended_at=self.clock().isoformat(),
            snapshot=taken.snapshot.short,
            taken_at=taken.snapshot.taken_at.isoformat(),
            bytes=taken.snapshot.bytes,
            files=manifest.file_count,
            rows=sum(base.measure.rows for base in manifest.databases)
            + sum(base.measure.rows for base in manifest.sqlite),
            held_still_seconds=taken.held_still_seconds,
            seconds=dict(taken.seconds),
        )

    def _record(self, verdict: str, **details: object) -> dict[str, Any]:
        return {
            "kind": "snapshot",
            "service": self.contract.name,
            "host": self.contract.host,
            "verdict": verdict,
            **details,
        }

    def _folders(self) -> list[str]:
        return [path for store in self.contract.files for path in store.paths]


def without_names(reason: str, folders: Iterable[str]) -> str:
    """Cut the names of files below a service's folders: a mailbox carries its owner's name."""
    for folder in sorted(folders, key=len, reverse=True):
        top = folder.rstrip("/")
        reason = "".join(
            f"{top}/..." if part.startswith(f"{top}/") else part
            for part in re.split(rf"({re.escape(top)}/(?!\.\.\.)[^:)]*)", reason)
        )
    return reason
