"""One audited site for all tests, and the audits of everything that was sown."""

from __future__ import annotations

from typing import Any

import pytest

from tests.operator import Played, play

from .declarations import declared, loaded, of_files_alone, without_machine
from .reported import REPORTED
from .seeds import HANGING, SEEDS
from .sent import on_nick, plain

EXEMPT = {
    "path": "/var/lib/mysql*",
    "reason": "The files of the database server need not be saved",
    "owner": "Ada Example",
    "expires": "2099-12-31",
}


@pytest.fixture(scope="session")
def healthy() -> Played:
    """Audit nick when everything was backed up."""
    assert play("playbooks/back_up.yml").status == 0
    return play("playbooks/audit.yml")


@pytest.fixture(scope="session")
def audits(healthy: Played, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """Audit nick with nothing forgotten, with each seed alone, and after each careless edit."""
    folder = tmp_path_factory.mktemp("declarations")
    everything, bare = loaded(declared(), folder), loaded(without_machine(), folder)
    incident = loaded(of_files_alone(exemptions=[EXEMPT]), folder)
    rounds: dict[str, Any] = {
        "nothing": {"seeds": [], "contracts": everything},
        "incident": {"seeds": [], "contracts": incident},
    }
    for seed in (*SEEDS, HANGING):
        known = bare if seed.is_of_the_machine else everything
        rounds[seed.name] = {"seeds": plain(seed), "contracts": known}
    for one in REPORTED:
        known = one.contracts(folder) if one.contracts else everything
        rounds[one.name] = {"seeds": plain(*one.seeds), "contracts": known}
    return on_nick("on_nick.py", rounds=rounds)
