# Copyright: (c) The Probealarm contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Dump a database and measure it in one and the same view of its rows."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from ..errors import Trouble
from ..file_listing import sha256_of
from ..host import Host, Running, Session
from ..manifest import DatabaseManifest, DumpFile
from ..stores import DatabaseStore
from ..tools import mariadb
from ..tools.mariadb import MariaDb
from ..tools.postgresql import PostgreSql

HOLD_LIMIT_SECONDS = 20.0
POLL_SECONDS = 0.005
POSTGRESQL_USER = "postgres"


def dump(host: Host, store: DatabaseStore, folder: Path) -> DatabaseManifest:
    """Write the dump of one store into a folder and tell what it must contain.

    Raises:
        Trouble: the server does not answer, the database is missing, or the dump is not whole.
    """
    if store.engine == "mariadb":
        return _dump_mariadb(host, store, folder)
    return _dump_postgresql(host, store, folder)


def _dump_mariadb(host: Host, store: DatabaseStore, folder: Path) -> DatabaseManifest:
    server = MariaDb(host, store.socket)
    file = folder / f"{store.name}.sql"
    with server.session() as measuring:
        with _commits_held(server) as hold:
            measuring.ask("START TRANSACTION WITH CONSISTENT SNAPSHOT")
            dumping = server.dump_into(store.database, file)
            _wait_for_view(dumping, file)
        measure = server.measure(measuring, store)
    _finish(store, dumping)
    if not mariadb.has_end(file):
        raise Trouble(
            f"the dump of database {store.database} has no end although mariadb-dump reported "
            "success. Nothing was saved; look at the server's journal and back up again."
        )
    return DatabaseManifest(
        store=store.name,
        engine=store.engine,
        database=store.database,
        measure=measure,
        dump=_described(file),
        commits_held_seconds=round(hold.seconds, 3),
    )


def _dump_postgresql(host: Host, store: DatabaseStore, folder: Path) -> DatabaseManifest:
    server = PostgreSql(host, store.socket, store.port, POSTGRESQL_USER)
    file, roles = folder / f"{store.name}.pgdump", folder / f"{store.name}.roles.sql"
    with server.session(store.database) as measuring:
        measuring.ask("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY")
        view = measuring.ask("SELECT pg_export_snapshot()")[0][0]
        dumping = server.dump_into(store.database, file, snapshot=view)
        measure = server.measure(measuring, store)
        _finish(store, dumping)
    written = server.dump_roles_into(roles)
    if written.status != 0:
        raise Trouble(f"the roles of {store.database} cannot be dumped: {written.last_words}")
    return DatabaseManifest(
        store=store.name,
        engine=store.engine,
        database=store.database,
        measure=measure,
        dump=_described(file),
        roles=_described(roles),
    )


@dataclass
class Hold:
    """How long commits were held."""

    seconds: float = 0.0


@contextmanager
def _commits_held(server: MariaDb) -> Iterator[Hold]:
    """Hold commits while two views open, so that both show the same moment.

    ``BACKUP STAGE BLOCK_COMMIT`` (MariaDB manual, "BACKUP STAGE") lets readers and new
    transactions go on. If this process dies its connection ends, and the server lets go by itself.
    """
    hold = Hold()
    with server.session() as holding:
        _stages(holding, "START", "FLUSH", "BLOCK_DDL", "BLOCK_COMMIT")
        began = time.monotonic()
        try:
            yield hold
        finally:
            _stages(holding, "END")
            hold.seconds = time.monotonic() - began


def _stages(session: Session, *stages: str) -> None:
    for stage in stages:
        session.ask(f"BACKUP STAGE {stage}")


def _wait_for_view(dumping: Running, file: Path) -> None:
    deadline = time.monotonic() + HOLD_LIMIT_SECONDS
    while not (dumping.ended() or mariadb.has_begun(file)):
        if time.monotonic() > deadline:
            dumping.kill()
            raise Trouble(
                f"mariadb-dump did not begin within {HOLD_LIMIT_SECONDS:.0f} s, and writers were "
                "let go. The server may be waiting for a long ALTER TABLE; back up again later."
            )
        time.sleep(POLL_SECONDS)


def _finish(store: DatabaseStore, dumping: Running) -> None:
    done = dumping.wait()
    if done.status != 0:
        raise Trouble(
            f"the dump of database {store.database} failed (exit status {done.status}): "
            f"{done.last_words}. Nothing was saved; earlier snapshots are untouched."
        )


def _described(file: Path) -> DumpFile:
    return DumpFile(path=str(file), bytes=file.stat().st_size, sha256=sha256_of(str(file)))
