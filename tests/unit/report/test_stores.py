"""The report shows how the stores stand, and is green only when that is, too."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from plugins.module_utils.report.page import html_page
from plugins.module_utils.report.table import WIDTH, text_table
from plugins.module_utils.upkeep.standings import StoreStanding
from tests.unit.report.samples import HOSTILE, MADE_AT, record

GOOD = StoreStanding(
    name="nick",
    is_copy=False,
    checked_at=MADE_AT - timedelta(hours=3),
    read_percent=96,
    pruned_at=MADE_AT - timedelta(days=2),
    copied_at=None,
    drilled_at=None,
    faults=(),
    frozen=(),
)
COPY = replace(
    GOOD,
    name="elsewhere (copy of nick)",
    is_copy=True,
    copied_at=MADE_AT - timedelta(hours=5),
    drilled_at=MADE_AT - timedelta(days=20),
)
FROZEN = replace(GOOD, frozen=("pruning of newsletter is frozen: it was not drilled yet",))
LATE = replace(GOOD, faults=("its structure was checked 4 d ago, and is to be every 1 d 12 h",))


def table(*stores: StoreStanding) -> str:
    return text_table([record()], stores, made_at=MADE_AT)


def page(*stores: StoreStanding) -> str:
    return html_page([record()], stores, made_at=MADE_AT)


def test_each_store_has_a_row_that_says_what_was_done_and_when() -> None:
    rows = [" ".join(line.split()) for line in table(GOOD, COPY).splitlines()]
    assert "nick 3 h ago 96 % 2 d ago" in rows
    assert "elsewhere (copy of nick) 3 h ago 96 % 2 d ago 5 h ago 20 d ago" in rows
    assert rows[-1] == "The only service is proven and within the objectives."


def test_what_was_never_done_shows_no_invented_time() -> None:
    new = replace(GOOD, checked_at=None, read_percent=0, pruned_at=None)
    assert "nick - 0 % -" in [" ".join(line.split()) for line in table(new).splitlines()]


def test_a_check_that_did_not_run_makes_the_page_red_and_the_first_sentence_says_so() -> None:
    assert '<header class="broken">' in page(LATE, COPY)
    assert "The upkeep of nick needs somebody." in page(LATE).partition("</h1>")[0]
    shown = table(LATE)
    assert "The store nick needs somebody:\n  - its structure was checked 4 d ago" in shown
    assert shown.endswith("The upkeep of nick needs somebody.")


def test_a_frozen_pruning_is_yellow_and_says_why() -> None:
    assert '<header class="late">' in page(FROZEN)
    assert "2 d ago, FROZEN" in table(FROZEN)
    assert "keeps everything for now:\n  - pruning of newsletter is frozen" in table(FROZEN)


def test_a_good_store_makes_no_broken_service_green() -> None:
    text = html_page([record(verdict="broken")], [GOOD], made_at=MADE_AT)
    assert '<header class="broken">' in text


def test_the_page_says_what_judy_cannot_know() -> None:
    assert "stores" in page(GOOD)
    assert "which this report cannot read" in page(GOOD)


def test_the_table_fits_the_terminal_and_counts_a_flood() -> None:
    flooded = replace(LATE, name="n" * 30, faults=("x" * 200,) * 40, frozen=("y",))
    lines = table(flooded, COPY).splitlines()
    assert max(len(line) for line in lines) <= WIDTH
    assert "  - and more, which the page lists" in lines


def test_reasons_from_a_store_cannot_change_page_or_terminal() -> None:
    hostile = replace(LATE, name=HOSTILE, faults=(HOSTILE,))
    assert "<script>" not in page(hostile)
    page(hostile).encode()
    assert "\x1b" not in table(hostile)
