# Copyright: (c) The Probealarm contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Throw-away database servers: a private socket, no network, limits, and an end with the drill."""

from __future__ import annotations

import shutil
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from ..errors import Unproven
from ..host import Call, Host
from ..tools import systemd
from ..tools.systemd import Unit
from .scratch import Scratch

START_SECONDS = 60.0
POLL_SECONDS = 0.05
LIMITS = ("MemoryMax=4G", "CPUWeight=50", "IOWeight=50", "TasksMax=512", "TimeoutStopSec=20")
SANDBOX = (
    "PrivateNetwork=yes",
    "PrivateDevices=yes",
    "ProtectSystem=strict",
    "ProtectHome=yes",
    "NoNewPrivileges=yes",
    "RestrictAddressFamilies=AF_UNIX",
    "KillMode=control-group",
    "Type=exec",
)


@contextmanager
def server_home(home: Path, user: str) -> Iterator[None]:
    """Give the server a folder of its own, and take it away before the next server needs room."""
    home.mkdir(mode=0o700)
    shutil.chown(home, user, user)
    try:
        yield
    finally:
        shutil.rmtree(home, ignore_errors=True)


@contextmanager
def running_server(
    host: Host, scratch: Scratch, user: str, argv: list[str], home: Path
) -> Iterator[None]:
    """Run a server as a unit that cannot outlive the drill's guard."""
    systemd.start(
        host,
        Unit(
            name=scratch.server,
            argv=argv,
            properties=[
                *("Description=Throw-away database server of a drill", f"User={user}"),
                *(f"BindsTo={scratch.guard}", f"ReadWritePaths={home}"),
                *(f"StandardError=append:{home / 'error.log'}", *SANDBOX, *LIMITS),
            ],
        ),
    )
    try:
        yield
    finally:
        systemd.stop(host, scratch.server)


def wait_for_server(host: Host, ping: list[str], home: Path) -> None:
    """Wait until a server answers.

    Raises:
        Unproven: it did not within START_SECONDS; with what it wrote into ``error.log``.
    """
    deadline = time.monotonic() + START_SECONDS
    while host.run(Call(argv=ping)).status != 0:
        if time.monotonic() > deadline:
            log = home / "error.log"
            said = log.read_text(errors="replace")[-400:] if log.exists() else "nothing"
            raise Unproven(
                f"the throw-away server did not answer within {START_SECONDS:.0f} s; it said: "
                + " ".join(said.split())
            )
        time.sleep(POLL_SECONDS)


def must_work(host: Host, argv: list[str]) -> None:
    """Run a program that prepares a server.

    Raises:
        Unproven: it failed.
    """
    done = host.run(Call(argv=argv))
    if done.status != 0:
        raise Unproven(f"a throw-away server cannot be made: {argv[0]} said {done.last_words}")
