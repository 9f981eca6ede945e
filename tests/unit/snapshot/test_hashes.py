"""Hashes are taken over only from the whole list of a snapshot that was saved."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from plugins.module_utils import file_listing
from plugins.module_utils.snapshot.hashes import VERSION, Hashes
from plugins.module_utils.snapshot.listing import list_files
from plugins.module_utils.stores import FileStore
from tests.unit.trees import grow

FIRST_NIGHT = datetime.now(UTC) + timedelta(hours=1)
NEXT_NIGHT = FIRST_NIGHT + timedelta(hours=1)
Walk = Callable[..., list[str]]


@pytest.fixture(name="media")
def _media(tmp_path: Path) -> Path:
    grow(tmp_path / "media")
    return tmp_path / "media"


@pytest.fixture(name="hashes")
def _hashes(tmp_path: Path) -> Hashes:
    return Hashes.beside(tmp_path / "newsletter")


@pytest.fixture(name="walk")
def _walk(tmp_path: Path, media: Path, hashes: Hashes, monkeypatch: pytest.MonkeyPatch) -> Walk:
    """List the files and tell which of them were read."""
    read: list[str] = []
    real = file_listing.sha256_of

    def reading(path: str) -> str:
        read.append(Path(path).name)
        return real(path)

    def walk(now: datetime, known: Hashes = hashes) -> list[str]:
        read.clear()
        stores = [FileStore("files", (str(media),), (), (), 20)]
        list_files(stores, tmp_path / "files.jsonl", now, known)
        return list(read)

    monkeypatch.setattr(file_listing, "sha256_of", reading)
    return walk


def test_the_next_snapshot_reads_only_what_changed(
    walk: Walk, hashes: Hashes, media: Path, tmp_path: Path
) -> None:
    assert len(walk(FIRST_NIGHT)) == 8
    before = (tmp_path / "files.jsonl").read_text(encoding="utf-8")
    hashes.keep()
    assert walk(NEXT_NIGHT) == []
    assert (tmp_path / "files.jsonl").read_text(encoding="utf-8") == before
    hashes.keep()
    (media / "c.png").write_bytes(b"other")
    assert walk(NEXT_NIGHT) == ["c.png"]


def test_what_a_backup_learned_that_saved_nothing_is_forgotten(
    walk: Walk, hashes: Hashes, media: Path
) -> None:
    """The next backup begins with a new object."""
    walk(FIRST_NIGHT)
    hashes.keep()
    (media / "c.png").write_bytes(b"other")
    walk(NEXT_NIGHT)
    assert walk(NEXT_NIGHT, Hashes(hashes.file)) == ["c.png"]


def test_a_further_attempt_goes_on_from_the_one_before(
    walk: Walk, hashes: Hashes, media: Path
) -> None:
    assert len(walk(FIRST_NIGHT)) == 8
    (media / "c.png").write_bytes(b"other")
    assert walk(NEXT_NIGHT) == ["c.png"]
    hashes.keep()
    assert walk(NEXT_NIGHT) == []


def test_only_root_can_read_the_hashes(walk: Walk, hashes: Hashes) -> None:
    walk(FIRST_NIGHT)
    hashes.keep()
    assert hashes.file.stat().st_mode & 0o777 == 0o600
    assert [file.name for file in hashes.file.parent.glob("*.hashes*")] == ["newsletter.hashes"]


@pytest.mark.parametrize(
    "damage",
    [
        lambda text: "",
        lambda text: text[: len(text) // 2],
        lambda text: text.rsplit("\n", 2)[0] + "\n",
        lambda text: text.replace("c.png", "c.jpg"),
        lambda text: text + "more\n",
        lambda text: "\n",
    ],
    ids=["empty", "half", "no last line", "altered", "longer", "a line break"],
)
def test_a_list_that_is_not_whole_is_of_no_use(
    walk: Walk, hashes: Hashes, damage: Callable[[str], str]
) -> None:
    walk(FIRST_NIGHT)
    hashes.keep()
    hashes.file.write_text(damage(hashes.file.read_text(encoding="utf-8")), encoding="utf-8")
    assert len(walk(NEXT_NIGHT)) == 8


def test_a_list_of_another_version_is_of_no_use(
    walk: Walk, hashes: Hashes, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as later:
        later.setattr("plugins.module_utils.snapshot.hashes.VERSION", VERSION + 1)
        walk(FIRST_NIGHT)
        hashes.keep()
    assert len(walk(NEXT_NIGHT)) == 8


def test_the_first_walk_has_nothing_to_go_by(hashes: Hashes) -> None:
    assert not hashes.file.exists()
    with hashes.walk(FIRST_NIGHT) as known:
        assert known.decayed == []
