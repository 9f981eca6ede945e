"""Whatever is missing from a copy of SQLite or Redis is a reason in the operator's words."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import timedelta

import pytest

from plugins.module_utils.drill import judgement, small_judgement
from plugins.module_utils.drill.judgement import DATABASE, MEANING, Objection
from plugins.module_utils.drill.losses import Proven, about_losses
from plugins.module_utils.manifest import Manifest
from plugins.module_utils.manifest_small import RedisManifest, SqliteManifest
from plugins.module_utils.measures import DumpFile, Keys, Measure, RedisMeasure
from plugins.module_utils.stores import RedisStore, SqliteStore
from tests.unit.fakes import NOW, contract, measure

DUMP = DumpFile("/staging/x", 1, "ab")
MARKS = {"encoding": "UTF-8", "user_version": "12", "application_id": "0", "integrity": "ok"}
CARDS = SqliteStore("cards", "/srv/cards.db", ("people", "photo_*"), 20)
CACHE = RedisStore("cache", "", 6379, 2, ("DKIM_KEYS", "member:*"), 20)
HELD = RedisMeasure(
    "8.0.2",
    {"hash": 1, "string": 40},
    {"DKIM_KEYS": Keys(1, 4, "1-1"), "member:*": Keys(40, 40, "2-2")},
    expiring=5,
)
SAVED = RedisManifest("cache", 2, HELD, DUMP)


def copy(**rows: int) -> Measure:
    return replace(measure(**rows), creation=MARKS)


PEOPLE = SqliteManifest("cards", "/srv/cards.db", copy(people=50), DUMP)


def reasons(objections: Iterable[Objection]) -> list[str]:
    return [objection.reason for objection in objections]


def with_keys(dkim: Keys) -> RedisMeasure:
    return replace(HELD, patterns={**HELD.patterns, "DKIM_KEYS": dkim})


def before(**tables: int) -> Proven:
    return Proven("abc", NOW - timedelta(days=1), {f"cache.{n}": v for n, v in tables.items()}, 0)


def test_an_equal_copy_is_no_objection() -> None:
    assert reasons(small_judgement.about_sqlite(PEOPLE, copy(people=50))) == []
    assert reasons(small_judgement.about_redis(SAVED, HELD)) == []
    assert reasons(small_judgement.about_keys_of_contract(CACHE, HELD)) == []


def test_rows_and_objects_of_sqlite_are_judged_as_everywhere() -> None:
    assert reasons(judgement.about_copy(PEOPLE, copy(people=49))) == [
        "/srv/cards.db: table people has 49 rows in the copy and had 50 on the source"
    ]
    (said,) = reasons(judgement.about_contract(CARDS, copy(other=1)))
    assert said.startswith("/srv/cards.db: the contract names people as irreplaceable, and the")


def test_lost_rows_of_sqlite_are_held_to_the_last_proven_snapshot() -> None:
    was = Proven("abc", NOW, {"cards.people": 50}, 0)
    cards = replace(contract(), sqlite=(CARDS,))
    (said,) = reasons(about_losses(cards, {"cards.people": 20}, 0, was))
    assert said.startswith("/srv/cards.db: table people has 20 rows, the last proven snapshot (abc")


@pytest.mark.parametrize(
    ("mark", "value", "said"),
    [
        ("integrity", "row 3 missing from index by_name", "the copy is damaged inside (row 3"),
        ("user_version", "11", "schema (user_version) is 11 in the copy and was 12"),
        ("encoding", "UTF-16le", "the encoding is UTF-16le in the copy and was UTF-8"),
    ],
)
def test_what_a_file_says_about_itself_is_judged(mark: str, value: str, said: str) -> None:
    found = replace(copy(people=50), creation={**MARKS, mark: value})
    (objection,) = small_judgement.about_sqlite(PEOPLE, found)
    assert said in objection.reason
    assert objection.level == DATABASE


def test_a_check_that_needs_the_application_is_no_damage() -> None:
    creation = {**MARKS, "integrity": "not checked (no such collation sequence: unicode)"}
    found = replace(copy(people=50), creation=creation)
    assert reasons(small_judgement.about_sqlite(PEOPLE, found)) == []


@pytest.mark.parametrize(
    ("dkim", "said"),
    [
        (Keys(0, 0, "0-0"), "DKIM_KEYS stands for 0 keys in the copy and stood for 1 on the"),
        (Keys(1, 3, "1-1"), "DKIM_KEYS has 3 entries in the copy and had 4 on the source"),
        (Keys(1, 4, "3-3"), "DKIM_KEYS has all 4 entries, but their content is not what it was"),
    ],
)
def test_a_changed_key_is_named_by_its_pattern(dkim: Keys, said: str) -> None:
    (objection,) = small_judgement.about_redis(SAVED, with_keys(dkim))
    assert objection.reason.startswith(f"cache: {said}")
    assert objection.level == MEANING


def test_a_lost_key_that_no_pattern_covers_is_seen_by_its_type() -> None:
    found = replace(HELD, types={"hash": 1, "string": 39})
    assert reasons(small_judgement.about_redis(SAVED, found)) == [
        "cache: the copy has 39 keys of type string, the source had 40"
    ]


def test_keys_that_expired_since_are_no_loss_and_new_ones_are_odd() -> None:
    assert reasons(small_judgement.about_redis(SAVED, replace(HELD, expiring=0))) == []
    assert reasons(small_judgement.about_redis(SAVED, replace(HELD, expiring=6))) == [
        "cache: 6 keys of the copy would expire, and on the source 5"
    ]


def test_a_plain_irreplaceable_key_must_be_there_and_a_pattern_may_be_empty() -> None:
    none = Keys(0, 0, "0-0")
    gone = replace(HELD, patterns={**HELD.patterns, "DKIM_KEYS": none})
    (said,) = reasons(small_judgement.about_keys_of_contract(CACHE, gone))
    assert said.startswith("cache: the contract names the key DKIM_KEYS as irreplaceable, and the")
    empty = replace(HELD, patterns={**HELD.patterns, "member:*": none})
    assert reasons(small_judgement.about_keys_of_contract(CACHE, empty)) == []


def test_a_redis_without_any_irreplaceable_key_is_an_empty_one() -> None:
    only_patterns = replace(CACHE, irreplaceable=("member:*",))
    held = replace(HELD, patterns={"member:*": Keys(0, 0, "0-0")})
    (said,) = reasons(small_judgement.about_keys_of_contract(only_patterns, held))
    assert said.startswith("cache: no key is left of what the contract names as irreplaceable")


def test_lost_entries_are_held_to_the_last_proven_snapshot() -> None:
    was = before(**{"member:*": 60, "DKIM_KEYS": 4})
    (said,) = reasons(small_judgement.about_lost_keys(CACHE, HELD, was))
    assert said.startswith("cache: member:* has 40 entries, the last proven snapshot (abc, ")
    assert "had 60; a loss of more than 20 % needs an explanation" in said
    assert reasons(small_judgement.about_lost_keys(CACHE, HELD, None)) == []


def test_entries_by_pattern_are_what_the_next_drill_compares_with() -> None:
    counted = small_judgement.entries_by_pattern((CACHE,), {"cache": HELD})
    assert counted == {"cache.DKIM_KEYS": 4, "cache.member:*": 40}
    assert small_judgement.entries_by_pattern((CACHE,), {}) == {}


def test_a_declared_store_that_the_snapshot_lacks_is_named() -> None:
    declared = replace(contract(), sqlite=(CARDS,), redis=(CACHE,))
    manifest = Manifest("newsletter", "nick", NOW, (), 0, 0, "")
    missing = reasons(small_judgement.about_identity(declared, manifest))
    assert "no copy of the declared SQLite database /srv/cards.db" in missing[0]
    assert "no dump of database 2 of the declared Redis" in missing[1]
    whole = replace(manifest, sqlite=(PEOPLE,), redis=(SAVED,))
    assert reasons(small_judgement.about_identity(declared, whole)) == []
    other = replace(whole, sqlite=(replace(PEOPLE, path="/srv/old.db"),))
    (said,) = reasons(small_judgement.about_identity(declared, other))
    assert said.endswith("its store cards holds /srv/old.db")
