"""A server that runs already: everything on it is recognised, and the draft is worth keeping."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from plugins.module_utils.declaration.contract import Service
from plugins.module_utils.declaration.load import Inventory, load_services
from tests.operator import LAB_INVENTORY, ROOT, Played, environment, host, play

HOSTS = LAB_INVENTORY / "hosts.yml"  # without services.probealarm.yml beside it
FORGOTTEN = """
CREATE DATABASE shop;
CREATE TABLE shop.orders (id INT PRIMARY KEY);
"""
BOARD = """
import pathlib, sqlite3
folder = pathlib.Path('/srv/board'); folder.mkdir()
(folder / 'app.py').write_text('x'); (folder / 'readme').write_text('x')
board = sqlite3.connect(folder / 'board.db')
board.execute('CREATE TABLE cards (id INTEGER)'); board.commit()
"""


def discover(file: Path | None = None, *options: str) -> Played:
    """Look at nick as a person would who has only an inventory of hosts."""
    written = ("--extra-vars", f"discover_file={file}") if file else ()
    limit = ("--limit", "nick")
    return play("playbooks/discover.yml", *limit, *written, *options, inventory=HOSTS)


def services(file: Path) -> dict[str, Service]:
    inventory = Inventory(("nick", "judy"), ("all", "protected", "fallback"))
    return {
        service.profile: service for service in load_services(file, ROOT / "catalogue", inventory)
    }


@pytest.fixture(scope="module", name="draft")
def _draft(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Played]:
    file = tmp_path_factory.mktemp("draft") / "services.probealarm.yml"
    played = discover(file)
    assert played.status == 0, played.output
    return file, played


def test_all_services_are_recognised_with_their_stores(draft: tuple[Path, Played]) -> None:
    file, _ = draft
    found, declared = services(file), services(LAB_INVENTORY / "services.probealarm.yml")
    assert found.keys() == declared.keys()
    for profile, service in declared.items():
        assert found[profile].contract()["stores"] == service.contract()["stores"], profile
        assert (found[profile].host, found[profile].drill_host) == ("nick", "judy")


def test_nothing_is_left_open_but_what_only_people_know(draft: tuple[Path, Played]) -> None:
    file, played = draft
    text = file.read_text(encoding="utf-8")
    questions = [line for line in text.splitlines() if "QUESTION" in line]
    open_ones = [line for line in questions if "objectives:" not in line]
    assert open_ones == [
        "# QUESTION: Which second machine tries out the snapshots? It must stand in the inventory."
    ]
    assert played.output.count("sure, 1.00") == 5


def test_no_secret_of_the_server_is_in_the_draft(draft: tuple[Path, Played]) -> None:
    file, played = draft
    said = file.read_text(encoding="utf-8") + played.output
    secrets = [path.read_text(encoding="utf-8").strip() for path in _secrets()]
    assert len(secrets) > 3
    assert not [secret for secret in secrets if secret in said]


def _secrets() -> Iterator[Path]:
    return (path for path in (ROOT / ".lab" / "secrets").iterdir() if path.is_file())


def test_the_inventory_takes_the_draft(draft: tuple[Path, Played], tmp_path: Path) -> None:
    file, _ = draft
    (tmp_path / "hosts.yml").write_text("all: {hosts: {nick: {}, judy: {}}}\n", encoding="utf-8")
    shutil.copy(file, tmp_path)
    done = subprocess.run(
        ["ansible-inventory", "--inventory", str(tmp_path), "--graph", "services"],
        env=environment(),
        check=True,
        capture_output=True,
        text=True,
    )
    assert len([line for line in done.stdout.splitlines() if "|--" in line]) == 5


def test_a_draft_is_never_written_over_a_file(draft: tuple[Path, Played]) -> None:
    file, _ = draft
    before = file.read_text(encoding="utf-8")
    played = discover(file)
    assert played.status != 0
    assert "exists already, and a draft is never written over a file" in played.output
    assert file.read_text(encoding="utf-8") == before


def test_what_the_catalogue_does_not_know_is_saved_all_the_same(tmp_path: Path) -> None:
    nick = host("nick")
    nick.check_output("mariadb --execute %s", FORGOTTEN)
    nick.check_output("python3 -c %s", BOARD)
    try:
        played = discover(tmp_path / "draft.yml")
        assert played.status == 0, played.output
        found = services(tmp_path / "draft.yml")
        (store,) = found["mariadb"].stores
        assert store.values["database"] == "shop"
        kinds = {store.kind: store.values for store in found["files"].stores}
        assert kinds["files"]["paths"] == ["/srv/board"]
        assert kinds["sqlite"]["path"] == "/srv/board/board.db"
        assert len(found) == 7
    finally:
        nick.check_output("mariadb --execute 'DROP DATABASE shop'")
        nick.check_output("rm --recursive /srv/board")
