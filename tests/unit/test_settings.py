"""A host that is not set up, or of another version, is told what to do."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from plugins.module_utils.errors import Trouble
from plugins.module_utils.settings import DrillSettings, read_settings

CONTENT = {
    "store_directory": "/store",
    "password_directory": "/passwords",
    "scratch_directory": "/scratch",
    "ledger": "/ledger.jsonl",
    "user": "probealarm-drill",
}


def test_the_repository_of_a_host_is_read_without_network(tmp_path: Path) -> None:
    file = tmp_path / "drills.json"
    file.write_text(json.dumps(CONTENT), encoding="utf-8")
    store = read_settings(DrillSettings, str(file), "drills").store("nick")
    assert (store.location, store.password_file) == ("/store/nick", "/passwords/nick.password")


def test_a_host_that_is_not_set_up_is_said_so(tmp_path: Path) -> None:
    with pytest.raises(
        Trouble, match=r"not set up yet .role drills.. Run playbooks.site.yml first"
    ):
        read_settings(DrillSettings, str(tmp_path / "drills.json"), "drills")


@pytest.mark.parametrize("odd", [{"users": "x"}, {"user": None}])
def test_settings_of_another_version_are_refused(tmp_path: Path, odd: dict[str, object]) -> None:
    file = tmp_path / "drills.json"
    content = {**CONTENT, **odd}
    if content["user"] is None:
        del content["user"]
    file.write_text(json.dumps(content), encoding="utf-8")
    with pytest.raises(Trouble, match=r"do not fit \(users?\)"):
        read_settings(DrillSettings, str(file), "drills")


def test_half_a_file_is_a_sentence(tmp_path: Path) -> None:
    file = tmp_path / "drills.json"
    file.write_text('{"store', encoding="utf-8")
    with pytest.raises(Trouble, match="cannot be read"):
        read_settings(DrillSettings, str(file), "drills")
