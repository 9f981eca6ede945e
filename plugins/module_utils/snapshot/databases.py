# Copyright: (c) The Probealarm contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Dump a database and measure it in one and the same view of its rows."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from pathlib import Path

from ..checks.evidence import Check, Unjudged
from ..checks.moments import Freshness
from ..errors import Trouble
from ..file_listing import sha256_of
from ..host import Host, Running, Session
from ..manifest import DatabaseManifest, DumpFile
from ..stores import DatabaseStore
from ..tools import mariadb_accounts, mariadb_dump, postgresql_dump
from ..tools.in_container import enter
from ..tools.mariadb import MariaDb
from ..tools.mariadb_names import identifier
from ..tools.postgresql import PostgreSql
from ..tools.turns import EVERYBODY, Turns
from .holding import UNTOUCHED, commits_held, told, wait_for_view, watch_locks

MARIADB_USER = "root"
POSTGRESQL_USER = "postgres"
NAMED_DIFFERENCES = 5


@dataclass(frozen=True)
class _Wanted:
    """What is asked beside the rows."""

    fresh: Sequence[Freshness]
    turns: Turns


def dump(
    host: Host,
    store: DatabaseStore,
    folder: Path,
    checks: Iterable[Check] = (),
    turns: Turns = EVERYBODY,
) -> DatabaseManifest:
    """Write the dump of one store into a folder and tell what it must contain.

    Of the checks, those of freshness are asked here as well: the newest record stands in the
    manifest. ``turns`` say which tables' content is hashed.

    Raises:
        Trouble: the server does not answer or stops, the database is missing, its account does not
            see all of it, or the dump is not whole.
    """
    wanted = _Wanted(_of_freshness(checks, store), turns)
    if store.container is None:
        return _dump(host, store, folder, wanted)
    inside = enter(host, store.container, store.engine, store.password_variable)
    try:
        return _dump(inside, store, folder, wanted)
    except Trouble as trouble:
        raise inside.explained(trouble) from None


def _dump(host: Host, store: DatabaseStore, folder: Path, wanted: _Wanted) -> DatabaseManifest:
    if store.engine == "mariadb":
        server = MariaDb(host, store.socket, store.user or MARIADB_USER)
        return _dump_mariadb(server, store, folder, wanted)
    user, on_host = store.user or POSTGRESQL_USER, store.container is None
    cluster = PostgreSql(host, store.socket, store.port, user, becomes_user=on_host)
    return _dump_postgresql(cluster, store, folder, wanted)


def _dump_mariadb(
    server: MariaDb, store: DatabaseStore, folder: Path, wanted: _Wanted
) -> DatabaseManifest:
    file, accounts = folder / f"{store.name}.sql", folder / f"{store.name}.accounts.sql"
    with server.session() as measuring, server.session() as locking:
        server.require(measuring, store.database)
        with told(f"the accounts of {store.database} cannot be read"):
            granted = server.accounts(measuring, store.database)
            counters = server.counters(measuring, store.database)
        with commits_held(server, locking, store.database) as hold:
            measuring.ask("START TRANSACTION WITH CONSISTENT SNAPSHOT, READ ONLY")
            dumping = server.dump_into(store.database, file)
            wait_for_view(dumping, file)
        with _ended_in_any_case(dumping):
            with told(f"the database {store.database} could not be measured"):
                measure = server.measure(measuring, store, granted, wanted.turns)
            newest = _newest(measuring, f"USE {identifier(store.database)}", wanted.fresh)
            measuring.close()  # who wants to change a table must not wait for the dump
            watch_locks(server, locking, hold.locked, dumping)
            _finish(store, dumping)
    dumped = mariadb_dump.inspect(file)
    if not dumped.is_whole:
        raise Trouble(
            f"the dump of database {store.database} has no end although mariadb-dump reported "
            "success. Nothing was saved; look at the server's journal and back up again."
        )
    _refuse_gaps(store, dumped.differences(measure.objects))
    accounts.write_text(
        mariadb_accounts.script(granted), encoding="utf-8", errors="surrogateescape"
    )
    return DatabaseManifest(
        store=store.name,
        engine=store.engine,
        database=store.database,
        measure=replace(measure, counters=counters),
        dump=DumpFile(path=str(file), bytes=dumped.bytes, sha256=dumped.sha256),
        commits_held_seconds=round(hold.seconds, 3),
        accounts=_described(accounts),
        locked_tables=hold.locked,
        newest=newest,
    )


