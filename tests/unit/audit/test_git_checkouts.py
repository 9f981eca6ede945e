"""What lies in a checkout and not in git is found, without running what the checkout asks for."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

import pytest

from plugins.module_utils.audit.git_checkouts import CREDENTIALS, checkout_at, tracked_in

IDENTITY = ["-c", "user.name=Ada", "-c", "user.email=ada@example.org"]


def git(folder: Path, *arguments: str) -> None:
    subprocess.run(
        ["git", *IDENTITY, *arguments],
        cwd=folder,
        check=True,
        stdout=subprocess.DEVNULL,
        env={**os.environ, "GIT_CONFIG_GLOBAL": "/dev/null", "GIT_CONFIG_SYSTEM": "/dev/null"},
    )


@pytest.fixture(name="checkout", params=["2", "3", "4"])
def _checkout(tmp_path: Path, request: pytest.FixtureRequest) -> Path:
    """A service as such organisations run it: its data inside the checkout, ignored by git."""
    top = tmp_path / "voting"
    (top / "app" / "deep").mkdir(parents=True)
    for name in ("docker-compose.yml", "app/a.py", "app/deep/b.py", "app/c\u00e4.py"):
        (top / name).write_text("code")
    (top / os.fsdecode(b"app/caf\xe9")).write_text("code")
    (top / ".gitignore").write_text("data/\n*.env\n")
    git(top, "init", "--quiet", "--initial-branch=main")
    git(top, "remote", "add", "origin", "https://ada:geheim@git.example.org/voting.git")
    git(top, "config", "index.version", request.param)
    git(top, "add", ".")
    if request.param == "3":
        (top / "app/new.py").write_text("code")
        git(top, "add", "--intent-to-add", "app/new.py")
    return top


def test_a_checkout_that_git_has_whole_is_nothing(checkout: Path) -> None:
    assert checkout_at(str(checkout)) is None


def test_ignored_and_untracked_data_is_found_at_its_top(checkout: Path) -> None:
    (checkout / "data" / "db").mkdir(parents=True)
    (checkout / "data" / "db" / "ibdata1").write_bytes(b"1234567")
    (checkout / "secrets.env").write_bytes(b"123")
    (checkout / "app" / "local.py").write_bytes(b"12")
    found = checkout_at(str(checkout))
    assert found is not None
    assert found.parts == tuple(
        f"{checkout}/{name}" for name in ("app/local.py", "data", "secrets.env")
    )
    assert found.detail == (
        "a git checkout of https://git.example.org/voting.git does not have app/local.py, data, "
        "secrets.env"
    )
    assert found.bytes == 12


def test_many_are_counted(checkout: Path) -> None:
    for number in range(8):
        (checkout / f"{number}.env").touch()
    found = checkout_at(str(checkout))
    assert found is not None
    assert found.detail.endswith("4.env and 3 more")


def test_a_program_that_the_checkout_names_is_not_run(checkout: Path) -> None:
    git(checkout, "config", "core.fsmonitor", f"touch {checkout}/ran")
    (checkout / "x.env").touch()
    assert checkout_at(str(checkout)) is not None
    assert not (checkout / "ran").exists()


def test_a_checkout_without_a_remote_says_so(tmp_path: Path) -> None:
    git(tmp_path, "init", "--quiet")
    (tmp_path / "a").touch()
    git(tmp_path, "add", "a")
    (tmp_path / "b").touch()
    found = checkout_at(str(tmp_path))
    assert found is not None
    assert found.detail == "a git checkout, known to no other machine, does not have b"


def test_a_checkout_in_sha256_is_read(tmp_path: Path) -> None:
    git(tmp_path, "init", "--quiet", "--object-format=sha256")
    (tmp_path / "a").touch()
    git(tmp_path, "add", "a")
    assert checkout_at(str(tmp_path)) is None


def test_a_checkout_inside_another_is_not_searched_twice(tmp_path: Path) -> None:
    inner = tmp_path / "vendor" / "lib"
    inner.mkdir(parents=True)
    git(inner, "init", "--quiet")
    (inner / "a").touch()
    git(inner, "add", "a")
    git(inner, "commit", "--quiet", "--message", "a")
    git(tmp_path, "init", "--quiet")
    git(tmp_path, "-c", "advice.addEmbeddedRepo=false", "add", ".")
    (inner / "untracked").touch()
    assert checkout_at(str(tmp_path)) is None
    assert checkout_at(str(inner)) is not None


def test_a_torn_index_is_said(checkout: Path) -> None:
    (checkout / ".git" / "index").write_bytes(b"DIRC\0\0\0\2\0\0\0\7cut off")
    found = checkout_at(str(checkout))
    assert found is not None
    assert "cannot be read" in found.detail


@pytest.mark.parametrize("index", [b"JUNK\0\0\0\2\0\0\0\0", b"DIRC\0\0\0\11\0\0\0\0"])
def test_what_is_no_index_is_refused(index: bytes) -> None:
    with pytest.raises(ValueError, match="no index"):
        tracked_in(index, 20)


def test_a_split_index_is_refused(tmp_path: Path) -> None:
    git(tmp_path, "init", "--quiet")
    (tmp_path / "a").touch()
    git(tmp_path, "add", "a")
    git(tmp_path, "update-index", "--split-index")
    found = checkout_at(str(tmp_path))
    assert found is not None
    assert "split over two files" in found.detail


def test_a_folder_without_an_index_is_none(tmp_path: Path) -> None:
    assert checkout_at(str(tmp_path)) is None
    (tmp_path / ".git").write_text("gitdir: elsewhere")
    assert checkout_at(str(tmp_path)) is None


@pytest.mark.parametrize(
    "address",
    [
        "https://ada:geheim@git.example.org/voting.git",
        "https://ada:ge@heim/geheim@git.example.org/voting.git",
        "https://geheim@git.example.org/voting.git",
    ],
)
def test_no_part_of_a_password_is_left_in_an_address(address: str) -> None:
    assert CREDENTIALS.sub("//", address) == "https://git.example.org/voting.git"
