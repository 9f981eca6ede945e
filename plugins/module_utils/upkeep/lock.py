# Copyright: (c) The Probealarm contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Who may read and who may change the repositories of this host at the same time.

restic's own locks would do, but its exclusive ones refuse backups, and a reader that must not write
cannot take any. Backups only add and need no lock of ours.
"""

from __future__ import annotations

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from ..errors import Unproven


@contextmanager
def store_lock(store_directory: str, *, alone: bool) -> Iterator[None]:
    """Wait for others, then hold the store: together with other readers, or alone to change it.

    The kernel gives it back when the process ends, however that happens.

    Raises:
        Unproven: the lock's file cannot be opened.
    """
    path = Path(store_directory).with_suffix(".lock")
    try:
        descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, mode=0o600)
    except OSError as error:
        raise Unproven(
            f"the lock {path} cannot be opened ({error.strerror}). Run as root, after "
            "playbooks/site.yml."
        ) from None
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX if alone else fcntl.LOCK_SH)
        yield
    finally:
        os.close(descriptor)
