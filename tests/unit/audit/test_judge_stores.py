"""What the declaration names and the newest snapshots lack, swallow or lose is an alarm."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from typing import Any

from plugins.module_utils.audit.facts import Place, Unread
from plugins.module_utils.audit.finding import Alarm
from plugins.module_utils.audit.hints import Hints
from plugins.module_utils.audit.judge_databases import DatabasesJudged
from plugins.module_utils.audit.judge_paths import Knowledge, Seen
from plugins.module_utils.audit.judge_stores import alarms_of_stores
from plugins.module_utils.audit.judgement import Said, judge
from plugins.module_utils.audit.path_rules import Judged, Waiting
from plugins.module_utils.audit.saved import Held
from tests.unit.audit.declared import (
    NOW,
    TAKEN,
    TODAY,
    base,
    claims,
    database,
    entry,
    exemption,
    files,
    held,
    merged,
)

NEWSLETTER = merged(files("/srv/newsletter"), database())
HELD = held("newsletter", "/srv/newsletter", databases=[base()])


def alarms(
    contract: dict[str, Any], one: Held | None = HELD, waiting: Waiting | None = None
) -> list[Alarm]:
    paths = Judged(waiting={"newsletter": waiting} if waiting else {})
    saved = {"newsletter": one} if one else {}
    return [*alarms_of_stores(claims(contract), saved, paths, DatabasesJudged(), now=NOW)]


def kinds(found: Sequence[Alarm]) -> list[str]:
    return [alarm.kind for alarm in found]


def test_all_is_well() -> None:
    assert alarms(NEWSLETTER) == []


def test_a_service_without_any_snapshot() -> None:
    assert kinds(alarms(NEWSLETTER, None)) == ["no snapshot"]


def test_a_declared_database_that_the_newest_snapshot_lacks() -> None:
    (alarm,) = alarms(NEWSLETTER, held("newsletter", "/srv/newsletter"))
    assert (alarm.kind, alarm.subject) == ("store missing", "newsletter/database")


def test_a_declared_path_that_the_newest_snapshot_lacks() -> None:
    wider = merged(files("/srv/newsletter", "/srv/pictures"), database())
    (alarm,) = alarms(wider)
    assert (alarm.kind, alarm.subject) == ("store missing", "newsletter/files")
    assert "/srv/pictures" in alarm.sentence


def test_an_exclude_that_swallows_another_store_of_its_service() -> None:
    outer = files("/srv/newsletter", regenerable=["/srv/newsletter/data"])
    inner = files("/srv/newsletter/data/media", name="media")
    (alarm,) = alarms(merged(outer, inner, database()))
    assert (alarm.kind, alarm.subject) == ("store swallowed", "newsletter/media")


def test_an_exclude_that_swallows_what_every_snapshot_must_hold() -> None:
    outer = files("/srv/newsletter", regenerable=["/srv/newsletter/data"])
    inner = files("/srv/newsletter", name="other", required=["/srv/newsletter/data/*.php"])
    assert "store swallowed" in kinds(alarms(merged(outer, inner, database())))


def test_what_waits_for_longer_than_the_objective() -> None:
    old = held(
        "newsletter",
        "/srv/newsletter",
        databases=[base()],
        taken_at=NOW - timedelta(days=3),
    )
    waiting = Waiting()
    waiting.take(entry("/srv/newsletter/new", changed=NOW - timedelta(days=2)))
    (alarm,) = alarms(NEWSLETTER, old, waiting)
    assert alarm.kind == "not saved yet"
    assert "1 file of newsletter came or changed after its newest snapshot" in alarm.sentence
    assert "which is 3 d old; the objective is 1 d" in alarm.sentence
    fresh = Waiting()
    fresh.take(entry("/srv/newsletter/new", changed=TAKEN + timedelta(minutes=1)))
    assert alarms(NEWSLETTER, HELD, fresh) == []


def test_what_changed_since_a_snapshot_older_than_the_objective_is_said() -> None:
    declared = claims(NEWSLETTER)
    for taken_at, kinds_said in (
        (NOW - timedelta(days=60), ["not saved yet"]),
        (NOW - timedelta(hours=23), []),
    ):
        old = {"newsletter": replace(HELD, snapshot=replace(HELD.snapshot, taken_at=taken_at))}
        for paths, databases in (
            (Judged(changed_since={"newsletter": 1}), DatabasesJudged()),
            (Judged(), DatabasesJudged(changed={"newsletter": ["mariadb/mautic"]})),
        ):
            found = [*alarms_of_stores(declared, old, paths, databases, now=NOW)]
            assert kinds(found) == kinds_said
        assert [*alarms_of_stores(declared, old, Judged(), DatabasesJudged(), now=NOW)] == []


def test_a_time_that_no_calendar_holds_is_no_error() -> None:
    waiting = Waiting()
    waiting.take(entry("/srv/newsletter/x")._replace(mtime_ns=10**21, changed_ns=10**21))
    assert alarms(NEWSLETTER, HELD, waiting) == []


def said(contract: dict[str, Any], paths: Judged | None = None, **more: Any) -> Said:
    declared = claims(contract)
    seen = Seen((), (), (), more.get("places", ()), more.get("unread", ()), ())
    known = Knowledge(
        claims=declared,
        held={"newsletter": HELD},
        hints=Hints.of("nick", declared, [contract], TODAY),
        writer_of=lambda path, uid: f"user {uid}",
        state_directories={},
    )
    return judge(seen, paths or Judged(), DatabasesJudged(), known, now=NOW)


def test_exemptions_that_ran_out_or_match_nothing_are_said() -> None:
    contract = merged(
        files("/srv/newsletter"),
        database(),
        exemptions=[
            exemption(path="/srv/gone"),
            exemption(database="gone"),
            exemption(path="/srv/old", expires="2026-11-21"),
        ],
    )
    found = said(contract).alarms
    assert sorted(kinds(found)) == ["expired exemption", "idle exemption", "idle exemption"]


def test_a_place_that_was_skipped_or_could_not_be_read_is_said() -> None:
    places = (
        Place("/mnt/nfs", "server:/x", "nfs4", skipped="it did not answer"),
        Place("/proc", "proc", "proc", skipped="the kernel's", is_state=False),
    )
    unread = tuple(Unread(f"/srv/{number}", "Permission denied") for number in range(30))
    found = said(NEWSLETTER, places=places, unread=unread).alarms
    assert kinds(found) == ["skipped", *["unreadable"] * 21]
    assert "it did not answer" in found[0].sentence
    assert not said(NEWSLETTER, places=places[1:]).alarms


def test_a_place_that_was_skipped_can_be_exempted_unless_something_there_is_declared() -> None:
    nas = Place("/mnt/nas/old", "nas:/x", "nfs4", skipped="it did not answer")
    exempt = [exemption(path="/mnt/nas")]
    assert said(merged(files("/srv/newsletter"), exemptions=exempt), places=[nas]).alarms == (
        *said(merged(files("/srv/newsletter"))).alarms,
    )
    declared = merged(files("/srv/newsletter", "/mnt/nas/old/x"), exemptions=exempt)
    assert "skipped" in kinds(said(declared, places=[nas]).alarms)


def test_what_is_lacking_is_a_finding_that_names_its_store() -> None:
    paths = Judged()
    lacking = Waiting()
    lacking.take(entry("/srv/newsletter/old"))
    paths.lacking[claims(NEWSLETTER).paths[0]] = lacking
    (finding,) = said(NEWSLETTER, paths).unclaimed
    assert finding.subject == "/srv/newsletter/old"
    assert "newsletter/files declares it" in finding.detail
