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
from io import FileIO
from pathlib import Path

from ..errors import Trouble

FULL_BYTES = 64 * 1024
"""A disk with less room than this has stopped a dump, or is about to."""
ROOM = "It needs room for an uncompressed dump of the service's databases; back up again then."


@contextmanager
def alone(directory: Path, service: str) -> Iterator[datetime | None]:
    """Be the only run of a service, and tell when one began that never came to its end.

    The lock dies with its process, what stands in it does not: an earlier run that is still named
    there was ended from outside, by ``kill -9`` or with its host.

    Raises:
        Trouble: another run of this service has the lock, or it cannot be made.
    """
    file = directory / f"{service}.lock"
    try:
        directory.mkdir(parents=True, exist_ok=True, mode=0o700)
        lock = file.open("a+b", buffering=0)
    except OSError as error:
        raise Trouble(_unusable(service, file, error)) from None
    with lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise Trouble(
                f"{service}: another backup of this service is running on this host. Wait for "
                "it; systemctl list-units 'probealarm-*' shows it if a timer started it."
            ) from None
        killed_at = _never_ended(lock)
        # What it left may fill the disk, on which there must be room for a line.
        shutil.rmtree(directory / service, ignore_errors=True)
        try:
            lock.truncate(0)
            lock.write(f"{os.getpid()}\n".encode())
        except OSError as error:
            raise Trouble(_unusable(service, file, error)) from None
        try:
            yield killed_at
        finally:
            lock.truncate(0)


@contextmanager
def staging(directory: Path, service: str) -> Iterator[Path]:
    """Give an empty folder that only root can read, and remove it afterwards.

    Whoever asks is :func:`alone`, and what a run left behind that was killed is gone by then.

    Raises:
        Trouble: the folder cannot be made; or what went wrong inside, which gets the reason added
            when the disk is full.
    """
    folder = directory / service
    try:
        folder.mkdir(parents=True, mode=0o700)
        try:
            yield folder
        except Trouble as trouble:
            if shutil.disk_usage(folder).free >= FULL_BYTES:
                raise
            raise Trouble(f"{trouble} The disk of {folder} is full. {ROOM}") from None
        finally:
            shutil.rmtree(folder, ignore_errors=True)
    except OSError as error:
        raise Trouble(_unusable(service, folder, error)) from None


def _unusable(service: str, path: Path, error: OSError) -> str:
    return f"{service}: {path} cannot be used ({error.strerror}). {ROOM}"


def _never_ended(lock: FileIO) -> datetime | None:
    if not os.fstat(lock.fileno()).st_size:
        return None
    return datetime.fromtimestamp(os.fstat(lock.fileno()).st_mtime, UTC)
