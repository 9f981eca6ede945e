"""What this machine lacks is one sentence that says what to do."""

from __future__ import annotations

from collections import namedtuple
from pathlib import Path

import pytest

from lab import environment, machine
from lab.errors import LabError

DEBIAN = 'PRETTY_NAME="Debian GNU/Linux 12 (bookworm)"\nVERSION_ID="12"\nID=debian\n'
Usage = namedtuple("Usage", "total used free")


def test_no_root_is_a_sentence() -> None:
    machine.require_root(0)
    with pytest.raises(LabError, match=r"needs root; this is user 1000\. .*sudo make drill"):
        machine.require_root(1000)


def test_another_distribution_is_a_sentence() -> None:
    machine.require_debian(DEBIAN)
    machine.require_debian(DEBIAN.replace("12", "13"))
    with pytest.raises(LabError, match=r"this is Ubuntu 24\.04\. Run it on Debian 12 or 13"):
        machine.require_debian('PRETTY_NAME="Ubuntu 24.04"\nVERSION_ID="24.04"\nID=ubuntu\n')


def test_an_older_python_is_a_sentence() -> None:
    environment.require_python((3, 13))
    with pytest.raises(LabError, match=r"needs Python 3\.11 or newer and this is 3\.9"):
        environment.require_python((3, 9))


def test_a_disk_without_room_is_a_sentence(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    machine.require_room(tmp_path / "not" / "there" / "yet", needed_bytes=1)
    monkeypatch.setattr(machine.shutil, "disk_usage", lambda path: Usage(0, 0, 3 * 1024**3))
    with pytest.raises(LabError, match=r"needs 8 GiB free .* 3\.0 GiB are left"):
        machine.require_room(tmp_path)


def test_no_mirror_is_a_sentence(tmp_path: Path) -> None:
    with pytest.raises(LabError, match="No Debian mirror stands in"):
        machine.debian_mirror(tmp_path)


@pytest.mark.parametrize(
    ("file", "text"),
    [
        ("sources.list", "deb http://mirror.example.org/debian bookworm main\n"),
        ("sources.list", "deb [signed-by=/k.gpg] http://mirror.example.org/debian/ trixie main\n"),
        ("sources.list.d/debian.sources", "Types: deb\nURIs: http://mirror.example.org/debian\n"),
        (
            "sources.list.d/z.sources",
            "URIs: http://other.example.net/node https://mirror.example.org/debian\n",
        ),
    ],
)
def test_the_mirror_is_read_from_apts_own_configuration(
    tmp_path: Path, file: str, text: str
) -> None:
    (tmp_path / file).parent.mkdir(exist_ok=True)
    (tmp_path / file).write_text(text, encoding="utf-8")
    assert machine.debian_mirror(tmp_path).endswith("://mirror.example.org/debian")


def test_a_mirror_list_file_is_followed(tmp_path: Path) -> None:
    listed = tmp_path / "mirrors" / "debian.list"
    listed.parent.mkdir()
    listed.write_text("https://mirror.example.org/debian\n", encoding="utf-8")
    (tmp_path / "sources.list").write_text(f"deb mirror+file:{listed} trixie main\n", "utf-8")
    assert machine.debian_mirror(tmp_path) == "https://mirror.example.org/debian"
