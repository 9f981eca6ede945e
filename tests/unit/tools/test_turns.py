"""Small tables are hashed in every backup, large ones in turn, and none is left out for good."""

from __future__ import annotations

from datetime import date, timedelta

from plugins.module_utils.tools.turns import EVERYBODY, LARGE_BYTES, NIGHTS, Turns

MONDAY = date(2026, 11, 23)


def test_a_small_table_is_hashed_every_night() -> None:
    assert all(Turns(MONDAY + timedelta(days=n)).has("leads", LARGE_BYTES) for n in range(NIGHTS))


def test_a_large_table_is_hashed_once_in_each_round() -> None:
    for table in ("leads", "email_stats", "public.users"):
        nights = [Turns(MONDAY + timedelta(days=n)).has(table, LARGE_BYTES + 1) for n in range(28)]
        assert nights.count(True) == 28 / NIGHTS
        assert all(any(nights[first : first + NIGHTS]) for first in range(28 - NIGHTS))


def test_large_tables_do_not_all_have_the_same_night() -> None:
    hashed = {name for name in map(str, range(100)) if Turns(MONDAY).has(name, LARGE_BYTES + 1)}
    assert 10 < len(hashed) < 50


def test_a_drill_hashes_whatever_there_is() -> None:
    assert EVERYBODY.has("leads", 10 * LARGE_BYTES)
