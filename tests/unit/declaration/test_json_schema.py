"""Editors are told the same rules as the plugin holds a declaration to."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from docs.generate.documents import COMMAND, DOCUMENTS
from plugins.module_utils.declaration import nodes
from plugins.module_utils.declaration.catalogue import Catalogue
from plugins.module_utils.declaration.faults import Reading
from plugins.module_utils.declaration.json_schema import Writing, schema_of
from plugins.module_utils.declaration.tree import read_yaml
from tests.unit.declaration import test_catalogue, test_refusals
from tests.unit.declaration.conftest import CATALOGUE
from tests.unit.declaration.test_refusals import SOUND

ROOT = Path(__file__).parents[3]
SCHEMAS = ("docs/schema/services.schema.json", "docs/schema/profile.schema.json")
INVENTORIES = sorted((ROOT / "inventories").glob("*/services.probealarm.yml"))


@pytest.mark.parametrize("name", SCHEMAS)
def test_the_published_schema_is_the_one_that_declarations_are_read_with(name: str) -> None:
    published = (ROOT / name).read_text(encoding="utf-8")
    is_current = published == DOCUMENTS[name]()
    assert is_current, f"{name} is out of date; run: {COMMAND}"
    assert published.endswith("}\n")


def validator(name: str) -> Draft202012Validator:
    schema = json.loads(DOCUMENTS[name]())
    Draft202012Validator.check_schema(schema)
    return Draft202012Validator(schema)


@pytest.fixture(name="services", scope="module")
def _services() -> Draft202012Validator:
    return validator(SCHEMAS[0])


@pytest.fixture(name="profiles", scope="module")
def _profiles() -> Draft202012Validator:
    return validator(SCHEMAS[1])


def plain(node: nodes.Node) -> Any:
    """Return what an editor makes of it: a date, for example, is a text in YAML 1.2."""
    if isinstance(node, nodes.Mapping):
        return {name: plain(entry.value) for name, entry in node.entries.items()}
    if isinstance(node, nodes.Sequence):
        return [plain(item) for item in node.items]
    values = {"whole number": int, "number": float, "truth value": "true".__eq__}
    if not isinstance(node, nodes.Scalar) or node.kind == "nothing":
        return None
    return values.get(node.kind, str)(node.text)


def read(file: Path) -> Any:
    reading = Reading(file.name)
    document = read_yaml(file, reading)
    assert document is not None, reading.faults
    return plain(document)


def objections(schema: Draft202012Validator, file: Path) -> list[str]:
    return [f"{e.json_path}: {e.message}" for e in schema.iter_errors(read(file))]


@pytest.mark.parametrize("file", INVENTORIES, ids=[file.parent.name for file in INVENTORIES])
def test_every_shipped_declaration_is_accepted(services: Draft202012Validator, file: Path) -> None:
    assert objections(services, file) == []


@pytest.mark.parametrize("name", Catalogue(CATALOGUE).names())
def test_every_shipped_profile_is_accepted(profiles: Draft202012Validator, name: str) -> None:
    assert objections(profiles, CATALOGUE / f"{name}.yml") == []


ONLY_THE_PLUGIN_SEES = {
    "valid host is": "which hosts the inventory has",
    "the very host": "that two hosts are one",
    "none of this store's paths": "whether one path lies in another",
    "is left out by": "whether one path lies in another",
    "would leave out": "whether one path lies in another",
    "seen: '/srv/newsletter/media'": "whether one path lies in another",
    "is listed twice": "what a list is once the profile's was added",
    "'{paht}": "which settings a placeholder may name",
}


@dataclass(frozen=True)
class Mistake:
    """One mistake that the plugin refuses, by one of the tests of the plugin."""

    old: str
    new: str
    said: str

    @property
    def needs_the_plugin(self) -> bool:
        return any(sign in self.said + self.new for sign in ONLY_THE_PLUGIN_SEES)


def mistakes(test: Any) -> list[Mistake]:
    (mark,) = (mark for mark in test.pytestmark if mark.name == "parametrize")
    return [Mistake(old, new, said) for (old, new), _line, _key, said in mark.args[1]]


@pytest.mark.parametrize(
    "mistake", mistakes(test_refusals.test_one_mistake_is_one_clear_error), ids=str
)
def test_what_the_plugin_refuses_is_marked_while_it_is_written(
    services: Draft202012Validator, tmp_path: Path, mistake: Mistake
) -> None:
    file = tmp_path / "services.probealarm.yml"
    file.write_text(SOUND.replace(mistake.old, mistake.new, 1))
    assert bool(objections(services, file)) is not mistake.needs_the_plugin


PROFILES_ONLY_THE_CATALOGUE_REFUSES = (
    "names no setting of",
    "lies in none of this",
    "by no placeholder",
    "70000",
)


@pytest.mark.parametrize(
    "mistake", mistakes(test_catalogue.test_one_mistake_in_a_profile_is_one_clear_error), ids=str
)
def test_a_mistake_in_a_profile_is_marked_while_it_is_written(
    profiles: Draft202012Validator, tmp_path: Path, mistake: Mistake
) -> None:
    file = tmp_path / "wiki.yml"
    file.write_text(test_catalogue.PROFILE.replace(mistake.old, mistake.new, 1))
    across = any(sign in mistake.said for sign in PROFILES_ONLY_THE_CATALOGUE_REFUSES)
    assert bool(objections(profiles, file)) is not across


SECTIONS = """\
    stores:
      archive: {kind: sqlite, path: "{path}/archive.db", irreplaceable: [mails]}
      queue:
        kind: redis
        irreplaceable: ["mail:*"]
        container: {runtime: podman, name: queue}
    secrets:
      key: {title: the key, lost_without: every password, file: "{path}/key", pattern: "k=(.*)"}
    checks:
      contacts: {at_least: 10}
      mails:
        kind: number
        title: every mail is there
        store: archive
        query: SELECT count(*) FROM mails
        unit: mails
        at_least: 1
    quiesce:
      reason: it writes at any time
      hold: [{run: [systemctl, stop, x]}]
      resume: [{run: [systemctl, start, x]}]
      at_most: 10m
    probes:
      start:
        title: the start page is shown
        request: {path: /}
        expect: {contains: [Welcome], lacks: [Installer]}
    side_effects:
      mail:
        does: it sends mails to everybody
        block:
          - environment: {MAILER: "null://null"}
          - not_started: [newsletter.timer]
    exports:
      mails:
        holds: all mails
        store: archive
        query: SELECT id FROM mails
        key: [id]
        columns: {id: the number}
    after_restore:
      index: {run: [touch, /x], reason: it is asked for, when: drill}
    rhythm: {L1: 12h}
    exemptions:
      - {path: /srv/newsletter/x, reason: it is nothing, owner: Ada, expires: 2999-01-31}
