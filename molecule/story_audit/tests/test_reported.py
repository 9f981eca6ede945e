"""Beside what is forgotten, an audit reports what is declared and does not hold."""

from __future__ import annotations

from typing import Any

import pytest

from .reported import PASSING, REPORTED, Reported


@pytest.mark.parametrize("one", REPORTED, ids=lambda one: one.name)
def test_the_alarm_names_the_thing(audits: dict[str, Any], one: Reported) -> None:
    alarms: dict[tuple[str, str], str] = {}
    for alarm in audits[one.name]["alarms"]:
        key = alarm["kind"], alarm["subject"]
        alarms[key] = f"{alarms.get(key, '')} {alarm['sentence']}"
    assert alarms.keys() == one.alarms.keys()
    for key, words in one.alarms.items():
        assert [word for word in words if word not in alarms[key]] == [], alarms[key]


@pytest.mark.parametrize("one", REPORTED, ids=lambda one: one.name)
def test_what_is_forgotten_beside_it_is_found(audits: dict[str, Any], one: Reported) -> None:
    findings = audits[one.name]["findings"]
    unclaimed = {finding["subject"] for finding in findings if finding["state"] == "unclaimed"}
    assert unclaimed == {*one.unclaimed}


def test_a_file_that_vanished_is_neither_counted_nor_complained_of(audits: dict[str, Any]) -> None:
    details = {
        finding["subject"]: finding.get("detail", "")
        for one in REPORTED
        for finding in audits[one.name]["findings"]
    }
    assert "19999 files" in details[PASSING.subject]
