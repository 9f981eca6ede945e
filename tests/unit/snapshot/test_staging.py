"""Dumps stay private and never longer than their run."""

from __future__ import annotations

from pathlib import Path

import pytest

from plugins.module_utils.errors import Trouble
from plugins.module_utils.snapshot.staging import staging


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
