"""Snapshots of databases that are written to are exactly equal to one moment of them."""

from __future__ import annotations

import json
import subprocess
import sys

from tests.operator import ROOT, environment

SNAPSHOTS = 3


def test_every_snapshot_under_load_is_exact_in_both_engines() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "benchmarks.exactness", "--snapshots", str(SNAPSHOTS)],
        cwd=ROOT,
        env=environment(),
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    for engine, found in json.loads(done.stdout)["engines"].items():
        assert (found["exact"], found["of"]) == (SNAPSHOTS, SNAPSHOTS), (engine, found["others"])
        assert found["written"]["writers_that_ended_well"] == 4, engine
        assert found["written"]["statements"] > 0, engine
        assert found["commits_held_seconds"]["longest"] < 1, engine
