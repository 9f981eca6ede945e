"""A copy off site is whole or said to be not, and is never begun anew behind people's backs."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

from plugins.module_utils.host import Call, Finished
from plugins.module_utils.ledger import Ledger
from plugins.module_utils.upkeep.copying import copy_off_site, sentence_of
from tests.unit.fakes import NOW, FakeHost
from tests.unit.upkeep.samples import settings


@dataclass
class TwoRepositories(FakeHost):
    """A store with two snapshots, and a copy that restic fills, or does not."""

    there: list[str] | None = None
    loses: str = ""
    made: list[str] = field(default_factory=list)

    def run(self, call: Call) -> Finished:
        self.calls.append(call)
        verb, away = call.argv[2], "elsewhere" in (call.env or {})["RESTIC_REPOSITORY"]
        if verb == "init":
            self.there = []
        if verb == "copy":
            new = [name for name in call.argv[5:] if name != self.loses]
            self.there = [*(self.there or ()), *new]
        if verb == "cat" and self.there is None:
            return Finished(10, "", "repository does not exist")
        if verb == "snapshots":
            listed = [f'{{"id":"x{one}","original":"{one}"}}' for one in self.there or ()]
            stored = ['{"id":"aa"}', '{"id":"bb"}']
            return Finished(0, f"[{','.join(listed if away else stored)}]", "")
        return Finished(0, "", "")


def test_the_first_run_makes_the_repository_and_copies_all(tmp_path: Path) -> None:
    host = TwoRepositories()
    (record,) = copy_off_site(host, settings(tmp_path, off_site=True), clock=lambda: NOW)
    assert sentence_of(record) == "copy elsewhere of nick: 2 snapshots copied, 2 are there now"
    assert "--copy-chunker-params" in next(call for call in host.calls if "init" in call.argv).argv


def test_a_second_run_copies_nothing(tmp_path: Path) -> None:
    host, where = TwoRepositories(), settings(tmp_path, off_site=True)
    copy_off_site(host, where, clock=lambda: NOW)
    (record,) = copy_off_site(host, where, clock=lambda: NOW)
    assert record["copied"] == 0


def test_a_repository_that_is_gone_is_not_made_anew(tmp_path: Path) -> None:
    host, where = TwoRepositories(), settings(tmp_path, off_site=True)
    copy_off_site(host, where, clock=lambda: NOW)
    host.there = None
    (record,) = copy_off_site(host, where, clock=lambda: NOW)
    assert record["result"] == "failed"
    assert "there was one at the last copy" in sentence_of(record)
    assert len([call for call in host.calls if "init" in call.argv]) == 1


def test_a_snapshot_that_did_not_arrive_is_missed(tmp_path: Path) -> None:
    host = TwoRepositories(loses="bb")
    (record,) = copy_off_site(host, settings(tmp_path, off_site=True), clock=lambda: NOW)
    assert "1 snapshot did not arrive (bb)" in sentence_of(record)


def test_without_a_copy_in_the_settings_nothing_runs(tmp_path: Path) -> None:
    host = TwoRepositories()
    assert copy_off_site(host, settings(tmp_path), clock=lambda: NOW) == []
    assert host.calls == []


def test_what_was_pruned_from_a_copy_is_not_brought_back(tmp_path: Path) -> None:
    host, where = TwoRepositories(), settings(tmp_path, off_site=True)
    gone = {"kind": "prune", "store": "elsewhere", "gone": [{"snapshot": "xaa", "original": "aa"}]}
    Ledger(Path(where.ledger)).append(gone)
    (record,) = copy_off_site(host, where, clock=lambda: NOW)
    assert (record["result"], record["copied"], host.there) == ("done", 1, ["bb"])
