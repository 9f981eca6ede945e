# Copyright: (c) The Probealarm contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""How an audit behaves on its host: it gives way to everything else, and to another audit."""

from __future__ import annotations

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from ..errors import Trouble
from ..host import Call, Host

LOWEST = 19


def give_way(host: Host) -> None:
    """Take the lowest priority for processor and disk, and hand it on to every child.

    A kernel or a container that does not allow it is no reason not to audit.
    """
    with suppress(OSError):
        os.setpriority(os.PRIO_PROCESS, 0, LOWEST)
    with suppress(Trouble):
        host.run(Call(argv=["ionice", "--class", "idle", "--pid", str(os.getpid())]))


@contextmanager
def alone(folder: Path) -> Iterator[None]:
    """Make the folder, and keep a second audit out of it.

    Raises:
        Trouble: another audit of this host is running.
    """
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        yield
    except BlockingIOError:
        raise Trouble(
            "another audit of this host is running. Wait for it; systemctl status "
            "probealarm-audit.service shows it if a timer started it."
        ) from None
    finally:
        os.close(descriptor)
