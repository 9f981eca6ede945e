"""A tree is listed as it is, and what cannot be read is never left out in silence."""

from __future__ import annotations

import os
import socket
from hashlib import sha256
from pathlib import Path

import pytest

from plugins.module_utils import file_listing
from plugins.module_utils.errors import Trouble
from plugins.module_utils.file_attributes import acl_text
from plugins.module_utils.file_listing import describe, entries, outermost, shown
from plugins.module_utils.manifest import FileEntry, read_entries
from tests.unit.trees import LONGEST_NAME, NAME_IN_LATIN_1, grow


def listed(*paths: Path, without: tuple[Path, ...] = ()) -> list[str]:
    found = entries([str(path) for path in paths], without=[str(path) for path in without])
    return [entry.path for entry in found]


def described(path: Path) -> FileEntry:
    entry = describe(str(path))
    assert entry is not None
    return entry


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


def test_everything_below_a_path_is_listed_in_order(tmp_path: Path) -> None:
    (tmp_path / "b").mkdir()
    (tmp_path / "b" / "c").touch()
    (tmp_path / "b.d").touch()
    (tmp_path / "a").symlink_to("nowhere")
    assert listed(tmp_path) == [
        str(tmp_path),
        *(str(tmp_path / n) for n in ("a", "b", "b/c", "b.d")),
    ]


def test_paths_of_several_stores_are_walked_once_and_in_one_order() -> None:
    assert outermost(["/srv/b", "/srv/a b", "/srv/a/c", "/srv/a", "/srv/a"]) == [
        "/srv/a",
        "/srv/a b",
        "/srv/b",
    ]
    assert outermost(["/srv", "/"]) == ["/"]


def test_what_is_regenerable_is_left_out_with_all_below_it(tmp_path: Path) -> None:
    (tmp_path / "var" / "cache").mkdir(parents=True)
    (tmp_path / "var" / "cache" / "x").touch()
    (tmp_path / "var" / "cached").touch()
    left = listed(tmp_path, without=(tmp_path / "var" / "cache",))
    assert left == [str(tmp_path), str(tmp_path / "var"), str(tmp_path / "var" / "cached")]


def test_a_path_that_does_not_exist_is_a_sentence(tmp_path: Path) -> None:
    with pytest.raises(Trouble, match=r"does not exist\. Correct the path in services.probealarm"):
        listed(tmp_path / "gone")


def test_a_folder_that_cannot_be_read_is_a_sentence(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(_path: str) -> list[str]:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(os, "listdir", refuse)
    with pytest.raises(Trouble, match=r"cannot be read \(Permission denied\)\. Look at it"):
        listed(tmp_path)


def test_a_path_that_is_too_long_is_a_sentence(tmp_path: Path) -> None:
    with pytest.raises(Trouble, match=r"cannot be read \(File name too long\)"):
        listed(tmp_path / (LONGEST_NAME + "n"))


@pytest.mark.parametrize("name", ["a.png", "inner", "pipe"])
def test_what_vanishes_while_it_is_listed_is_left_out(
    media: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    """It goes after its folder was read and before it is looked at as a whole."""
    real = os.lstat

    def lstat(path: str) -> os.stat_result:
        seen = real(path)
        if path == str(media / name):
            Path(path).rmdir() if name == "inner" else Path(path).unlink()
        return seen

    monkeypatch.setattr(os, "lstat", lstat)
    paths = listed(media)
    assert str(media / "link") in paths
    assert str(media / name) not in paths


def test_a_folder_that_vanishes_before_it_is_read_is_left_out(
    media: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = os.listdir

    def listdir(path: str) -> list[str]:
        if path == str(media / "inner"):
            (media / "inner").rmdir()
        return real(path)

    monkeypatch.setattr(os, "listdir", listdir)
    assert str(media / "inner") not in listed(media)


def test_names_that_are_not_utf8_are_listed_and_shown(media: Path) -> None:
    paths = listed(media)
    assert str(media / NAME_IN_LATIN_1) in paths
    assert str(media / LONGEST_NAME) in paths
    assert shown(NAME_IN_LATIN_1) == r"caf\xe9"
    assert shown("a\nb \u00e9") == r"a\nb " + "\u00e9"


def test_every_kind_survives_the_list(media: Path) -> None:
    found = list(entries([str(media)]))
    assert list(read_entries(entry.line() for entry in found)) == found


def test_a_socket_is_left_out(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    with socket.socket(socket.AF_UNIX) as server:
        server.bind("socket")
        assert listed(tmp_path) == [str(tmp_path)]


def test_links_are_described_by_their_target_and_not_followed(tmp_path: Path) -> None:
    (tmp_path / "link").symlink_to("/etc")
    entry = described(tmp_path / "link")
    assert (entry.type, entry.target, entry.sha256) == ("link", "/etc", "")


def test_devices_pipes_and_holes_are_described(media: Path) -> None:
    assert (described(media / "null").type, described(media / "null").device) == (
        "character device",
        "1:3",
    )
    assert described(media / "pipe").type == "pipe"
    sparse = described(media / "sparse")
    assert sparse.blocks * 512 < sparse.bytes == 8 * 1024 * 1024
    assert described(media / "a.png").blocks * 512 >= 7


def test_access_control_lists_and_attributes_are_described(media: Path) -> None:
    picture = described(media / "c.png")
    assert picture.acl == "user::rw-,user:1234:r--,group::r--,mask::rw-,other::---"
    assert picture.xattrs == {"user.origin": sha256(b"https://example.org/c.png").hexdigest()}
    assert described(media / "inner").acl.startswith("default:user::rw-,default:user:1234:rw-,")
    assert (described(media / "a.png").acl, described(media / "a.png").xattrs) == ("", {})


def test_an_acl_of_another_version_is_kept_as_it_is() -> None:
    assert acl_text(b"\x03\0\0\0") == "unknown:03000000"


def test_a_file_with_two_names_is_read_once(media: Path, read: list[str]) -> None:
    found = {entry.path: entry for entry in entries([str(media)])}
    first, second = found[str(media / "a.png")], found[str(media / "b.png")]
    assert (first.same_as, second.same_as) == ("", first.path)
    assert first.sha256 == second.sha256
    assert (read.count("a.png"), read.count("b.png")) == (1, 0)


def test_a_name_whose_other_name_is_not_saved_is_a_file_of_its_own(media: Path) -> None:
    (entry,) = entries([str(media / "b.png")])
    assert entry.same_as == ""
