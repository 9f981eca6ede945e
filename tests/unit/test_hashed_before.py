"""A file is read again when anything speaks of a change, and within 28 days in any case."""

from __future__ import annotations

import os
from hashlib import sha256
from pathlib import Path

import pytest

from plugins.module_utils import file_listing
from plugins.module_utils.file_listing import entries
from plugins.module_utils.hashed_before import REREAD_DAYS, Hashed, HashedBefore
from plugins.module_utils.manifest import FileEntry
from tests.unit.trees import NAME_IN_LATIN_1, grow

EVER = 2**63
TODAY = 740_000


@pytest.fixture(name="media")
def _media(tmp_path: Path) -> Path:
    grow(tmp_path / "media")
    return tmp_path / "media"


@pytest.fixture(name="read")
def _read(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Names of the files whose content was read, in order."""
    read: list[str] = []
    real = file_listing.sha256_of

    def reading(path: str) -> str:
        read.append(Path(path).name)
        return real(path)

    monkeypatch.setattr(file_listing, "sha256_of", reading)
    return read


class Walks:
    """One walk after the other over one folder, each with what the one before noted."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.notes: list[Hashed] = []
        self.decayed: list[str] = []

    def walk(self, *, today: int = TODAY, before_ns: int = EVER) -> list[FileEntry]:
        earlier, self.notes = self.notes, []
        hashes = HashedBefore(earlier, before_ns=before_ns, today=today, note=self.notes.append)
        found = list(entries([str(self.folder)], hashes=hashes))
        self.decayed = hashes.decayed
        return found


@pytest.fixture(name="walks")
def _walks(media: Path, read: list[str]) -> Walks:
    """A folder that was walked over once."""
    walks = Walks(media)
    walks.walk()
    read.clear()
    return walks


def test_what_has_not_changed_is_not_read_and_listed_all_the_same(
    walks: Walks, read: list[str]
) -> None:
    found = walks.walk()
    assert read == []
    assert found == list(entries([str(walks.folder)]))


def test_a_second_walk_reads_only_what_changed(walks: Walks, read: list[str]) -> None:
    (walks.folder / "empty").unlink()
    (walks.folder / "c.png").write_bytes(b"another picture")
    (walks.folder / "added").touch()
    found = walks.walk()
    assert read == ["added", "c.png"]
    assert found == list(entries([str(walks.folder)]))


def test_a_file_that_was_written_to_and_got_its_old_time_back_is_read(
    walks: Walks, read: list[str]
) -> None:
    """Size and time of change are as they were; the kernel's own time tells."""
    file = walks.folder / "c.png"
    was = file.stat().st_mtime_ns
    file.write_bytes(b"PICTURE")
    os.utime(file, ns=(was, was))
    found = {entry.path: entry for entry in walks.walk()}
    assert read == ["c.png"]
    assert found[str(file)].sha256 == sha256(b"PICTURE").hexdigest()


def test_another_file_in_the_place_of_one_is_read(walks: Walks, read: list[str]) -> None:
    (walks.folder / "d.png").replace(walks.folder / "c.png")
    walks.walk()
    assert read == ["c.png"]


def test_a_hash_is_not_believed_when_the_file_may_have_changed_under_the_same_time(
    walks: Walks, read: list[str]
) -> None:
    changed = (walks.folder / "empty").stat().st_ctime_ns
    walks.walk(before_ns=changed)
    assert "empty" in read
    read.clear()
    walks.walk(before_ns=changed + 10**12)
    assert read == []


def test_every_content_is_read_once_in_the_rhythm_and_each_night_a_part(tmp_path: Path) -> None:
    names = [f"/srv/{number}" for number in range(2_800)]
    parts = []
    files = [Hashed(name, 1, 1, 1, 1, "", TODAY) for name in names]
    for night in range(1, REREAD_DAYS + 1):
        due = {file.path for file in files if file.is_due(TODAY + night)}
        files = [file for file in files if file.path not in due]
        parts.append(len(due))
    assert files == []
    assert min(parts) > 60
    assert max(parts) < 140


def test_a_content_is_read_in_time_when_nights_were_missed(walks: Walks, read: list[str]) -> None:
    walks.walk(today=TODAY + REREAD_DAYS)
    assert {"a.png", "c.png", "d.png", "sparse", NAME_IN_LATIN_1} <= set(read)
    read.clear()
    walks.walk(today=TODAY + REREAD_DAYS)
    assert read == []


def test_a_file_whose_disk_forgot_is_named_until_it_is_written_anew(
    walks: Walks, monkeypatch: pytest.MonkeyPatch
) -> None:
    file, good = str(walks.folder / "c.png"), sha256(b"picture").hexdigest()
    rotten = sha256(b"pictu~e").hexdigest()
    real = file_listing.sha256_of
    monkeypatch.setattr(
        file_listing, "sha256_of", lambda path: rotten if path == file else real(path)
    )
    for today in (TODAY + REREAD_DAYS, TODAY + REREAD_DAYS, TODAY + REREAD_DAYS + 1):
        found = {entry.path: entry for entry in walks.walk(today=today)}
        assert walks.decayed == [file]
        assert found[file].sha256 == good
    monkeypatch.undo()
    Path(file).write_bytes(b"picture")
    walks.walk(today=TODAY + REREAD_DAYS + 1)
    assert walks.decayed == []


def test_a_file_that_is_written_to_while_it_is_read_is_no_decay(
    walks: Walks, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = walks.folder / "c.png"
    real = file_listing.sha256_of

    def reading(path: str) -> str:
        if path == str(file):
            file.write_bytes(b"new")
        return real(path)

    monkeypatch.setattr(file_listing, "sha256_of", reading)
    walks.walk(today=TODAY + REREAD_DAYS)
    assert walks.decayed == []


def test_a_line_keeps_names_that_are_not_utf8(walks: Walks) -> None:
    assert [Hashed.of_line(note.line()) for note in walks.notes] == walks.notes
    assert any(NAME_IN_LATIN_1 in note.path for note in walks.notes)


@pytest.mark.parametrize("line", ["", "{", "[1]", '"x"'])
def test_a_line_that_is_none_is_refused(line: str) -> None:
    with pytest.raises((ValueError, TypeError)):
        Hashed.of_line(line)
