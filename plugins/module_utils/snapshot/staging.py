# Copyright: (c) The Probealarm contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A private place for the dumps of one run, and the lock that keeps two runs apart."""

from __future__ import annotations

import fcntl
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import TextIO

from ..errors import Trouble


@contextmanager
def staging(directory: Path, service: str) -> Iterator[Path]:
    """Give an empty folder that only root can read, and remove it afterwards.

    What an earlier run left behind because it was killed goes first: the lock dies with its
    process, the folder does not.

    Raises:
        Trouble: another run of this service has the lock, or the folder cannot be made.
    """
    folder = directory / service
    try:
        directory.mkdir(parents=True, exist_ok=True, mode=0o700)
        with _lock_of(directory, service).open("a+") as lock:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                raise Trouble(
                    f"{service}: another backup of this service is running on this host. Wait for "
                    "it; systemctl list-units 'probealarm-*' shows it if a timer started it."
                ) from None
            _begin(lock)
            _empty(folder)
            try:
                yield folder
            finally:
                shutil.rmtree(folder, ignore_errors=True)
                lock.truncate(0)
    except OSError as error:
        raise Trouble(
            f"{service}: the staging folder {folder} cannot be used ({error.strerror}). It needs "
            "room for an uncompressed dump of the service's databases."
        ) from None


def killed_at_work(directory: Path, service: str) -> datetime | None:
    """Tell when a run began that was ended from outside and never came to its end, and forget it.

    A lock that nobody holds and that still names a process was left by ``kill -9`` or by a crash
    of the host.
    """
    try:
        with _lock_of(directory, service).open("r+") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            if not lock.read():
                return None
            began = datetime.fromtimestamp(os.fstat(lock.fileno()).st_mtime, UTC)
            lock.truncate(0)
            return began
    except OSError:  # no run yet, or one that is going on: staging says what is wrong, if anything
        return None


def _lock_of(directory: Path, service: str) -> Path:
    return directory / f"{service}.lock"


def _begin(lock: TextIO) -> None:
    lock.truncate(0)
    lock.write(f"{os.getpid()}\n")
    lock.flush()


def _empty(folder: Path) -> None:
    if folder.exists():
        shutil.rmtree(folder)
    folder.mkdir(mode=0o700)
