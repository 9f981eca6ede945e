# Copyright: (c) The Probealarm contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Load dumps into throw-away servers of MariaDB and PostgreSQL, measure what is there, and ask.

The servers are tuned for a life of minutes: nothing is flushed, nothing is logged for recovery.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from ..checks.evidence import Answer, Question
from ..errors import Broken, Unproven
from ..host import Call, Host, Session
from ..manifest import DatabaseManifest, Measure
from ..stores import DatabaseStore
from ..tools import mariadb, postgresql
from ..tools.answers import Refused
from ..tools.mariadb import MariaDb
from ..tools.mariadb_accounts import Statement
from ..tools.postgresql import PostgreSql
from ..tools.postgresql_dump import without_grantors
from .scratch import Scratch
from .throw_away import must_work, running_server, server_home, wait_for_server

LOGIN_PLUGINS = ("auth_ed25519", "auth_parsec")
"""Accounts that log in by them can be made only where they are loaded."""
POSTGRESQL_BINARIES = "/usr/lib/postgresql/{major}/bin"


@dataclass(frozen=True)
class Order:
    """One dump to load: for which store, what it must contain, and what is asked of it then."""

    store: DatabaseStore
    wanted: DatabaseManifest
    questions: tuple[Question, ...] = ()


@dataclass(frozen=True)
class Loaded:
    """What came back from one dump.

    Attributes:
        measure: of the copy.
        load_seconds: that loading took.
        answers: to the questions.
        refusals: what the server said instead of an answer.
    """

    measure: Measure
    load_seconds: float
    answers: Mapping[Question, Answer]
    refusals: Mapping[Question, str]


def load_and_ask(host: Host, scratch: Scratch, user: str, order: Order) -> Loaded:
    """Load one dump into a throw-away server of its kind, measure what is there, and ask.

    Raises:
        Broken: the dump does not load.
        Unproven: the server could not be had.
    """
    if order.wanted.engine == "mariadb":
        return _in_mariadb(host, scratch, user, order)
    return _in_postgresql(host, scratch, user, order)


def restored(scratch: Scratch, path: str) -> Path:
    """Where a file of the source lies in the restored tree."""
    return Path(f"{scratch.tree}{path}")


def _in_mariadb(host: Host, scratch: Scratch, user: str, order: Order) -> Loaded:
    store, wanted = order.store, order.wanted
    installed = host.run(Call(argv=["mariadbd", "--version"])).output
    _require_major(wanted.measure.server_version, installed.partition("Ver ")[2], "MariaDB", 2)
    began = time.monotonic()
    home = scratch.folder / "mariadb"
    with server_home(home, user):
        socket = home / "socket"
        must_work(
            host,
            [
                *("mariadb-install-db", "--no-defaults", f"--datadir={home / 'data'}"),
                *(f"--user={user}", "--auth-root-authentication-method=socket", "--skip-test-db"),
                f"--tmpdir={home}",  # two that share /tmp take each other's temporary tables away
            ],
        )
        argv = [
            *("mariadbd", "--no-defaults", f"--datadir={home / 'data'}", f"--socket={socket}"),
            *("--skip-networking", "--skip-log-bin", "--event-scheduler=OFF"),
            *(f"--plugin-load-add={plugin}" for plugin in LOGIN_PLUGINS),
            *("--innodb-buffer-pool-size=512M", "--innodb-log-file-size=256M"),
            *("--innodb-flush-log-at-trx-commit=0", "--innodb-doublewrite=OFF"),
            *("--innodb-flush-method=nosync", "--max-allowed-packet=1G", f"--tmpdir={home}"),
            f"--log-error={home / 'error.log'}",
        ]
        with running_server(host, scratch, user, argv, home):
            server = MariaDb(host, str(socket))
            wait_for_server(
                host, ["mariadb-admin", "--no-defaults", f"--socket={socket}", "ping"], home
            )
            with server.session() as session:
                server.create_database(session, store.database, dict(wanted.measure.creation))
                done = server.load(store.database, restored(scratch, wanted.dump.path))
                if done.status != 0:
                    raise Broken(
                        f"the dump of {store.database} does not load: {mariadb.load_fault(done)}"
                    )
                seconds = time.monotonic() - began
                granted = _with_accounts(server, session, scratch, wanted)
                measure = server.measure(session, store, granted)
            return _asked(order, measure, seconds, lambda q: server.answer(store.database, q, home))


