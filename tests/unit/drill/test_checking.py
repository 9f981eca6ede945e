"""Which checks a drill judges, and what it says of those that it does not."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import date

import pytest

from plugins.module_utils.checks.evidence import Asking, Check, Evidence, Finding, Question
from plugins.module_utils.contract import Contract, Exemption
from plugins.module_utils.drill import checking
from plugins.module_utils.drill.checking import judge_checks, questions_to
from plugins.module_utils.errors import Unproven
from plugins.module_utils.manifest import FileEntry
from tests.unit.fakes import NOW, contract

TODAY = NOW.date()


@dataclass(frozen=True, kw_only=True)
class Always(Check):
    """Finds what it was made with."""

    found: Finding = field(default_factory=Finding)

    def find(self, evidence: Evidence) -> Finding:
        return self.found


@dataclass(frozen=True, kw_only=True)
class Asks(Asking):
    def find(self, evidence: Evidence) -> Finding:
        return Finding(fact=len(self.answer(evidence)))


class NoFiles:
    def entry(self, path: str) -> FileEntry | None:
        return None

    def matching(self, pattern: str) -> Iterator[FileEntry]:
        return iter(())

    def read(self, path: str) -> bytes:
        return b""


QUESTION = Question("database", "SELECT 1")
EVIDENCE = Evidence({QUESTION: [["1"]]}, {}, NoFiles(), NOW)
ASKS = Asks(name="asks", title="it asks", store="database", query="SELECT 1")
OBJECTS = Always(name="objects", title="it objects", found=Finding(("it objects: no",), 3, "note"))


def held_to(*checks: Check, until: date | None = None) -> Contract:
    exemption = Exemption("objects", "", "the plugin is broken", "Kim", until) if until else None
    return replace(contract(), checks=checks, exemptions=(exemption,) if exemption else ())


def test_every_question_is_put_once_to_its_own_store() -> None:
    again, other = replace(ASKS, name="again"), replace(ASKS, store="lists")
    assert questions_to([ASKS, again, other, OBJECTS], "database") == (QUESTION,)


def test_objections_facts_and_notes_are_gathered_and_counted() -> None:
    found = judge_checks(held_to(ASKS, OBJECTS), EVIDENCE, {"database"}, on=TODAY)
    assert (found.judged, found.objections) == (2, ["it objects: no"])
    assert (found.facts, found.notes) == ({"asks": 1, "objects": 3}, ["note"])


def test_an_exempt_check_is_not_judged_and_the_notes_say_who_answers_for_it() -> None:
    exempt = held_to(ASKS, OBJECTS, until=TODAY)
    found = judge_checks(exempt, EVIDENCE, {"database"}, on=TODAY)
    assert (found.judged, found.objections) == (1, [])
    assert found.notes == [
        f"it objects: not judged until {TODAY}, Kim answers for it (the plugin is broken)"
    ]


def test_what_an_exempt_check_saw_is_what_later_drills_compare_with() -> None:
    found = judge_checks(held_to(OBJECTS, until=TODAY), EVIDENCE, {"database"}, on=TODAY)
    assert found.facts == {"objects": 3}


def test_a_check_with_nothing_to_compare_is_not_counted_as_judged() -> None:
    empty = Finding(fact=0, note="nothing", is_empty=True)
    check = Always(name="empty", title="it is empty", found=empty)
    found = judge_checks(held_to(check), EVIDENCE, {"database"}, on=TODAY)
    assert (found.judged, found.notes) == (0, ["nothing"])


def test_a_check_that_takes_for_ever_ends_the_drill(monkeypatch: pytest.MonkeyPatch) -> None:
    class Endless(Check):
        def find(self, evidence: Evidence) -> Finding:
            return Finding(fact=bool(re.search(r"^(\w+\s?)+$", "a" * 60 + "!")))

    monkeypatch.setattr(checking, "LONGEST_SECONDS", 0.2)
    with pytest.raises(Unproven, match="it ends: judging it took longer than"):
        judge_checks(held_to(Endless(name="e", title="it ends")), EVIDENCE, {"database"}, on=TODAY)


def test_an_exemption_that_ran_out_holds_no_more() -> None:
    yesterday = held_to(OBJECTS, until=date(2026, 11, 21))
    found = judge_checks(yesterday, EVIDENCE, {"database"}, on=TODAY)
    assert (found.judged, found.objections, found.notes) == (1, ["it objects: no"], ["note"])


def test_checks_of_a_store_that_did_not_come_back_are_counted_in_a_note() -> None:
    found = judge_checks(held_to(ASKS, OBJECTS), EVIDENCE, set(), on=TODAY)
    assert (found.judged, found.objections) == (1, ["it objects: no"])
    assert "1 check not judged, because store database did not come back" in found.notes
