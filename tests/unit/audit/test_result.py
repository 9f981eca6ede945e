"""What an audit found is kept, sent, read again, and compared with the one before."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from plugins.module_utils.audit.arrival import (
    Arrival,
    Wanted,
    all_objections,
    arrived,
    late_drills,
    objections,
)
from plugins.module_utils.audit.finding import Alarm, Finding
from plugins.module_utils.audit.result import (
    BEFORE,
    NEWEST,
    Figures,
    Result,
    figures_of,
    keep,
    last,
    shrunk,
)
from plugins.module_utils.errors import Trouble
from plugins.module_utils.host import Call, Finished
from plugins.module_utils.report.audit import audit_table
from plugins.module_utils.report.audits import below_table, in_page
from plugins.module_utils.settings import DrillSettings
from tests.unit.audit.declared import NOW, base, claims, database, files, held, merged
from tests.unit.fakes import FakeHost

FORUM = Finding(
    "directory",
    "/srv/forum",
    "unclaimed",
    5_000_000,
    NOW - timedelta(days=1),
    writer="unit forum.service",
    detail="12 files",
    hint="services:\n  forum:\n    path: /srv/forum\n",
)
SAVED = Finding(
    "database",
    "mariadb/mautic",
    "saved",
    100,
    store="newsletter/database",
    snapshot="8c8f89d9",
    saved_at=NOW - timedelta(hours=1),
    parts=("leads: InnoDB",),
)
EXEMPT = Finding("directory", "/var/cache", "exempt", 5, reason="A cache")
RESULT = Result("nick", NOW, (FORUM, SAVED, EXEMPT), (Alarm("skipped", "/mnt", "a sentence"),), 9)


def test_what_is_kept_is_read_again_as_it_was(tmp_path: Path) -> None:
    file = keep(RESULT, tmp_path)
    assert Result.parse(file.read_text()) == RESULT
    assert last(tmp_path) == RESULT
    assert file.stat().st_mode & 0o777 == 0o600


def test_the_one_before_stays(tmp_path: Path) -> None:
    keep(RESULT, tmp_path)
    keep(replace(RESULT, entries=10), tmp_path)
    assert Result.parse((tmp_path / BEFORE).read_text()).entries == 9
    assert Result.parse((tmp_path / NEWEST).read_text()).entries == 10


def test_without_room_the_earlier_one_stays(tmp_path: Path) -> None:
    with pytest.raises(Trouble, match="cannot be kept"):
        keep(RESULT, tmp_path / "missing")


@pytest.mark.parametrize("text", ["", "[]", "{}", "null", '{"format": 1}'])
def test_what_is_no_audit_is_refused_with_a_sentence(text: str) -> None:
    with pytest.raises(Trouble, match=r"cannot be read .* Run it again"):
        Result.parse(text)


def test_a_newer_format_is_refused() -> None:
    with pytest.raises(Trouble, match="has format 2 and this version reads 1"):
        Result.parse(json.dumps({**RESULT.as_json(), "format": 2}))


def test_names_that_are_not_utf8_can_be_kept_and_compared(tmp_path: Path) -> None:
    odd = replace(RESULT, findings=(replace(FORUM, subject="/srv/a\udce4\nb"),))
    keep(odd, tmp_path)
    again = last(tmp_path)
    assert again is not None
    assert again.findings[0].subject == "/srv/a\\xe4\\nb"
    assert not odd.since(again).findings[0].is_new


def test_what_was_not_there_last_time_is_new() -> None:
    before = replace(RESULT, findings=(SAVED, EXEMPT))
    assert [one.subject for one in RESULT.since(before).findings if one.is_new] == ["/srv/forum"]
    assert not any(one.is_new for one in RESULT.since(None).findings)


def test_a_store_that_fell_by_more_than_its_limit_is_said() -> None:
    contracts = claims(merged(files("/srv/newsletter"), database())).contracts
    before = {"newsletter": Figures("aaaa", 100, {"database": 50_000})}
    assert [
        *shrunk(contracts, {"newsletter": Figures("bbbb", 90, {"database": 45_000})}, before)
    ] == []
    fell = [*shrunk(contracts, {"newsletter": Figures("bbbb", 10, {"database": 0})}, before)]
    assert [alarm.kind for alarm in fell] == ["store shrank", "store shrank"]
    assert "fell from 50,000 rows in snapshot aaaa to 0 rows in bbbb" in fell[1].sentence
    assert [*shrunk(contracts, {}, before)] == []


def test_figures_come_from_the_manifests() -> None:
    figures = figures_of({"newsletter": held(databases=[base(leads=7)])})
    assert figures == {"newsletter": Figures("8c8f89d9", 10, {"database": 7})}


def test_the_table_says_what_nobody_claims_first_and_how_to_answer() -> None:
    table = audit_table(RESULT, now=NOW)
    assert table.startswith("nick: 1 thing (4.8 MiB) would be lost with it")
    assert "UNCLAIMED directory /srv/forum (4.8 MiB, changed 1 d ago, written by unit" in table
    assert "      services:\n        forum:\n" in table
    assert "1 place saved, 1 exempt; -e audit_show=all" in table
    assert "mariadb/mautic" not in table
    everything = audit_table(RESULT, now=NOW, everything=True)
    assert "mariadb/mautic (database, 100 bytes) by newsletter/database in snapshot" in everything
    assert "/var/cache (5 bytes): A cache" in everything
    assert max(len(line) for line in everything.splitlines()) <= 120


def test_a_good_audit_is_one_sentence() -> None:
    good = replace(RESULT, findings=(SAVED, EXEMPT), alarms=())
    assert audit_table(good, now=NOW).startswith("nick: nothing is unclaimed. 1 place saved")


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
            return Finished(0, self.texts[int(call.argv[-2][0])], "")
        notes = [
            {
                "id": f"{number}aa",
                "hostname": "nick",
                "time": f"2026-11-2{number}T00:00:00Z",
                "paths": ["/var/lib/probealarm/audit/newest.json"],
            }
            for number, _ in enumerate(self.texts)
        ]
        return Finished(0, json.dumps(notes), "")


def test_the_newest_audit_is_fetched_from_the_store_of_the_host_that_judges() -> None:
    settings = DrillSettings("/store", "/passwords", "/scratch", "/ledger", "drill")
    newest = json.dumps(RESULT.as_json())
    host = JudysStore("{}", newest)
    assert arrived(host, settings, "nick") == Arrival("nick", RESULT)
    assert host.calls[0].env == {
        "RESTIC_REPOSITORY": "/store/nick",
        "RESTIC_PASSWORD_FILE": "/passwords/nick.password",
    }
    assert arrived(JudysStore(), settings, "nick") == Arrival("nick")
    assert "cannot be read" in arrived(JudysStore(newest, "{}"), settings, "nick").complaint
    said = [*all_objections(JudysStore(), settings, Wanted([merged()]), [], now=NOW)]
    assert len(said) == 2


def test_the_report_shows_what_the_audits_say() -> None:
    assert below_table("TABLE", ["one <reason>"]).splitlines() == [
        *("TABLE", "", "The coverage audit needs somebody:", "  - one <reason>"),
    ]
    page = in_page("<main><p>x</p></main></html>", ["one <reason>"])
    assert "<li>one &lt;reason&gt;</li>" in page
    assert page.endswith("</section>\n</main></html>")
    assert "Nothing is unclaimed" in in_page("<main></main>", [])
