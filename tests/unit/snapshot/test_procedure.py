"""A backup that would leave something out is refused before it begins."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from plugins.module_utils.errors import Trouble
from plugins.module_utils.settings import SnapshotSettings
from plugins.module_utils.snapshot.procedure import take
from plugins.module_utils.stores import Container, RedisStore
from tests.unit.fakes import NOW, FakeHost, contract


def test_a_store_that_this_version_cannot_save_stops_the_backup(tmp_path: Path) -> None:
    host, staging = FakeHost(), tmp_path / "staging"
    settings = SnapshotSettings("rest:x", "/p", "nick", "/r", "/ca", str(staging))
    cache = RedisStore("cache", "", 6379, 0, ("*",), 20, Container("podman", name="cache"))
    with pytest.raises(Trouble, match="store cache of newsletter is of kind redis in a"):
        take(host, replace(contract(), redis=(cache,)), settings, clock=lambda: NOW)
    assert (host.calls, staging.exists()) == ([], False)
