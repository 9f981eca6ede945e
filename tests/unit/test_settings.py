"""A host that is not set up, or of another version, is told what to do."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from plugins.module_utils.errors import Trouble
from plugins.module_utils.settings import (
    CopyDrillSettings,
    DrillSettings,
    StoreSettings,
    read_settings,
)

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


STORE = {
    "store_directory": "/store",
    "password_directory": "/etc/store/passwords",
    "off_site_directory": "/etc/store/off-site",
    "ledger": "/ledger.jsonl",
    "user": "probealarm-store",
    "clients": ["nick"],
    "keep_all_days": 7,
    "keep_daily_days": 30,
    "keep_weekly_days": 84,
    "keep_monthly_days": 365,
    "data_parts": 28,
    "check_within_hours": 36,
    "prune_within_days": 9,
    "copy_within_hours": 36,
    "copy_drill_within_days": 35,
    "off_site": [
        {
            "name": "elsewhere",
            "client": "nick",
            "repository": "s3:https://example.net",
            "keep_all_days": 2,
            "keep_daily_days": 5,
            "keep_weekly_days": 0,
            "keep_monthly_days": 0,
        }
    ],
}


def copy_settings(tmp_path: Path, name: str) -> CopyDrillSettings:
    file = tmp_path / "store.json"
    file.write_text(json.dumps(STORE), encoding="utf-8")
    store = read_settings(StoreSettings, str(file), "store")
    return CopyDrillSettings.of(DrillSettings(**CONTENT), store, name)


def test_a_copy_off_site_has_a_key_and_credentials_of_its_own(tmp_path: Path) -> None:
    away = copy_settings(tmp_path, "elsewhere").store("nick")
    assert away.location == "s3:https://example.net"
    assert away.password_file == "/etc/store/off-site/elsewhere.password"
    assert away.environment_file == "/etc/store/off-site/elsewhere.environment.json"


def test_a_copy_that_nobody_set_up_is_named(tmp_path: Path) -> None:
    with pytest.raises(Trouble, match=r"is called 'nowhere' .elsewhere.. Name one of"):
        copy_settings(tmp_path, "nowhere")


def test_a_service_of_another_host_is_not_looked_for_in_a_copy(tmp_path: Path) -> None:
    with pytest.raises(Trouble, match="is of nick, and this service runs on dora"):
        copy_settings(tmp_path, "elsewhere").store("dora")
