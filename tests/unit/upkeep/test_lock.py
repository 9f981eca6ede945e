"""Readers of the store share it; who changes it is alone."""

from __future__ import annotations

import fcntl
import os
from pathlib import Path

import pytest

from plugins.module_utils.errors import Trouble
from plugins.module_utils.upkeep.lock import store_lock


def is_free(tmp_path: Path, kind: int) -> bool:
    descriptor = os.open(tmp_path / "store.lock", os.O_RDWR)
    try:
        fcntl.flock(descriptor, kind | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    else:
        return True
    finally:
        os.close(descriptor)


def test_a_reader_lets_readers_in_and_nobody_else(tmp_path: Path) -> None:
    with store_lock(str(tmp_path / "store"), alone=False):
        assert is_free(tmp_path, fcntl.LOCK_SH)
        assert not is_free(tmp_path, fcntl.LOCK_EX)
    assert is_free(tmp_path, fcntl.LOCK_EX)


def test_who_changes_the_store_is_alone(tmp_path: Path) -> None:
    with store_lock(str(tmp_path / "store"), alone=True):
        assert not is_free(tmp_path, fcntl.LOCK_SH)


def test_nobody_else_on_the_host_can_hold_up_the_store(tmp_path: Path) -> None:
    with store_lock(str(tmp_path / "store"), alone=True):
        assert (tmp_path / "store.lock").stat().st_mode & 0o077 == 0


def test_a_host_without_a_store_is_said_so(tmp_path: Path) -> None:
    with (
        pytest.raises(Trouble, match=r"store.lock cannot be opened"),
        store_lock(str(tmp_path / "missing" / "store"), alone=True),
    ):
        pass
