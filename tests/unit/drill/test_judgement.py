"""The judge's promises: what is objected to, at which level, and in which words."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

from plugins.module_utils.checks.evidence import Question
from plugins.module_utils.checks.moments import Freshness
from plugins.module_utils.contract import Exemption
from plugins.module_utils.drill import judgement
from plugins.module_utils.drill.comparison import FilesSeen
from plugins.module_utils.drill.judgement import DATABASE, MEANING, OBJECTIVES, Proven
from plugins.module_utils.manifest import DatabaseManifest, DumpFile, Manifest, Measure, Table
from tests.unit.fakes import NOW, contract, database_store, measure

DUMP = DumpFile("/staging/newsletter/database.sql", 10, "ab")


def saved(held: Measure) -> DatabaseManifest:
    return DatabaseManifest("database", "mariadb", "mautic", held, DUMP)


def manifest(*databases: DatabaseManifest, service: str = "newsletter") -> Manifest:
    return Manifest(service, "nick", NOW, databases, 1, 1, "ab")


def before(files: int = 10, **rows: int) -> Proven:
    tables = {f"database.{name}": number for name, number in rows.items()}
    return Proven("8c8f89d9", NOW - timedelta(days=1), tables, files)


def test_a_copy_that_equals_its_source_has_no_objection() -> None:
    held = measure(leads=50_000, tags=3)
    assert list(judgement.about_copy(saved(held), held)) == []


def test_a_table_that_did_not_come_back_is_an_objection() -> None:
    reasons = list(judgement.about_copy(saved(measure(leads=50_000)), measure()))
    assert [o.level for o in reasons] == [DATABASE, MEANING]
    assert "table leads with 50,000 rows did not come back" in reasons[1].reason


def test_one_missing_row_is_an_objection() -> None:
    (found,) = judgement.about_copy(saved(measure(leads=50_000)), measure(leads=49_999))
    assert (
        found.reason
        == "mautic: table leads has 49,999 rows in the copy and had 50,000 on the source"
    )


def test_one_changed_cell_of_an_irreplaceable_table_is_an_objection() -> None:
    source = measure(leads=2)
    copy = replace(source, tables={"leads": Table(2, "other")})
    (found,) = judgement.about_copy(saved(source), copy)
    assert found.level == MEANING
    assert "content is not what it was" in found.reason


def test_a_missing_trigger_is_named() -> None:
    source = replace(measure(leads=1), objects={"trigger t_leads": "1" * 32})
    copy = replace(source, objects={})
    (found,) = judgement.about_copy(saved(source), copy)
    assert (found.level, found.reason) == (DATABASE, "mautic: trigger t_leads is missing")


def test_a_view_that_is_defined_differently_is_named() -> None:
    source = replace(measure(leads=1), objects={"view v_active": "1" * 32})
    copy = replace(source, objects={"view v_active": "2" * 32})
    (found,) = judgement.about_copy(saved(source), copy)
    assert "view v_active is defined differently" in found.reason


def test_a_sequence_may_be_ahead_but_never_behind() -> None:
    source = replace(measure(leads=1), counters={"public.vote_id_seq": 900})
    ahead = replace(source, counters={"public.vote_id_seq": 905})
    reset = replace(source, counters={"public.vote_id_seq": 1})
    assert list(judgement.about_copy(saved(source), ahead)) == []
    (found,) = judgement.about_copy(saved(source), reset)
    assert found.reason == "mautic: sequence public.vote_id_seq stands at 1 and stood at 900"


def test_a_column_that_counts_by_itself_must_not_start_again() -> None:
    source = replace(measure(leads=1), counters={"AUTO_INCREMENT of leads": 900})
    (found,) = judgement.about_copy(saved(source), replace(source, counters={}))
    assert found.reason == "mautic: AUTO_INCREMENT of leads stands at 0 and stood at 900"


def test_a_newest_record_that_is_another_than_on_the_source_is_an_objection() -> None:
    check = Freshness(
        name="mails", title="mails", store="database", query="q", at_most_behind_seconds=60
    )
    source = replace(saved(measure(leads=1)), newest={"mails": "2026-11-22T02:59:00+00:00"})
    same, older = [["2026-11-22 02:59:00"]], [["2026-11-21 02:59:00"]]
    asked = Question("database", "q")
    assert list(judgement.about_newest(source, [check], {asked: same})) == []
    assert list(judgement.about_newest(saved(measure()), [check], {asked: same})) == []
    (found,) = judgement.about_newest(source, [check], {asked: older})
    assert "the newest record of check mails is of 2026-11-21 02:59:00+00:00" in found.reason


def test_a_grant_that_did_not_come_back_is_an_objection() -> None:
    source = replace(measure(leads=1), objects={"grant to kim@localhost on `mautic`.*": "1" * 32})
    (found,) = judgement.about_copy(saved(source), replace(source, objects={}))
    assert found.level == DATABASE
    assert found.reason == "mautic: grant to kim@localhost on `mautic`.* is missing"


def test_a_source_that_was_asked_for_less_is_held_to_less() -> None:
    source, copy = measure(leads=1), replace(measure(leads=1), form=2)
    copy = replace(copy, objects={**copy.objects, "sequence s": "1" * 32})
    assert list(judgement.about_copy(saved(source), copy)) == []


def test_many_differences_are_named_in_part_and_counted() -> None:
    source = replace(measure(), objects={f"view v{number}": "1" * 32 for number in range(8)})
    reasons = [o.reason for o in judgement.about_copy(saved(source), measure())]
    assert len(reasons) == 6
    assert reasons[-1] == "and 3 more such objects"


def test_a_dump_of_the_wrong_database_is_an_objection() -> None:
    other = replace(saved(measure(leads=1)), database="wordpress")
    wanted = contract(databases=[database_store()])
    (found,) = judgement.about_identity(wanted, manifest(other))
    assert found.reason == (
        "the snapshot's store database holds database wordpress, the declaration names mautic"
    )


def test_a_declared_database_without_a_dump_is_an_objection() -> None:
    (found,) = judgement.about_identity(contract(databases=[database_store()]), manifest())
    assert found.reason == "the snapshot has no dump of the declared database mautic"


def test_the_manifest_of_another_service_is_an_objection() -> None:
    (found,) = judgement.about_identity(contract(), manifest(service="website"))
    assert "is of website on nick, not of newsletter" in found.reason


def test_an_irreplaceable_table_that_the_snapshot_lacks_is_named() -> None:
    store = database_store("leads", "lead_donotcontact")
    (found,) = judgement.about_contract(store, measure(leads=5))
    assert "names lead_donotcontact as irreplaceable, and the snapshot has no such" in found.reason


def test_a_pattern_may_match_nothing_because_such_tables_come_and_go() -> None:
    store = database_store("leads", "form_results_*")
    assert list(judgement.about_contract(store, measure(leads=5))) == []


def test_irreplaceable_tables_that_are_all_empty_are_an_objection_without_any_history() -> None:
    (found,) = judgement.about_contract(database_store(), measure(leads=0, users=1))
    assert "installer" in found.reason
    assert "leads" in found.reason


def test_postgresql_tables_match_patterns_without_their_schema() -> None:
    store = database_store("initproc_*", engine="postgresql")
    held = replace(measure(), tables={"public.initproc_vote": Table(7)})
    assert list(judgement.about_contract(store, held)) == []


def test_a_table_that_lost_its_rows_since_the_last_proven_snapshot_is_named() -> None:
    wanted = contract(databases=[database_store()])
    reasons = list(judgement.about_losses(wanted, {"database.leads": 0}, 10, before(leads=50_000)))
    assert len(reasons) == 1
    assert "table leads has 0 rows" in reasons[0].reason
    assert "8c8f89d9" in reasons[0].reason
    assert "50,000" in reasons[0].reason


def test_a_table_that_is_gone_since_the_last_proven_snapshot_is_named() -> None:
    wanted = contract(databases=[database_store("form_results_*")])
    (found,) = judgement.about_losses(wanted, {}, 10, before(form_results_1_join=12))
    assert "table form_results_1_join is gone" in found.reason


def test_a_loss_within_the_threshold_is_life() -> None:
    wanted = contract(databases=[database_store()])
    assert list(judgement.about_losses(wanted, {"database.leads": 81}, 9, before(leads=100))) == []


def test_files_that_vanished_in_numbers_are_an_objection() -> None:
    (found,) = judgement.about_losses(contract(), {}, 2, before(files=100))
    assert "has 2 files" in found.reason


def test_a_required_file_that_no_path_matches_is_named() -> None:
    trees = contract(required=["/srv/newsletter/config/local.php"]).files[0]
    seen = FilesSeen(paths={"/srv/newsletter/media/a.png"})
    (found,) = judgement.about_required_files(trees, seen)
    assert "/srv/newsletter/config/local.php" in found.reason


def test_age_and_time_to_restore_are_held_to_the_objectives() -> None:
    wanted = contract()
    late = judgement.about_objectives(wanted, age=timedelta(hours=25), restore_seconds=3_600)
    reasons = list(late)
    assert [o.level for o in reasons] == [OBJECTIVES, OBJECTIVES]
    assert "1 d 1 h old, the objective is 1 d" in reasons[0].reason
    assert "restoring took 1 h, the objective is 30 min" in reasons[1].reason


def test_an_older_snapshot_by_choice_has_no_age() -> None:
    assert list(judgement.about_objectives(contract(), age=None, restore_seconds=1)) == []


def test_of_many_losses_the_largest_come_first_and_every_table_is_named() -> None:
    wanted = contract(databases=[database_store("*")])
    rows = {f"t{number}": 10 + number for number in range(9)}
    empty = {f"database.{name}": 0 for name in rows}
    reasons = [o.reason for o in judgement.about_losses(wanted, empty, 10, before(**rows))]
    assert "table t8 has 0 rows" in reasons[0]
    assert reasons[-1] == "and 4 more tables lost rows: t3, t2, t1, t0"


def test_one_of_three_rows_less_is_life_and_none_left_is_a_loss() -> None:
    wanted = contract(databases=[database_store("users")])
    assert list(judgement.about_losses(wanted, {"database.users": 2}, 10, before(users=3))) == []
    assert (
        len(list(judgement.about_losses(wanted, {"database.users": 0}, 10, before(users=3)))) == 1
    )


def test_a_queue_that_only_a_wildcard_names_may_run_empty() -> None:
    wanted = contract(databases=[database_store("*")])
    assert list(judgement.about_losses(wanted, {"database.jobs": 0}, 10, before(jobs=9))) == []
    assert list(judgement.about_losses(wanted, {}, 10, before(form_results_2=9))) == []
    assert len(list(judgement.about_losses(wanted, {}, 10, before(form_results_2=10)))) == 1


def test_the_loss_of_an_excused_table_is_not_judged_until_the_day() -> None:
    day = date(2027, 1, 31)
    exemption = Exemption("", "database.survey_*", "the survey is over", "Kim", day)
    wanted = replace(contract(databases=[database_store("*")]), exemptions=(exemption,))
    lost = before(survey_7=500)
    assert list(judgement.about_losses(wanted.excusing(day), {}, 10, lost)) == []
    later = wanted.excusing(day + timedelta(days=1))
    assert len(list(judgement.about_losses(later, {}, 10, lost))) == 1


def test_an_excused_table_need_not_be_there() -> None:
    store = replace(database_store("leads", "users"), excused=("users",))
    assert list(judgement.about_contract(store, measure(leads=5))) == []
