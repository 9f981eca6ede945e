"""Everything is read in turn, and what a check finds is said and recorded."""

from __future__ import annotations

from pathlib import Path

import pytest

from plugins.module_utils.host import Finished
from plugins.module_utils.ledger import Ledger
from plugins.module_utils.upkeep.checking import (
    check_store,
    next_part,
    sentence_of,
    strange_keys,
)
from tests.unit.fakes import NOW, FakeHost
from tests.unit.upkeep.samples import settings

KEYS = Finished(0, "aaaa\nbbbb\n", "")
DAMAGED = Finished(1, "", '{"message_type":"error","message":"pack 82ea contains 2 errors"}')


def checked(part: int, verdict: str = "proven", parts: int = 4) -> dict[str, object]:
    return {"part": part, "parts": parts, "verdict": verdict}


@pytest.mark.parametrize(
    ("history", "part"),
    [
        ([], 1),
        ([checked(1)], 2),
        ([checked(1), checked(2), checked(3), checked(4)], 1),
        ([checked(1), checked(2, "unproven")], 2),
        ([checked(1), checked(2, "broken")], 3),
        ([checked(1), checked(3)], 2),
        ([checked(4), checked(1, parts=7)], 1),
        ([checked(1), checked(2, "broken"), checked(3)], 2),
        ([checked(1), checked(2, "broken"), checked(3), checked(2, "broken")], 4),
        ([checked(1), checked(2, "broken"), checked(3), checked(2)], 4),
    ],
)
def test_the_part_that_was_not_read_for_longest_is_next(
    history: list[dict[str, object]], part: int
) -> None:
    assert next_part(history, 4) == part


def test_damage_everywhere_keeps_no_part_from_its_turn() -> None:
    history: list[dict[str, object]] = []
    for _day in range(4):
        history.append(checked(next_part(history, 4), "broken"))
    assert {record["part"] for record in history} == {1, 2, 3, 4}


def test_run_daily_everything_is_read_in_a_month() -> None:
    history: list[dict[str, object]] = []
    for _day in range(28):
        history.append(checked(next_part(history, 28), parts=28))
    assert {record["part"] for record in history} == set(range(1, 29))


def test_a_whole_store_is_proven_at_level_one_and_recorded(tmp_path: Path) -> None:
    host, where = FakeHost({"keys": KEYS}), settings(tmp_path, off_site=True)
    records = check_store(host, where, clock=lambda: NOW)
    assert [(record["store"], record["verdict"], record["level"]) for record in records] == [
        ("", "proven", "L1"),
        ("elsewhere", "proven", "L1"),
    ]
    assert len(list(Ledger(Path(where.ledger)).records())) == 2
    again = check_store(host, where, clock=lambda: NOW)
    assert [record["part"] for record in again] == [2, 2], "each repository has turns of its own"


def test_damage_is_one_sentence(tmp_path: Path) -> None:
    (record,) = check_store(
        FakeHost({"keys": KEYS, "check": DAMAGED}), settings(tmp_path), clock=lambda: NOW
    )
    assert record["verdict"] == "broken"
    assert sentence_of(record) == (
        "the repository of nick is not as it should be: pack 82ea contains 2 errors"
    )


def test_a_repository_that_cannot_be_opened_is_unproven(tmp_path: Path) -> None:
    host = FakeHost({"keys": Finished(12, "", "wrong password")})
    (record,) = check_store(host, settings(tmp_path), clock=lambda: NOW)
    assert record["verdict"] == "unproven"
    assert "could not be checked: the password in" in sentence_of(record)


def test_a_key_that_nobody_knew_is_said(tmp_path: Path) -> None:
    where = settings(tmp_path)
    check_store(FakeHost({"keys": KEYS}), where, clock=lambda: NOW)
    more = FakeHost({"keys": Finished(0, "aaaa\nbbbb\nstranger\n", "")})
    (record,) = check_store(more, where, clock=lambda: NOW)
    assert record["verdict"] == "broken"
    assert "key stranger opens the repository and was not there" in record["reasons"][0]


def test_a_check_that_saw_no_keys_makes_none_strange() -> None:
    history = [{"keys": ["aaaa"]}, {"keys": []}]
    assert list(strange_keys(["aaaa"], history)) == []
    assert list(strange_keys(["aaaa"], [])) == []
