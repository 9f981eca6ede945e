"""Dumps stay private and never longer than their run."""

from __future__ import annotations

from pathlib import Path

import pytest

from plugins.module_utils.errors import Trouble
from plugins.module_utils.snapshot.staging import killed_at_work, staging


def test_the_folder_is_private_and_gone_afterwards(tmp_path: Path) -> None:
    with staging(tmp_path, "newsletter") as folder:
        assert folder.stat().st_mode & 0o777 == 0o700
        (folder / "database.sql").touch()
    assert not folder.exists()


def test_a_failed_run_leaves_no_dump_behind(tmp_path: Path) -> None:
    def fail() -> None:
        with staging(tmp_path, "newsletter") as folder:
            (folder / "database.sql").touch()
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fail()
    assert not (tmp_path / "newsletter").exists()


def test_what_a_killed_run_left_is_removed_by_the_next(tmp_path: Path) -> None:
    (tmp_path / "newsletter").mkdir()
    (tmp_path / "newsletter" / "database.sql").touch()
    with staging(tmp_path, "newsletter") as folder:
        assert list(folder.iterdir()) == []


def test_two_runs_of_one_service_at_once_are_refused(tmp_path: Path) -> None:
    with (
        staging(tmp_path, "newsletter"),
        pytest.raises(Trouble, match="newsletter: another backup of this service is running"),
        staging(tmp_path, "newsletter"),
    ):
        pass


def test_two_services_at_once_do_not_disturb_each_other(tmp_path: Path) -> None:
    with staging(tmp_path, "newsletter") as one, staging(tmp_path, "website") as other:
        assert one != other


def test_a_run_that_was_killed_is_told_once(tmp_path: Path) -> None:
    (tmp_path / "newsletter.lock").write_text("4711\n", encoding="utf-8")
    assert killed_at_work(tmp_path, "newsletter") is not None
    assert killed_at_work(tmp_path, "newsletter") is None


def test_a_run_that_ended_or_goes_on_was_not_killed(tmp_path: Path) -> None:
    assert killed_at_work(tmp_path, "newsletter") is None
    with staging(tmp_path, "newsletter"):
        assert killed_at_work(tmp_path, "newsletter") is None
    assert killed_at_work(tmp_path, "newsletter") is None


def test_a_second_run_does_not_make_the_first_forget_itself(tmp_path: Path) -> None:
    with staging(tmp_path, "newsletter"):
        with pytest.raises(Trouble), staging(tmp_path, "newsletter"):
            pass
        assert (tmp_path / "newsletter.lock").read_text(encoding="utf-8") != ""
