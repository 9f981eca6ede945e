"""Checks see the restored tree under the names of the source, and never leave it."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from plugins.module_utils.drill.restored_files import RestoredFiles
from plugins.module_utils.errors import Trouble
from plugins.module_utils.file_listing import entries

CONTENT = "/srv/a/one.txt"


@pytest.fixture
def files(tmp_path: Path) -> RestoredFiles:
    tree = tmp_path / "tree"
    folder = tree / "srv" / "a"
    folder.mkdir(parents=True)
    (tmp_path / "outside").mkdir()
    (tmp_path / "outside" / "secret").write_text("of judy", encoding="utf-8")
    (folder / "one.txt").write_text("one", encoding="utf-8")
    (folder / "two.txt").write_text("two", encoding="utf-8")
    (folder / "link").symlink_to(tmp_path / "outside" / "secret")
    (tree / "srv" / "ab").write_text("", encoding="utf-8")
    held = {entry.path: entry for entry in entries(["/srv"], below=str(tree))}
    (folder / "away").symlink_to(tmp_path / "outside")
    lied = replace(held[CONTENT], path="/srv/a/away/secret")
    gone = replace(held[CONTENT], path="/srv/a/gone")
    return RestoredFiles(tree, {**held, lied.path: lied, gone.path: gone})


def test_what_came_back_is_described_under_its_own_path(files: RestoredFiles) -> None:
    entry = files.entry(CONTENT)
    assert entry is not None
    assert (entry.type, entry.bytes) == ("file", 3)
    assert files.entry("/srv/a/three.txt") is None


@pytest.mark.parametrize(
    ("pattern", "found"),
    [
        ("/srv/a/*.txt", ["/srv/a/one.txt", "/srv/a/two.txt"]),
        ("/srv/*o.txt", ["/srv/a/two.txt"]),
        ("*one.t*", ["/srv/a/one.txt"]),
        ("/srv/a", ["/srv/a"]),
        ("/srv/a?", ["/srv/ab"]),
        ("/srv/[!a]*", []),
        ("/srv/A/*", []),
    ],
)
def test_patterns_find_paths_in_order(files: RestoredFiles, pattern: str, found: list[str]) -> None:
    assert [entry.path for entry in files.matching(pattern)] == found


def test_files_are_read(files: RestoredFiles) -> None:
    assert files.read(CONTENT) == b"one"


@pytest.mark.parametrize(
    ("path", "said"),
    [
        ("/srv/a/three.txt", "not in the copy"),
        ("/srv/a", "not in the copy"),
        ("/srv/a/link", "not in the copy"),
        ("/srv/a/away/secret", "leads out of the copy"),
        ("/srv/a/gone", "cannot be read"),
    ],
)
def test_nothing_outside_the_copy_is_ever_read(files: RestoredFiles, path: str, said: str) -> None:
    with pytest.raises(Trouble, match=said) as refused:
        files.read(path)
    assert path not in str(refused.value)
