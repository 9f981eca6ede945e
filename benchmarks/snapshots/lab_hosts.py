"""Bring both tools to the lab's hosts, and let parts of this package run there."""

from __future__ import annotations

import io
import json
import subprocess
import sys
import tarfile
from pathlib import Path
from typing import Any

from lab.places import Places

ROOT = Path(__file__).resolve().parents[2]
THERE = "/var/lib/probealarm-benchmark"
PARTS = ("plugins/module_utils", "benchmarks/__init__.py", "benchmarks/snapshots")
PEER = "borgmatic"
PYTHON_THERE = "3.13"
BORG = (
    "command -v borg >/dev/null || { apt-get update -qq && DEBIAN_FRONTEND=noninteractive "
    "apt-get install -qq -y --no-install-recommends borgbackup >/dev/null; }"
)
"""Run by a shell on the host: Debian's borg, unless it is there."""


def prepare() -> str:
    """Bring everything to both hosts and return borgmatic's version."""
    folder = Places.of_this_checkout().state / "borgmatic"
    if not folder.exists():
        argv = [sys.executable, "-m", "pip", "install", "--quiet", "--no-compile", "--target"]
        argv += [str(folder), f"--python-version={PYTHON_THERE}", "--only-binary=:all:"]
        subprocess.run([*argv, f"{PEER}>=2,<3"], check=True)
    for name in ("nick", "judy"):
        _ship(name, folder)
        command(name, "sh", "-c", f"'{BORG}'")
    (told,) = folder.glob(f"{PEER}-*.dist-info")
    return told.name.removeprefix(f"{PEER}-").removesuffix(".dist-info")


def on(name: str, verb: str, **told: object) -> Any:
    """Run a part on a host and read what it prints."""
    module = f"benchmarks.snapshots.on_{name}"
    there = ["env", "-C", THERE, "python3", "-m", module, verb, f"'{json.dumps(told)}'"]
    return json.loads(command(name, *there).splitlines()[-1])


def command(name: str, *argv: str) -> str:
    """Run a command on a host and return what it prints."""
    return subprocess.run(
        [*_ssh(name), *argv], stdout=subprocess.PIPE, check=True, text=True
    ).stdout


def _ssh(name: str) -> list[str]:
    return ["ssh", "-F", str(Places.of_this_checkout().ssh / "config"), name]


def _ship(name: str, peer: Path) -> None:
    """Lay the library, this package and borgmatic down on a host."""
    packed = io.BytesIO()
    with tarfile.open(fileobj=packed, mode="w") as archive:
        for path in PARTS:
            archive.add(ROOT / path, arcname=path, filter=_without_caches)
        archive.add(peer, arcname=PEER, filter=_without_caches)
    command(name, "rm", "-rf", THERE)
    command(name, "mkdir", "-p", THERE)
    subprocess.run(
        [*_ssh(name), "tar", "-x", "--no-same-owner", "-C", THERE],
        input=packed.getvalue(),
        check=True,
    )


def _without_caches(entry: tarfile.TarInfo) -> tarfile.TarInfo | None:
    """Leave out what Python compiled here."""
    return None if "__pycache__" in entry.name else entry
