"""What SQLite and Redis held on the source arrives on judy as it was."""

from __future__ import annotations

import json
from dataclasses import asdict, replace
from pathlib import Path

import pytest

from plugins.module_utils.errors import Broken
from plugins.module_utils.manifest import MANIFEST, Manifest
from plugins.module_utils.manifest_small import RedisManifest, SqliteManifest
from plugins.module_utils.measures import DumpFile, Keys, RedisMeasure
from tests.unit.fakes import NOW, measure

DUMP = DumpFile("/staging/cards.sqlite", 4096, "ab" * 32)
CARDS = SqliteManifest("cards", "/srv/cards.db", measure(people=7), DUMP)
CACHE = RedisManifest(
    "cache",
    3,
    RedisMeasure("8.0.2", {"hash": 2, "string": 9}, {"DKIM_*": Keys(2, 8, "1f-2e")}, expiring=4),
    DUMP,
)
SAMPLE = Manifest("newsletter", "nick", NOW, (), 0, 0, "cd" * 32, sqlite=(CARDS,), redis=(CACHE,))


def test_a_manifest_with_small_stores_is_read_as_it_was_written(tmp_path: Path) -> None:
    SAMPLE.write(tmp_path / MANIFEST)
    assert Manifest.read(tmp_path / MANIFEST) == SAMPLE


@pytest.mark.parametrize("kind", ["sqlite", "redis"])
def test_a_store_without_its_measure_is_broken(tmp_path: Path, kind: str) -> None:
    file = tmp_path / MANIFEST
    SAMPLE.write(file)
    content = json.loads(file.read_text(encoding="utf-8"))
    del content[kind][0]["measure"]
    file.write_text(json.dumps(content), encoding="utf-8")
    with pytest.raises(Broken, match="cannot be read"):
        Manifest.read(file)


def test_keys_that_expire_are_not_among_the_keys() -> None:
    assert CACHE.measure.keys == 11
    assert replace(CACHE.measure, expiring=0).keys == 11
    assert asdict(CACHE.measure)["expiring"] == 4
