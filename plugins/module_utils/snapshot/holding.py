# Copyright: (c) The Probealarm contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Hold a MariaDB still for the moment in which a dump and a measure open their view of it.

``BACKUP STAGE BLOCK_COMMIT`` (MariaDB manual, "BACKUP STAGE") lets readers and new transactions go
on. If this process dies its connections end, and the server lets go by itself.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from ..errors import Trouble
from ..host import Running, Session
from ..tools import mariadb_dump
from ..tools.mariadb import LOCK_WAIT_SECONDS, MariaDb

HOLD_LIMIT_SECONDS = 20.0
POLL_SECONDS = 0.005
SECONDS_BETWEEN_LOOKS_AT_LOCKS = 1.0
UNTOUCHED = "Nothing was saved; earlier snapshots are untouched."


@dataclass
class Hold:
    """How long commits were held, and the tables whose writers wait until the dump is done."""

    seconds: float = 0.0
    locked: tuple[str, ...] = ()


@contextmanager
def commits_held(server: MariaDb, locking: Session, database: str) -> Iterator[Hold]:
    """Hold commits while two views open, so that both show the same moment.

    Tables without transactions are locked between two stages: from ``FLUSH`` on nobody begins to
    write to them, so the lock is granted. Locked before the stages, a writer that waits for the
    lock would let ``BLOCK_DDL`` wait for it, for ever (tried on 11.8).
    """
    hold = Hold()
    with server.session() as holding:
        with told(
            f"the server did not let the backup of {database} hold its writers within "
            f"{LOCK_WAIT_SECONDS} s, which happens while a long ALTER TABLE or another backup runs"
        ):
            _stages(holding, "START", "FLUSH", "BLOCK_DDL")
            hold.locked = server.non_transactional(locking, database)
            if hold.locked:
                server.lock(locking, database, hold.locked)
            began = time.monotonic()
            _stages(holding, "BLOCK_COMMIT")
        yield hold
        with told(f"the server stopped while the dump of {database} began"):
            _stages(holding, "END")
        hold.seconds = time.monotonic() - began


def _stages(session: Session, *stages: str) -> None:
    for stage in stages:
        session.ask(f"BACKUP STAGE {stage}")


def watch_locks(
    server: MariaDb, locking: Session, locked: tuple[str, ...], dumping: Running
) -> None:
    """Give locked tables back when a change of a table waits for them, and the dump behind it.

    Raises:
        Trouble: that happened.
    """
    looked = time.monotonic()
    while locked and not dumping.ended():
        if time.monotonic() - looked > SECONDS_BETWEEN_LOOKS_AT_LOCKS:
            looked = time.monotonic()
            if server.waiting_for_definitions(locking) > LOCK_WAIT_SECONDS:
                raise Trouble(
                    f"the tables {', '.join(locked)} know no transactions and were locked for the "
                    f"dump; for {LOCK_WAIT_SECONDS} s a statement that changes a table has waited, "
                    f"and the dump behind it. The lock was given up. {UNTOUCHED}"
                )
        time.sleep(POLL_SECONDS)


def wait_for_view(dumping: Running, file: Path) -> None:
    """Wait until a dump has opened its view.

    Raises:
        Trouble: it does not, and writers must not wait longer.
    """
    deadline = time.monotonic() + HOLD_LIMIT_SECONDS
    while not (dumping.ended() or mariadb_dump.has_begun(file)):
        if time.monotonic() > deadline:
            dumping.kill()
            raise Trouble(
                f"mariadb-dump did not begin within {HOLD_LIMIT_SECONDS:.0f} s, and writers were "
                "let go. The server may be waiting for a long ALTER TABLE; back up again later."
            )
        time.sleep(POLL_SECONDS)


@contextmanager
def told(what: str) -> Iterator[None]:
    """Make a sentence of a client's last words."""
    try:
        yield
    except Trouble as trouble:
        raise Trouble(f"{what}: {trouble}. {UNTOUCHED}") from None
