"""Every Molecule scenario, the one of the whole site first and the stories last."""

from __future__ import annotations

import os
import re
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
COLOUR = re.compile(r"\x1b\[[0-9;]*m")
KEPT_LINES = 120


def _scenarios() -> list[str]:
    names = [file.parent.name for file in (ROOT / "molecule").glob("*/molecule.yml")]
    return sorted(names, key=lambda name: (name != "default", name.startswith("story_"), name))


@pytest.mark.parametrize("scenario", _scenarios())
def test_the_scenario_passes(scenario: str) -> None:
    done = subprocess.run(
        ["molecule", "test", "--scenario-name", scenario],
        cwd=ROOT,
        env={**os.environ, "NO_COLOR": "1", "ANSIBLE_NOCOLOR": "1"},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    lines = COLOUR.sub("", done.stdout).splitlines()[-KEPT_LINES:]
    assert done.returncode == 0, "\n".join(lines)
