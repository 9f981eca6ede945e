"""An audit of nick only reads, and gives way to everything else; what it hints at works."""

from __future__ import annotations

import json
from typing import Any

import pytest
import yaml

from tests.operator import host, play

from .declarations import declared, inventory_with, laid_over, loaded
from .seeds import SEEDS, Seed, folder
from .sent import on_nick, plain

FOLLOWED = {
    "an application in /srv": "forum/files",
    "a database of MariaDB": "wiki/database",
    "a database of SQLite": "board/database",
}
LOWEST = "nice 19, idle"

KILLED = Seed(
    "a database of SQLite whose writer was killed",
    'mkdir /srv/killed && python3 -c "import os, signal, sqlite3; '
    "base = sqlite3.connect('/srv/killed/board.db', isolation_level=None); "
    "base.execute('PRAGMA journal_mode = WAL'); base.execute('CREATE TABLE a (b)'); "
    'os.kill(os.getpid(), signal.SIGKILL)" 2>/dev/null; test -s /srv/killed/board.db-wal',
    "rm -r /srv/killed",
    "/srv/killed",
)
LIVE = (
    *("/proc", "/sys", "/dev", "/run", "/var/log"),
    *("/var/lib/mysql", "/var/lib/postgresql", "/srv/voting/data/db/pgdata"),
)
"""What others write meanwhile: the kernel, systemd, logs, and running databases."""


def sown(name: str) -> Seed:
    """Find a seed by its name."""
    (seed,) = [one for one in SEEDS if one.name == name]
    return seed


def result() -> Any:
    """Read the newest result on nick."""
    return json.loads(host("nick").check_output("cat /var/lib/probealarm/audit/newest.json"))


@pytest.fixture(scope="module")
def watched(healthy: Any, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """Watch one audit of nick, with databases of SQLite that a careless look would change."""
    writing = sown("a database of SQLite with a write-ahead log")
    return on_nick(
        "watching_nick.py",
        contracts=loaded(declared(), tmp_path_factory.mktemp("watched")),
        seeds=plain(writing, KILLED, folder("", "/srv/forum")),
        hashed=[seed.subject for seed in (writing, KILLED)],
        left_out=["/var/lib/probealarm/audit", *LIVE],
    )


def test_an_audit_reads_and_never_writes(watched: dict[str, Any]) -> None:
    assert (watched["complaints"], watched["unsent"]) == ([], "")
    found = {one["subject"] for one in result()["findings"]}
    assert {"/srv/cards", "/srv/killed", "/srv/forum"} <= found
    assert {"/srv/cards/cards.db-wal", "/srv/killed/board.db-wal"} <= {*watched["listed"]}
    # MariaDB sorts its answers in /tmp, and restic packs there what it sends; nothing stays.
    assert {*watched["changed"]} <= {"/tmp"}  # noqa: S108 (nothing is opened there)


def test_an_audit_and_all_that_it_starts_give_way(watched: dict[str, Any]) -> None:
    seen = watched["priorities"]
    assert seen.pop("the audit")[-1] == LOWEST
    assert {*seen["restic"], *seen.get("timeout", ())} == {LOWEST}  # the latter holds clients


@pytest.fixture(scope="module")
def followed(audits: dict[str, Any], tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """Forget three things, follow what their hints say, and give the findings by subject."""
    seeds = [sown(name) for name in FOLLOWED]
    told = declared()
    for seed in seeds:
        findings = audits[seed.name]["findings"]
        (hint,) = [one["hint"] for one in findings if one["subject"] == seed.subject]
        told = laid_over(told, yaml.safe_load(hint))
    inventory = inventory_with(told, tmp_path_factory.mktemp("followed"))
    nick = host("nick")
    for seed in seeds:
        nick.check_output("sh -c %s", seed.seed)
    try:
        services = ",".join(store.partition("/")[0] for store in FOLLOWED.values())
        saved = play("playbooks/back_up.yml", "--limit", services, inventory=inventory)
        assert saved.status == 0, saved.output
        audited = play("playbooks/audit.yml", inventory=inventory)
        assert audited.status == 0, audited.output
        findings = result()["findings"]
    finally:
        for seed in seeds:
            nick.check_output("sh -c %s", seed.clean)
    return {one["subject"]: one for one in findings}


@pytest.mark.parametrize(("name", "store"), FOLLOWED.items())
def test_who_follows_a_hint_has_it_saved(followed: dict[str, Any], name: str, store: str) -> None:
    finding = followed[sown(name).subject]
    assert (finding["state"], finding["store"]) == ("saved", store)
    assert finding["snapshot"]


def test_judy_has_the_audit_and_misses_one_that_is_late(followed: dict[str, Any]) -> None:
    on_time = play("playbooks/check_audit.yml")
    assert "was not proven at level L4 ever" in on_time.output
    assert "audit of nick" not in on_time.output
    late = play("playbooks/check_audit.yml", "-e", "check_audit_within_hours=0.0001")
    assert late.status != 0
    assert "the last audit of nick is" in late.output
