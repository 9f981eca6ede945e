"""Long steps say how far they are, and a failed one says why and where the rest is."""

from __future__ import annotations

from pathlib import Path

import pytest

from lab import progress
from lab.errors import LabError
from lab.progress import Progress, side_by_side


def test_a_long_step_is_never_silent(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(progress, "HEARTBEAT_SECONDS", 0.05)
    script = "import time; print('half of it', flush=True); time.sleep(0.6)"
    Progress(tmp_path).run("Build the image", ["python3", "-c", script])
    shown = capsys.readouterr().out
    assert "Build the image ..." in shown
    assert "    half of it" in shown
    assert "Build the image: done in" in shown
    assert (tmp_path / "build-the-image.log").read_text(encoding="utf-8") == "half of it\n"


def test_a_failed_step_shows_its_end_and_names_its_log(tmp_path: Path) -> None:
    script = "for n in range(100): print('line', n)\nraise SystemExit(3)"
    with pytest.raises(LabError) as caught:
        Progress(tmp_path).run("Import", ["python3", "-c", script])
    said = str(caught.value)
    assert said.startswith("Import failed (exit status 3).")
    assert "line 99" in said
    assert "line 50" not in said
    assert str(tmp_path / "import.log") in said


def test_of_two_steps_side_by_side_both_end_before_a_failure_is_told() -> None:
    ended = []

    def fail() -> None:
        raise LabError("no mirror")

    with pytest.raises(LabError, match="no mirror"):
        side_by_side(fail, lambda: ended.append(True))
    assert ended
