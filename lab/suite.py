"""The second command: everything is checked, quick tests first, in a lab of its own."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Sequence

from lab import environment
from lab.main_job import prepare
from lab.places import Places
from lab.progress import Progress

ALL = ("tests/unit", "tests/repo", "tests/lint", "tests/catalogue", "tests/scenarios")
TEST_LAB_SUFFIX = "-test"


def run_tests(places: Places, progress: Progress, paths: Sequence[str]) -> int:
    """Run pytest over the given paths, or over all, and return its exit status.

    Raises:
        LabError: something is missing that the lab cannot bring itself.
    """
    prepare(places, progress)
    of_tests = Places(places.root, places.lab + TEST_LAB_SUFFIX)
    return subprocess.run(
        [
            *(str(places.virtual_environment / "bin" / "pytest"), "--verbose"),
            *("-p", "no:cacheprovider", "--durations=15"),
            *(paths or ALL),
        ],
        cwd=places.root,
        env={**os.environ, **environment.variables(of_tests), "PYTHONUNBUFFERED": "1"},
        check=False,
    ).returncode
