"""What an audit keeps and sends, and what becomes of it when nobody takes it."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from plugins.module_utils.audit import procedure
from plugins.module_utils.audit.finding import Alarm, Finding
from plugins.module_utils.audit.procedure import Audited, audit
from plugins.module_utils.audit.result import NEWEST, Result, last
from plugins.module_utils.host import Finished
from plugins.module_utils.settings import SnapshotSettings
from tests.unit.fakes import FakeHost

NOW = datetime(2026, 11, 22, 3, 45, tzinfo=UTC)
FOUND = Result(
    "nick",
    NOW,
    (Finding("directory", "/srv/forum", "unclaimed", 6, NOW, hint="services:\n"),),
    (Alarm("skipped", "/mnt", "a sentence"),),
)
FULL = Finished(1, "", "Fatal: unable to save snapshot: 507 Insufficient Storage\n")


@pytest.fixture(name="folder")
def _folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = tmp_path / "audit"
    monkeypatch.setattr(procedure, "FOLDER", folder)
    monkeypatch.setattr(procedure, "give_way", lambda _host: None)
    monkeypatch.setattr(procedure, "knock", lambda _store, _now: None)
    monkeypatch.setattr(procedure, "result_of", lambda _host, _order: FOUND)
    return folder


def audited(host: FakeHost, folder: Path) -> Audited:
    ledger = str(folder.parent / "ledger.jsonl")
    settings = SnapshotSettings("rest:https://judy/nick/", "/p", "", "", "", "/s", ledger)
    return audit(host, "nick", [], settings, clock=lambda: NOW)


def test_a_result_that_cannot_be_sent_stays_and_the_sentence_says_why(folder: Path) -> None:
    done = audited(FakeHost({"backup": FULL}), folder)
    assert done.result == FOUND
    assert last(folder) == FOUND
    assert done.unsent.startswith("the result stays on nick until the next audit sends its own: ")
    assert "the disk behind rest:https://judy/nick/ is full" in done.unsent


@pytest.mark.parametrize("has_ledger", [False, True])
def test_the_result_is_sent_with_the_record_of_backups(folder: Path, has_ledger: bool) -> None:
    ledger = folder.parent / "ledger.jsonl"
    if has_ledger:
        ledger.write_text("{}\n")
    host = FakeHost()
    assert audited(host, folder).unsent == ""
    (call,) = host.calls
    sent = [*call.argv][[*call.argv].index("--") + 1 :]
    assert sent == [str(folder / NEWEST), *([str(ledger)] if has_ledger else [])]
