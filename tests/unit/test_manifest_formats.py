"""Manifests that an older version wrote on a real host are read for as long as snapshots live."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from plugins.module_utils.errors import Broken
from plugins.module_utils.manifest import FORMAT, Manifest, read_entries

CAPTURED = Path(__file__).parent / "captured"
FIRST = CAPTURED / "manifest-format-1.json"


def test_a_manifest_of_format_1_is_read() -> None:
    manifest = Manifest.read(FIRST)
    assert (manifest.format, manifest.service, manifest.file_count) == (1, "newsletter", 29)
    (database,) = manifest.databases
    assert database.measure.tables["leads"].rows == 2_000
    assert (database.accounts, database.locked_tables) == (None, ())
    assert (manifest.sqlite, manifest.redis, manifest.held_still_seconds) == ((), (), 0.0)


def test_a_list_of_format_1_is_read() -> None:
    with (CAPTURED / "files-format-1.jsonl").open(encoding="utf-8") as lines:
        folder, _, file, *_ = read_entries(lines)
    assert (folder.type, file.type, file.bytes) == ("folder", "file", 605)
    assert (file.acl, file.xattrs, file.same_as, file.blocks, file.device) == ("", {}, "", 0, "")


@pytest.mark.parametrize("written", [FORMAT + 1, 99])
def test_a_newer_format_is_refused_with_a_sentence(tmp_path: Path, written: int) -> None:
    file = tmp_path / "manifest.json"
    newer = json.loads(FIRST.read_text(encoding="utf-8")) | {"format": written, "more": []}
    file.write_text(json.dumps(newer), encoding="utf-8")
    with pytest.raises(
        Broken,
        match=f"has format {written} and this version reads formats up to {FORMAT}. Run playbooks",
    ):
        Manifest.read(file)


@pytest.mark.parametrize("written", [0, -1, "2", None])
def test_a_format_that_there_never_was_is_no_manifest(tmp_path: Path, written: object) -> None:
    file = tmp_path / "manifest.json"
    odd = json.loads(FIRST.read_text(encoding="utf-8")) | {"format": written}
    file.write_text(json.dumps(odd), encoding="utf-8")
    with pytest.raises(Broken):
        Manifest.read(file)
