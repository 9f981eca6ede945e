#!/usr/bin/python3 -I
# Copyright: (c) The Probealarm contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Let a service go on that a backup held still: the one program that does it, every time.

A mark, ``<service>.json``, says that a service is held and by which steps it goes on. The guard of
a backup runs this program when the backup ends, however it ends; a unit runs it at boot; a person
runs it by hand. Steps may be run again without harm, so nothing here has to know what was done.

This file stands alone, without the rest of the library: the role ``snapshots`` copies it to
``PROGRAM``, because a run that was killed has taken its library along.
"""

from __future__ import annotations

import fcntl
import json
import os
import pwd
import shlex
import signal
import subprocess
import sys
from argparse import ArgumentParser
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any

HELD = Path("/var/lib/probealarm/held")
PROGRAM = Path("/usr/local/lib/probealarm/resume.py")
AT_BOOT = "probealarm-resume.service"
"""Runs this program for every mark, at boot and once a minute while that fails."""
STEP_SECONDS = 120
"""No single step may take longer; stopping a service takes systemd 90 s at most by default."""

Step = Mapping[str, Any]
"""``{"run": [program, argument, ...], "user": account}``; root where no account is named."""
Runner = Callable[[Step], bool]


def guard_of(service: str) -> str:
    """Name the unit that guards a service while it is held."""
    return f"probealarm-held-{service}.service"


def by_hand(step: Step) -> str:
    """Write a step as a person types it, as root."""
    return shlex.join([*_as_user(step), *step["run"]])


def command_of(step: Step) -> list[str]:
    """Build the arguments that run a step as its account, and end it when it takes too long."""
    return ["timeout", "--kill-after=5", str(STEP_SECONDS), *_as_user(step), *step["run"]]


def environment_of(step: Step) -> dict[str, str]:
    """Build the variables that say whose home a step is run in; none for root."""
    user = step.get("user")
    if not user:
        return {}
    try:
        return {"HOME": pwd.getpwnam(user).pw_dir, "USER": user, "LOGNAME": user}
    except KeyError:
        return {}  # runuser will say that there is no such account


def resume(mark: Path, run: Runner) -> list[str]:
    """Run the steps of a mark and remove it; return the commands that did not succeed.

    Every step is tried, also after one that failed: half a service is better than none. Only one
    program at a time does this; whoever comes second finds the mark gone.

    Raises:
        ValueError: the mark cannot be understood.
    """
    try:
        with mark.open("rb") as file:
            fcntl.flock(file, fcntl.LOCK_EX)
            if not mark.exists():
                return []
            failed = [by_hand(step) for step in _steps(file.read()) if not run(step)]
    except FileNotFoundError:
        return []
    if not failed:
        mark.unlink(missing_ok=True)
        flush_folder(mark.parent)
    return failed


def flush_folder(folder: Path) -> None:
    """Have on the disk which files a folder has, so that a power cut does not bring one back."""
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def is_guarded(service: str) -> bool:
    """Tell whether a backup holds the service at this moment, and will let it go itself."""
    asked = subprocess.run(
        ["systemctl", "is-active", "--quiet", guard_of(service)],
        stdin=subprocess.DEVNULL,
        check=False,
    )
    return asked.returncode == 0


def run_here(step: Step) -> bool:
    """Run a step; what it says goes where this program's own words go, into the journal."""
    try:
        done = subprocess.run(
            command_of(step),
            env={**os.environ, **environment_of(step)},
            stdin=subprocess.DEVNULL,
            check=False,
        )
    except OSError:
        return False
    return done.returncode == 0


def main(arguments: Sequence[str], held: Path = HELD) -> int:
    """Let the named services go on, or all that no backup holds at this moment."""
    parser = ArgumentParser(description="Let services go on that a backup held still.")
    parser.add_argument("services", nargs="*", help="by default all that are held no longer")
    parser.add_argument("--run", type=int, help="the process of the backup, for its guard alone")
    asked = parser.parse_args(arguments)
    if asked.run and os.environ.get("SERVICE_RESULT") == "timeout":
        _end(asked.run)
    names = asked.services or [
        mark.stem for mark in sorted(held.glob("*.json")) if not is_guarded(mark.stem)
    ]
    status = max([_let_go(held / f"{name}.json") for name in names], default=0)
    if status and asked.run:
        _try_again_later()
    return status


def _let_go(mark: Path) -> int:
    if not mark.exists():
        return 0
    try:
        failed = resume(mark, run_here)
    except (ValueError, OSError) as error:
        sys.stderr.write(
            f"{mark.stem} MAY STILL BE HELD: {mark} cannot be read ({error}). Let it go on as "
            "quiesce.resume of its declaration says, then remove that file.\n"
        )
        return 1
    if failed:
        sys.stderr.write(
            f"{mark.stem} IS STILL HELD: what lets it go on did not succeed. Run by hand, as "
            f"root: {' ; '.join(failed)} ; then: rm {mark}\n"
        )
        return 1
    sys.stdout.write(f"{mark.stem} goes on.\n")
    return 0


def _try_again_later() -> None:
    """Hand over to the unit that does not give up; the guard is about to end."""
    subprocess.run(["systemctl", "--no-block", "start", AT_BOOT], check=False)


def _end(process: int) -> None:
    """End a run that did not hear its own alarm: its copy would not be of one moment."""
    with suppress(ProcessLookupError):
        os.kill(process, signal.SIGKILL)


def _steps(content: bytes) -> list[Step]:
    try:
        steps = json.loads(content)["resume"]
        for step in steps:
            by_hand(step)
    except (KeyError, TypeError, AttributeError) as error:
        raise ValueError(f"{type(error).__name__}: {error}") from None
    return list(steps)


def _as_user(step: Step) -> list[str]:
    return ["runuser", "--user", step["user"], "--"] if step.get("user") else []


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
