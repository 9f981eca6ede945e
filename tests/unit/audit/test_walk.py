"""Everything is walked once, in restic's order, and what cannot be is told."""

from __future__ import annotations

import errno
import json
import os
import random
import time
from pathlib import Path

import pytest

from plugins.module_utils.audit import walk as walk_module
from plugins.module_utils.audit.facts import Entry, Place, Unread
from plugins.module_utils.audit.walk import as_printed, is_printed_exactly, look, order, walk
from tests.unit.trees import LONGEST_NAME, NAME_IN_LATIN_1

LISTING = Path(__file__).parents[1] / "captured" / "restic-0.18-order.jsonl"


def never(path: str) -> bool:
    return False


def seen(top: Path, *places: Place, prune: walk_module.Prune = never) -> list[str]:
    unread: list[Unread] = []
    paths = [entry.path for entry in walk(places, prune, unread.append, top=str(top))]
    assert unread == []
    return [path.removeprefix(f"{top}/") for path in paths]


def grow(top: Path, *paths: str) -> Path:
    for path in paths:
        (top / path).parent.mkdir(parents=True, exist_ok=True)
        (top / path).touch()
    return top


@pytest.fixture(name="site")
def _site(tmp_path: Path) -> Path:
    """The tree that was saved with restic 0.18 and listed into ``captured``."""
    odd = [os.fsdecode(name) for name in (b"a\xff/f", b"caf\xe9", b"\xc3")]
    plain = ["a/b", "a/z", "a-b/x", "a-c", "a.b/y", "b/1", "a b", "Z", "_", "\u00e4", "\U0001f600"]
    grow(tmp_path / "site", *odd, *plain, "line\nend", "\x7f", LONGEST_NAME)
    (tmp_path / "site" / "link").symlink_to("a")
    os.mkfifo(tmp_path / "site" / "pipe")
    return tmp_path


def test_the_order_is_the_one_of_restic_ls(site: Path) -> None:
    listed = [json.loads(line)["path"] for line in LISTING.read_text("utf-8").splitlines()]
    assert [f"/{as_printed(path)}" for path in seen(site)] == listed


def test_the_order_has_a_key(site: Path) -> None:
    paths = seen(site)
    shuffled = random.Random(5).sample(paths, len(paths))  # noqa: S311 (a shuffle, not a secret)
    assert sorted(shuffled, key=order) == paths


def test_names_that_restic_cannot_print_are_known(site: Path) -> None:
    odd = [path for path in seen(site) if not is_printed_exactly(path)]
    assert [os.fsencode(path) for path in odd] == [
        *(b"site/a\xff", b"site/a\xff/f", b"site/caf\xe9", b"site/\xc3")
    ]
    assert not is_printed_exactly("what somebody named \ufffd")


def test_every_byte_that_is_not_utf8_is_printed_by_itself() -> None:
    assert as_printed(os.fsdecode(b"\xe2\x82/\xf0\x9f\x98")) == "\ufffd\ufffd/\ufffd\ufffd\ufffd"


def test_an_entry_says_what_it_is(tmp_path: Path) -> None:
    file = tmp_path / "file"
    file.write_bytes(b"12345")
    file.chmod(0o640)
    os.utime(file, ns=(0, 1_795_384_322_115_042_870))
    entry = look(str(file), pytest.fail)
    assert entry is not None
    assert (entry.type, entry.bytes, entry.mtime_ns) == ("file", 5, 1_795_384_322_115_042_870)
    assert (entry.uid, entry.mode) == (os.getuid(), 0o640)
    assert entry.changed_ns == max(file.stat().st_ctime_ns, entry.mtime_ns)


def test_links_are_not_followed(tmp_path: Path) -> None:
    grow(tmp_path, "a/b")
    (tmp_path / "a" / "up").symlink_to("..")
    (tmp_path / "self").symlink_to("self")
    assert seen(tmp_path) == ["a", "a/b", "a/up", "self"]


def test_a_pruned_folder_is_named_and_not_entered(tmp_path: Path) -> None:
    grow(tmp_path, "cache/x/y", "kept/z")
    assert seen(tmp_path, prune=lambda path: path.endswith("/cache")) == ["cache", "kept", "kept/z"]


