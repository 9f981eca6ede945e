# Copyright: (c) The Probealarm contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Scratch space that is certainly gone afterwards, however the drill ends.

A guard unit waits for the drill's process. When that ends, also by ``kill -9``, the guard stops the
throw-away servers and removes the folder. A drill that ends well stops the guard, so there is one
way of clearing up and it is used every time. After a crash of the whole host, tmpfiles.d empties
the scratch folder at boot (role ``drills``).
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from ..errors import Trouble, Unproven
from ..host import Host
from ..tools import systemd
from ..tools.systemd import Unit


@dataclass(frozen=True)
class Scratch:
    """One drill's folder and the unit that will remove it."""

    folder: Path
    guard: str
    server: str
    """The name of the unit that a throw-away server runs in; one at a time."""

    @property
    def tree(self) -> Path:
        """Where the snapshot is restored to."""
        return self.folder / "tree"


@contextmanager
def scratch_space(host: Host, directory: Path, service: str) -> Iterator[Scratch]:
    """Open scratch space for a drill and see to it that nothing of it stays.

    Raises:
        Unproven: another drill of this service is running, or the space cannot be made.
        Trouble: something was left behind after all.
    """
    scratch = Scratch(
        folder=directory / service,
        guard=f"probealarm-drill-{service}.service",
        server=f"probealarm-drill-{service}-server.service",
    )
    if systemd.is_loaded(host, scratch.guard):
        raise Unproven(
            f"another drill of {service} is running on this host (unit {scratch.guard}). Wait for "
            f"it, or end it with: systemctl stop {scratch.guard}"
        )
    systemd.start(host, _guard(scratch))
    try:
        _make(scratch)
        yield scratch
    finally:
        systemd.stop(host, scratch.guard)
    if scratch.folder.exists() or systemd.is_loaded(host, scratch.server):
        raise Trouble(
            f"the drill of {service} left something behind: look at {scratch.folder} and at "
            f"systemctl status {scratch.server}, and remove both."
        )


def _make(scratch: Scratch) -> None:
    try:
        scratch.folder.mkdir(mode=0o711)
        scratch.tree.mkdir(mode=0o700)
    except OSError as error:
        raise Unproven(
            f"the scratch folder {scratch.folder} cannot be made ({error.strerror})"
        ) from None


def _guard(scratch: Scratch) -> Unit:
    """Wait for this process; then stop the server and remove the folder, in this order."""
    return Unit(
        name=scratch.guard,
        argv=["tail", f"--pid={os.getpid()}", "--follow", "/dev/null"],
        properties=[
            f"Description=Clear up after the drill in {scratch.folder}",
            f"ExecStopPost=-systemctl stop {scratch.server}",
            f"ExecStopPost=rm --recursive --force --one-file-system {scratch.folder}",
            "TimeoutStopSec=120",
        ],
    )
