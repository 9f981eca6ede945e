"""L2: every kind of damage to a restored tree is seen."""

from __future__ import annotations

import os
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest

from plugins.module_utils.drill.comparison import FilesSeen, compare
from plugins.module_utils.file_listing import entries, sha256_of
from plugins.module_utils.manifest import FILES, Manifest

Damage = Callable[[Path], object]


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    """A restored tree whose files lie below the folder, listed under their names on the source."""
    media = tmp_path / "srv" / "media"
    media.mkdir(parents=True)
    (media / "a.png").write_bytes(b"picture")
    (media / "empty").touch()
    (media / "link").symlink_to("a.png")
    os.mkfifo(media / "pipe")
    return tmp_path


def judged(tree: Path, damage: Damage) -> FilesSeen:
    staged = tree / "staging"
    staged.mkdir()
    lines = "".join(entry.line() + "\n" for entry in entries(["/srv"], below=str(tree)))
    (staged / FILES).write_text(lines, encoding="utf-8")
    now = datetime.now(UTC)
    manifest = Manifest("s", "nick", now, (), 2, 7, sha256_of(str(staged / FILES)))
    damage(tree / "srv" / "media")
    return compare(tree, manifest, staged)


def test_an_equal_tree_has_no_difference(tree: Path) -> None:
    seen = judged(tree, lambda media: None)
    assert (seen.differences, seen.compared, seen.bytes) == ([], 2, 7)
    assert "/srv/media/a.png" in seen.paths


def rewrite(file: Path, content: bytes) -> None:
    """Change a file but not its time, as a bad disk does."""
    before = file.stat()
    file.write_bytes(content)
    os.utime(file, ns=(before.st_atime_ns, before.st_mtime_ns))


@pytest.mark.parametrize(
    ("damage", "sentence"),
    [
        (lambda media: (media / "a.png").unlink(), "/srv/media/a.png is missing"),
        (lambda media: rewrite(media / "a.png", b""), "a.png has 0 bytes and had 7"),
        (lambda media: rewrite(media / "a.png", b"Picture"), "a.png has another content"),
        (lambda media: (media / "a.png").chmod(0o600), "has mode 0600 and had 0644"),
        (
            lambda media: ((media / "link").unlink(), (media / "link").symlink_to("/etc/passwd")),
            "link points to /etc/passwd and pointed to a.png",
        ),
        (
            lambda media: ((media / "empty").unlink(), (media / "empty").mkdir()),
            "empty is a folder and was a file",
        ),
        (lambda media: (media / "pipe").unlink(), "pipe is missing"),
    ],
)
def test_damage_is_named(tree: Path, damage: Damage, sentence: str) -> None:
    assert any(sentence in text for text in judged(tree, damage).differences)


def test_what_came_back_is_held_as_it_lies_there(tree: Path) -> None:
    seen = judged(
        tree, lambda media: ((media / "link").unlink(), (media / "a.png").write_bytes(b""))
    )
    assert seen.held["/srv/media/a.png"].bytes == 0
    assert "/srv/media/link" in seen.paths
    assert "/srv/media/link" not in seen.held


def test_a_swapped_list_of_files_is_noticed(tree: Path) -> None:
    seen = judged(tree, lambda media: (tree / "staging" / FILES).write_text("", encoding="utf-8"))
    assert "files.jsonl" in seen.differences[0]


def test_a_file_that_moved_under_the_backup_is_counted_apart(tree: Path) -> None:
    def touch_later(media: Path) -> None:
        later = datetime.now(UTC).timestamp() + 5
        os.utime(media / "a.png", (later, later))

    seen = judged(tree, touch_later)
    assert (seen.differences, seen.moving) == ([], ["/srv/media/a.png"])