def test_a_skipped_place_is_not_even_looked_at(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    grow(tmp_path, "mnt/dead/x", "mnt/z")
    dead = str(tmp_path / "mnt" / "dead")
    real = os.lstat
    monkeypatch.setattr(os, "lstat", lambda path: pytest.fail(path) if path == dead else real(path))
    assert seen(tmp_path, Place(dead, "nas:/x", "nfs4", skipped="silent")) == ["mnt", "mnt/z"]


def test_a_skipped_place_at_the_root_is_left_out(tmp_path: Path) -> None:
    places = [Place(f"/{path.name}", "x", "y", skipped="z") for path in Path("/").iterdir()]
    assert list(walk(places, never, pytest.fail)) == []


def test_a_network_place_is_walked_in_its_order(tmp_path: Path) -> None:
    grow(tmp_path, "a", f"nas/b/{NAME_IN_LATIN_1}", "nas/c", "z")
    inner = Place(str(tmp_path / "nas" / "c"), "x", "proc", skipped="no state")
    place = Place(str(tmp_path / "nas"), "nas:/x", "nfs4")
    assert seen(tmp_path, place, inner) == ["a", "nas", "nas/b", f"nas/b/{NAME_IN_LATIN_1}", "z"]


def test_a_network_place_that_falls_silent_is_left_and_the_walk_goes_on(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    grow(tmp_path, "nas/a", "nas/b", "z")
    hanging = str(tmp_path / "nas" / "b")
    real = os.lstat

    def lstat(path: str) -> os.stat_result:
        if path == hanging:
            time.sleep(60)
        return real(path)

    monkeypatch.setattr(os, "lstat", lstat)
    monkeypatch.setattr(walk_module, "SILENCE_SECONDS", 0.3)
    unread: list[Unread] = []
    place = Place(str(tmp_path / "nas"), "nas:/x", "fuse.sshfs")
    paths = [entry.path for entry in walk([place], never, unread.append, top=str(tmp_path))]
    assert paths[-1] == str(tmp_path / "z")
    assert [one.path for one in unread] == [place.path]
    assert "stopped answering for 0.3 seconds" in unread[0].reason


def test_an_unreadable_folder_is_told_and_the_walk_goes_on(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    grow(tmp_path, "broken/x", "kept/y")
    real = os.open

    def refuse(path: str, *rest: int) -> int:
        if str(path).endswith("/broken"):
            raise OSError(errno.EIO, "Input/output error")
        return real(path, *rest)

    monkeypatch.setattr(os, "open", refuse)
    unread: list[Unread] = []
    entries = list(walk([], never, unread.append, top=str(tmp_path)))
    assert [Path(entry.path).name for entry in entries] == ["broken", "kept", "y"]
    assert unread == [Unread(str(tmp_path / "broken"), "Input/output error")]


def test_what_vanishes_during_the_walk_is_no_trouble(tmp_path: Path) -> None:
    grow(tmp_path, "a/x", "b/y", "c")
    found: list[Entry] = []
    for entry in walk([], never, pytest.fail, top=str(tmp_path)):
        found.append(entry)
        if entry.path.endswith("/a"):
            (tmp_path / "a" / "x").unlink()
            (tmp_path / "a").rmdir()
            (tmp_path / "b").rename(tmp_path / "d")
    assert [Path(entry.path).name for entry in found] == ["a", "c"]


def test_a_path_that_grows_too_long_is_told(tmp_path: Path) -> None:
    here = os.open(tmp_path, os.O_RDONLY)
    for _ in range(17):
        os.mkdir(LONGEST_NAME, dir_fd=here)
        below = os.open(LONGEST_NAME, os.O_RDONLY, dir_fd=here)
        os.close(here)
        here = below
    os.close(here)
    unread: list[Unread] = []
    entries = list(walk([], never, unread.append, top=str(tmp_path)))
    assert len(entries) >= 14
    assert [one.reason for one in unread] == ["File name too long"]


def test_reading_leaves_no_time_of_access(tmp_path: Path) -> None:
    grow(tmp_path, "folder/x")
    os.utime(tmp_path / "folder", ns=(1, 2))
    seen(tmp_path)
    assert (tmp_path / "folder").stat().st_atime_ns == 1
