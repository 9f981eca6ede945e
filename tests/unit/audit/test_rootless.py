"""Containers that other accounts run are read from podman's own files, without running it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from plugins.module_utils.audit.facts import ContainerMount, VolumeSeen
from plugins.module_utils.audit.rootless import Account, look

ID = "e" * 64


def grow_storage(home: Path) -> Path:
    storage = home / ".local/share/containers/storage"
    userdata = storage / "overlay-containers" / ID / "userdata"
    userdata.mkdir(parents=True)
    told = {"id": ID, "names": ["notes"], "metadata": json.dumps({"image-name": "notes:1"})}
    (storage / "overlay-containers/containers.json").write_text(json.dumps([told]))
    for volume in ("notes", "forgotten"):
        (storage / "volumes" / volume / "_data").mkdir(parents=True)
    data = str(storage / "volumes/notes/_data")
    mounts = [
        {"destination": "/data", "type": "bind", "source": data, "options": ["rw", "rbind"]},
        {"destination": "/up", "type": "bind", "source": "/srv/up", "options": ["ro"]},
        {"destination": "/proc", "type": "proc", "source": "proc"},
        {"destination": "/etc/hosts", "type": "bind", "source": "/x", "options": []},
        {"destination": "/etc/name", "type": "bind", "source": f"{userdata}/name", "options": []},
    ]
    (userdata / "config.json").write_text(json.dumps({"mounts": mounts}))
    return storage


def test_containers_of_another_account_are_read_from_its_files(tmp_path: Path) -> None:
    storage = grow_storage(tmp_path)
    found = look([Account("ada", tmp_path), Account("bob", tmp_path / "none")], [ID])
    data = str(storage / "volumes/notes/_data")
    (one,) = found.seen
    assert (one.name, one.image, one.owner, one.is_running) == ("notes", "notes:1", "ada", True)
    assert one.mounts == (
        ContainerMount("volume", "notes", data, "/data", is_writable=True),
        ContainerMount("bind", "", "/srv/up", "/up", is_writable=False),
    )
    unused = VolumeSeen("podman", "forgotten", str(storage / "volumes/forgotten/_data"))
    assert (found.unused, found.alarms) == ((unused,), ())


@pytest.mark.parametrize("text", ["{", "[{}]", '[{"id": 1, "metadata": 3}]', "3"])
def test_files_of_podman_that_cannot_be_read_are_a_sentence(tmp_path: Path, text: str) -> None:
    storage = grow_storage(tmp_path)
    (storage / "overlay-containers/containers.json").write_text(text)
    (alarm,) = look([Account("ada", tmp_path)]).alarms
    assert (alarm.kind, alarm.subject) == ("unreadable", str(storage))
    assert "podman ps --all" in alarm.sentence
    assert "ada" in alarm.sentence
