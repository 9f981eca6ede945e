"""What a backup refuses before it begins, and what it finds out while it runs."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from plugins.module_utils import file_listing
from plugins.module_utils.errors import Trouble
from plugins.module_utils.host import Finished
from plugins.module_utils.settings import SnapshotSettings
from plugins.module_utils.snapshot import procedure
from plugins.module_utils.snapshot.procedure import take
from plugins.module_utils.stores import FileStore
from tests.unit.fakes import FakeHost, contract

SAVED = (
    '{"message_type":"summary","total_bytes_processed":1,"snapshot_id":"8c8f89d91556b837",'
    '"backup_start":"2026-11-22T17:22:37.927327621Z"}\n'
)


def test_a_file_that_decayed_on_its_disk_is_a_sentence_and_the_snapshot_stays(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "srv").mkdir()
    (tmp_path / "srv" / "picture").write_bytes(b"good")
    settings = SnapshotSettings("rest:x", "/p", "", "", "", str(tmp_path / "staging"))
    host = FakeHost({"backup": Finished(0, SAVED, "")})
    files = FileStore("files", (str(tmp_path / "srv"),), (), (), 20)
    service = replace(contract(), files=(files,))
    monkeypatch.setattr(procedure, "knock", lambda _store, _now: None)
    nights = [datetime.now(UTC) + timedelta(days=days) for days in (1, 2, 3, 31)]
    for now in nights[:3]:
        assert take(host, service, settings, clock=lambda now=now: now).snapshot.short == "8c8f89d9"
    monkeypatch.setattr(file_listing, "sha256_of", lambda _path: "0" * 64)
    with pytest.raises(Trouble, match=r"^newsletter: snapshot 8c8f89d9 was saved, but /.*/picture"):
        take(host, service, settings, clock=lambda: nights[3])
