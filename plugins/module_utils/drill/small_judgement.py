# Copyright: (c) The Probealarm contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Judge copies of SQLite and Redis, in the words that other databases are judged in.

What a table is elsewhere, an irreplaceable pattern of keys is in Redis: a plain key must be there,
and what the last proven snapshot held must still be there.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from ..contract import Contract
from ..manifest import Manifest
from ..manifest_small import RedisManifest, SqliteManifest
from ..measures import Keys, Measure, RedisMeasure
from ..stores import RedisStore
from ..text import count
from ..tools.sqlite import UNCHECKED
from .judgement import DATABASE, MEANING, Objection
from .losses import Proven, is_a_loss

WILDCARDS = frozenset("*?")
OF_THE_FILE = {
    "encoding": "the encoding",
    "user_version": "the version of the application's schema (user_version)",
    "application_id": "the mark of the application (application_id)",
}


def about_identity(contract: Contract, manifest: Manifest) -> Iterator[Objection]:
    """See whether the manifest has every store of these kinds that the contract names."""
    files = {saved.store: saved.path for saved in manifest.sqlite}
    for store in contract.sqlite:
        if files.get(store.name) != store.path:
            held = f"holds {files[store.name]}" if store.name in files else "is not in it"
            yield Objection(
                DATABASE,
                f"the snapshot has no copy of the declared SQLite database {store.path}: its store "
                f"{store.name} {held}",
            )
    numbers = {saved.store: saved.database for saved in manifest.redis}
    for cache in contract.redis:
        if numbers.get(cache.name) != cache.database:
            held = f"holds {numbers[cache.name]}" if cache.name in numbers else "is not in it"
            yield Objection(
                DATABASE,
                f"the snapshot has no dump of database {cache.database} of the declared Redis: its "
                f"store {cache.name} {held}",
            )


def about_sqlite(wanted: SqliteManifest, found: Measure) -> Iterator[Objection]:
    """Compare what the file says about itself; tables and objects are compared as everywhere."""
    integrity = found.creation.get("integrity", "")
    if integrity != "ok" and not integrity.startswith(UNCHECKED):
        yield Objection(DATABASE, f"{wanted.path}: the copy is damaged inside ({integrity})")
    for key, meaning in OF_THE_FILE.items():
        source, copy = wanted.measure.creation.get(key), found.creation.get(key)
        if source != copy:
            yield Objection(
                DATABASE, f"{wanted.path}: {meaning} is {copy} in the copy and was {source}"
            )


def about_redis(wanted: RedisManifest, found: RedisMeasure) -> Iterator[Objection]:
    """Compare a loaded dump with what it held on the source."""
    source = wanted.measure
    for kind in sorted({*source.types, *found.types}):
        was, now = source.types.get(kind, 0), found.types.get(kind, 0)
        if was != now:
            yield Objection(
                MEANING,
                f"{wanted.store}: the copy has {count(now, 'key')} of type {kind}, the source had "
                f"{count(was)}",
            )
    if found.expiring > source.expiring:
        yield Objection(
            MEANING,
            f"{wanted.store}: {count(found.expiring, 'key')} of the copy would expire, and on the "
            f"source {count(source.expiring)}",
        )
    for pattern, keys in source.patterns.items():
        if reason := _difference(keys, found.patterns.get(pattern, Keys(0, 0, ""))):
            yield Objection(MEANING, f"{wanted.store}: {pattern} {reason}")


def about_keys_of_contract(store: RedisStore, held: RedisMeasure) -> Iterator[Objection]:
    """See whether every irreplaceable key that the contract names is there, and some are."""
    for pattern in store.irreplaceable:
        covered = held.patterns.get(pattern)
        if not WILDCARDS.intersection(pattern) and not (covered and covered.keys):
            yield Objection(
                MEANING,
                f"{store.name}: the contract names the key {pattern} as irreplaceable, and the "
                "snapshot has no such key that lasts",
            )
    if not any(covered.keys for covered in held.patterns.values()):
        yield Objection(
            MEANING,
            f"{store.name}: no key is left of what the contract names as irreplaceable "
            f"({', '.join(store.irreplaceable)})",
        )


def about_lost_keys(
    store: RedisStore, held: RedisMeasure, before: Proven | None
) -> Iterator[Objection]:
    """Compare with the last proven snapshot: what was there must still be there."""
    if before is None:
        return
    last = f"the last proven snapshot ({before.snapshot}, {before.taken_at:%Y-%m-%d %H:%M} UTC)"
    for pattern, covered in held.patterns.items():
        entries = before.tables.get(f"{store.name}.{pattern}", 0)
        lost = is_a_loss(entries, covered.entries, store.largest_loss_percent)
        if lost and pattern not in store.excused:
            yield Objection(
                MEANING,
                f"{store.name}: {pattern} has {_entries(covered.entries)}, {last} had "
                f"{count(entries)}; a loss of more than {store.largest_loss_percent:g} % needs an "
                "explanation",
            )


def entries_by_pattern(
    stores: tuple[RedisStore, ...], copies: Mapping[str, RedisMeasure]
) -> dict[str, int]:
    """Entries of every irreplaceable pattern of the copies, by ``store.pattern``."""
    return {
        f"{store.name}.{pattern}": covered.entries
        for store in stores
        if store.name in copies
        for pattern, covered in copies[store.name].patterns.items()
    }


def _difference(source: Keys, copy: Keys) -> str:
    if copy.keys != source.keys:
        return (
            f"stands for {count(copy.keys, 'key')} in the copy and stood for {count(source.keys)} "
            "on the source"
        )
    if copy.entries != source.entries:
        return (
            f"has {_entries(copy.entries)} in the copy and had {count(source.entries)} on the "
            "source"
        )
    if copy.digest != source.digest:
        return (
            f"has all {_entries(source.entries)}, but their content is not what it was on the "
            "source"
        )
    return ""


def _entries(number: int) -> str:
    return count(number, "entry")
