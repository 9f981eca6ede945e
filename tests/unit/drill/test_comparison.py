"""L2: every kind of damage to a restored tree is seen, and life under the backup is told apart."""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from plugins.module_utils.drill.comparison import FilesSeen, compare
from plugins.module_utils.file_listing import entries, sha256_of
from plugins.module_utils.manifest import FILES, MANIFEST, DatabaseManifest, DumpFile, Manifest
from tests.unit.fakes import measure
from tests.unit.trees import NAME_IN_LATIN_1, acl, grow

Damage = Callable[[Path], object]

LISTED_AT = datetime.now(UTC) + timedelta(hours=1)
"""After everything that a test does to a tree, so that nothing looks like life on the source."""
LATER = (LISTED_AT + timedelta(seconds=5)).timestamp()


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    """A restored tree whose files lie below the folder, listed under their names on the source."""
    grow(tmp_path / "srv" / "media")
    return tmp_path


def manifest_of(tree: Path, **changes: object) -> Manifest:
    """List the tree as the source would and put the list where a snapshot has it."""
    staged = tree / "staging"
    staged.mkdir()
    lines = "".join(entry.line() + "\n" for entry in entries(["/srv/media"], below=str(tree)))
    (staged / FILES).write_text(lines, encoding="utf-8")
    (staged / MANIFEST).touch()
    digest = sha256_of(str(staged / FILES))
    plain = Manifest("s", "nick", LISTED_AT, (), 9, 7, digest)
    return replace(plain, **changes)  # type: ignore[arg-type]  # each test names its own key


def judged(tree: Path, damage: Damage, **changes: object) -> FilesSeen:
    manifest = manifest_of(tree, **changes)
    damage(tree / "srv" / "media")
    return compare(tree, manifest, tree / "staging")


def keeping_times(media: Path, damage: Damage) -> None:
    """Damage a tree as a bad disk does, which leaves times alone."""
    times = {path: path.lstat() for path in (media, *media.iterdir())}
    damage(media)
    for path, seen in times.items():
        if os.path.lexists(path):
            os.utime(path, ns=(seen.st_atime_ns, seen.st_mtime_ns), follow_symlinks=False)


def remade(path: Path, make: Callable[[Path], object]) -> None:
    """Put something else in a path's place."""
    path.unlink()
    make(path)


def test_an_equal_tree_has_no_difference(tree: Path) -> None:
    seen = judged(tree, lambda media: None)
    assert (seen.differences, list(seen.notes()), seen.moving) == ([], [], [])
    assert (seen.compared, seen.bytes, seen.entries) == (9, 3 * 7 + 6 + 8 * 1024 * 1024, 6)
    assert "/srv/media/a.png" in seen.paths


@pytest.mark.parametrize(
    ("damage", "sentence"),
    [
        (lambda m: (m / "a.png").unlink(), "/srv/media/a.png is missing"),
        (lambda m: (m / "pipe").unlink(), "pipe is missing"),
        (lambda m: (m / NAME_IN_LATIN_1).unlink(), r"/srv/media/caf\xe9 is missing"),
        (lambda m: (m / "a\nb").unlink(), r"/srv/media/a\nb is missing"),
        (lambda m: (m / "c.png").write_bytes(b""), "c.png has 0 bytes and had 7"),
        (lambda m: (m / "c.png").write_bytes(b"Picture"), "c.png has another content"),
        (lambda m: (m / "d.png").chmod(0o600), "d.png has mode 0600 and had 0644"),
        (lambda m: os.chown(m / "empty", 7, 8), "empty belongs to 7:8 and belonged to 0:0"),
        (
            lambda m: remade(m / "link", lambda path: path.symlink_to("/etc/passwd")),
            "link points to /etc/passwd and pointed to a.png",
        ),
        (
            lambda m: remade(m / "loop", lambda path: path.symlink_to("link")),
            "loop points to link and pointed to loop",
        ),
        (
            lambda m: remade(m / "empty", lambda path: path.mkdir()),
            "empty is a folder and was a file",
        ),
        (
            lambda m: remade(m / "pipe", lambda path: path.touch()),
            "pipe is a file and was a pipe",
        ),
        (
            lambda m: remade(m / "null", lambda path: os.mknod(path, 0o020600, os.makedev(1, 5))),
            "null is device 1:5 and was 1:3",
        ),
        (
            lambda m: os.setxattr(m / "c.png", "system.posix_acl_access", acl(1234, 6)),
            "c.png has the ACL user::rw-,user:1234:rw-,group::r--,mask::rw-,other::--- and had the",
        ),
        (
            lambda m: os.removexattr(m / "inner", "system.posix_acl_default"),
            "inner has no ACL and had the ACL default:user::rw-,default:user:1234:rw-,",
        ),
        (
            lambda m: os.setxattr(m / "c.png", "user.origin", b"elsewhere"),
            "c.png has another value of its extended attribute user.origin",
        ),
        (
            lambda m: os.removexattr(m / "c.png", "user.origin"),
            "c.png came back without its extended attribute user.origin",
        ),
        (
            lambda m: os.setxattr(m / "d.png", "user.more", b""),
            "d.png has an extended attribute user.more that it did not have",
        ),
        (
            lambda m: remade(m / "b.png", lambda path: path.write_bytes(b"picture")),
            "b.png is a file of its own and was a hard link of /srv/media/a.png",
        ),
        (
            lambda m: remade(m / "d.png", lambda path: path.hardlink_to(m / "a.png")),
            "d.png is a hard link of /srv/media/a.png and was a file of its own",
        ),
        (
            lambda m: (m / "more.php").touch(),
            "/srv/media/more.php is in the restored copy and was not on the source",
        ),
        (
            lambda m: (m.parent / "beside").mkdir(),
            "/srv/beside is in the restored copy and was not on the source",
        ),
    ],
)
def test_damage_is_named_and_nothing_else(tree: Path, damage: Damage, sentence: str) -> None:
    seen = judged(tree, lambda media: keeping_times(media, damage))
    assert [text for text in seen.differences if sentence not in text] in ([], [OTHER_NAME])
    assert any(sentence in text for text in seen.differences)


