"""Tables that rows name exist, and values of one query are in another."""

from __future__ import annotations

from plugins.module_utils.checks.evidence import Answer
from plugins.module_utils.checks.tables import COLUMNS_OF
from tests.unit.checks.samples import OTHER_QUERY, QUERY, check, evidence, objection

SURVEYS = check("tables_exist", unit="answer tables")
THERE: Answer = [["survey_1", "id"], ["survey_1", "1X2"], ["survey_2", "id"]]
MEMBERS = check("rows_match", other_store="lists", other_query=OTHER_QUERY, unit="members")


def named(*rows: str | None) -> dict[str, Answer]:
    return {QUERY: [[row] for row in rows], COLUMNS_OF["mariadb"]: THERE}


def test_tables_and_columns_that_exist_are_well() -> None:
    assert SURVEYS.judge(evidence(named("survey_1", "survey_1.1x2", None))).objections == ()


def test_tables_and_columns_that_are_gone_are_counted() -> None:
    found = SURVEYS.judge(evidence(named("survey_1", "survey_3", "survey_2.1X2", "SURVEY_2")))
    assert objection(found) == "all is well: not so for 3 of 4 answer tables"


def test_a_column_is_written_exactly_where_the_engine_says_so() -> None:
    lists = check("tables_exist", store="lists", unit="tables")
    answers = {**named("survey_1.1x2"), COLUMNS_OF["postgresql"]: THERE}
    assert "1 of 1 table" in objection(lists.judge(evidence(answers)))


def test_nothing_named_leaves_nothing_to_compare() -> None:
    assert "nothing to compare" in SURVEYS.judge(evidence(named())).note


def test_a_refused_query_is_an_objection() -> None:
    assert "refused" in objection(SURVEYS.judge(evidence(named(), refused="no such table")))


def test_a_list_of_columns_that_was_not_had_is_an_objection() -> None:
    assert "could not be asked" in objection(SURVEYS.judge(evidence({QUERY: [["survey_1"]]})))


def matched(mine: Answer, others: Answer) -> str:
    return objection(MEMBERS.judge(evidence({QUERY: mine, OTHER_QUERY: others})))


def test_values_that_the_other_query_knows_are_well() -> None:
    assert matched([["1", "x"], [None], ["1"]], [["1"], ["2"]]) == ""


def test_values_that_the_other_query_does_not_know_are_counted() -> None:
    assert matched([["1"], ["3"], [""]], [["1"], [None]]) == (
        "all is well: not so for 2 of 3 members"
    )


def test_no_values_leave_nothing_to_compare() -> None:
    found = MEMBERS.judge(evidence({QUERY: [[None]], OTHER_QUERY: []}))
    assert (found.objections, "nothing to compare" in found.note) == ((), True)


def test_an_unanswered_other_query_is_an_objection() -> None:
    assert "store lists could not be asked" in objection(MEMBERS.judge(evidence({QUERY: [["1"]]})))
