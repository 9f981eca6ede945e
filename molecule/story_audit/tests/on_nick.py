"""Runs on nick: seeds forgotten state, audits by the very library, cleans up, and tells.

Reads a job on standard input: the collection's library, the contracts, and rounds of seeds. The
store is asked once, since no seed changes it; everything else is the audit as it is.
"""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
import time
from dataclasses import replace
from datetime import UTC, datetime
from importlib import import_module
from pathlib import Path
from typing import Any

COLLECTIONS = "/usr/share/ansible/collections"
LIBRARY = "ansible_collections.probealarm.recovery.plugins.module_utils"
COPIES = Path("/run/probealarm-story-audit")


def main() -> None:
    """Do every round, each from a clean host and back to it."""
    job = json.load(sys.stdin)
    sys.path.insert(0, COLLECTIONS)
    procedure = import_module(f"{LIBRARY}.audit.procedure")
    remember_what_the_store_holds(procedure)
    outcome = {}
    for name, wanted in job["rounds"].items():
        told = [shell(seed["seed"]) for seed in wanted["seeds"]]
        began = time.monotonic()
        try:
            outcome[name] = audited(procedure, wanted["contracts"])
        finally:
            told += [shell(seed["clean"]) for seed in reversed(wanted["seeds"])]
        outcome[name]["took_seconds"] = time.monotonic() - began
        outcome[name]["complaints"] = [text for text in told if text]
    shutil.rmtree(COPIES, ignore_errors=True)
    sys.stdout.write(json.dumps(outcome))


def remember_what_the_store_holds(procedure: Any) -> None:
    """Let the store be asked once for each set of services."""
    COPIES.mkdir(exist_ok=True)
    ask, known = procedure.hold_newest, {}

    def hold_newest(contents: Any, contracts: Any, folder: Path) -> Any:
        for contract in contracts:
            if contract.name not in known:
                known.update(ask(contents, (contract,), COPIES))
        here = {}
        for contract in contracts:
            one = known[contract.name]
            copy = folder / one.paths.name
            shutil.copyfile(one.paths, copy)
            here[contract.name] = replace(one, paths=copy)
        return here

    procedure.hold_newest = hold_newest


def audited(procedure: Any, contracts: list[dict[str, Any]]) -> dict[str, Any]:
    """Audit this host as the module does, without sending the result."""
    settings = import_module(f"{LIBRARY}.settings")
    contents = import_module(f"{LIBRARY}.tools.restic_contents").Contents(
        import_module(f"{LIBRARY}.host").LocalHost(),
        settings.read_settings(
            settings.SnapshotSettings, "/etc/probealarm/snapshots.json", "snapshots"
        ).store(),
    )
    job = procedure.Order("nick", tuple(contracts), contents, lambda: datetime.now(UTC))
    return dict(procedure.result_of(contents.host, job).as_json())


def shell(lines: str) -> str:
    """Run a seed; give what it complained of when it failed."""
    done = subprocess.run(["sh", "-c", lines], capture_output=True, text=True, check=False)
    return f"{lines}: {done.stderr}" if done.returncode else ""


main()
