"""Runs on nick: one backup by the library itself, or one that is killed at a moment.

``python3 night.pyz CONTRACT [--hours-ahead=N]`` does what the module ``snapshot`` does, without the
seconds that Ansible needs before. ``--kill-after=SECONDS`` lets another process do it, ends that by
``kill -9`` so long after it has begun, and prints what it had started and what of that goes on.
"""

from __future__ import annotations

import json
import subprocess
import sys
import time
from argparse import ArgumentParser, Namespace
from datetime import UTC, datetime, timedelta
from pathlib import Path

from plugins.module_utils.contract import Contract
from plugins.module_utils.errors import Trouble
from plugins.module_utils.host import LocalHost
from plugins.module_utils.settings import SnapshotSettings, read_settings
from plugins.module_utils.snapshot.attempt import attempt

SETTINGS = "/etc/probealarm/snapshots.json"
PATIENCE_SECONDS = 2.0


def main() -> int:
    """Do what was asked for and return the exit status."""
    parser = ArgumentParser()
    parser.add_argument("contract", type=Path)
    parser.add_argument("--hours-ahead", type=float, default=0.0)
    parser.add_argument("--kill-after", type=float)
    asked = parser.parse_args()
    return back_up(asked) if asked.kill_after is None else kill(asked)


def back_up(asked: Namespace) -> int:
    """Take one snapshot by a clock that may be wrong."""
    ahead = timedelta(hours=asked.hours_ahead)
    try:
        contract = Contract.of(json.loads(asked.contract.read_text(encoding="utf-8")))
        settings = read_settings(SnapshotSettings, SETTINGS, "snapshots")
        taken = attempt(LocalHost(), contract, settings, clock=lambda: datetime.now(UTC) + ahead)
    except Trouble as trouble:
        sys.stdout.write(f"{trouble}\n")
        return 1
    sys.stdout.write(f"{taken.summary()}\n")
    return 0


def kill(asked: Namespace) -> int:
    """Let a backup run, end it, and tell of the programs that it had started."""
    settings = read_settings(SnapshotSettings, SETTINGS, "snapshots")
    lock = Path(settings.staging_directory) / f"{asked.contract.stem}.lock"
    run = subprocess.Popen(
        [sys.executable, sys.argv[0], str(asked.contract)], stdout=subprocess.DEVNULL
    )
    while run.poll() is None and not (lock.exists() and lock.stat().st_size):
        time.sleep(0.002)
    began = time.monotonic()
    while run.poll() is None and time.monotonic() - began < asked.kill_after:
        time.sleep(0.002)
    lasted = time.monotonic() - began
    started = descendants(run.pid)
    had_ended = run.poll() is not None
    run.kill()
    run.wait()
    deadline = time.monotonic() + PATIENCE_SECONDS
    while still_there(started) and time.monotonic() < deadline:
        time.sleep(0.02)
    told = {
        "had_ended": had_ended,
        "lasted": lasted,
        "at_work": sorted(started.values()),
        "left": sorted(still_there(started).values()),
    }
    sys.stdout.write(json.dumps(told))
    return 0


def descendants(process: int) -> dict[int, str]:
    """Name all that a process started and all that those started, by their numbers."""
    parents: dict[int, tuple[int, str]] = {}
    for number in (int(path.name) for path in Path("/proc").iterdir() if path.name.isdigit()):
        if words := status(number):
            parents[number] = (int(words[2]), words[0])
    found: dict[int, str] = {}
    wanted = {process}
    while wanted:
        children = {number for number, (parent, _) in parents.items() if parent in wanted}
        found |= {number: parents[number][1] for number in children}
        wanted = children
    return found


def still_there(started: dict[int, str]) -> dict[int, str]:
    """Keep those that run under the same name, and are not just waiting to be taken note of."""
    return {
        number: name
        for number, name in started.items()
        if (words := status(number)) and words[0] == name and words[1] != "Z"
    }


def status(process: int) -> list[str]:
    """Give name, state and parent of a process (man proc_pid_stat); nothing when it is gone."""
    try:
        text = Path(f"/proc/{process}/stat").read_text(encoding="utf-8", errors="replace")
    except OSError:
        return []
    head, _, tail = text.rpartition(")")
    return [head.partition("(")[2], *tail.split()[:2]]


if __name__ == "__main__":
    sys.exit(main())
