"""A drill that cannot be tried says why, is recorded, and touches nothing."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from plugins.module_utils.drill.procedure import LATEST, drill
from plugins.module_utils.host import Finished
from plugins.module_utils.ledger import Ledger
from plugins.module_utils.settings import DrillSettings
from plugins.module_utils.stores import Container, RedisStore
from tests.unit.fakes import NOW, FakeHost, contract


def test_a_service_that_was_never_saved_is_unproven(tmp_path: Path) -> None:
    """A store in a container is no reason: drills load its dump into servers of their own."""
    host, ledger = FakeHost({"snapshots": Finished(0, "[]", "")}), tmp_path / "ledger"
    settings = DrillSettings("/store", "/passwords", str(tmp_path / "scratch"), str(ledger), "u")
    cache = RedisStore("cache", "", 6379, 0, ("*",), 20, Container("podman", name="cache"))
    record = drill(host, replace(contract(), redis=(cache,)), settings, LATEST, clock=lambda: NOW)
    assert record["verdict"] == "unproven"
    assert record["reasons"][0].startswith("the store holds no snapshot of newsletter")
    assert not (tmp_path / "scratch").exists()
    assert len(list(Ledger(ledger).records())) == 1
