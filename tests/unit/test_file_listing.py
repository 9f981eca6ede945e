"""A tree is listed as it is, and what cannot be read is never left out in silence."""

from __future__ import annotations

import os
import socket
from pathlib import Path

import pytest

from plugins.module_utils.errors import Trouble
from plugins.module_utils.file_listing import describe, entries


def listed(*paths: Path, without: tuple[Path, ...] = ()) -> list[str]:
    found = entries([str(path) for path in paths], without=[str(path) for path in without])
    return [entry.path for entry in found]


def test_everything_below_a_path_is_listed_in_order(tmp_path: Path) -> None:
    (tmp_path / "b").mkdir()
    (tmp_path / "b" / "c").touch()
    (tmp_path / "a").symlink_to("nowhere")
    assert listed(tmp_path) == [str(tmp_path), *(str(tmp_path / n) for n in ("a", "b", "b/c"))]


def test_what_is_regenerable_is_left_out_with_all_below_it(tmp_path: Path) -> None:
    (tmp_path / "var" / "cache").mkdir(parents=True)
    (tmp_path / "var" / "cache" / "x").touch()
    (tmp_path / "var" / "cached").touch()
    left = listed(tmp_path, without=(tmp_path / "var" / "cache",))
    assert left == [str(tmp_path), str(tmp_path / "var"), str(tmp_path / "var" / "cached")]


def test_a_path_that_does_not_exist_is_a_sentence(tmp_path: Path) -> None:
    with pytest.raises(Trouble, match=r"does not exist\. Correct the path in services.probealarm"):
        listed(tmp_path / "gone")


def test_names_that_are_not_utf8_are_listed(tmp_path: Path) -> None:
    os.close(os.open(os.fsencode(tmp_path) + b"/\xff\xfe", os.O_CREAT | os.O_WRONLY))
    assert os.fsencode(listed(tmp_path)[1]).endswith(b"/\xff\xfe")


def test_a_socket_is_left_out(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    with socket.socket(socket.AF_UNIX) as server:
        server.bind("socket")
        assert listed(tmp_path) == [str(tmp_path)]


def test_links_are_described_by_their_target_and_not_followed(tmp_path: Path) -> None:
    (tmp_path / "link").symlink_to("/etc")
    entry = describe(str(tmp_path / "link"))
    assert entry is not None
    assert (entry.type, entry.target, entry.sha256) == ("link", "/etc", "")
