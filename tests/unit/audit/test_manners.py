"""An audit gives way to everything else on its host, and to no second audit."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from plugins.module_utils.audit.manners import alone, give_way
from plugins.module_utils.errors import Trouble
from tests.unit.fakes import FakeHost

ROOT = Path(__file__).parents[3]


def test_two_audits_of_one_host_never_run_at_once(tmp_path: Path) -> None:
    folder = tmp_path / "audit"
    with alone(folder), pytest.raises(Trouble, match="another audit"), alone(folder):
        raise AssertionError("the second one ran")
    with alone(folder):
        assert folder.stat().st_mode & 0o777 == 0o700


def test_an_audit_runs_at_the_lowest_priority() -> None:
    program = "from tests.unit.audit.test_manners import show; show()"
    shown = subprocess.run(
        [sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert shown.stdout.strip() == "19"


def show() -> None:
    """Take the lowest priority in a process of its own, and tell it."""
    host = FakeHost()
    give_way(host)
    assert host.calls[0].argv[:3] == ["ionice", "--class", "idle"]
    sys.stdout.write(str(os.getpriority(os.PRIO_PROCESS, 0)))
