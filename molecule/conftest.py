"""What the tests of several scenarios need: a way to run a playbook as a person would."""

import os
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
Play = Callable[..., subprocess.CompletedProcess[str]]


@pytest.fixture(scope="session")
def play() -> Play:
    """Runs a playbook of this checkout against the lab, with further options."""

    def run(playbook: str, *options: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            ["ansible-playbook", "--inventory", "inventories/lab", *options, playbook],
            cwd=ROOT,
            env={**os.environ, "ANSIBLE_CONFIG": str(ROOT / "ansible.cfg")},
            capture_output=True,
            text=True,
            check=False,
        )

    return run
