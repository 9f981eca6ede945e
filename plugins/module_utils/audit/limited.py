# Copyright: (c) The Probealarm contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A host that gives each program only so long: a daemon or a server that hangs does not stop us.

``timeout`` of coreutils ends the program: asked first, and after a moment in earnest.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from ..host import Call, Finished, Host, Running, Session

GAVE_UP = frozenset({124, 137})
"""How ``timeout`` ends when the time is over: in words, or by killing (man timeout)."""
IN_EARNEST_AFTER_SECONDS = 2


@dataclass(frozen=True)
class Limited:
    """A host on which every program has a limit."""

    host: Host
    seconds: int

    def run(self, call: Call) -> Finished:
        """See :meth:`Host.run`; one that took too long has a status for :func:`took_too_long`."""
        return self.host.run(replace(call, argv=self._hurried(call.argv)))

    def start(self, call: Call) -> Running:
        """See :meth:`Host.start`."""
        return self.host.start(replace(call, argv=self._hurried(call.argv)))

    def open_session(self, argv: Sequence[str], mark: Callable[[str], str]) -> Session:
        """See :meth:`Host.open_session`."""
        return self.host.open_session(self._hurried(argv), mark)

    def _hurried(self, argv: Sequence[str]) -> list[str]:
        return [
            *("timeout", f"--kill-after={IN_EARNEST_AFTER_SECONDS}", str(self.seconds)),
            *argv,
        ]


def took_too_long(done: Finished) -> bool:
    """Tell whether a program was ended because its time was over."""
    return done.status in GAVE_UP


def is_missing(done: Finished) -> bool:
    """Tell whether ``timeout`` found no such program (man timeout)."""
    return done.status == 127
