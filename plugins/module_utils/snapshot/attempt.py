# Copyright: (c) The Probealarm contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Take a snapshot and leave a trace of it in the ledger of this host, however it ends.

Each attempt is two records of the kind ``snapshot``: ``begun``, then ``saved``, or ``failed`` with
the reason. A run that was killed leaves ``begun`` alone, and the next run says what that means in a
record of its own.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from ..contract import Contract
from ..errors import Trouble
from ..host import Host
from ..ledger import Ledger
from ..settings import SnapshotSettings
from .procedure import Taken, take
from .staging import killed_at_work

Clock = Callable[[], datetime]
Taking = Callable[[], Taken]


def attempt(host: Host, contract: Contract, settings: SnapshotSettings, *, clock: Clock) -> Taken:
    """Take a snapshot and record it.

    Raises:
        Trouble: it failed, or it could not be recorded.
    """
    trace = Trace(Ledger(Path(settings.ledger)), contract, clock)
    if since := killed_at_work(Path(settings.staging_directory), contract.name):
        trace.of_a_killed_run(since)
    return trace.of(lambda: take(host, contract, settings, clock=clock))


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
            self._failed(began, str(trouble))
            raise
        except BaseException as error:  # Ctrl-C or a bug: a trace all the same
            self._failed(began, f"{self.contract.name}: it broke off ({type(error).__name__})")
            raise
        try:
            self.ledger.append(self._saved(began, taken))
        except Trouble as trouble:
            raise Trouble(
                f"{self.contract.name}: snapshot {taken.snapshot.short} was saved, but {trouble}"
            ) from None
        return taken

    def of_a_killed_run(self, since: datetime) -> None:
        """Record what an earlier run could not record itself."""
        reason = (
            f"{self.contract.name}: the backup that began at {since:%Y-%m-%d %H:%M:%S} UTC was "
            "ended from outside before it had finished: killed, or the host went down"
        )
        with suppress(Trouble):
            self.ledger.append(self._record("failed", began_at=since.isoformat(), reason=reason))

    def _failed(self, began: datetime, reason: str) -> None:
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
