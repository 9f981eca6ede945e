# Copyright: (c) The Probealarm contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Copies of SQLite and Redis: opened where they lie, or loaded into a throw-away server.

A backup measures what it has dumped from Redis in the same throw-away server as a drill does: a
dump is one moment of a server that goes on changing, so only the dump itself can tell what was in
it.
"""

from __future__ import annotations

import os
import shutil
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path

from ..checks.evidence import Answer, Question
from ..errors import Broken, Unproven
from ..host import Call, Host
from ..manifest_small import RedisManifest
from ..measures import Measure, RedisMeasure
from ..stores import RedisStore, SqliteStore
from ..tools import redis_keys, sqlite, systemd
from ..tools.answers import Refused
from ..tools.containers import Image
from ..tools.redis import Redis
from ..tools.redis_connection import RedisConnection
from ..tools.systemd import Unit
from .throw_away import LIMITS, POLL_SECONDS, SANDBOX

LOAD_SECONDS = 900.0
ERRORS = "errors"
"""Holds what podman or docker says, where one of them runs the server."""
INSIDE = "/mnt"
"""Where the server sees its folder. Its user may not enter what lies above that folder."""
MOST_DATABASES = 1024
"""A server refuses a dump with databases beyond the number that it was told to have."""


@dataclass(frozen=True)
class Place:
    """Where a throw-away Redis runs.

    Attributes:
        folder: its own, not there yet.
        unit: its name for systemd.
        guard: the unit that it must not outlive.
        user: what it runs as; a number where it runs from an image.
        image: where its program is from; from the host itself where there is none.
    """

    folder: Path
    unit: str
    guard: str
    user: str | int
    image: Image | None = None


@dataclass(frozen=True)
class LoadedCopy:
    """What came back from one copy of SQLite (``measure``) or Redis (``keys``), and was answered.

    Attributes:
        refusals: what was said instead of an answer.
        load_seconds: that loading took.
    """

    answers: Mapping[Question, Answer]
    refusals: Mapping[Question, str]
    measure: Measure | None = None
    keys: RedisMeasure | None = None
    load_seconds: float = 0.0


def open_and_ask(copy: Path, store: SqliteStore, questions: tuple[Question, ...]) -> LoadedCopy:
    """Measure a restored copy of SQLite as it was measured on the source, and ask.

    Raises:
        Trouble: it is no database that can be read.
    """
    measure = sqlite.measure(copy, store)
    answers, refusals = asked(questions, lambda query: sqlite.answer(copy, query))
    return LoadedCopy(answers, refusals, measure=measure)


def load_and_ask(
    host: Host,
    place: Place,
    dump: Path,
    ordered: tuple[RedisStore, RedisManifest],
    questions: tuple[Question, ...],
) -> LoadedCopy:
    """Load a dump of Redis as :func:`loaded` does, measure, and ask.

    Raises:
        Broken: it does not load.
        Unproven: the server could not be had.
    """
    store, wanted = ordered
    began = time.monotonic()
    with loaded(host, place, dump, wanted.measure.server_version) as socket:
        seconds = time.monotonic() - began
        keys = measured(socket, store, wanted.measure.server_version)
        server = Redis(host, str(socket), database=store.database)
        answers, refusals = asked(questions, server.answer)
    return LoadedCopy(answers, refusals, keys=keys, load_seconds=seconds)


def measured(socket: Path, store: RedisStore, server_version: str) -> RedisMeasure:
    """Measure a loaded dump; the version is that of the server that wrote it."""
    with closing(RedisConnection(socket)) as connection:
        return redis_keys.measure(connection, store, server_version)


@contextmanager
def loaded(host: Host, place: Place, dump: Path, version: str) -> Iterator[Path]:
    """Load a dump into a throw-away server; give its socket.

    The server persists nothing and reads the dump where it lies, by a second name.

    Raises:
        Broken: the dump does not load.
        Unproven: the server could not be had, or is too old for the dump.
    """
    if place.image is None:
        _require_version(host, version)
    socket = place.folder / "socket"
    with _folder(place, dump):
        systemd.start(host, _unit(place))
        try:
            _wait(host, place, socket)
            yield socket
        finally:
            systemd.stop(host, place.unit)


def _unit(place: Place) -> Unit:
    """The server as a unit; from an image it is a container, which has limits of its own kind."""
    options = [
        *("--port", "0", "--unixsocket", f"{INSIDE}/socket"),
        *("--dir", INSIDE, "--dbfilename", "dump.rdb", "--save", "", "--appendonly", "no"),
        *("--databases", str(MOST_DATABASES), "--logfile", f"{INSIDE}/log"),
    ]
    about = ["Description=Throw-away Redis", f"BindsTo={place.guard}"]
    if place.image is None:
        bound = [f"BindPaths={place.folder}:{INSIDE}", f"ReadWritePaths={INSIDE}"]
        return Unit(
            name=place.unit,
            argv=["redis-server", *options],
            properties=[*about, f"User={place.user}", *bound, *SANDBOX, *LIMITS],
        )
    name = place.unit.removesuffix(".service")
    removal = " ".join(place.image.removal(name))
    return Unit(
        name=place.unit,
        argv=[*place.image.command(name, place.user, place.folder, INSIDE), *options],
        properties=[
            *(*about, "Type=exec", "TimeoutStopSec=20"),
            *(f"ExecStartPre=-{removal}", f"ExecStopPost=-{removal}"),
            f"StandardError=append:{place.folder / ERRORS}",
        ],
    )


def asked(
    questions: tuple[Question, ...], answer: Callable[[str], Answer]
) -> tuple[dict[Question, Answer], dict[Question, str]]:
    """Put every question; one that is refused stops no other."""
    answers: dict[Question, Answer] = {}
    refusals: dict[Question, str] = {}
    for question in questions:
        try:
            answers[question] = answer(question.query)
        except Refused as reason:
            refusals[question] = str(reason)
    return answers, refusals


@contextmanager
def _folder(place: Place, dump: Path) -> Iterator[None]:
    """Give the server a folder with the dump in it, which it may read and not write."""
    place.folder.mkdir(mode=0o700)
    try:
        os.link(dump, place.folder / "dump.rdb")
        dump.chmod(0o644)  # in folders that only root, or root and the server, may enter
        shutil.chown(place.folder, place.user, place.user)
        yield
    except LookupError:
        raise Unproven(
            f"the user {place.user} does not exist on this host, and a throw-away Redis must not "
            "run as root. The user redis comes with Debian's package redis-server; playbooks/"
            "site.yml makes the one for drills."
        ) from None
    finally:
        shutil.rmtree(place.folder, ignore_errors=True)


def _wait(host: Host, place: Place, socket: Path) -> None:
    deadline = time.monotonic() + LOAD_SECONDS
    while not _answers(socket):
        if not systemd.is_loaded(host, place.unit):
            raise _fault(place.folder)
        if time.monotonic() > deadline:
            raise Unproven(f"the throw-away Redis did not load within {LOAD_SECONDS:.0f} s")
        time.sleep(POLL_SECONDS)


def _answers(socket: Path) -> bool:
    """Tell whether a server has loaded all; while it loads, it refuses to answer."""
    try:
        with closing(RedisConnection(socket)) as connection:
            return connection.ask("PING") == b"PONG"
    except OSError:
        return False


def _fault(folder: Path) -> Broken | Unproven:
    """Say why a server ended: it could not load, or could not even begin to.

    Of a line nothing is told from the first quote on, because a key may be named there.
    """
    log, errors = folder / "log", folder / ERRORS
    lines = log.read_text(errors="replace").splitlines() if log.exists() else []
    warnings = [line.partition(" # ")[2].partition("'")[0].strip() for line in lines]
    said = [warning for warning in warnings if warning]
    if any("Fatal error loading" in line or "loading DB" in line for line in said):
        reasons = [line for line in said if "Fatal error" not in line and "WARNING" not in line]
        return Broken(f"the dump of Redis does not load: {' '.join(reasons[-2:])}")
    last = " ".join(said[-2:])
    if not last and errors.exists():
        last = " ".join(errors.read_text(errors="replace").split())[-400:]
    return Unproven(f"the throw-away Redis ended: {last or 'it said nothing'}")


def _require_version(host: Host, version: str) -> None:
    """Refuse to load a dump of another major version, or of a newer one than is here."""
    printed = host.run(Call(argv=["redis-server", "--version"])).output
    here = printed.partition("v=")[2].split(maxsplit=1)[:1] or [""]
    wanted, found = (_numbers(text) for text in (version, here[0]))
    if wanted[:1] != found[:1] or wanted > found:
        raise Unproven(
            f"the dump is from Redis {version} and this host has {here[0] or 'none'}. Install the "
            "same version here."
        )


def _numbers(version: str) -> list[int]:
    return [int(part) for part in version.split(".")[:2] if part.isdigit()]
