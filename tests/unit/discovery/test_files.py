"""The files of a machine: patterns as profiles mean them, and nothing that keeps us waiting."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from plugins.module_utils.audit.facts import Unread
from plugins.module_utils.discovery.files import (
    LARGEST_CONFIGURATION_BYTES,
    LocalFiles,
    is_left_out,
)
from plugins.module_utils.host import Call, Finished, LocalHost


class Dpkg(LocalHost):
    """Knows one folder, as dpkg-query(1) prints it."""

    def run(self, call: Call) -> Finished:
        if call.argv[-1] == "/opt/tool":
            return Finished(0, "example-tool, other: /opt/tool\n", "")
        return Finished(1, "", "dpkg-query: no path found matching pattern")


@pytest.fixture
def files() -> LocalFiles:
    unread: list[Unread] = []
    return LocalFiles((), Dpkg(), unread.append)


def test_a_wildcard_goes_across_folders_as_in_a_profile(files: LocalFiles, tmp_path: Path) -> None:
    (tmp_path / "keys/2026").mkdir(parents=True)
    (tmp_path / "keys/2026/mail.private").touch()
    assert files.exists(f"{tmp_path}/*.private")
    assert files.exists(f"{tmp_path}/keys")
    assert files.exists(f"{tmp_path}/keys/2026/mail.privat?")
    assert not files.exists(f"{tmp_path}/*.txt")
    assert not files.exists(f"{tmp_path}/missing/*")


def test_signs_of_patterns_in_real_names_are_letters(files: LocalFiles, tmp_path: Path) -> None:
    (tmp_path / "a[b]").mkdir()
    (tmp_path / "a[b]/x.php").touch()
    assert files.exists(f"{tmp_path}/a[b]/*.php")
    assert not files.exists(f"{tmp_path}/a[b]c")


def test_hidden_files_count(files: LocalFiles, tmp_path: Path) -> None:
    (tmp_path / ".ncdata").touch()
    assert files.exists(f"{tmp_path}/.?cdata")


def test_only_small_plain_files_are_read(files: LocalFiles, tmp_path: Path) -> None:
    (tmp_path / "a.php").write_bytes(b"db \xff")
    (tmp_path / "b.php").write_bytes(b"x" * (LARGEST_CONFIGURATION_BYTES + 1))
    (tmp_path / "c.php").mkdir()
    os.mkfifo(tmp_path / "d.php")
    (tmp_path / "e.php").symlink_to(tmp_path / "nowhere")
    assert files.read(f"{tmp_path}/*.php") == ["db \ufffd"]


def test_sqlite_is_known_by_its_first_bytes(files: LocalFiles, tmp_path: Path) -> None:
    (tmp_path / "a.db").write_bytes(b"SQLite format 3\0" + bytes(84))
    (tmp_path / "b.db").write_bytes(b"SQLite format 2\0")
    assert files.is_sqlite(f"{tmp_path}/a.db")
    assert not files.is_sqlite(f"{tmp_path}/b.db")
    assert not files.is_sqlite(f"{tmp_path}/c.db")


def test_the_package_of_a_folder_is_named(files: LocalFiles) -> None:
    assert files.package_of("/opt/tool") == "example-tool, other"
    assert files.package_of("/srv/board") == ""


@pytest.mark.parametrize(
    ("path", "left_out"),
    [
        ("/usr/share", True),
        ("/usr/local", False),
        ("/usr/local/lib", False),
        ("/var/lib/docker/overlay2", True),
        ("/var/lib/docker/volumes", False),
        ("/srv/app/node_modules", True),
        ("/srv/app", False),
        ("/proc", True),
    ],
)
def test_copies_and_programs_of_packages_are_not_looked_into(path: str, left_out: bool) -> None:
    assert is_left_out(path) is left_out