"""


def declaration_with(text: str) -> str:
    return SOUND.split("    stores:")[0] + text


def test_every_section_can_be_written(services: Draft202012Validator, tmp_path: Path) -> None:
    file = tmp_path / "services.probealarm.yml"
    file.write_text(declaration_with(SECTIONS))
    assert objections(services, file) == []


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("kind: sqlite", "kind: sqlight"),
        ("kind: sqlite", "kind: mariadb"),
        ("name: queue}", "project: queue}"),
        ("name: queue}", "name: queue, project: a, service: b}"),
        ("lost_without: every password, ", ""),
        ('file: "{path}/key", ', ""),
        ("kind: number", "kind: numbers"),
        ("        at_least: 1\n", ""),
        ("unit: mails", "unit: 5"),
        ("at_most: 10m", "at_most: 10 minutes"),
        ("hold: [{run: [systemctl, stop, x]}]", "hold: []"),
        ("request: {path: /}", "user: x"),
        ("contains: [Welcome], ", ""),
        ("path: /}", "path: /, method: FETCH}"),
        ("- not_started", "- stopped"),
        ('MAILER: "null://null"}', 'MAILER: "null://null"}\n            not_started: [a]'),
        ("key: [id]", "key: []"),
        ("when: drill", "when: sunday"),
        ("L1: 12h", "L7: 12h"),
        ("L1: 12h", "L1: 12"),
        (", expires: 2999-01-31", ""),
        ("expires: 2999-01-31", "expires: soon"),
        ("reason: it is nothing, ", ""),
        ("{path: /srv/newsletter/x, ", "{"),
    ],
)
def test_a_mistake_in_a_section_is_marked(
    services: Draft202012Validator, tmp_path: Path, old: str, new: str
) -> None:
    assert old in SECTIONS
    file = tmp_path / "services.probealarm.yml"
    file.write_text(declaration_with(SECTIONS.replace(old, new, 1)))
    assert objections(services, file) != []


def test_a_new_kind_of_shape_is_not_passed_over() -> None:
    with pytest.raises(TypeError, match="has no case for object"):
        schema_of(object(), Writing())


def test_two_things_of_one_name_are_not_taken_for_one() -> None:
    writing = Writing()
    assert writing.defined("a", {"const": 1}) == writing.defined("a", {"const": 1})
    with pytest.raises(ValueError, match="two definitions are called a"):
        writing.defined("a", {"const": 2})


@pytest.mark.parametrize("file", INVENTORIES, ids=[file.parent.name for file in INVENTORIES])
def test_an_editor_finds_the_schema_from_the_declaration(file: Path) -> None:
    lines = file.read_text(encoding="utf-8").splitlines()
    named = next(line for line in lines if line.startswith("# yaml-language-server: $schema="))
    assert (file.parent / named.partition("=")[2]).resolve() == ROOT / SCHEMAS[0]
