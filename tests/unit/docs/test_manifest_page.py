"""docs/manifest.md tells every key there is, its default, and what the code really does."""

from __future__ import annotations

import dataclasses
import json
import re
from collections.abc import Iterator
from pathlib import Path
from types import UnionType
from typing import Any, get_args, get_type_hints

import pytest

from plugins.module_utils.manifest import FORMAT, FileEntry, Manifest, read_entries

PAGE = (Path(__file__).parents[3] / "docs/manifest.md").read_text(encoding="utf-8")
DEFAULTS: dict[str, tuple[object, ...]] = {
    "required": (dataclasses.MISSING,),
    "none": (None, (), {}),
    "0": (0,),
    "1": (1,),
    '`""`': ("",),
    "`{}`": ({},),
}


def values_within(kind: Any) -> Iterator[type]:
    """Yield a value of the manifest and all those that it is made of."""
    if dataclasses.is_dataclass(kind) and isinstance(kind, type):
        yield kind
        for hint in get_type_hints(kind).values():
            yield from values_within(hint)
    elif get_args(kind) or isinstance(kind, UnionType):
        for part in get_args(kind):
            yield from values_within(part)


VALUES = {kind.__name__: kind for root in (Manifest, FileEntry) for kind in values_within(root)}


def documented(name: str) -> dict[str, str]:
    """Read the defaults from a value's table, by key."""
    chapter = re.split(rf"^### `{name}`: ", PAGE, flags=re.MULTILINE)[1].split("\n#")[0]
    return dict(re.findall(r"^\| `(\w+)` \| (.+?) \| ", chapter, re.MULTILINE))


def default_of(key: dataclasses.Field[Any]) -> object:
    if key.default_factory is not dataclasses.MISSING:
        return dict(key.default_factory())
    return key.default


def test_every_value_of_the_manifest_has_its_chapter_and_no_other() -> None:
    assert sorted(re.findall(r"^### `(\w+)`: ", PAGE, re.MULTILINE)) == sorted(VALUES)


@pytest.mark.parametrize("name", VALUES)
def test_every_key_is_told_with_its_default(name: str) -> None:
    keys = {key.name: key for key in dataclasses.fields(VALUES[name])}
    told = documented(name)
    assert sorted(told) == sorted(keys)
    for key, default in told.items():
        if key != "format":  # every manifest has one; the code's default is for new ones
            assert default_of(keys[key]) in DEFAULTS[default], key


def test_the_newest_format_is_the_last_row() -> None:
    assert max(map(int, re.findall(r"^\| (\d+) \| ", PAGE, re.MULTILINE))) == FORMAT
    assert f"reads formats up to {FORMAT}" in PAGE


def test_the_examples_are_read(tmp_path: Path) -> None:
    (example,) = re.findall(r"```json\n(.*?)```", PAGE, re.DOTALL)
    file = tmp_path / "manifest.json"
    file.write_text(example, encoding="utf-8")
    assert Manifest.read(file).databases[0].measure.rows == 90_250
    (lines,) = re.findall(r"```jsonl\n(.*?)```", PAGE, re.DOTALL)
    entries = list(read_entries(lines.splitlines()))
    assert [entry.line() for entry in entries] == lines.splitlines()
    told = {key for line in lines.splitlines() for key in json.loads(line)}
    assert {key.name for key in dataclasses.fields(FileEntry)} - told == {"target"}
