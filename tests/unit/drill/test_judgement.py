"""The judge's promises: what is objected to, at which level, and in which words."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from plugins.module_utils.checks.evidence import Question
from plugins.module_utils.checks.moments import Freshness
from plugins.module_utils.drill import judgement
from plugins.module_utils.drill.comparison import FilesSeen
from plugins.module_utils.drill.judgement import DATABASE, MEANING, OBJECTIVES
from plugins.module_utils.manifest import DatabaseManifest, DumpFile, Manifest, Measure, Table
from tests.unit.fakes import NOW, contract, database_store, measure

DUMP = DumpFile("/staging/newsletter/database.sql", 10, "ab")


def saved(held: Measure) -> DatabaseManifest:
    return DatabaseManifest("database", "mariadb", "mautic", held, DUMP)


def manifest(*databases: DatabaseManifest, service: str = "newsletter") -> Manifest:
    return Manifest(service, "nick", NOW, databases, 1, 1, "ab")


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


def test_a_newest_snapshot_from_the_future_hides_whether_backups_still_come() -> None:
    age = -timedelta(days=400)
    (found,) = judgement.about_objectives(contract(), age=age, restore_seconds=1)
    assert "is from the future, by 400 d" in found.reason
    nearly = judgement.about_objectives(contract(), age=-timedelta(minutes=9), restore_seconds=1)
    assert list(nearly) == []


def test_an_older_snapshot_by_choice_has_no_age() -> None:
    assert list(judgement.about_objectives(contract(), age=None, restore_seconds=1)) == []


def test_an_excused_table_need_not_be_there() -> None:
    store = replace(database_store("leads", "users"), excused=("users",))
    assert list(judgement.about_contract(store, measure(leads=5))) == []
