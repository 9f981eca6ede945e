"""Dumps stay private and never longer than their run."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from plugins.module_utils.errors import Trouble
from plugins.module_utils.snapshot.staging import alone, staging


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
    with alone(tmp_path, "newsletter"):
        assert not (tmp_path / "newsletter").exists(), "its dump may fill the disk"
        with staging(tmp_path, "newsletter") as folder:
            assert list(folder.iterdir()) == []


def test_two_runs_of_one_service_at_once_are_refused(tmp_path: Path) -> None:
    with (
        alone(tmp_path, "newsletter"),
        pytest.raises(Trouble, match="newsletter: another backup of this service is running"),
        alone(tmp_path, "newsletter"),
    ):
        pass


def test_two_services_at_once_do_not_disturb_each_other(tmp_path: Path) -> None:
    with (
        alone(tmp_path, "newsletter"),
        alone(tmp_path, "website"),
        staging(tmp_path, "newsletter") as one,
        staging(tmp_path, "website") as other,
    ):
        assert one != other


def killed_before(folder: Path) -> bool:
    with alone(folder, "newsletter") as killed_at:
        return killed_at is not None


def test_a_run_that_was_killed_is_told_once(tmp_path: Path) -> None:
    (tmp_path / "newsletter.lock").write_text("4711\n", encoding="utf-8")
    assert killed_before(tmp_path)
    assert not killed_before(tmp_path)


def test_a_run_that_failed_was_not_killed(tmp_path: Path) -> None:
    assert not killed_before(tmp_path)
    with pytest.raises(Trouble), alone(tmp_path, "newsletter"):
        raise Trouble("the disk is full")
    assert not killed_before(tmp_path)


def test_a_second_run_does_not_make_the_first_forget_itself(tmp_path: Path) -> None:
    with alone(tmp_path, "newsletter"):
        with pytest.raises(Trouble), alone(tmp_path, "newsletter"):
            pass
        assert (tmp_path / "newsletter.lock").read_text(encoding="utf-8") != ""


def test_a_folder_that_cannot_be_made_is_a_sentence(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with (
        pytest.raises(Trouble, match=r"^newsletter: .* cannot be used \(File exists\)"),
        alone(tmp_path / "file", "newsletter"),
    ):
        pass


def test_a_full_disk_is_added_to_what_went_wrong_on_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail() -> None:
        with staging(tmp_path, "newsletter"):
            raise Trouble("the dump failed.")

    with pytest.raises(Trouble, match=r"^the dump failed\.$"):
        fail()
    full = shutil.disk_usage(tmp_path)._replace(free=4096)
    monkeypatch.setattr(shutil, "disk_usage", lambda path: full)
    with pytest.raises(
        Trouble, match=r"^the dump failed\. The disk of .*/newsletter is full\. It "
    ):
        fail()
    assert not (tmp_path / "newsletter").exists()