OTHER_NAME = "/srv/media/b.png is a file of its own and was a hard link of /srv/media/a.png"
"""What else is true when the first of two names is gone."""


@pytest.mark.parametrize("name", ["a.png", "link", "pipe", "inner", "."])
def test_a_time_that_did_not_come_back_is_named(tree: Path, name: str) -> None:
    seen = judged(tree, lambda m: os.utime(m / name, (1, 1), follow_symlinks=False))
    assert (
        "was changed at 1970-01-01 00:00:01.000000000 UTC by its time and at"
        in (seen.differences[0])
    )


def test_a_sparse_file_that_came_back_dense_is_a_note(tree: Path) -> None:
    seen = judged(
        tree,
        lambda m: keeping_times(m, lambda m: (m / "sparse").write_bytes(bytes(8 * 1024 * 1024))),
    )
    assert seen.differences == []
    assert list(seen.notes()) == [
        "1 sparse file came back without holes; a restore needs 8.0 MiB more than the source"
    ]


def test_what_a_manifest_of_format_1_does_not_tell_is_not_compared(tree: Path) -> None:
    def lose_all(media: Path) -> None:
        os.removexattr(media / "c.png", "user.origin")
        os.removexattr(media / "inner", "system.posix_acl_default")
        (media / "b.png").unlink()
        (media / "b.png").write_bytes(b"picture")

    seen = judged(tree, lambda media: keeping_times(media, lose_all), format=1)
    assert seen.differences == []


def test_a_dump_is_held_to_its_hash_and_no_extra_file(tree: Path) -> None:
    dump = tree / "staging" / "database.sql"
    whole = DumpFile("/staging/database.sql", 5, "0" * 64)
    database = DatabaseManifest("database", "mariadb", "mautic", measure(leads=1), whole)
    seen = judged(tree, lambda media: dump.write_bytes(b"dumps"), databases=(database,))
    assert seen.differences == [
        "the dump database.sql has another content than when it was written"
    ]


def test_a_file_beside_the_dumps_that_nobody_wrote_is_named(tree: Path) -> None:
    seen = judged(tree, lambda media: (tree / "staging" / "x.sql").touch())
    assert seen.differences == ["/staging/x.sql is in the restored copy and was not on the source"]


def test_what_came_back_is_held_as_it_lies_there(tree: Path) -> None:
    def damage(media: Path) -> None:
        (media / "link").unlink()
        (media / "a.png").write_bytes(b"")

    seen = judged(tree, damage)
    assert seen.held["/srv/media/a.png"].bytes == 0
    assert "/srv/media/link" in seen.paths
    assert "/srv/media/link" not in seen.held


def test_a_swapped_list_of_files_is_noticed(tree: Path) -> None:
    seen = judged(tree, lambda media: (tree / "staging" / FILES).write_text("", encoding="utf-8"))
    assert "files.jsonl" in seen.differences[0]


def lives_on(media: Path) -> None:
    """Let a tree change while the backup runs: one file changes, one goes, some come."""
    (media / "c.png").write_bytes(b"a new picture")
    (media / "empty").unlink()
    (media / "more").mkdir()
    (media / "more" / "inside").touch()
    for name in ("c.png", "more", "."):
        os.utime(media / name, (LATER, LATER))


def test_what_changed_under_the_backup_is_counted_apart(tree: Path) -> None:
    seen = judged(tree, lives_on)
    assert (seen.differences, seen.moving) == ([], ["/srv/media/c.png"])
    assert list(seen.notes()) == [
        "1 file went while the backup ran",
        "1 file came while the backup ran",
    ]


def test_a_folder_in_which_something_came_is_held_to_its_mode(tree: Path) -> None:
    def open_to_all(media: Path) -> None:
        media.chmod(0o777)
        os.utime(media, (LATER, LATER))

    assert judged(tree, open_to_all).differences == ["/srv/media has mode 0777 and had 0755"]


def test_a_file_that_changed_while_restic_read_it_is_counted_apart(tree: Path) -> None:
    seen = judged(
        tree,
        lambda m: keeping_times(m, lambda m: (m / "c.png").write_bytes(b"Picture")),
        moving=("/srv/media/c.png",),
    )
    assert (seen.differences, seen.moving) == ([], ["/srv/media/c.png"])
