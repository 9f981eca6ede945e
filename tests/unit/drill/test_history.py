"""The ledger holds more than drills of the store, and only those tell where a service stands."""

from __future__ import annotations

from plugins.module_utils.drill.history import newest_of_each

DRILL = {"kind": "drill", "service": "newsletter", "of_newest_snapshot": True, "verdict": "proven"}


def test_checks_prunings_and_copies_say_nothing_about_a_service() -> None:
    records = [
        DRILL,
        {"kind": "prune", "service": "newsletter", "result": "frozen"},
        {"kind": "check", "host": "nick", "store": "", "verdict": "broken"},
        {"kind": "copy", "host": "nick", "store": "elsewhere", "result": "failed"},
    ]
    assert newest_of_each(records) == {"newsletter": DRILL}


def test_a_drill_of_a_copy_off_site_leaves_the_standing_alone() -> None:
    away = {**DRILL, "verdict": "broken", "store": "elsewhere"}
    assert newest_of_each([{**DRILL, "store": ""}, away])["newsletter"]["verdict"] == "proven"
