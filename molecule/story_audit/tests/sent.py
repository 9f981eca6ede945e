"""What is sent to nick: a program of this folder, and its job."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path
from typing import Any

from tests.operator import SSH

from .seeds import Seed

HERE = Path(__file__).parent


def on_nick(program: str, **job: Any) -> dict[str, Any]:
    """Run one of these programs on nick, as root, and give what it tells."""
    text = (HERE / program).read_text(encoding="utf-8").replace("'", "'\\''")
    done = subprocess.run(
        ["ssh", "-F", str(SSH), "nick", "python3", "-c", f"'{text}'"],
        input=json.dumps(job),
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    told: dict[str, Any] = json.loads(done.stdout)
    return told


def plain(*seeds: Seed) -> list[dict[str, str]]:
    """Give seeds as those programs read them."""
    return [{"seed": one.seed, "clean": one.clean} for one in seeds]
