"""What was measured on the source arrives on judy as it was, or is refused."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest

from plugins.module_utils.errors import Broken
from plugins.module_utils.manifest import (
    FORMAT,
    MANIFEST,
    DatabaseManifest,
    DumpFile,
    FileEntry,
    Manifest,
    read_entries,
)
from tests.unit.fakes import NOW, measure


def sample() -> Manifest:
    dump = DumpFile("/staging/database.sql", 123, "ab" * 32)
    database = DatabaseManifest("database", "mariadb", "mautic", measure(leads=50_000), dump, dump)
    return Manifest(
        "newsletter", "nick", NOW, (database,), 2, 300, "cd" * 32, ("/var/x",), {"a": 1}
    )


def test_a_manifest_is_read_as_it_was_written(tmp_path: Path) -> None:
    sample().write(tmp_path / MANIFEST)
    assert Manifest.read(tmp_path / MANIFEST) == sample()


def test_a_snapshot_without_a_manifest_is_broken(tmp_path: Path) -> None:
    with pytest.raises(Broken, match="holds no manifest"):
        Manifest.read(tmp_path / MANIFEST)


def test_a_manifest_of_a_newer_format_is_refused_with_a_sentence(tmp_path: Path) -> None:
    file = tmp_path / MANIFEST
    sample().write(file)
    content = json.loads(file.read_text(encoding="utf-8")) | {"format": FORMAT + 1}
    file.write_text(json.dumps(content), encoding="utf-8")
    with pytest.raises(Broken, match="has format 3 and this version reads formats up to 2"):
        Manifest.read(file)


def test_a_manifest_of_the_first_format_is_read_as_one_without_what_came_later(
    tmp_path: Path,
) -> None:
    file = tmp_path / MANIFEST
    sample().write(file)
    content = json.loads(file.read_text(encoding="utf-8")) | {"format": 1}
    for later in ("sqlite", "redis", "held_still_seconds"):
        del content[later]
    for later in ("accounts", "locked_tables"):
        del content["databases"][0][later]
    file.write_text(json.dumps(content), encoding="utf-8")
    assert Manifest.read(file) == replace(sample(), format=1)


@pytest.mark.parametrize("text", ["", "[]", "{}", "not json", '{"format": 1}'])
def test_something_else_than_a_manifest_is_broken(tmp_path: Path, text: str) -> None:
    file = tmp_path / MANIFEST
    file.write_text(text, encoding="utf-8")
    with pytest.raises(Broken, match="cannot be read"):
        Manifest.read(file)


def test_names_that_are_not_utf8_survive_the_list() -> None:
    entry = FileEntry(b"/srv/\xff\xfe\n".decode("utf-8", "surrogateescape"), "file", 0o644, 0, 0, 1)
    assert list(read_entries([entry.line()])) == [entry]


def test_a_damaged_list_is_broken() -> None:
    with pytest.raises(Broken, match="list of files cannot be read"):
        list(read_entries(['{"path": "/srv"}']))
