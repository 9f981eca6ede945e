"""What the last proven snapshot had and this one has not is said, and life is told from loss."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

from plugins.module_utils.contract import Exemption
from plugins.module_utils.drill.losses import Proven, about_losses
from tests.unit.fakes import NOW, contract, database_store


def before(files: int = 10, **rows: int) -> Proven:
    tables = {f"database.{name}": number for name, number in rows.items()}
    return Proven("8c8f89d9", NOW - timedelta(days=1), tables, files)


def test_a_table_that_lost_its_rows_since_the_last_proven_snapshot_is_named() -> None:
    wanted = contract(databases=[database_store()])
    reasons = list(about_losses(wanted, {"database.leads": 0}, 10, before(leads=50_000)))
    assert len(reasons) == 1
    assert "table leads has 0 rows" in reasons[0].reason
    assert "8c8f89d9" in reasons[0].reason
    assert "50,000" in reasons[0].reason


def test_a_table_that_is_gone_since_the_last_proven_snapshot_is_named() -> None:
    wanted = contract(databases=[database_store("form_results_*")])
    (found,) = about_losses(wanted, {}, 10, before(form_results_1_join=12))
    assert "table form_results_1_join is gone" in found.reason


def test_a_loss_within_the_threshold_is_life() -> None:
    wanted = contract(databases=[database_store()])
    assert list(about_losses(wanted, {"database.leads": 81}, 9, before(leads=100))) == []


def test_files_that_vanished_in_numbers_are_an_objection() -> None:
    (found,) = about_losses(contract(), {}, 2, before(files=100))
    assert "has 2 files" in found.reason


def test_of_many_losses_the_largest_come_first_and_every_table_is_named() -> None:
    wanted = contract(databases=[database_store("*")])
    rows = {f"t{number}": 10 + number for number in range(9)}
    empty = {f"database.{name}": 0 for name in rows}
    reasons = [o.reason for o in about_losses(wanted, empty, 10, before(**rows))]
    assert "table t8 has 0 rows" in reasons[0]
    assert reasons[-1] == "and 4 more tables lost rows: t3, t2, t1, t0"


def test_one_of_three_rows_less_is_life_and_none_left_is_a_loss() -> None:
    wanted = contract(databases=[database_store("users")])
    assert list(about_losses(wanted, {"database.users": 2}, 10, before(users=3))) == []
    assert len(list(about_losses(wanted, {"database.users": 0}, 10, before(users=3)))) == 1


def test_a_queue_that_only_a_wildcard_names_may_run_empty() -> None:
    wanted = contract(databases=[database_store("*")])
    assert list(about_losses(wanted, {"database.jobs": 0}, 10, before(jobs=9))) == []
    assert list(about_losses(wanted, {}, 10, before(form_results_2=9))) == []
    assert len(list(about_losses(wanted, {}, 10, before(form_results_2=10)))) == 1


def test_the_loss_of_an_excused_table_is_not_judged_until_the_day() -> None:
    day = date(2027, 1, 31)
    exemption = Exemption("", "database.survey_*", "the survey is over", "Kim", day)
    wanted = replace(contract(databases=[database_store("*")]), exemptions=(exemption,))
    lost = before(survey_7=500)
    assert list(about_losses(wanted.excusing(day), {}, 10, lost)) == []
    later = wanted.excusing(day + timedelta(days=1))
    assert len(list(about_losses(later, {}, 10, lost))) == 1
