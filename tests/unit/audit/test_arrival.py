"""The host that judges objects to an audit that is missing, late, forged, or red."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import timedelta

from plugins.module_utils.audit.arrival import (
    Arrival,
    Wanted,
    all_objections,
    arrived,
    late_drills,
    objections,
)
from plugins.module_utils.host import Call, Finished
from plugins.module_utils.settings import DrillSettings
from tests.unit.audit.declared import NOW, files, merged
from tests.unit.audit.test_result import RESULT, SAVED
from tests.unit.fakes import FakeHost


def test_an_audit_that_did_not_arrive_in_time_is_an_objection() -> None:
    good = replace(RESULT, findings=(SAVED,), alarms=())
    later = NOW + timedelta(hours=37)
    assert [*objections(Arrival("nick", good), within_hours=36, now=NOW)] == []
    (late,) = objections(Arrival("nick", good), within_hours=36, now=later)
    assert "1 d 13 h old, and one is due every 36 hours" in late
    (never,) = objections(Arrival("nick"), within_hours=36, now=NOW)
    assert "no audit of nick ever arrived" in never
    (odd,) = objections(Arrival("nick", complaint="no key"), within_hours=36, now=NOW)
    assert "no key" in odd


def test_what_the_newest_audit_found_is_an_objection() -> None:
    found = [*objections(Arrival("nick", RESULT), within_hours=36, now=NOW)]
    assert found == ["nick has 1 thing (4.8 MiB) that nobody claims: /srv/forum", "a sentence"]


def test_a_service_without_a_drill_of_its_meaning_in_its_rhythm_is_named() -> None:
    contract = merged(files("/srv/newsletter"))
    drill = {"kind": "drill", "service": "newsletter", "verdict": "proven", "level": "L4"}
    recent = {**drill, "drilled_at": (NOW - timedelta(days=6)).isoformat()}
    old = {**drill, "drilled_at": (NOW - timedelta(days=8)).isoformat()}
    assert [*late_drills([contract], [recent], now=NOW)] == []
    (late,) = late_drills([contract], [old], now=NOW)
    assert late.startswith("newsletter was not proven at level L4 for 8 d, and its rhythm is 7 d")
    for other in ({"level": "L2"}, {"verdict": "broken"}, {"level": None}, {"store": "elsewhere"}):
        (late,) = late_drills([contract], [{**recent, **other}], now=NOW)
        assert "was not proven at level L4 ever" in late


class JudysStore(FakeHost):
    """Holds the notes that were sent: none, a good one, or one that cannot be read."""

    def __init__(self, *texts: str) -> None:
        super().__init__()
        self.texts = texts

    def run(self, call: Call) -> Finished:
        self.calls.append(call)
        if "dump" in call.argv:
            assert call.argv[-1] == "/var/lib/probealarm/audit/newest.json"
            return Finished(0, self.texts[int(call.argv[-2][0])], "")
        notes = [
            {
                "id": f"{number}aa",
                "hostname": "nick",
                "time": f"2026-11-2{number}T00:00:00Z",
                "paths": ["/srv/ledger.jsonl", "/var/lib/probealarm/audit/newest.json"],
            }
            for number, _ in enumerate(self.texts)
        ]
        return Finished(0, json.dumps(notes), "")


def test_the_newest_audit_is_fetched_from_the_store_of_the_host_that_judges() -> None:
    settings = DrillSettings("/store", "/passwords", "/scratch", "/ledger", "drill")
    newest = json.dumps(RESULT.as_json())
    host = JudysStore("{}", newest)
    assert arrived(host, settings, "nick", now=NOW) == Arrival("nick", RESULT)
    assert host.calls[0].env == {
        "RESTIC_REPOSITORY": "/store/nick",
        "RESTIC_PASSWORD_FILE": "/passwords/nick.password",
    }
    assert arrived(JudysStore(), settings, "nick", now=NOW) == Arrival("nick")
    assert (
        "cannot be read" in arrived(JudysStore(newest, "{}"), settings, "nick", now=NOW).complaint
    )
    said = [*all_objections(JudysStore(), settings, Wanted([merged()]), [], now=NOW)]
    assert len(said) == 2


def test_an_audit_from_the_future_is_passed_over_and_said() -> None:
    settings = DrillSettings("/store", "/passwords", "/scratch", "/ledger", "drill")
    newest = json.dumps(RESULT.as_json())
    fetched = arrived(JudysStore("{}", "{}", newest, ""), settings, "nick", now=NOW)
    assert fetched == Arrival("nick", RESULT, from_future=1)
    said = [*objections(fetched, within_hours=36, now=NOW)]
    assert said[0].startswith("nick sent 1 audit from the future, passed over here")
    early = NOW - timedelta(days=9)
    assert arrived(JudysStore(newest), settings, "nick", now=early) == Arrival(
        "nick", from_future=1
    )


def test_an_audit_that_calls_itself_of_the_future_or_of_another_host_is_an_objection() -> None:
    good = replace(RESULT, findings=(), alarms=())
    future = replace(good, audited_at=NOW + timedelta(days=1800))
    (said,) = objections(Arrival("nick", future), within_hours=36, now=NOW)
    assert "made in the future" in said
    soon = replace(good, audited_at=NOW + timedelta(minutes=9))
    assert [*objections(Arrival("nick", soon), within_hours=36, now=NOW)] == []
    other = Arrival("nick", replace(good, host="other"))
    (said,) = objections(other, within_hours=36, now=NOW)
    assert "says that it is of other" in said


def test_what_one_host_sent_does_not_hide_what_another_did() -> None:
    settings = DrillSettings("/store", "/passwords", "/scratch", "/ledger", "drill")

    class Odd(JudysStore):
        def run(self, call: Call) -> Finished:
            if call.env["RESTIC_REPOSITORY"].endswith("/nick"):
                return super().run(call)
            return Finished(0, "[5]", "")

    host = Odd(json.dumps(RESULT.as_json()))
    contracts = [merged(host="amy"), merged(host="nick")]
    said = [*all_objections(host, settings, Wanted(contracts), [], now=NOW)]
    assert said[0].startswith("the audit of amy cannot be read (")
    assert said[1].startswith("nick has 1 thing")
