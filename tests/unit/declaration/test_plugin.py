"""The inventory plugin: services become hosts, or the run stops."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date
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
from plugins.module_utils.declaration.scalars import Duration, OneOf, TruthValue
from plugins.module_utils.declaration.schema import Key, ListOf, MapOf, Record, Variants
from plugins.module_utils.declaration.sections import SECTIONS
from plugins.module_utils.text import parse_duration
from tests.unit.declaration.site import Site

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


@pytest.fixture(name="site")
def _site(tmp_path: Path) -> Site:
    """An inventory directory with nick, judy and the documented example."""
    site = Site.made_in(tmp_path)
    site.write("services.probealarm.yml", EXAMPLES)
    return site


def test_ansible_inventory_shows_services_and_their_contracts(site: Site) -> None:
    shown = site.inventory("--graph").stdout
    group = shown.split("@services:")[1]
    assert "--newsletter" in group
    assert "--website" in group
    assert site.variables("newsletter")["service_contract"]["profile"] == "mautic"


def test_a_declaration_with_errors_stops_ansible_and_shows_each_of_them_once(site: Site) -> None:
    text = EXAMPLES.replace("prefix:", "perfix:").replace("host: nick", "host: nik")
    site.write("services.probealarm.yml", text)
    told = site.refusal()
    assert told.count("the nearest valid key is prefix") == 1
    assert told.count("the nearest valid host is nick") == 2


SERVICE = yaml.safe_load(DOCUMENTATION)["options"]["services"]["suboptions"]
AROUND = service_module.Surroundings(Catalogue(Path()), [], [], "", date.min)


def test_every_key_of_a_service_is_documented_and_no_other() -> None:
    options = yaml.safe_load(DOCUMENTATION)["options"]
    assert set(options) == {"plugin", "drill_host", "services"}
    assert set(SERVICE) == {*AROUND.general_keys(), "path", "database"}


def keys_of(shape: object) -> dict[str, list[Key]]:
    """Return the keys that stand below an option, each as it is in every kind that has it."""
    if isinstance(shape, ListOf):
        return keys_of(shape.item)
    if isinstance(shape, MapOf):
        return keys_of(shape.value)
    if isinstance(shape, Record):
        return {name: [key] for name, key in shape.keys.items()}
    found: dict[str, list[Key]] = {}
    if isinstance(shape, Variants):
        found["kind"] = [Key(OneOf("kind", shape.records), "")]
        for record in shape.records.values():
            for name, key in record.keys.items():
                found.setdefault(name, []).append(key)
    return found


def gaps(place: str, shape: object, option: dict[str, Any]) -> Iterator[str]:
    """Yield where the documentation of an option and its shape differ."""
    choices = shape.item if isinstance(shape, ListOf) else shape
    if isinstance(choices, OneOf) and set(option.get("choices", ())) != set(choices.choices):
        yield f"{place}: choices"
    kinds = {ListOf: "list", MapOf: "dict", Record: "dict", Variants: "dict", TruthValue: "bool"}
    kind = kinds.get(type(shape))
    if kind and option["type"] != kind:
        yield f"{place}: type"
    keys, documented = keys_of(shape), option.get("suboptions", {})
    for name in keys.keys() ^ documented.keys():
        yield f"{place}.{name}: is documented or exists, not both"
    for name in keys.keys() & documented.keys():
        below = f"{place}.{name}"
        for key in keys[name]:
            if "kind" not in keys and key.required != documented[name].get("required", False):
                yield f"{below}: required"
        if not tells_default(keys[name], documented[name]):
            yield f"{below}: default"
        yield from gaps(below, keys[name][0].shape, documented[name])


def tells_default(keys: list[Key], option: dict[str, Any]) -> bool:
    """Tell whether the default is told; one that differs from kind to kind stands in words."""
    defaults = {str(key.default) for key in keys if key.default not in (None, (), {}, "")}
    if len(defaults) != 1 or len({str(key.default) for key in keys}) != 1:
        return "default" not in option
    told = option.get("default")
    if isinstance(keys[0].shape, Duration):
        told = parse_duration(str(told))
    return {str(told)} == defaults


@pytest.mark.parametrize("name", SECTIONS)
def test_every_section_is_documented_to_the_last_key(name: str) -> None:
    assert list(gaps(name, SECTIONS[name].shape, SERVICE[name])) == []


def test_the_objectives_are_documented() -> None:
    shape = AROUND.general_keys()["objectives"].shape
    assert list(gaps("objectives", shape, SERVICE["objectives"])) == []


@pytest.mark.parametrize("name", ["lab", "example"])
def test_the_shipped_inventories_load(name: str, parse: Parse) -> None:
    inventory = parse((ROOT / f"inventories/{name}/services.probealarm.yml").read_text())
    services = {host.name for host in inventory.groups["services"].get_hosts()}
    assert services >= {"website", "newsletter", "voting", "mail"}
