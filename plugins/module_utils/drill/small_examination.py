# Copyright: (c) The Probealarm contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Look at every copy of SQLite and Redis in a restored snapshot, one after the other."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from ..checks.evidence import Check, Question
from ..contract import Contract
from ..errors import Trouble, Unproven
from ..host import Host
from ..manifest import Manifest
from ..manifest_small import RedisManifest, SqliteManifest
from ..stopwatch import Stopwatch
from ..stores import RedisStore, SqliteStore
from . import judgement, small_judgement
from .checking import questions_to
from .judgement import Objection
from .losses import Proven
from .scratch import Scratch
from .servers import restored
from .small_servers import LoadedCopy, Place, load_and_ask, open_and_ask


@dataclass(frozen=True)
class Examined:
    """One copy: what it held and answered, unless it could not be read, and what is wrong."""

    store: str
    copy: LoadedCopy | None
    objections: tuple[Objection, ...]


@dataclass(frozen=True)
class Workplace:
    """Where and with what copies are looked at."""

    host: Host
    scratch: Scratch
    user: str
    watch: Stopwatch
    before: Proven | None


def examine_small(
    place: Workplace, contract: Contract, manifest: Manifest, checks: Sequence[Check]
) -> Iterator[Examined]:
    """Examine the copy of every declared store that the snapshot has.

    Raises:
        Unproven: a throw-away server could not be had.
    """
    files = {(saved.store, saved.path): saved for saved in manifest.sqlite}
    for store in contract.sqlite:
        if saved := files.get((store.name, store.path)):
            yield _examine_sqlite(place, store, saved, questions_to(checks, store.name))
    dumps = {(saved.store, saved.database): saved for saved in manifest.redis}
    for cache in contract.redis:
        if dumped := dumps.get((cache.name, cache.database)):
            yield _examine_redis(place, cache, dumped, questions_to(checks, cache.name))


def _examine_sqlite(
    place: Workplace, store: SqliteStore, saved: SqliteManifest, questions: tuple[Question, ...]
) -> Examined:
    def judge(copy: LoadedCopy) -> Iterator[Objection]:
        if copy.measure is not None:
            yield from small_judgement.about_sqlite(saved, copy.measure)
            yield from judgement.about_copy(saved, copy.measure)
            yield from judgement.about_contract(store, copy.measure)

    file = restored(place.scratch, saved.dump.path)
    with place.watch.step(f"measure {store.path}"):
        return _examined(store.name, lambda: open_and_ask(file, store, questions), judge)


def _examine_redis(
    place: Workplace, store: RedisStore, saved: RedisManifest, questions: tuple[Question, ...]
) -> Examined:
    def judge(copy: LoadedCopy) -> Iterator[Objection]:
        if copy.keys is not None:
            yield from small_judgement.about_redis(saved, copy.keys)
            yield from small_judgement.about_keys_of_contract(store, copy.keys)
            yield from small_judgement.about_lost_keys(store, copy.keys, place.before)

    scratch = place.scratch
    server = Place(scratch.folder / "redis", scratch.server, scratch.guard, place.user)
    dump = restored(scratch, saved.dump.path)
    with place.watch.step(f"load and measure {store.name}"):
        return _examined(
            store.name,
            lambda: load_and_ask(place.host, server, dump, (store, saved), questions),
            judge,
        )


def _examined(
    store: str,
    look: Callable[[], LoadedCopy],
    judge: Callable[[LoadedCopy], Iterator[Objection]],
) -> Examined:
    try:
        copy = look()
    except Unproven:
        raise
    except Trouble as reason:
        said = f"{store}: {reason}"
        return Examined(store, None, (Objection(judgement.DATABASE, said),))
    return Examined(store, copy, tuple(judge(copy)))
