"""The ledger only grows, and notices when somebody changes it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from plugins.module_utils.errors import Trouble
from plugins.module_utils.ledger import Ledger


def filled(tmp_path: Path, records: int = 3) -> Ledger:
    ledger = Ledger(tmp_path / "ledger.jsonl")
    for number in range(records):
        ledger.append({"number": number, "padding": "x" * 70_000})
    return ledger


def test_records_come_back_in_order(tmp_path: Path) -> None:
    assert [record["number"] for record in filled(tmp_path).records()] == [0, 1, 2]


def test_no_ledger_yet_has_no_records(tmp_path: Path) -> None:
    assert list(Ledger(tmp_path / "ledger.jsonl").records()) == []


def test_a_changed_verdict_is_noticed(tmp_path: Path) -> None:
    ledger = filled(tmp_path)
    text = ledger.file.read_text(encoding="utf-8")
    ledger.file.write_text(text.replace('"number": 1', '"number": 9'), encoding="utf-8")
    with pytest.raises(Trouble, match="line 3 does not continue line 2"):
        list(ledger.records())


def test_a_removed_line_is_noticed(tmp_path: Path) -> None:
    ledger = filled(tmp_path)
    lines = ledger.file.read_text(encoding="utf-8").splitlines(keepends=True)
    ledger.file.write_text(lines[0] + lines[2], encoding="utf-8")
    with pytest.raises(Trouble, match="was changed"):
        list(ledger.records())


def test_a_line_cut_off_in_the_middle_is_noticed(tmp_path: Path) -> None:
    ledger = filled(tmp_path)
    ledger.file.write_bytes(ledger.file.read_bytes()[:-40])
    with pytest.raises(Trouble, match="was changed"):
        list(ledger.records())


def test_a_ledger_that_cannot_be_written_is_said_so(tmp_path: Path) -> None:
    with pytest.raises(Trouble, match="leaves no record"):
        Ledger(tmp_path / "missing" / "ledger.jsonl").append({})


def test_a_line_that_a_crash_tore_spoils_no_later_one(tmp_path: Path) -> None:
    ledger = filled(tmp_path, 1)
    with ledger.file.open("ab") as file:
        file.write(b'{"number": 1, "pre')
    ledger.append({"number": 2})
    with pytest.raises(Trouble, match="line 2 does not continue line 1"):
        list(ledger.records())
    assert json.loads(ledger.file.read_bytes().splitlines()[-1])["number"] == 2
