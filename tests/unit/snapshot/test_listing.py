"""The list of files is one walk, needs no memory for it, and a second look finds what moved."""

from __future__ import annotations

import tracemalloc
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from plugins.module_utils.file_listing import sha256_of
from plugins.module_utils.manifest import FileEntry, read_entries
from plugins.module_utils.snapshot.hashes import Hashes
from plugins.module_utils.snapshot.listing import Listing, list_files, moved
from plugins.module_utils.stores import FileStore
from tests.unit.trees import grow

LISTED_AT = datetime.now(UTC) + timedelta(hours=1)


@pytest.fixture(name="media")
def _media(tmp_path: Path) -> Path:
    grow(tmp_path / "srv" / "media")
    return tmp_path / "srv" / "media"


@pytest.fixture(name="hashes")
def _hashes(tmp_path: Path) -> Hashes:
    return Hashes(tmp_path / "newsletter.hashes")


@pytest.fixture(name="file")
def _file(tmp_path: Path) -> Path:
    return tmp_path / "files.jsonl"


def stores(*paths: Path, regenerable: tuple[Path, ...] = ()) -> list[FileStore]:
    without = tuple(str(path) for path in regenerable)
    return [FileStore(f"store{path.name}", (str(path),), without, (), 20) for path in paths]


def written(file: Path) -> list[FileEntry]:
    with file.open(encoding="utf-8") as lines:
        return list(read_entries(lines))


def test_the_listing_tells_what_was_written(media: Path, file: Path, hashes: Hashes) -> None:
    listing = list_files(stores(media), file, LISTED_AT, hashes)
    files = [entry for entry in written(file) if entry.type == "file"]
    assert listing == Listing(LISTED_AT, 9, 3 * 7 + 6 + 8 * 1024 * 1024, sha256_of(str(file)))
    assert len(files) == 9


def test_stores_that_overlap_are_listed_once_without_what_any_of_them_makes_anew(
    media: Path, file: Path, hashes: Hashes
) -> None:
    both = stores(media, media.parent, regenerable=(media / "inner",))
    list_files(both, file, LISTED_AT, hashes)
    paths = [entry.path for entry in written(file)]
    assert len(paths) == len(set(paths)) == 15
    assert paths[:2] == [str(media.parent), str(media)]
    assert str(media / "inner") not in paths


def test_a_second_look_finds_what_changed_and_what_went(
    media: Path, file: Path, hashes: Hashes
) -> None:
    list_files(stores(media), file, LISTED_AT, hashes)
    assert list(moved(file)) == []
    (media / "c.png").write_bytes(b"other")
    (media / "d.png").unlink()
    (media / "inner").rmdir()
    (media / "more").touch()
    assert list(moved(file)) == [str(media / "c.png"), str(media / "d.png")]


def test_many_files_need_no_more_memory_than_few(
    tmp_path: Path, file: Path, hashes: Hashes
) -> None:
    def peak(names: int) -> int:
        folder = tmp_path / f"srv{names}"
        for number in range(names):
            (folder / f"{number // 100}").mkdir(parents=True, exist_ok=True)
            (folder / f"{number // 100}" / f"{number}").touch()
        tracemalloc.start()
        list_files(stores(folder), file, LISTED_AT, hashes)
        assert list(moved(file)) == []
        _, most = tracemalloc.get_traced_memory()
        tracemalloc.stop()
        return most

    peak(100)
    assert peak(3_000) - peak(300) < 100 * 2_700
