"""Pruning takes exactly what was judged, looks afterwards, and leaves a record."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

import pytest

from plugins.module_utils.errors import Trouble
from plugins.module_utils.host import Call, Finished
from plugins.module_utils.ledger import Ledger
from plugins.module_utils.retention.procedure import Pruned, Wish, prune
from plugins.module_utils.tools.restic import Snapshot
from tests.unit.fakes import NOW, FakeHost, contract, database_store
from tests.unit.retention.samples import drill, nights
from tests.unit.upkeep.samples import settings

CONTRACT = contract(databases=[database_store()])


@dataclass
class FakeStore(FakeHost):
    """Holds snapshots and forgets those it is told to, and others where a test wants that."""

    holds: list[Snapshot] = field(default_factory=list)
    also_loses: str = ""
    refuses: bool = False

    def run(self, call: Call) -> Finished:
        self.calls.append(call)
        if "forget" in call.argv and self.refuses:
            return Finished(1, "", "disk I/O error")
        if "forget" in call.argv:
            gone = {*call.argv, self.also_loses}
            self.holds = [one for one in self.holds if one.id not in gone]
        if "snapshots" in call.argv:
            listed = [
                {
                    "id": one.id,
                    "hostname": one.service,
                    "time": one.taken_at.isoformat(),
                    "paths": [],
                    "summary": {"total_bytes_processed": one.bytes},
                }
                for one in self.holds
            ]
            return Finished(0, json.dumps(listed), "")
        return Finished(0, "", "")

    def changed(self) -> bool:
        return any({"forget", "prune"} & set(call.argv) for call in self.calls)


def pruned(
    tmp_path: Path, store: FakeStore, wish: Wish | None = None, *, rows: Sequence[int] = ()
) -> Pruned:
    """Prune a store all of whose snapshots are proven, with these rows in the newest ones."""
    ledger = Ledger(tmp_path / "ledger.jsonl")
    if not list(ledger.records()):
        counts = [50_000] * (len(store.holds) - len(rows)) + list(rows)
        for one, number in zip(store.holds, counts, strict=True):
            ledger.append(drill(one, rows=number))
    return prune(store, CONTRACT, settings(tmp_path), wish or Wish(), clock=lambda: NOW)


def records(tmp_path: Path) -> list[dict[str, object]]:
    return [
        dict(record)
        for record in Ledger(tmp_path / "ledger.jsonl").records()
        if record["kind"] == "prune"
    ]


def test_what_is_old_goes_and_is_recorded(tmp_path: Path) -> None:
    store = FakeStore(holds=nights(60))
    done = pruned(tmp_path, store)
    assert done.record["result"] == "pruned"
    assert done.record["kept"] == len(store.holds) < 60
    (record,) = records(tmp_path)
    assert len(record["gone"]) == 60 - len(store.holds)  # type: ignore[arg-type]  # a list in JSON


def test_a_second_pruning_finds_nothing_and_touches_nothing(tmp_path: Path) -> None:
    store = FakeStore(holds=nights(60))
    pruned(tmp_path, store)
    store.calls.clear()
    assert pruned(tmp_path, store).record["result"] == "nothing to do"
    assert not store.changed()


def test_a_dry_run_tells_all_and_changes_nothing(tmp_path: Path) -> None:
    store = FakeStore(holds=nights(60))
    done = pruned(tmp_path, store, Wish(dry_run=True))
    assert not store.changed()
    assert records(tmp_path) == []
    assert done.table.count("GOES") == len(done.record["gone"]) > 0
    assert max(len(line) for line in done.table.splitlines()) <= 120


def test_a_collapse_freezes_and_is_recorded(tmp_path: Path) -> None:
    store = FakeStore(holds=nights(60))
    done = pruned(tmp_path, store, rows=[20])
    assert done.record["result"] == "frozen"
    assert "fell from 50,000 rows" in done.record["reasons"][0]
    assert "Frozen: the irreplaceable tables" in done.table
    assert not store.changed()
    assert records(tmp_path)[0]["result"] == "frozen"


def test_an_accepted_loss_is_recorded_and_holds_from_then_on(tmp_path: Path) -> None:
    store = FakeStore(holds=nights(60))
    newest = store.holds[-1].short
    pruned(tmp_path, store, rows=[20])
    assert pruned(tmp_path, store, Wish(accepted_loss=newest)).record["result"] == "pruned"
    assert records(tmp_path)[-1]["accepted_loss"] == newest
    assert pruned(tmp_path, store).record["result"] == "nothing to do"


def test_a_loss_of_an_unknown_snapshot_cannot_be_accepted(tmp_path: Path) -> None:
    with pytest.raises(Trouble, match="0 snapshots begin with 'zz'"):
        pruned(tmp_path, FakeStore(holds=nights(3)), Wish(accepted_loss="zz"))


def test_a_snapshot_that_vanished_beside_the_others_is_noticed(tmp_path: Path) -> None:
    store = FakeStore(holds=nights(60))
    store.also_loses = store.holds[-1].id
    done = pruned(tmp_path, store)
    assert done.record["result"] == "failed"
    assert "snapshots that were to stay are gone" in done.record["reasons"][0]


def test_a_pruning_that_failed_is_recorded(tmp_path: Path) -> None:
    done = pruned(tmp_path, FakeStore(holds=nights(60), refuses=True))
    assert done.record["result"] == "failed"
    assert "disk I/O error" in done.record["reasons"][0]
    assert records(tmp_path)[0]["result"] == "failed"


def test_an_empty_ledger_keeps_all(tmp_path: Path) -> None:
    store = FakeStore(holds=nights(60))
    done = prune(store, CONTRACT, settings(tmp_path), Wish(), clock=lambda: NOW)
    assert done.record["result"] == "frozen"
    assert len(store.holds) == 60


def test_a_ledger_that_was_changed_stops_everything(tmp_path: Path) -> None:
    store = FakeStore(holds=nights(60))
    pruned(tmp_path, store, Wish(dry_run=True))
    ledger = tmp_path / "ledger.jsonl"
    text = ledger.read_text(encoding="utf-8")
    ledger.write_text(text.replace('"proven"', '"broken"', 1), encoding="utf-8")
    with pytest.raises(Trouble, match="was changed"):
        prune(store, CONTRACT, settings(tmp_path), Wish(), clock=lambda: NOW)
    assert not store.changed()


def test_a_copy_is_pruned_as_root_by_its_own_rules_and_recorded_as_such(tmp_path: Path) -> None:
    store = FakeStore(holds=nights(60))
    where = settings(tmp_path, off_site=True)
    ledger = Ledger(tmp_path / "ledger.jsonl")
    for one in store.holds:
        ledger.append(drill(one))
    ledger.append(drill(store.holds[-1], store="elsewhere"))
    done = prune(store, CONTRACT, where, Wish(copy="elsewhere"), clock=lambda: NOW)
    assert done.record["result"] == "pruned"
    assert len(store.holds) == 5, "all of two days, then one of each of five"
    assert "newsletter in the copy off site elsewhere: 55 snapshots would go" in done.table
    (record,) = records(tmp_path)
    assert record["store"] == "elsewhere"
    assert all(gone["original"] for gone in record["gone"])  # type: ignore[attr-defined]  # a list in JSON
    assert not any("runuser" in call.argv for call in store.calls)
    again = prune(store, CONTRACT, where, Wish(), clock=lambda: NOW)
    assert again.record["store"] == ""


def test_a_copy_of_another_host_or_of_nobody_is_not_pruned(tmp_path: Path) -> None:
    where = settings(tmp_path, off_site=True)
    with pytest.raises(Trouble, match="no copy off site is called 'nowhere'"):
        prune(FakeStore(), CONTRACT, where, Wish(copy="nowhere"), clock=lambda: NOW)
    of_dora = replace(CONTRACT, host="dora")
    with pytest.raises(Trouble, match="is of nick, and this service runs on dora"):
        prune(FakeStore(), of_dora, where, Wish(copy="elsewhere"), clock=lambda: NOW)
