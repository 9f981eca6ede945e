"""A drill that cannot be tried says why, is recorded, and touches nothing."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from plugins.module_utils.drill.procedure import LATEST, drill
from plugins.module_utils.ledger import Ledger
from plugins.module_utils.settings import DrillSettings
from plugins.module_utils.stores import Container, RedisStore
from tests.unit.fakes import NOW, FakeHost, contract


def test_a_store_that_this_version_cannot_load_leaves_the_service_unproven(tmp_path: Path) -> None:
    host, ledger = FakeHost(), tmp_path / "ledger"
    settings = DrillSettings("/store", "/passwords", str(tmp_path / "scratch"), str(ledger), "u")
    cache = RedisStore("cache", "", 6379, 0, ("*",), 20, Container("podman", name="cache"))
    record = drill(host, replace(contract(), redis=(cache,)), settings, LATEST, clock=lambda: NOW)
    assert (record["verdict"], host.calls) == ("unproven", [])
    assert "store cache of newsletter is of kind redis in a container" in record["reasons"][0]
    assert len(list(Ledger(ledger).records())) == 1
