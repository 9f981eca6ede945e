"""Our snapshots beside borgmatic: python3 -m benchmarks.snapshots, in the lab's environment.

Wants a lab that playbooks/site.yml has set up, on a quiet machine. Both tools save the same data to
stores of their own on judy, in one run, and take turns in being first. --quick is the short form,
which is not kept.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
from dataclasses import asdict
from pathlib import Path

from benchmarks.snapshots.data import Sizes
from benchmarks.snapshots.lab_hosts import command, on, prepare
from benchmarks.snapshots.summary import Night, Result, summary

RESULT = Path(__file__).parent / "results" / "snapshots.json"
TOOLS = ("ours", "borgmatic")
MEGABYTE = 1_000_000
QUICK = 0.1


def main() -> None:
    """Measure, print the result, and keep it when it is the long form."""
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--files", type=int, default=10_000)
    asked.add_argument("--file-megabytes", type=int, default=600)
    asked.add_argument("--contacts", type=int, default=200_000, help="MariaDB: with 6 rows each")
    asked.add_argument("--posts", type=int, default=100_000, help="PostgreSQL: with 4 votes each")
    asked.add_argument("--first", type=int, default=3, help="how often the first backup is made")
    asked.add_argument("--nights", type=int, default=10)
    asked.add_argument("--quick", action="store_true", help="a tenth of all that, and 2 nights")
    wanted = asked.parse_args()
    share = QUICK if wanted.quick else 1.0
    sizes = Sizes(
        files=round(wanted.files * share),
        file_bytes=round(wanted.file_megabytes * MEGABYTE * share),
        contacts=round(wanted.contacts * share),
        posts=round(wanted.posts * share),
    )
    if wanted.quick:
        wanted.first, wanted.nights = 1, 2
    version = prepare()
    try:
        found = measure(sizes, wanted.first, wanted.nights)
    finally:
        on("nick", "remove")
        on("judy", "remove")
    text = json.dumps(describe(found, sizes, version), indent=2) + "\n"
    sys.stdout.write(text)
    if not wanted.quick:
        RESULT.parent.mkdir(exist_ok=True)
        RESULT.write_text(text, encoding="utf-8")


def measure(sizes: Sizes, first: int, nights: int) -> Result:
    """Back up with both tools, first into empty stores and then night after night."""
    on("judy", "serve", key=on("nick", "key"))
    say("data")
    on("nick", "make", **asdict(sizes))
    databases = on("nick", "sizes")
    firsts = []
    for number in range(first):
        on("judy", "empty")
        on("nick", "forget")
        firsts.append(both(f"first {number + 1}", number))
    stored = [on("judy", "stored")]
    later: list[Night] = []
    for number in range(1, nights + 1):
        on("nick", "live", night=number, **asdict(sizes))
        later.append(both(f"night {number}", number))
        stored.append(on("judy", "stored"))
    return Result(firsts, later, stored, databases)


def both(name: str, number: int) -> Night:
    """Let both tools save the same state; who begins changes from time to time."""
    order = TOOLS if number % 2 == 0 else TOOLS[::-1]
    costs = {tool: on("nick", tool) for tool in order}
    dumps = on("nick", "dumps")
    said = {tool: costs[tool]["wall_seconds"] for tool in TOOLS}
    say(f"{name}: {said}, load {os.getloadavg()[0]:.1f}, {costs['ours']['steps']}, {dumps}")
    return Night(costs["ours"], costs["borgmatic"], dumps)


def describe(found: Result, sizes: Sizes, version: str) -> dict[str, object]:
    """Tell what was measured, on what and with what."""
    return {
        "command": " ".join(["python3 -m benchmarks.snapshots", *sys.argv[1:]]),
        "cores": os.cpu_count(),
        "load_at_the_end": round(os.getloadavg()[1], 1),
        "versions": {
            "borgmatic": version,
            "borg": command("nick", "borg", "--version").split()[1],
            "restic": command("nick", "restic", "version").split()[1],
        },
        "data": {**asdict(sizes), **found.databases},
        **summary(found),
    }


def say(text: str) -> None:
    """Tell how far it is."""
    sys.stderr.write(f"{text}\n")


if __name__ == "__main__":
    main()
