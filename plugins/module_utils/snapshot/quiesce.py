# Copyright: (c) The Probealarm contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Hold a service still while it is copied, and see to it that it goes on, whatever happens.

Held is the whole span from the first dump to the end of restic: rows and the files they speak of
are of one moment only when neither moves until both are saved. What can be done before (asking the
store whether it answers, making room) is done before.

A guard unit waits for this process. When that ends, also by ``kill -9``, or when the time is up,
the guard runs the program that lets the service go on (:mod:`.resume`). A backup that ends well
stops the guard, so there is one way of letting go and it is used every time. A mark on the disk
outlives even the host: at boot ``probealarm-resume.service`` runs the same program (role
``snapshots``). What somebody had stopped before the backup stays stopped (:mod:`.stopped_before`).
"""

from __future__ import annotations

import json
import os
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass, replace
from datetime import datetime
from pathlib import Path

from ..contract import Contract, Quiesce, Step
from ..errors import Trouble
from ..host import Call, Host
from ..text import show_duration
from ..tools import systemd
from ..tools.systemd import Unit
from . import resume
from .alarm import alarm
from .stopped_before import without_what_stood

Clock = Callable[[], datetime]

LEAD_SECONDS = 15.0
"""So long before the guard lets go, and ends it, the run gives up by itself and can still say why;
a quarter of the time where that is less.
"""


@dataclass(frozen=True)
class Places:
    """Where the role ``snapshots`` put things."""

    held: Path = resume.HELD
    program: Path = resume.PROGRAM


@dataclass
class Stillness:
    """How long a service has been held still so far; 0 for one that is not held at all."""

    began: float | None = None
    ended: float | None = None

    @property
    def seconds(self) -> float:
        """Seconds from before the first step that holds to after the last that lets go."""
        if self.began is None:
            return 0.0
        return round((self.ended or time.monotonic()) - self.began, 3)


@contextmanager
def held_still(
    host: Host, contract: Contract, *, clock: Clock, places: Places | None = None
) -> Iterator[Stillness]:
    """Hold a service as its contract says; does nothing where the contract says nothing.

    Raises:
        Trouble: a step that holds failed, the time was up before the copy was ready, or the
            service could not be let go; then the sentence holds the commands to run by hand.
    """
    if contract.quiesce is None:
        yield Stillness()
        return
    hold = _Hold(host, contract.name, contract.quiesce, places or Places())
    hold.refuse_without_program()
    hold.clear_up()
    hold = replace(hold, quiesce=without_what_stood(host, hold.quiesce))
    stillness = Stillness()
    try:
        hold.guard()
        hold.mark(clock())
        with alarm(hold.patience, hold.too_long()):
            stillness.began = time.monotonic()
            for step in contract.quiesce.hold:
                hold.run(step)
            yield stillness
        if not hold.is_marked:
            raise Trouble(hold.too_long())
    except Trouble as trouble:
        raise Trouble(" ".join([str(trouble), *hold.let_go()])) from None
    except BaseException:
        hold.let_go()
        raise
    stuck = hold.let_go()
    stillness.ended = time.monotonic()
    if stuck:
        raise Trouble(f"The snapshot was saved, but {stuck[0]}")


@dataclass(frozen=True)
class _Hold:
    """One service, held."""

    host: Host
    service: str
    quiesce: Quiesce
    places: Places

    @property
    def patience(self) -> float:
        """Seconds after which the run gives up by itself."""
        limit = self.quiesce.at_most_seconds
        return limit - min(LEAD_SECONDS, limit / 4)

    @property
    def is_marked(self) -> bool:
        return self._mark.exists()

    @property
    def _mark(self) -> Path:
        return self.places.held / f"{self.service}.json"

    @property
    def _guard(self) -> str:
        return resume.guard_of(self.service)

    def refuse_without_program(self) -> None:
        """Hold nothing that nobody could let go."""
        if not (self.places.program.is_file() and self.places.held.is_dir()):
            raise Trouble(
                f"{self.service} is to be held still, and this host lacks {self.places.program} or "
                f"{self.places.held}, without which nothing would let it go on. Nothing was held "
                "and nothing saved; run playbooks/site.yml, which brings both."
            )

    def clear_up(self) -> None:
        """Let go what an earlier run left held: its guard is done, or its host went down."""
        if systemd.is_loaded(self.host, self._guard):
            systemd.stop(self.host, self._guard)
        if self.is_marked:
            self.host.run(Call(argv=["systemctl", "start", resume.AT_BOOT]))
        if self.is_marked:
            raise Trouble(f"An earlier backup held {self.service}, and {self._stuck()}")

    def guard(self) -> None:
        """Wait for this process or the end of the time; then let the service go on."""
        program = f"/usr/bin/python3 -I {self.places.program} --run={os.getpid()} {self.service}"
        systemd.start(
            self.host,
            Unit(
                name=self._guard,
                argv=["tail", f"--pid={os.getpid()}", "--follow", "/dev/null"],
                properties=[
                    f"Description=Let {self.service} go on when its backup ends",
                    f"RuntimeMaxSec={self.quiesce.at_most_seconds}",
                    f"ExecStopPost={program}",
                    f"TimeoutStopSec={len(self.quiesce.resume) * (resume.STEP_SECONDS + 10) + 30}",
                    # What a step starts is the service itself and must stay.
                    "KillMode=process",
                ],
            ),
        )

    def mark(self, now: datetime) -> None:
        """Write down, before anything is held, what lets it go on."""
        content = {
            "service": self.service,
            "held_at": now.isoformat(),
            "resume": [asdict(step) for step in self.quiesce.resume],
        }
        half = self._mark.with_suffix(".half")
        try:
            with half.open("w", encoding="utf-8") as file:
                json.dump(content, file)
                file.flush()
                os.fsync(file.fileno())
            half.replace(self._mark)
            resume.flush_folder(self.places.held)
        except OSError as error:
            with suppress(OSError):
                half.unlink()
            raise Trouble(
                f"the mark {self._mark} cannot be written ({error.strerror}), so {self.service} "
                "was not held and nothing was saved. Make room there and back up again."
            ) from None

    def run(self, step: Step) -> None:
        """Run a step that holds. What it says may hold secrets and stays unsaid."""
        plain = asdict(step)
        done = self.host.run(Call(argv=resume.command_of(plain), env=resume.environment_of(plain)))
        if done.status == 0:
            return
        ending = (
            f"did not end within {resume.STEP_SECONDS} s"
            if done.status in {124, 137}
            else f"ended with status {done.status}"
        )
        raise Trouble(
            f"{self.service} could not be held still: `{resume.by_hand(plain)}` {ending}. Nothing "
            "was saved. Run it by hand to see what it says, and what quiesce.resume names after it."
        )

    def let_go(self) -> list[str]:
        """Stop the guard, which lets the service go on; say so if it does not."""
        systemd.stop(self.host, self._guard)
        return [f"{self.service} IS STILL HELD: {self._stuck()}"] if self.is_marked else []

    def too_long(self) -> str:
        """Say that the time was up."""
        return (
            f"{self.service} may be held still for {show_duration(self.quiesce.at_most_seconds)}, "
            "and its copy was not ready in that time. The service goes on and the copy counts for "
            "nothing, because it would not be of one moment. Raise quiesce.at_most, or find out "
            "what has become slow: the ledger tells how long each step took earlier."
        )

    def _stuck(self) -> str:
        commands = " ; ".join(resume.by_hand(asdict(step)) for step in self.quiesce.resume)
        return (
            "what lets it go on did not succeed. Run by hand, as root on its host: "
            f"{commands} ; then: rm {self._mark} . What was said stands in: "
            f"journalctl --unit {self._guard} --unit {resume.AT_BOOT}"
        )