def _with_accounts(
    server: MariaDb, session: Session, scratch: Scratch, wanted: DatabaseManifest
) -> tuple[Statement, ...]:
    """Make the accounts and tell them; what a statement holds is not told when it fails.

    The server's own accounts, which were there before, are no part of the copy.
    """
    if wanted.accounts is None:
        return ()
    own = set(server.accounts(session, wanted.database))
    done = server.load("mysql", restored(scratch, wanted.accounts.path))
    if done.status != 0:
        raise Broken(f"the accounts of {wanted.database} do not load: {mariadb.load_fault(done)}")
    return tuple(
        statement for statement in server.accounts(session, wanted.database) if statement not in own
    )


def _in_postgresql(host: Host, scratch: Scratch, user: str, order: Order) -> Loaded:
    store, wanted = order.store, order.wanted
    major = wanted.measure.server_version.split(".")[0]
    binaries = Path(POSTGRESQL_BINARIES.format(major=major))
    if not (binaries / "postgres").exists():
        raise Unproven(
            f"the dump of {store.database} is from PostgreSQL {major}, which is not installed on "
            f"this host. Install postgresql-{major} here."
        )
    began = time.monotonic()
    home = scratch.folder / "postgresql"
    with server_home(home, user):
        as_user = ["setpriv", f"--reuid={user}", f"--regid={user}", "--clear-groups"]
        must_work(
            host,
            [
                *(*as_user, str(binaries / "initdb"), f"--pgdata={home / 'data'}", "--no-sync"),
                *("--username=root", "--auth=peer", "--locale=C.UTF-8", "--encoding=UTF8"),
                "--no-instructions",
            ],
        )
        options = {
            "listen_addresses": "",
            "unix_socket_directories": str(home),
            "fsync": "off",
            "full_page_writes": "off",
            "synchronous_commit": "off",
            "wal_level": "minimal",
            "max_wal_senders": "0",
            "autovacuum": "off",
            "maintenance_work_mem": "256MB",
            "max_wal_size": "4GB",
        }
        argv = [str(binaries / "postgres"), "-D", str(home / "data")]
        argv += [part for name, value in options.items() for part in ("-c", f"{name}={value}")]
        with running_server(host, scratch, user, argv, home):
            wait_for_server(host, ["pg_isready", f"--host={home}", "--quiet"], home)
            server = PostgreSql(host, str(home), 5432, "root")
            _fill_postgresql(server, scratch, store, wanted)
            seconds = time.monotonic() - began
            with server.session(store.database) as session:
                measure = server.measure(session, store)
            return _asked(order, measure, seconds, lambda q: server.answer(store.database, q, home))


def _fill_postgresql(
    server: PostgreSql, scratch: Scratch, store: DatabaseStore, wanted: DatabaseManifest
) -> None:
    if wanted.roles is not None:
        roles = scratch.folder / "roles.sql"
        roles.touch(mode=0o600)
        roles.write_bytes(without_grantors(restored(scratch, wanted.roles.path).read_bytes()))
        server.load_roles(roles)
    done = server.load(restored(scratch, wanted.dump.path))
    if done.status != 0:
        raise Broken(f"the dump of {store.database} does not load: {postgresql.load_fault(done)}")


def _asked(
    order: Order, measure: Measure, load_seconds: float, answer: Callable[[str], Answer]
) -> Loaded:
    """Put every question while the server runs; one that is refused stops no other."""
    answers: dict[Question, Answer] = {}
    refusals: dict[Question, str] = {}
    for question in order.questions:
        try:
            answers[question] = answer(question.query)
        except Refused as reason:
            refusals[question] = str(reason)
    return Loaded(measure, load_seconds, answers, refusals)


def _require_major(source: str, here: str, product: str, parts: int) -> None:
    """Refuse to judge a dump by a server of another major version.

    Raises:
        Unproven: the versions differ.
    """
    wanted = source.split("-", maxsplit=1)[0].split(".")[:parts]
    found = here.split("-", maxsplit=1)[0].split(".")[:parts]
    if wanted != found:
        raise Unproven(
            f"the dump is from {product} {'.'.join(wanted)} and this host has "
            f"{'.'.join(found) or 'none'}. Install the same version here."
        )
