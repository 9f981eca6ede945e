# Copyright: (c) The Probealarm contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Save SQLite and Redis: each as one file of one moment, and what is in that very file."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

from ..contract import Contract
from ..drill.small_servers import Place, loaded, measured
from ..errors import Broken, Trouble
from ..file_listing import sha256_of
from ..host import Host
from ..manifest_small import RedisManifest, SqliteManifest
from ..measures import DumpFile
from ..stores import RedisStore, SqliteStore
from ..tools import sqlite, systemd
from ..tools.containers import Image
from ..tools.in_container import enter
from ..tools.redis import Redis, dump_version
from ..tools.systemd import Unit

REDIS_USER = "redis"
"""Debian's package makes it. Whoever controls it has the dump's content already."""
NOBODY = 65534
"""What a throw-away server from a container's image runs as; no account of the image is needed."""
REFUSALS = ("NOAUTH", "NOPERM")


@dataclass(frozen=True)
class SmallStores:
    """What was saved."""

    sqlite: tuple[SqliteManifest, ...]
    redis: tuple[RedisManifest, ...]


def save_small_stores(host: Host, contract: Contract, folder: Path) -> SmallStores:
    """Copy every store of these kinds into a folder and tell what the copies hold.

    Raises:
        Trouble: a store is missing, cannot be read, or what was written is not whole.
    """
    saved = tuple(_save_sqlite(store, folder) for store in contract.sqlite)
    if not contract.redis:
        return SmallStores(saved, ())
    with _guarded(host, contract.name, folder) as place:
        return SmallStores(
            saved, tuple(_save_redis(host, store, folder, place) for store in contract.redis)
        )


def _save_sqlite(store: SqliteStore, folder: Path) -> SqliteManifest:
    copy = folder / f"{store.name}.sqlite"
    sqlite.copy_into(Path(store.path), copy)
    return SqliteManifest(
        store=store.name,
        path=store.path,
        measure=sqlite.measure(copy, store),
        dump=_described(copy),
    )


def _save_redis(host: Host, store: RedisStore, folder: Path, place: Place) -> RedisManifest:
    """Save a Redis of the host itself, or one in a container."""
    if store.container is None:
        return _save(Redis(host, store.socket, store.port), store, folder, host, place)
    inside = enter(host, store.container, "redis", store.password_variable)
    if not inside.found.image:
        raise Trouble(
            f"container {inside.found.name} runs from a plain folder and not from an image. What "
            f"is in the dump of its Redis (store {store.name}) is counted in a second container "
            "of the same image. Nothing was saved; run it from an image."
        )
    image = Image(inside.found.runtime, inside.found.image, inside.programs["redis-server"])
    there = replace(place, user=NOBODY, image=image)
    try:
        return _save(Redis(inside, store.socket, store.port), store, folder, host, there)
    except Trouble as trouble:
        raise inside.explained(trouble) from None


def _save(
    server: Redis, store: RedisStore, folder: Path, host: Host, place: Place
) -> RedisManifest:
    """Dump one Redis, and measure what is in the dump in a throw-away server on the host."""
    file = folder / f"{store.name}.rdb"
    where = store.socket or f"port {store.port}"
    done = server.dump_into(file)
    said = done.complaint + done.output
    if done.status != 0 and store.container is None and any(word in said for word in REFUSALS):
        raise Trouble(
            f"the Redis at {where} (store {store.name}) asks for a password, and on the host "
            "itself there is no key to give one. Nothing was saved. Take the store out of "
            "services.probealarm.yml, and let a store of kind files save the dump that Redis "
            "writes by itself (its settings dir, dbfilename and save): that is whole, and as old "
            "as its last one."
        )
    if done.status != 0:
        raise Trouble(
            f"the Redis at {where} (store {store.name}) gave no dump: {done.last_words}. Nothing "
            "was saved; earlier snapshots are untouched."
        )
    version = dump_version(file) if file.exists() else ""
    if not version:
        raise Trouble(
            f"the dump of the Redis at {where} (store {store.name}) is not whole although "
            "redis-cli reported success. Nothing was saved; look at the server's log and back up "
            "again."
        )
    try:
        with loaded(host, place, file, version) as socket:
            measure = measured(socket, store, version)
    except Broken as reason:
        raise Trouble(f"store {store.name}: {reason}. Nothing was saved; back up again.") from None
    return RedisManifest(store.name, store.database, measure, _described(file))


@contextmanager
def _guarded(host: Host, service: str, folder: Path) -> Iterator[Place]:
    """Name a throw-away server and start the guard that it cannot outlive.

    The guard waits for this process, so that the server is gone after a ``kill -9`` too. What is
    there already is left from such an end: the lock on the staging folder is ours.
    """
    place = Place(
        folder=folder / "redis",
        unit=f"probealarm-back-up-{service}-redis.service",
        guard=f"probealarm-back-up-{service}-guard.service",
        user=REDIS_USER,
    )
    for unit in (place.unit, place.guard):
        systemd.stop(host, unit)
    guard = Unit(
        name=place.guard,
        argv=["tail", f"--pid={os.getpid()}", "--follow", "/dev/null"],
        properties=[f"Description=End the throw-away Redis of the backup of {service}"],
    )
    systemd.start(host, guard)
    try:
        yield place
    finally:
        systemd.stop(host, place.guard)


def _described(file: Path) -> DumpFile:
    return DumpFile(path=str(file), bytes=file.stat().st_size, sha256=sha256_of(str(file)))
