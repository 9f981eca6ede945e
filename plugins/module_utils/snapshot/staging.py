# Copyright: (c) The Probealarm contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A private place for the dumps of one run, and the lock that keeps two runs apart."""

from __future__ import annotations

import fcntl
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

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
        with (directory / f"{service}.lock").open("w") as lock:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                raise Trouble(
                    f"{service}: another backup of this service is running on this host. Wait for "
                    "it; systemctl list-units 'probealarm-*' shows it if a timer started it."
                ) from None
            _empty(folder)
            try:
                yield folder
            finally:
                shutil.rmtree(folder, ignore_errors=True)
    except OSError as error:
        raise Trouble(
            f"{service}: the staging folder {folder} cannot be used ({error.strerror}). It needs "
            "room for an uncompressed dump of the service's databases."
        ) from None


def _empty(folder: Path) -> None:
    if folder.exists():
        shutil.rmtree(folder)
    folder.mkdir(mode=0o700)
