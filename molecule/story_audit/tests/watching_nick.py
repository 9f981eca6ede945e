"""Runs on nick: lists its files, lets a whole audit run in a process of its own, lists again.

Reads a job on standard input: the contracts, seeds, and what may change by itself. Meanwhile it
looks at the priority of that process, and of everything that it starts.
"""

from __future__ import annotations

import hashlib
import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

AUDIT = """
import json, sys
sys.path.insert(0, "/usr/share/ansible/collections")
from datetime import UTC, datetime
from ansible_collections.probealarm.recovery.plugins.module_utils import host, settings
from ansible_collections.probealarm.recovery.plugins.module_utils.audit.procedure import audit
where = settings.read_settings(
    settings.SnapshotSettings, "/etc/probealarm/snapshots.json", "snapshots"
)
clock = lambda: datetime.now(UTC)
sys.stdout.write(audit(host.LocalHost(), "nick", json.load(sys.stdin), where, clock=clock).unsent)
"""


def main() -> None:
    """Sow, list, audit, list, and tell what differs."""
    job = json.load(sys.stdin)
    told = [shell(seed["seed"]) for seed in job["seeds"]]
    try:
        before = dict(listed("/", job))
        unsent, priorities = audited(job["contracts"])
        after = dict(listed("/", job))
    finally:
        told += [shell(seed["clean"]) for seed in reversed(job["seeds"])]
    names = before.keys() | after.keys()
    outcome = {
        "unsent": unsent,
        "priorities": priorities,
        "listed": [*before],
        "changed": {
            name: [before.get(name), after.get(name)]
            for name in names
            if before.get(name) != after.get(name)
        },
        "complaints": [text for text in told if text],
    }
    sys.stdout.write(json.dumps(outcome))


def listed(folder: str, job: dict[str, Any]) -> Iterator[tuple[str, list[Any]]]:
    """Yield each path with its times and size, and a digest where the job wants one."""
    for entry in os.scandir(folder):
        if entry.path in job["left_out"]:
            continue
        try:
            seen = entry.stat(follow_symlinks=False)
        except FileNotFoundError:
            continue
        row: list[Any] = [seen.st_mtime_ns, seen.st_ctime_ns, seen.st_size]
        if folder in job["hashed"]:
            row.append(hashlib.sha256(Path(entry.path).read_bytes()).hexdigest())
        yield entry.path.encode(errors="backslashreplace").decode(), row
        if entry.is_dir(follow_symlinks=False):
            yield from listed(entry.path, job)


def audited(contracts: list[dict[str, Any]]) -> tuple[str, dict[str, list[str]]]:
    """Audit; say why it was not sent, and by program which priorities were seen, in order."""
    auditor = subprocess.Popen(
        ["python3", "-c", AUDIT], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    assert auditor.stdin is not None
    auditor.stdin.write(json.dumps(contracts))
    auditor.stdin.close()
    seen: dict[str, list[str]] = {}
    while auditor.poll() is None:
        look(auditor.pid, "the audit", seen)
        for child in Path(f"/proc/{auditor.pid}/task/{auditor.pid}/children").read_text().split():
            look(int(child), "", seen)
        time.sleep(0.02)
    if auditor.returncode:
        raise SystemExit(f"the audit ended with {auditor.returncode}")
    assert auditor.stdout is not None
    return auditor.stdout.read(), seen


def look(pid: int, name: str, seen: dict[str, list[str]]) -> None:
    """Remember the nice value and the I/O class of a process, if it is still alive."""
    process = Path(f"/proc/{pid}")
    asked = subprocess.run(
        ["ionice", "--pid", str(pid)], capture_output=True, text=True, check=False
    )
    try:
        program = name or (process / "comm").read_text().strip()
        nice = os.getpriority(os.PRIO_PROCESS, pid)
        is_alive = (process / "cmdline").read_bytes()  # what ends loses its I/O class after this
    except OSError:
        return
    if is_alive:
        seen.setdefault(program, []).append(f"nice {nice}, {asked.stdout.strip()}")


def shell(lines: str) -> str:
    """Run a seed; give what it complained of when it failed."""
    done = subprocess.run(["sh", "-c", lines], capture_output=True, text=True, check=False)
    return f"{lines}: {done.stderr}" if done.returncode else ""


main()
