"""What must not change is remembered so that nobody can read it."""

from __future__ import annotations

import json

from plugins.module_utils.checks.evidence import Answer, Json
from plugins.module_utils.checks.remembered import MOST_KEYS
from tests.unit.checks.samples import check, evidence, objection

DOMAINS = check("unchanged", unit="domains")
ROWS: Answer = [["example.org", "kim", None], ["example.net", "robin", "x"]]


def fact(rows: Answer) -> Json:
    return DOMAINS.judge(evidence(rows)).fact


def test_the_first_time_everything_is_remembered_and_nothing_objected_to() -> None:
    found = DOMAINS.judge(evidence(ROWS))
    assert found.objections == ()
    assert isinstance(found.fact, dict)
    assert len(found.fact) == 2


def test_a_fact_holds_no_readable_value() -> None:
    told = json.dumps(fact(ROWS)) + json.dumps(fact([["example.org"]]))
    assert not any(word in told for word in ("example", "kim", "robin"))


def test_the_same_rows_in_another_order_and_new_ones_are_well() -> None:
    more: Answer = [["example.com", "al", None], *reversed(ROWS)]
    assert DOMAINS.judge(evidence(more, before=fact(ROWS))).objections == ()


def test_a_known_key_that_is_gone_or_changed_is_an_objection() -> None:
    changed: Answer = [["example.org", "kim", ""]]
    assert objection(DOMAINS.judge(evidence(changed, before=fact(ROWS)))) == (
        "all is well: not so for 2 of 2 domains (1 gone, 1 changed) known from the last proven "
        "snapshot"
    )


def test_rows_that_share_a_key_are_remembered_together() -> None:
    two: Answer = [["a", "1"], ["a", "2"]]
    assert DOMAINS.judge(evidence([["a", "2"], ["a", "1"]], before=fact(two))).objections == ()
    assert "1 changed" in objection(DOMAINS.judge(evidence([["a", "1"]], before=fact(two))))


def test_a_single_column_must_stay_as_a_whole() -> None:
    whole: Answer = [["a"], ["b"]]
    assert DOMAINS.judge(evidence([["b"], ["a"]], before=fact(whole))).objections == ()
    assert "is not that of the last proven snapshot" in objection(
        DOMAINS.judge(evidence([["a"], ["b"], ["c"]], before=fact(whole)))
    )
    assert objection(DOMAINS.judge(evidence([["a"], [None]], before=fact([["a"], [""]]))))


def test_an_empty_answer_is_well_only_where_there_was_none() -> None:
    assert DOMAINS.judge(evidence([])).objections == ()
    assert DOMAINS.judge(evidence([], before={})).objections == ()
    for rows in (ROWS, [["a"]]):
        assert "answers nothing now" in objection(DOMAINS.judge(evidence([], before=fact(rows))))


def test_too_many_keys_are_an_objection() -> None:
    rows: Answer = [[str(number), "x"] for number in range(MOST_KEYS + 1)]
    assert "more than 5,000 domains cannot be remembered" in objection(
        DOMAINS.judge(evidence(rows))
    )
    assert DOMAINS.judge(evidence(rows[1:])).objections == ()


def test_a_fact_of_another_shape_is_no_past() -> None:
    assert DOMAINS.judge(evidence(ROWS, before="0123456789abcdef")).objections == ()
    assert DOMAINS.judge(evidence([["a"]], before={"a": "b"})).objections == ()
