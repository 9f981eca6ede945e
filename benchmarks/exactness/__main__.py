"""Snapshots under load: python3 -m benchmarks.exactness, in the lab's environment.

Wants a lab that playbooks/site.yml has set up. Meanwhile writers insert, update and delete at 200
statements a second in each engine, and files are added. Every snapshot is drilled; it counts as
exact when the verdict is ``proven``: every cell of every table equals the manifest, every sum
agrees, every file has its hash. --snapshots 3 is the short form.
"""

from __future__ import annotations

import argparse
import io
import json
import os
import statistics
import subprocess
import sys
import tarfile
import time
from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from math import inf
from pathlib import Path
from typing import Any

from lab.places import Places

ROOT = Path(__file__).resolve().parents[2]
ENGINES = ("mariadb", "postgresql")
SNAPSHOTS = 30
THERE = "/var/lib/probealarm-exactness"
PARTS = ("plugins/module_utils", "benchmarks/__init__.py", "benchmarks/exactness")
RESULT = Path(__file__).parent / "results" / "exactness.json"


def main() -> None:
    """Measure, print the result, and keep it when it is the long form."""
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--snapshots", type=int, default=SNAPSHOTS)
    asked.add_argument("--minutes", type=float, default=inf, help="no round begins after that")
    wanted = asked.parse_args()
    for name in ("nick", "judy"):
        ship(name)
    until = time.monotonic() + wanted.minutes * 60
    with ThreadPoolExecutor() as both:  # both servers of nick are written to all the time
        found = both.map(lambda engine: measure(engine, wanted.snapshots, until), ENGINES)
        engines = dict(zip(ENGINES, found, strict=True))
    result = {
        "command": " ".join(["python3 -m benchmarks.exactness", *sys.argv[1:]]),
        "cores": os.cpu_count(),
        "engines": engines,
    }
    text = json.dumps(result, indent=2) + "\n"
    sys.stdout.write(text)
    if wanted.snapshots >= SNAPSHOTS:
        RESULT.parent.mkdir(exist_ok=True)
        RESULT.write_text(text, encoding="utf-8")


def measure(engine: str, snapshots: int, until: float) -> dict[str, Any]:
    """Take and drill one snapshot after the other while the engine is written to."""
    rounds: list[dict[str, Any]] = []
    with writing(engine) as written:
        while len(rounds) < snapshots and (time.monotonic() < until or not rounds):
            snapshot = on("nick", "take", engine)
            judged = on("judy", "drill", engine)
            rounds.append({**snapshot, "drill": judged})
            sys.stderr.write(f"{len(rounds)} {engine} {judged['verdict']} {judged['reasons']}\n")
    on("nick", "remove", engine)
    return summary(rounds, written)


def summary(rounds: list[dict[str, Any]], written: Mapping[str, Any]) -> dict[str, Any]:
    """Count the exact ones, and tell what the others lacked."""
    exact = [each for each in rounds if is_exact(each)]
    held = [each["held_seconds"] for each in rounds]
    return {
        "server": rounds[-1]["server"],
        "exact": len(exact),
        "of": len(rounds),
        "others": [each["drill"] for each in rounds if not is_exact(each)],
        "written": dict(written),
        "rows_at_the_end": rounds[-1]["rows"],
        "locked_tables": rounds[-1]["locked_tables"],
        "commits_held_seconds": {"median": statistics.median(held), "longest": max(held)},
        "median_seconds": {
            "snapshot": round(statistics.median(each["seconds"] for each in rounds), 2),
            "drill": round(statistics.median(each["drill"]["seconds"] for each in rounds), 2),
        },
    }


def is_exact(each: Mapping[str, Any]) -> bool:
    """Tell whether the snapshot that was just taken is the one that was proven."""
    judged = each["drill"]
    return (judged["verdict"], judged["snapshot"]) == ("proven", each["snapshot"])


def command(name: str, *argv: str) -> list[str]:
    """Build the command that runs a program on a host of the lab."""
    places = Places.of_this_checkout()
    return ["ssh", "-F", str(places.ssh / "config"), name, *argv]


def on(name: str, verb: str, engine: str) -> dict[str, Any]:
    """Run a part on a host and read what it prints."""
    said = subprocess.run(part(name, verb, engine), stdout=subprocess.PIPE, check=True, text=True)
    answer: dict[str, Any] = json.loads(said.stdout)
    return answer


def part(name: str, verb: str, engine: str) -> list[str]:
    """Build the command of one part."""
    there = ["env", "-C", THERE, "python3", "-m", "benchmarks.exactness.on_host", verb, engine]
    return command(name, *there)


@contextmanager
def writing(engine: str) -> Iterator[dict[str, Any]]:
    """Let the writers of an engine write meanwhile; afterwards they tell how much it was."""
    written: dict[str, Any] = {}
    with subprocess.Popen(
        part("nick", "write", engine), stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as writers:
        if writers.stdout is not None:
            writers.stdout.readline()  # they begin
        yield written
        said, _ = writers.communicate()  # they end when their input does
    written |= json.loads(said)


def ship(name: str) -> None:
    """Lay the library and this package down on a host."""
    packed = io.BytesIO()
    with tarfile.open(fileobj=packed, mode="w") as archive:
        for path in PARTS:
            archive.add(ROOT / path, arcname=path, filter=without_caches)
    subprocess.run(command(name, "mkdir", "-p", THERE), check=True)
    subprocess.run(command(name, "tar", "-x", "-C", THERE), input=packed.getvalue(), check=True)


def without_caches(entry: tarfile.TarInfo) -> tarfile.TarInfo | None:
    """Leave out what Python compiled here."""
    return None if "__pycache__" in entry.name else entry


if __name__ == "__main__":
    main()
