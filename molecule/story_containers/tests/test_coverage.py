"""The audit looks into containers: what is declared there is saved, what is forgotten is named.

Goes on where the other tests of this story have left the containers: with their databases filled.
"""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.operator import LAB_INVENTORY, ROOT, Played, host, play

from .test_containers import FORUM, SERVICES, database_of_board, python, redis

BESIDE = """
  forum:
    stores: {files: {paths: [/srv/forum-first.sql]}}
  board:
    stores:
      files:
        paths:
          - /srv/board-password
          - /srv/board-data/cluster/pg_hba.conf
          - /srv/board-data/cluster/pg_ident.conf
          - /srv/board-data/cluster/postgresql.auto.conf
          - /srv/board-data/cluster/postgresql.conf
  machine:
    exemptions:
      - path: /var/lib/mysql
        reason: The server that came with the image of the lab never ran here
        owner: Ada Example
        expires: 2099-12-31
"""
FORGET_IN_FORUM = """
forum.execute('CREATE DATABASE wiki'); forum.execute('USE wiki')
forum.execute('CREATE TABLE page (id INT PRIMARY KEY)')
forum.execute('INSERT INTO page VALUES (1)')
"""
FORGET_IN_ARCHIVE = "board.execute('CREATE TABLE minutes AS SELECT 1 AS number')"
FORGET_FILES = """
podman volume create notes
echo state > "$(podman volume inspect --format '{{ .Mountpoint }}' notes)/note"
echo state > "$(podman volume inspect --format '{{ .Mountpoint }}' board-cache)/export.csv"
podman exec forum-db sh -c 'echo state > /var/lib/own-posts'
"""
CLEAN = """
podman volume rm notes
rm "$(podman volume inspect --format '{{ .Mountpoint }}' board-cache)/export.csv"
"""


@dataclass(frozen=True)
class Audits:
    """What the audit said of nick as declared, and after things were forgotten."""

    site: Path
    healthy: Played
    declared: Mapping[str, Mapping[str, Any]]
    forgotten: Mapping[str, Mapping[str, Any]]
    alarms: list[Any]


def laid_over(below: Any, above: Any) -> Any:
    if isinstance(below, dict) and isinstance(above, dict):
        both = {key: laid_over(below[key], above[key]) for key in below.keys() & above.keys()}
        return {**below, **above, **both}
    return above


def declare(site: Path, *more: Mapping[str, Any]) -> Path:
    """Declare the machine and what runs in containers, and no other service of the lab."""
    inventory = site / "inventories" / "lab"
    if not inventory.exists():
        shutil.copytree(LAB_INVENTORY, inventory)
        (site / ".lab").symlink_to(ROOT / ".lab")
    told = yaml.safe_load((LAB_INVENTORY / "services.probealarm.yml").read_text("utf-8"))
    services = {"machine": told["services"]["machine"]}
    for one in (yaml.safe_load(SERVICES), yaml.safe_load(BESIDE), *more):
        services = laid_over(services, one)
    told["services"] = services
    file = inventory / "services.probealarm.yml"
    file.write_text(yaml.safe_dump(told, allow_unicode=True), encoding="utf-8")
    return inventory


def result() -> Any:
    return json.loads(host("nick").check_output("cat /var/lib/probealarm/audit/newest.json"))


def by_subject() -> dict[str, Mapping[str, Any]]:
    return {one["subject"]: one for one in result()["findings"]}


@pytest.fixture(scope="module")
def audits(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Audits]:
    site = tmp_path_factory.mktemp("covered")
    inventory = declare(site)
    redis("SET member:1 Kim")
    backed_up = play("playbooks/back_up.yml", inventory=inventory)
    assert backed_up.status == 0, backed_up.output
    healthy = play("playbooks/audit.yml", inventory=inventory)
    declared = by_subject()
    python(FORUM, FORGET_IN_FORUM)
    python(database_of_board("postgres"), "board.execute('CREATE DATABASE archive')")
    python(database_of_board("archive"), FORGET_IN_ARCHIVE)
    redis("-n 3 SET visitor Kim")
    host("nick").check_output("sh -ec %s", FORGET_FILES)
    play("playbooks/audit.yml", inventory=inventory)
    yield Audits(site, healthy, declared, by_subject(), result()["alarms"])
    host("nick").check_output("sh -ec %s", CLEAN)


def test_a_host_with_containers_has_nothing_unclaimed_and_no_alarm(audits: Audits) -> None:
    assert audits.healthy.status == 0, audits.healthy.output
    assert "nick: nothing is unclaimed." in audits.healthy.output


@pytest.mark.parametrize(
    ("subject", "store"),
    [
        ("mariadb/forum in container forum-db", "forum/database"),
        ("postgresql/board in container board-db-1", "board/votes"),
        ("redis/0 in container board_cache_1", "board/members"),
    ],
)
def test_a_declared_database_in_a_container_is_saved(
    audits: Audits, subject: str, store: str
) -> None:
    finding = audits.declared[subject]
    assert (finding["state"], finding["store"]) == ("saved", store)


@pytest.mark.parametrize(
    ("subject", "kind", "said"),
    [
        ("mariadb/wiki in container forum-db", "database", "1 table"),
        ("postgresql/archive in container board-db-1", "database", "1 table"),
        ("redis/3 in container board_cache_1", "database", "1 key"),
        ("/srv/containers/volumes/notes/_data", "volume", "volume notes, which no container uses"),
        (
            "/srv/containers/volumes/board-cache/_data",
            "volume",
            "volume board-cache of container board_cache_1",
        ),
    ],
)
def test_what_is_forgotten_in_a_container_is_found(
    audits: Audits, subject: str, kind: str, said: str
) -> None:
    finding = audits.forgotten[subject]
    assert (finding["state"], finding["kind"]) == ("unclaimed", kind)
    assert said in finding["detail"]


def test_what_a_container_writes_beside_its_volumes_is_found(audits: Audits) -> None:
    (finding,) = [one for path, one in audits.forgotten.items() if "/diff/var" in path]
    assert finding["state"] == "unclaimed"


def test_nothing_else_is_said(audits: Audits) -> None:
    unclaimed = [one for one in audits.forgotten.values() if one["state"] == "unclaimed"]
    assert len(unclaimed) == 6, [one["subject"] for one in unclaimed]
    assert audits.alarms == []


def test_what_the_hints_say_can_be_backed_up_at_once(audits: Audits) -> None:
    databases = ("mariadb/wiki in container forum-db", "postgresql/archive in container board-db-1")
    hints = [yaml.safe_load(audits.forgotten[one]["hint"])["services"] for one in databases]
    played = play(
        "playbooks/back_up.yml", "--limit", "wiki,archive", inventory=declare(audits.site, *hints)
    )
    assert played.status == 0, played.output
    assert "wiki: 1 table with 1 row" in played.output


def test_judy_has_a_copy_of_nicks_record_of_backups(audits: Audits) -> None:
    kept = host("judy").check_output(
        "restic --no-lock --repo /var/lib/probealarm/store/nick --password-file "
        "/etc/probealarm/repositories/nick.password dump --tag audit latest "
        "/var/lib/probealarm/ledger.jsonl"
    )
    assert '"service": "forum"' in kept
