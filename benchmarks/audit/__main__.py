r"""Audit a million files: python3 -m benchmarks.audit, as root, in the lab's environment.

Wants restic 0.18 and about 6 GB below --folder, which must lie where an audit looks (not in /tmp).
Three ways, in turn, so that a busy moment of the machine falls on all of them:

- ``find / -xdev -printf '%p %s %T@\n'``;
- ``restic ls --json`` of the snapshot that holds the files, from a store on the same disk;
- the whole audit of this machine: servers, containers, mounts, packages and every file, compared
  with that snapshot.

The audit is to take at most 1.5 times the other two together and, with restic, 400 MB of memory.
The tree and the snapshot stay for the next run; --remove takes them away.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import shutil
import statistics
import subprocess
import sys
import time
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

import yaml

from benchmarks.audit.tree import grow
from plugins.module_utils.declaration.load import Inventory, load_services
from plugins.module_utils.host import LocalHost
from plugins.module_utils.settings import SnapshotSettings
from plugins.module_utils.tools.restic import Restic

ROOT = Path(__file__).resolve().parents[2]
RESULT = Path(__file__).parent / "results" / "audit.json"
SERVICE = "archive"
LARGEST_RATIO, LARGEST_MB = 1.5, 400


def main() -> None:
    """Measure and write the result."""
    parser = argparse.ArgumentParser(prog="python3 -m benchmarks.audit")
    parser.add_argument("--files", type=int, default=1_000_000)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--folder", type=Path, default=Path("/srv/probealarm-benchmark"))
    parser.add_argument("--remove", action="store_true")
    given = parser.parse_args()
    if given.remove:
        shutil.rmtree(given.folder, ignore_errors=True)
        return
    snapshot = prepare(given.folder, given.files)
    rounds = [measured(given.folder, snapshot) for _ in range(given.rounds)]
    floor = median(one["find"] + one["restic ls"] for one in rounds)
    audits = [one["audit"] for one in rounds]
    steps = {name: median(one["steps"][name] for one in audits) for name in audits[0]["steps"]}
    result = {
        "command": f"python3 -m benchmarks.audit --files {given.files} --rounds {given.rounds}",
        "cores": os.cpu_count(),
        "python": platform.python_version(),
        "files_in_the_snapshot": given.files,
        "entries_walked": audits[-1]["entries"],
        "median_seconds": {
            "find": median(one["find"] for one in rounds),
            "restic ls --json": median(one["restic ls"] for one in rounds),
            "audit": median(one["seconds"] for one in audits),
        },
        "median_seconds_of_steps": steps,
        "audit_to_find_and_restic_ls": round(median(one["seconds"] for one in audits) / floor, 2),
        "at_most": LARGEST_RATIO,
        "peak_mb": {
            "audit_and_its_largest_child": max(one["peak_mb"] for one in audits),
            "audit_alone": max(one["own_peak_mb"] for one in audits),
            "at_most": LARGEST_MB,
        },
        "first_audit_seconds": audits[0]["seconds"],
    }
    RESULT.parent.mkdir(exist_ok=True)
    RESULT.write_text(json.dumps(result, indent=2) + "\n", encoding="utf-8")
    sys.stdout.write(RESULT.read_text(encoding="utf-8"))


def prepare(folder: Path, files: int) -> str:
    """Grow the tree, declare it, save it once; return the snapshot's id."""
    tree = folder / "tree"
    tree.mkdir(parents=True, exist_ok=True)
    grow(tree, files)
    settings = SnapshotSettings(
        repository=str(folder / "store"),
        password_file=str(folder / "password"),
        rest_username="",
        rest_password_file="",
        ca_certificate="",
        staging_directory=str(folder / "staging"),
    )
    (folder / "password").write_text("for a benchmark\n", encoding="utf-8")
    (folder / "settings.json").write_text(json.dumps(vars(settings)), encoding="utf-8")
    (folder / "contracts.json").write_text(json.dumps(contracts(folder, tree)), encoding="utf-8")
    restic = Restic(LocalHost(), settings.store())
    if not (folder / "store").exists():
        subprocess.run(
            ["restic", "init", "--quiet"],
            check=True,
            env={**os.environ, **settings.store().environment()},
        )
    if not (saved := restic.snapshots(SERVICE)):
        (folder / "excludes").touch()
        saved = [restic.back_up(SERVICE, [str(tree)], excludes_file=folder / "excludes")]
    return saved[-1].id


def contracts(folder: Path, tree: Path) -> list[dict[str, Any]]:
    """Declare one service that is the tree, and nothing else of this machine."""
    declaration = folder / "services.probealarm.yml"
    service = {
        "profile": "files",
        "host": "nick",
        "path": str(tree),
        "objectives": {"rpo": "24h", "rto": "30m"},
    }
    text = {
        "plugin": "probealarm.recovery.services",
        "drill_host": "judy",
        "services": {SERVICE: service},
    }
    declaration.write_text(yaml.safe_dump(text), encoding="utf-8")
    services = load_services(declaration, ROOT / "catalogue", Inventory(("nick", "judy"), ()))
    return [dict(one.contract()) for one in services]


def measured(folder: Path, snapshot: str) -> dict[str, Any]:
    """Run each way once; seconds, and what the audit says of itself."""
    settings = SnapshotSettings(**json.loads((folder / "settings.json").read_text("utf-8")))
    store = {**os.environ, **settings.store().environment()}
    listing = ["restic", "--no-cache", "ls", "--no-lock", "--json", snapshot]
    seconds = {
        "find": timed(["find", "/", "-xdev", "-printf", "%p %s %T@\\n"], dict(os.environ)),
        "restic ls": timed(listing, store),
    }
    done = subprocess.run(
        [sys.executable, "-m", "benchmarks.audit.once", str(folder)],
        cwd=ROOT,
        check=True,
        capture_output=True,
        text=True,
    )
    return {**seconds, "audit": json.loads(done.stdout.splitlines()[-1])}


def timed(argv: Sequence[str], env: dict[str, str]) -> float:
    """Run a program, its output thrown away; ``find`` may complain of what vanishes."""
    began = time.perf_counter()
    subprocess.run(argv, env=env, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, check=False)
    return time.perf_counter() - began


def median(values: Iterable[float]) -> float:
    """Give the middle of some seconds."""
    return round(statistics.median(values), 2)


if __name__ == "__main__":
    main()
