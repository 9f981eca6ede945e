"""An answer is judged by what it holds, never by a bare status."""

from __future__ import annotations

import json

import jmespath
import pytest

from plugins.module_utils.checks.probes import Expectation, ProbeAnswer

PAGE = {
    "name": "login_page",
    "request": {"path": "/s/login"},
    "expect": {"status": 200, "contains": ["Sign in"], "lacks": ["Installer"]},
}
SPOKEN = {
    "name": "accounts",
    "request": {"path": "/api/accounts"},
    "expect": {"json": ["length(accounts) >= `2`", "status == 'ok'"]},
}
PROGRAM = {
    "name": "users",
    "run": ["wiki", "list-users"],
    "expect": {"contains": ["2 users"]},
}


def objections(probe: dict[str, object], status: int, text: str) -> list[str]:
    return list(Expectation.of(probe).objections(ProbeAnswer(status, text), jmespath.search))


def test_the_expected_page_raises_no_objection() -> None:
    assert objections(PAGE, 200, "<h1>Sign in</h1>") == []


@pytest.mark.parametrize(
    ("status", "text", "said"),
    [
        (302, "Sign in", "the answer has HTTP status 302, expected is 200"),
        (200, "It works!", "the answer lacks 'Sign in'"),
        (200, "Sign in to the Installer", "the answer holds 'Installer', which it must not"),
    ],
)
def test_another_page_is_refused_and_the_reason_told(status: int, text: str, said: str) -> None:
    assert objections(PAGE, status, text) == [said]


def test_a_page_that_is_wrong_in_every_way_is_told_so_in_one_go() -> None:
    assert len(objections(PAGE, 500, "Installer")) == 3


def test_another_status_may_be_the_expected_one() -> None:
    probe = {**PAGE, "expect": {"status": 401, "contains": ["Sign in"]}}
    assert objections(probe, 401, "Sign in") == []
    assert objections(probe, 200, "Sign in") != []


def test_expressions_that_are_true_raise_no_objection() -> None:
    assert objections(SPOKEN, 200, json.dumps({"accounts": [1, 2], "status": "ok"})) == []


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ('{"accounts": [1], "status": "ok"}', "length(accounts) >= `2` is not true of the answer"),
        ('{"status": "ok"}', "the answer has another shape than length(accounts) >= `2` reads"),
        ("<html>", "the answer is not JSON"),
        ("", "the answer is not JSON"),
    ],
)
def test_another_document_is_refused(text: str, said: str) -> None:
    assert objections(SPOKEN, 200, text) == [said]


def test_an_expression_must_be_true_and_not_merely_something() -> None:
    probe = {**SPOKEN, "expect": {"json": ["accounts"]}}
    assert objections(probe, 200, '{"accounts": ["x"]}') == ["accounts is not true of the answer"]


def test_a_program_must_end_well_and_say_the_expected() -> None:
    assert objections(PROGRAM, 0, "2 users\n") == []
    assert objections(PROGRAM, 1, "2 users\n") == ["the answer has exit status 1, expected is 0"]
    assert objections(PROGRAM, 0, "0 users\n") == ["the answer lacks '2 users'"]


def test_objections_never_repeat_the_answer() -> None:
    for probe in (PAGE, SPOKEN, PROGRAM):
        assert "Maria" not in " ".join(objections(probe, 500, "Maria Musterfrau"))
