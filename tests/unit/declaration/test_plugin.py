"""The inventory plugin: services become hosts, or the run stops."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml
from ansible.errors import AnsibleParserError
from ansible.inventory.data import InventoryData
from ansible.parsing.dataloader import DataLoader

from plugins.inventory.services import DOCUMENTATION, EXAMPLES, InventoryModule
from plugins.module_utils.declaration import service as service_module
from plugins.module_utils.declaration.catalogue import Catalogue
from plugins.module_utils.declaration.stores import STORE_KINDS

ROOT = Path(__file__).parents[3]

Parse = Callable[..., InventoryData]


@pytest.fixture
def parse(tmp_path: Path) -> Parse:
    """Parse a declaration into an inventory that holds nick, judy and what else is given."""

    def run(text: str, **hosts: str) -> InventoryData:
        inventory = InventoryData()
        for host, group in {"nick": "protected", "judy": "fallback", **hosts}.items():
            inventory.add_group(group)
            inventory.add_host(host, group)
        file = tmp_path / "services.probealarm.yml"
        file.write_text(text)
        InventoryModule().parse(inventory, DataLoader(), str(file))
        return inventory

    return run


def test_the_documented_example_runs_and_makes_hosts_with_contracts(parse: Parse) -> None:
    inventory = parse(EXAMPLES)
    group = inventory.groups["services"]
    assert [host.name for host in group.get_hosts()] == ["newsletter", "website"]
    variables = inventory.hosts["newsletter"].get_vars()
    assert variables["service_name"] == "newsletter"
    assert variables["service_host"] == "nick"
    assert variables["service_drill_host"] == "judy"
    assert variables["service_contract"]["objectives"]["rpo_seconds"] == 86_400


def test_only_the_one_file_name_is_taken(tmp_path: Path) -> None:
    plugin = InventoryModule()
    for name in ("services.probealarm.yml", "hosts.yml", "services.probealarm.yml.orig"):
        (tmp_path / name).write_text("")
        verified = plugin.verify_file(str(tmp_path / name))
        assert verified is (name == "services.probealarm.yml")


def test_an_error_stops_the_parser_and_adds_no_service(parse: Parse) -> None:
    with pytest.raises(AnsibleParserError, match="is refused, 2 errors"):
        parse(EXAMPLES.replace("mautic\n", "mautik\n").replace("host: nick", "host: nik", 1))


def test_a_group_services_that_somebody_else_fills_is_refused(parse: Parse) -> None:
    with pytest.raises(AnsibleParserError, match="already holds wiki"):
        parse(EXAMPLES, wiki="services")


def run_inventory(directory: Path, *wanted: str) -> subprocess.CompletedProcess[str]:
    settings = {
        "ANSIBLE_INVENTORY_ENABLED": "probealarm.recovery.services,ansible.builtin.yaml",
        "ANSIBLE_INVENTORY_ANY_UNPARSED_IS_FAILED": "true",
        "ANSIBLE_COLLECTIONS_PATH": str(directory / "collections"),
        "ANSIBLE_CONFIG": str(directory / "ansible.cfg"),
    }
    collection = directory / "collections/ansible_collections/probealarm/recovery"
    collection.parent.mkdir(parents=True)
    collection.symlink_to(ROOT)
    (directory / "ansible.cfg").write_text("[defaults]\n")
    inventory = directory / "inventory"
    program = [sys.executable, "-m", "ansible.cli.inventory", "-i", str(inventory), *wanted]
    return subprocess.run(
        program, env=os.environ | settings, capture_output=True, text=True, check=False
    )


@pytest.fixture
def site(tmp_path: Path) -> Path:
    """An inventory directory with nick, judy and the documented example."""
    (tmp_path / "inventory/host_vars").mkdir(parents=True)
    (tmp_path / "inventory/hosts.yml").write_text("all: {hosts: {nick: {}, judy: {}}}\n")
    (tmp_path / "inventory/services.probealarm.yml").write_text(EXAMPLES)
    return tmp_path


def test_host_vars_take_precedence_over_the_declaration(site: Path) -> None:
    (site / "inventory/host_vars/newsletter.yml").write_text("service_drill_host: nick\n")
    done = run_inventory(site, "--host", "newsletter")
    assert done.returncode == 0, done.stderr
    variables = json.loads(done.stdout)
    assert variables["service_drill_host"] == "nick"
    assert variables["service_contract"]["drill_host"] == "judy"


def test_a_declaration_with_errors_stops_ansible_and_shows_each_of_them_once(site: Path) -> None:
    text = EXAMPLES.replace("prefix:", "perfix:").replace("host: nick", "host: nik")
    (site / "inventory/services.probealarm.yml").write_text(text)
    done = run_inventory(site, "--graph")
    assert done.returncode != 0
    assert done.stderr.count("the nearest valid key is prefix") == 1
    assert done.stderr.count("the nearest valid host is nick") == 2


def documented(*path: str) -> set[str]:
    options: dict[str, Any] = yaml.safe_load(DOCUMENTATION)["options"]
    for name in path:
        options = options[name]["suboptions"]
    return set(options)


def test_every_key_is_documented_and_every_documented_key_exists() -> None:
    around = service_module.Surroundings(Catalogue(Path()), [], [], "")
    assert documented() == {"plugin", "drill_host", "services"}
    assert documented("services") == {*around.general_keys(), "path", "database"}
    store_keys = {key for kind in STORE_KINDS.values() for key in kind.keys}
    assert documented("services", "stores") == {"kind", *store_keys}


@pytest.mark.parametrize("name", ["lab", "example"])
def test_the_shipped_inventories_load(name: str, parse: Parse) -> None:
    inventory = parse((ROOT / f"inventories/{name}/services.probealarm.yml").read_text())
    services = {host.name for host in inventory.groups["services"].get_hosts()}
    assert services >= {"website", "newsletter", "voting", "mail"}
