"""The part that runs on nick and judy: ``write``, ``take``, ``drill`` and ``remove`` an engine."""

from __future__ import annotations

import json
import sys
import threading
import time
from dataclasses import replace
from datetime import UTC, datetime
from itertools import count
from pathlib import Path
from random import Random
from shutil import rmtree

from benchmarks.exactness.subjects import SUBJECTS, WRITERS, Subject, steps
from plugins.module_utils.drill.procedure import LATEST, drill
from plugins.module_utils.host import LocalHost
from plugins.module_utils.settings import DrillSettings, SnapshotSettings, read_settings
from plugins.module_utils.snapshot.procedure import take

STATEMENTS_PER_SECOND = 200
VISITS_PER_SECOND = 10
FILES_PER_SECOND = 5
SEED = 4
FILE_BYTES = 2_000
LEDGER = "/var/lib/probealarm/exactness.jsonl"


def main() -> None:
    """Do what the command line names and print one line of JSON."""
    verb, engine = sys.argv[1:]
    subject = SUBJECTS[engine]
    verbs = {"write": write, "take": take_one, "drill": drill_one, "remove": remove}
    sys.stdout.write(json.dumps(verbs[verb](subject)) + "\n")


def write(subject: Subject) -> dict[str, float]:
    """Make the database and write to it until standard input ends; tell how much was written."""
    host = LocalHost()
    subject.prepare(host)
    Path(subject.folder).mkdir(parents=True, exist_ok=True)
    over = threading.Event()
    done: list[int] = []
    jobs = [
        threading.Thread(target=write_rows, args=(subject, number, over, done))
        for number in range(WRITERS)
    ]
    jobs.append(threading.Thread(target=add_files, args=(subject, over)))
    if subject.engine == "mariadb":
        jobs.append(threading.Thread(target=visit, args=(subject, over)))
    began = time.monotonic()
    for job in jobs:
        job.start()
    sys.stdout.write("writing\n")
    sys.stdout.flush()
    sys.stdin.read()
    over.set()
    for job in jobs:
        job.join()
    seconds = time.monotonic() - began
    files = sum(1 for _ in Path(subject.folder).iterdir())
    return {
        "writers_that_ended_well": len(done),
        "statements": sum(done),
        "statements_per_second": round(sum(done) / seconds, 1),
        "files_added": files,
    }


def write_rows(subject: Subject, number: int, over: threading.Event, done: list[int]) -> None:
    """Insert, update and delete at an even pace; who falls behind catches up."""
    pace = STATEMENTS_PER_SECOND / WRITERS
    written, began = 0, time.monotonic()
    with subject.session(LocalHost()) as session:
        for together in steps(number, Random(SEED + number)):  # noqa: S311 (repeatable, no secret)
            if over.wait(max(0.0, began + written / pace - time.monotonic())):
                break
            session.ask(";\n".join(["BEGIN", *together, "COMMIT"]))
            written += len(together)
    done.append(written)


def visit(subject: Subject, over: threading.Event) -> None:
    """Write to the table without transactions, in a client of its own: a dump lets it wait."""
    with subject.session(LocalHost()) as session:
        for number in count():
            if over.wait(1 / VISITS_PER_SECOND):
                break
            session.ask(f"INSERT INTO visit VALUES (0, {number})")


def add_files(subject: Subject, over: threading.Event) -> None:
    """Add files at an even pace."""
    chance = Random(SEED)  # noqa: S311 (repeatable, no secret)
    for number in count():
        if over.wait(1 / FILES_PER_SECOND):
            break
        (Path(subject.folder) / f"{number}.bin").write_bytes(chance.randbytes(FILE_BYTES))


def take_one(subject: Subject) -> dict[str, object]:
    """Take a snapshot."""
    settings = read_settings(SnapshotSettings, "/etc/probealarm/snapshots.json", "snapshots")
    began = time.monotonic()
    taken = take(LocalHost(), subject.contract(), settings, clock=lambda: datetime.now(UTC))
    (database,) = taken.manifest.databases
    return {
        "snapshot": taken.snapshot.short,
        "server": database.measure.server_version,
        "rows": database.measure.rows,
        "held_seconds": database.commits_held_seconds,
        "locked_tables": list(database.locked_tables),
        "seconds": round(time.monotonic() - began, 3),
    }


def drill_one(subject: Subject) -> dict[str, object]:
    """Drill the newest snapshot; its record goes into a ledger of its own."""
    settings = read_settings(DrillSettings, "/etc/probealarm/drills.json", "drills")
    settings = replace(settings, ledger=LEDGER)
    began = time.monotonic()
    record = drill(
        LocalHost(), subject.contract(), settings, LATEST, clock=lambda: datetime.now(UTC)
    )
    told = {name: record[name] for name in ("snapshot", "verdict", "level", "reasons")}
    return {**told, "seconds": round(time.monotonic() - began, 3)}


def remove(subject: Subject) -> dict[str, object]:
    """Take away what the measurement made on nick."""
    subject.remove(LocalHost())
    rmtree(subject.folder, ignore_errors=True)
    return {}


if __name__ == "__main__":
    main()
