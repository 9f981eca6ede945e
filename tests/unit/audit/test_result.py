"""What an audit found is kept, sent, read again, and compared with the one before."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from plugins.module_utils.audit.figures import Figures
from plugins.module_utils.audit.finding import Alarm, Finding
from plugins.module_utils.audit.result import (
    BEFORE,
    NEWEST,
    Result,
    keep,
    last,
)
from plugins.module_utils.errors import Trouble
from plugins.module_utils.report.audit import audit_table
from plugins.module_utils.report.audits import below_table, in_page
from tests.unit.audit.declared import NOW

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


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("audited_at", "2026-11-22T01:00:00"),
        ("audited_at", 5),
        ("host", None),
        ("entries", "9"),
        ("entries", True),
        ("findings", [{**Figures("a", 1).as_json()}]),
        ("findings", [{"kind": "file", "subject": "/x", "state": "unclaimed", "bytes": "5"}]),
        ("findings", [{"kind": "file", "subject": "/x", "state": "unclaimed", "bytes": -5}]),
        ("findings", [{"kind": "file", "subject": "/x", "state": "fine", "bytes": 5}]),
        ("findings", [{"kind": "file", "subject": ["/x"], "state": "saved", "bytes": 5}]),
        ("alarms", [{"kind": "skipped", "subject": "/x", "sentence": 5}]),
        ("figures", {"newsletter": {"snapshot": "a", "files": 1, "rows": {"database": "5"}}}),
        ("figures", {"newsletter": {"snapshot": "a", "files": 1, "rows": []}}),
    ],
)
def test_values_of_other_types_are_refused_with_a_sentence(name: str, value: object) -> None:
    with pytest.raises(Trouble, match=r"cannot be read .* Run it again"):
        Result.parse(json.dumps({**RESULT.as_json(), name: value}))


def test_what_is_nested_without_end_is_refused_with_a_sentence() -> None:
    with pytest.raises(Trouble, match="cannot be read"):
        Result.parse("[" * 100_000)


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


def test_names_that_are_not_utf8_can_be_shown() -> None:
    odd = "/srv/\udce4"
    unclaimed = replace(FORUM, subject=odd, writer=odd, detail=odd, hint=f"a: {odd}\n")
    exempt = replace(EXEMPT, subject=odd, reason=odd, owner=odd)
    saved = replace(SAVED, subject=odd)
    result = replace(
        RESULT,
        findings=(unclaimed, saved, exempt),
        alarms=(Alarm("unreadable", odd, f"{odd} could not be looked at"),),
    )
    assert b"\\xe4 could not" in audit_table(result, now=NOW, everything=True).encode()
    assert json.dumps(result.as_json(), ensure_ascii=False).encode()
    assert Result.parse(json.dumps(result.as_json())).findings[0].hint == "a: /srv/\\xe4\n"


def test_a_good_audit_is_one_sentence() -> None:
    good = replace(RESULT, findings=(SAVED, EXEMPT), alarms=())
    assert audit_table(good, now=NOW).startswith("nick: nothing is unclaimed. 1 place saved")


def test_the_report_shows_what_the_audits_say() -> None:
    assert below_table("TABLE", ["one <reason>"]).splitlines() == [
        *("TABLE", "", "The coverage audit needs somebody:", "  - one <reason>"),
    ]
    page = in_page("<main><p>x</p></main></html>", ["one <reason>"])
    assert "<li>one &lt;reason&gt;</li>" in page
    assert page.endswith("</section>\n</main></html>")
    assert "Nothing is unclaimed" in in_page("<main></main>", [])
