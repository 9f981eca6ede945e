"""Numbers within bounds, rows that must not be, numbers that never fall."""

from __future__ import annotations

import pytest

from plugins.module_utils.checks.evidence import Answer
from tests.unit.checks.samples import check, evidence, objection, one

CONTACTS = check("number", unit="contacts", at_least=100, at_most=1_000_000)
BAD_ROWS = check("no_rows", unit="accounts")
TICKETS = check("never_falls", unit="tickets", tolerance_percent=10)


@pytest.mark.parametrize("value", ["100", "1000000", " 512 ", "1e3", "100.5"])
def test_a_number_within_its_bounds_is_well(value: str) -> None:
    assert CONTACTS.judge(evidence(one(value))).objections == ()


@pytest.mark.parametrize(
    ("answer", "said"),
    [
        (one("3"), "3 contacts, at least 100 wanted"),
        (one("99.5"), "99.5 contacts, at least 100 wanted"),
        (one("1000001"), "1,000,001 contacts, at most 1,000,000 wanted"),
        (one(None), "the query answered with NULL, not with a number"),
        (one("kim"), "what the query answered is not a number"),
        (one("NaN"), "what the query answered is not a number"),
        ([], "the query answered with 0 rows, not with one number"),
        ([["1"], ["2"]], "the query answered with 2 rows, not with one number"),
    ],
)
def test_any_other_number_or_none_is_an_objection(answer: Answer, said: str) -> None:
    assert objection(CONTACTS.judge(evidence(answer))) == f"all is well: {said}"


def test_a_refused_query_is_an_objection_with_the_words_of_the_server() -> None:
    found = CONTACTS.judge(evidence(refused="ERROR 1054 (42S22): Unknown column 'emial'"))
    assert objection(found) == (
        "all is well: the query was refused (ERROR 1054 (42S22): Unknown column 'emial')"
    )


def test_a_question_that_nobody_asked_is_an_objection() -> None:
    assert "store database could not be asked" in objection(CONTACTS.judge(evidence({})))


def test_no_rows_is_what_is_wanted() -> None:
    assert BAD_ROWS.judge(evidence([])).objections == ()


def test_rows_that_must_not_be_are_counted_and_the_first_ids_named() -> None:
    rows: Answer = [[str(number), "kim@example.org"] for number in range(1, 9)]
    assert objection(BAD_ROWS.judge(evidence(rows))) == (
        "all is well: 8 accounts, none wanted (ids 1, 2, 3, 4, 5 and 3 more)"
    )


def test_what_is_no_id_is_not_shown_as_one() -> None:
    rows: Answer = [["kim@example.org"], ["Kim Roth"], [None], ["kimroth"]]
    assert objection(BAD_ROWS.judge(evidence(rows))) == "all is well: 4 accounts, none wanted"


def test_a_few_rows_may_be_tolerated() -> None:
    some = check("no_rows", unit="accounts", at_most=2)
    assert some.judge(evidence([["1"], ["2"]])).objections == ()
    assert "3 accounts, at most 2 wanted" in objection(some.judge(evidence([["1"], ["2"], ["3"]])))


def test_a_number_that_never_falls_is_remembered_and_may_rise() -> None:
    assert TICKETS.judge(evidence(one("500"))).fact == 500
    assert TICKETS.judge(evidence(one("501"), before=500)).objections == ()


def test_a_number_that_fell_is_an_objection_beyond_the_tolerance() -> None:
    assert TICKETS.judge(evidence(one("450"), before=500)).objections == ()
    assert objection(TICKETS.judge(evidence(one("449"), before=500))) == (
        "all is well: 449 tickets, the last proven snapshot had 500, 10 % less is tolerated"
    )


@pytest.mark.parametrize("answer", [one(None), one("none"), []])
def test_nothing_to_hold_against_the_past_is_an_objection(answer: Answer) -> None:
    assert objection(TICKETS.judge(evidence(answer, before=500)))


def test_a_fact_of_another_kind_is_no_past() -> None:
    assert TICKETS.judge(evidence(one("1"), before={"a": "b"})).objections == ()