def _dump_postgresql(
    server: PostgreSql, store: DatabaseStore, folder: Path, wanted: _Wanted
) -> DatabaseManifest:
    file, roles = folder / f"{store.name}.pgdump", folder / f"{store.name}.roles.sql"
    with server.session(store.database) as measuring:
        server.require(measuring, store.database)
        measuring.ask("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY")
        view = measuring.ask("SELECT pg_export_snapshot()")[0][0]
        counters = server.counters(measuring)
        dumping = server.dump_into(store.database, file, snapshot=view)
        with _ended_in_any_case(dumping):
            with told(f"the database {store.database} could not be measured"):
                measure = server.measure(measuring, store, wanted.turns)
            newest = _newest(measuring, "SET LOCAL search_path = public", wanted.fresh)
            _finish(store, dumping)
    written = server.dump_roles_into(roles)
    if written.status != 0:
        raise Trouble(f"the roles of {store.database} cannot be dumped: {written.last_words}")
    if store.container is None:
        fault = postgresql_dump.fault_of_dump(server.host, file, measure.tables)
    else:  # what comes out of a container has a mark at its end, see InContainer
        fault = "" if postgresql_dump.begins_as_one(file) else "it does not begin as one"
    if fault:
        raise Trouble(
            f"the dump of database {store.database} is not whole although pg_dump reported "
            f"success: {fault}. {UNTOUCHED}"
        )
    if not postgresql_dump.roles_are_whole(roles):
        raise Trouble(
            f"the roles of {store.database} have no end although pg_dumpall reported success. "
            f"{UNTOUCHED}"
        )
    return DatabaseManifest(
        store=store.name,
        engine=store.engine,
        database=store.database,
        measure=replace(measure, counters=counters),
        dump=_described(file),
        roles=_described(roles),
        newest=newest,
    )


def _of_freshness(checks: Iterable[Check], store: DatabaseStore) -> tuple[Freshness, ...]:
    return tuple(
        check for check in checks if isinstance(check, Freshness) and check.store == store.name
    )


def _newest(session: Session, place: str, fresh: Sequence[Freshness]) -> dict[str, str]:
    """Ask, in the view of the measure, for the newest record of each check.

    A query that the server refuses ends the session and is left out here: the drill objects to it.
    """
    newest: dict[str, str] = {}
    with suppress(Trouble):
        if fresh:
            session.ask(place)
        for check in fresh:
            said = [[_value(field) for field in row] for row in session.ask(check.query)]
            with suppress(Unjudged):
                if moment := check.newest(said):
                    newest[check.name] = moment.isoformat()
    return newest


def _value(field: str) -> str | None:
    """A client writes NULL, or nothing at all; neither is a time."""
    return None if field in ("", "NULL") else field


def _refuse_gaps(store: DatabaseStore, differences: list[str]) -> None:
    """Refuse a dump that does not define what was measured.

    Raises:
        Trouble: something is missing or too many.
    """
    if differences:
        named = "; ".join(differences[:NAMED_DIFFERENCES])
        more = len(differences) - NAMED_DIFFERENCES
        raise Trouble(
            f"the dump of database {store.database} is not what was measured although mariadb-dump "
            f"reported success: {named}{f'; and {more} more' if more > 0 else ''}. A table that "
            "was made or dropped meanwhile does that, and so does a right that the dump's account "
            f"lacks. {UNTOUCHED}"
        )


@contextmanager
def _ended_in_any_case(dumping: Running) -> Iterator[None]:
    """Let no dump go on into a folder that is removed."""
    try:
        yield
    finally:
        if not dumping.ended():
            dumping.kill()


def _finish(store: DatabaseStore, dumping: Running) -> None:
    done = dumping.wait()
    if done.status != 0:
        raise Trouble(
            f"the dump of database {store.database} failed (exit status {done.status}): "
            f"{done.last_words}. {UNTOUCHED}"
        )


def _described(file: Path) -> DumpFile:
    return DumpFile(path=str(file), bytes=file.stat().st_size, sha256=sha256_of(str(file)))
