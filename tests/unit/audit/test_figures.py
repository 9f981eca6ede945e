"""A store that holds far less than it did is said, for as long as somebody needs to see it."""

from __future__ import annotations

from datetime import timedelta

from plugins.module_utils.audit.figures import Figures, compared, figures_of
from tests.unit.audit.declared import NOW, base, claims, database, files, held, merged

CONTRACTS = claims(merged(files("/srv/newsletter"), database())).contracts
FULL = Figures("aaaa", 100, {"database": 50_000})
LESS = Figures("bbbb", 90, {"database": 45_000})
EMPTY = Figures("cccc", 10, {"database": 0})
DAY = timedelta(days=1)


def of(figures: Figures) -> dict[str, Figures]:
    return {"newsletter": figures}


def test_a_store_that_fell_by_more_than_its_limit_is_said() -> None:
    assert compared(CONTRACTS, of(LESS), of(FULL), now=NOW) == ((), of(LESS))
    fell, _ = compared(CONTRACTS, of(EMPTY), of(FULL), now=NOW)
    assert [alarm.kind for alarm in fell] == ["store shrank", "store shrank"]
    assert "fell from 50,000 rows in snapshot aaaa to 0 rows in cccc" in fell[1].sentence


def test_a_loss_is_said_for_seven_days_and_then_counts_as_meant() -> None:
    kept = of(FULL)
    for day in range(7):
        fell, kept = compared(CONTRACTS, of(EMPTY), kept, now=NOW + day * DAY)
        assert len(fell) == 2
        assert (kept["newsletter"].rows, kept["newsletter"].kept_since) == (FULL.rows, NOW)
    assert compared(CONTRACTS, of(EMPTY), kept, now=NOW + 7 * DAY) == ((), of(EMPTY))


def test_a_store_that_came_back_is_said_no_longer() -> None:
    _, kept = compared(CONTRACTS, of(EMPTY), of(FULL), now=NOW)
    assert compared(CONTRACTS, of(LESS), kept, now=NOW + DAY) == ((), of(LESS))


def test_what_cannot_be_counted_today_is_compared_with_another_day() -> None:
    assert compared(CONTRACTS, {}, of(FULL), now=NOW) == ((), of(FULL))
    assert compared(CONTRACTS, of(FULL), {}, now=NOW) == ((), of(FULL))


def test_figures_come_from_the_manifests() -> None:
    figures = figures_of({"newsletter": held(databases=[base(leads=7)])})
    assert figures == {"newsletter": Figures("8c8f89d9", 10, {"database": 7})}


def test_figures_are_read_again_as_they_were() -> None:
    for one in (FULL, Figures("a", 1, {}, kept_since=NOW)):
        assert Figures.of(one.as_json()) == one
