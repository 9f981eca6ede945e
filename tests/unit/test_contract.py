"""What the inventory emits becomes a contract, or is refused with a sentence."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from plugins.module_utils.contract import Contract, Exemption, Quiesce, Step
from plugins.module_utils.errors import Trouble
from plugins.module_utils.stores import Container

LOSS = {"irreplaceable": ["*"], "largest_loss_percent": 20}
MARIADB = {"name": "database", "kind": "mariadb", "database": "mautic", "socket": "/s", **LOSS}
POSTGRESQL = {**MARIADB, "name": "votes", "kind": "postgresql", "port": 5433}
SQLITE = {"name": "cards", "kind": "sqlite", "path": "/srv/cards.db", **LOSS}
REDIS = {"name": "dkim", "kind": "redis", "port": 6379, "database": 0, **LOSS}
FILES = {
    "name": "files",
    "kind": "files",
    "paths": ["/srv/a"],
    "regenerable": [{"path": "/srv/a/cache", "reason": "it is made anew"}],
    "required": [],
    "for_reference": True,
    "largest_loss_percent": 20,
}
IN_CONTAINER = {
    **MARIADB,
    "container": {"runtime": "podman", "name": "db"},
    "user": "mailcow",
    "password_variable": "DBPASS",
}


def merged(*stores: dict[str, Any], **sections: Any) -> dict[str, Any]:
    return {
        "name": "newsletter",
        "host": "nick",
        "drill_host": "judy",
        "objectives": {"rpo_seconds": 86_400, "rto_seconds": 1_800},
        "stores": list(stores),
        **sections,
    }


def test_every_kind_of_store_is_known() -> None:
    contract = Contract.of(merged(MARIADB, FILES, SQLITE, REDIS, POSTGRESQL))
    assert [store.name for store in contract.databases] == ["database", "votes"]
    assert [store.port for store in contract.databases] == [0, 5433]
    assert [store.path for store in contract.sqlite] == ["/srv/cards.db"]
    assert [(store.socket, store.port) for store in contract.redis] == [("", 6379)]
    assert contract.files[0].regenerable == ("/srv/a/cache",)


def test_a_server_in_a_container_is_known_by_name_or_by_compose_service() -> None:
    (store,) = Contract.of(merged(IN_CONTAINER)).databases
    assert (store.container, store.user) == (Container("podman", name="db"), "mailcow")
    assert store.password_variable == "DBPASS"
    where = {"runtime": "docker", "project": "mailcow", "service": "redis"}
    (cache,) = Contract.of(merged({**REDIS, "container": where})).redis
    assert cache.container == Container("docker", project="mailcow", service="redis")
    assert cache.password_variable == ""


def test_checks_secrets_and_exemptions_of_checks_are_read() -> None:
    check = {"name": "a", "kind": "file_lacks", "title": "t", "file": "/srv/a/b", "pattern": "x"}
    secret = {"name": "key", "title": "t", "lost_without": "all", "file": "/srv/a/key"}
    why = {"reason": "it is broken", "owner": "Kim", "expires": "2027-01-31"}
    exemptions = [
        {"check": "a", **why},
        {"secret": "key", **why},
        {"path": "/srv/x", **why},
        {"database": "old", **why},
    ]
    exemptions.append({"table": "database.queue_*", **why})
    contract = Contract.of(merged(FILES, checks=[check], secrets=[secret], exemptions=exemptions))
    assert [check.name for check in contract.checks] == ["a", "secret key"]
    assert contract.exemptions == (
        Exemption("a", "", "it is broken", "Kim", date(2027, 1, 31)),
        Exemption("secret key", "", "it is broken", "Kim", date(2027, 1, 31)),
        Exemption("", "database.queue_*", "it is broken", "Kim", date(2027, 1, 31)),
    )


def test_how_a_service_is_held_still_is_read() -> None:
    section = {
        "reason": "Rows and files belong together",
        "hold": [{"run": ["app", "stop"]}],
        "resume": [{"run": ["app", "start"], "user": "www-data"}],
        "at_most_seconds": 600,
    }
    assert Contract.of(merged(FILES, quiesce=section)).quiesce == Quiesce(
        "Rows and files belong together",
        (Step(("app", "stop")),),
        (Step(("app", "start"), "www-data"),),
        600,
    )
    assert Contract.of(merged(FILES)).quiesce is None


@pytest.mark.parametrize(
    ("contract", "said"),
    [
        (merged({**SQLITE, "kind": "access"}), "store kind access"),
        (merged({"name": "a", "kind": "sqlite"}), "KeyError: 'path'"),
        (merged({**MARIADB, "container": {"engine": "podman"}}), "TypeError"),
        (merged(checks=[{"name": "a", "kind": "magic"}]), "the kind magic is unknown here"),
        (merged(exemptions=[{"check": "a", "reason": "r", "owner": "o"}]), "expires"),
    ],
)
def test_what_another_version_wrote_is_refused(contract: dict[str, Any], said: str) -> None:
    with pytest.raises(Trouble, match="same version of the collection") as refused:
        Contract.of(contract)
    assert said in str(refused.value)
