"""Profiles are held to their own rules, before any service relies on them."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from plugins.module_utils.declaration import nodes
from plugins.module_utils.declaration.catalogue import Catalogue
from plugins.module_utils.declaration.faults import Reading
from tests.unit.declaration.conftest import CATALOGUE, Refusals

PROFILE = """\
title: A wiki on PostgreSQL
settings:
  path:
    type: path
    help: where the wiki lies
  uploads:
    type: path
    default: "{path}/uploads"
    help: what people attached
  database.name:
    type: database
    default: wiki
    help: the database
  database.port:
    type: port
    default: 5432
    help: the port
stores:
  database:
    kind: postgresql
    database: "{database.name}"
    port: "{database.port}"
    irreplaceable: [page]
  files:
    kind: files
    paths: ["{uploads}"]
    required: ["{uploads}/*"]
"""

SERVICE = """\
plugin: probealarm.recovery.services
drill_host: judy
services:
  wiki:
    profile: wiki
    host: nick
    objectives: {rpo: 24h, rto: 30m}
"""


@pytest.mark.parametrize("name", Catalogue(CATALOGUE).names())
def test_every_shipped_profile_is_sound(name: str) -> None:
    reading = Reading("")
    assert Catalogue(CATALOGUE).profile(name, reading) is not None
    assert [str(fault) for fault in reading.faults] == []


APPLICATIONS = (
    *("mautic", "wordpress", "postfix_dovecot", "mailcow", "nextcloud", "mattermost", "zammad"),
    *("limesurvey", "plenum", "mediawiki"),
)
GENERAL = ("mariadb", "postgresql", "sqlite", "files", "compose", "debian_host")
ACROSS = {"rows_have_files", "lines_have_files"}
FRESHNESS = {"freshness", "files_fresh"}


def test_the_applications_of_this_version_are_there() -> None:
    assert set(Catalogue(CATALOGUE).names()) == {*APPLICATIONS, *GENERAL}


@pytest.mark.parametrize("name", APPLICATIONS)
def test_an_application_is_known_from_its_traps_to_its_exports(name: str) -> None:
    """A profile that leaves one of these out would prove less than its name promises."""
    profile = Catalogue(CATALOGUE).profile(name, Reading(""))
    assert profile is not None
    assert profile.sources
    assert profile.traps
    wanted = ["secrets", "checks", "probes", "side_effects"]
    if set(texts_of("kind", profile.sections["stores"])) != {"files"}:
        wanted.append("exports")  # mail in files is raw data as it lies there
    absent = [name for name in wanted if not nodes.has_entries(profile.sections.get(name))]
    assert absent == []
    kinds = set(texts_of("kind", profile.sections["checks"]))
    assert kinds & ACROSS
    assert kinds & FRESHNESS


def texts_of(key: str, node: nodes.Node) -> Iterator[str]:
    """Yield what stands under a key, at every depth."""
    if isinstance(node, nodes.Mapping):
        for name, entry in node.entries.items():
            if name == key:
                yield nodes.text_of(entry.value)
            yield from texts_of(key, entry.value)


def test_the_cluster_inside_voting_s_checkout_is_left_out_because_the_dump_holds_it() -> None:
    profile = (CATALOGUE / "plenum.yml").read_text()
    left_out = profile.split('path: "{path}/data/db"')[1].splitlines()[1]
    assert "the store named database holds it as a dump" in left_out


def wiki_faults(tmp_path: Path, text: str) -> list[str]:
    (tmp_path / "wiki.yml").write_text(text)
    reading = Reading("")
    Catalogue(tmp_path).profile("wiki", reading)
    return [str(fault).removeprefix(f"{tmp_path}/") for fault in reading.faults]


def test_a_sound_profile_raises_no_objection(tmp_path: Path) -> None:
    assert wiki_faults(tmp_path, PROFILE) == []


@pytest.mark.parametrize(
    ("mistake", "line", "key", "said"),
    [
        (("title: A", "titel: A"), 1, "titel", "the nearest valid key is title"),
        (("type: path\n", "type: paht\n"), 4, "settings.path.type", "valid setting type is path"),
        (("    help: where the wiki lies\n", ""), 3, "settings.path.help", "is missing"),
        (("default: wiki", "default: wi-ki"), 12, "settings.database.name.default", "not a data"),
        (("default: 5432", "default: 70000"), 16, "settings.database.port.default", "65535"),
        (
            ('"{path}/uploads"', '"{pfad}/uploads"'),
            8,
            "settings.uploads.default",
            "{pfad} names no setting of",
        ),
        (("  path:\n", "  a.b.c:\n"), 3, "settings.a.b.c", "is not a setting name"),
        (("kind: files", "kind: flies"), 25, "stores.files.kind", "valid store kind is files"),
        (('["{uploads}"]', '["{upload}"]'), 26, "stores.files.paths", "names no setting of this"),
        (('"{uploads}/*"', '"/etc/*"'), 24, "stores.files.required", "lies in none of this"),
        (
            ("irreplaceable: [page]", "irreplacable: [page]"),
            23,
            "stores.database.irreplacable",
            "is",
        ),
        (('    port: "{database.port}"\n', ""), 14, "settings.database.port", "by no placeholder"),
        (("  files:\n", "  Files:\n"), 24, "stores.Files", "is not a store name"),
    ],
)
def test_one_mistake_in_a_profile_is_one_clear_error(
    tmp_path: Path, mistake: tuple[str, str], line: int, key: str, said: str
) -> None:
    old, new = mistake
    assert old in PROFILE
    errors = wiki_faults(tmp_path, PROFILE.replace(old, new, 1))
    start = f"wiki.yml:{line}: key {key}: "
    assert len([e for e in errors if e.startswith(start) and said in e]) == 1, errors


def test_a_broken_profile_is_reported_once_however_many_services_use_it(
    refusals: Refusals, tmp_path: Path
) -> None:
    (tmp_path / "catalogue").mkdir()
    (tmp_path / "catalogue/wiki.yml").write_text(PROFILE.replace("kind: files", "kind: flies"))
    second = SERVICE.split("services:\n")[1].replace("wiki:", "other:", 1)
    errors = refusals(SERVICE + second, tmp_path / "catalogue")
    assert len(errors) == 1
    assert errors[0].startswith("catalogue/wiki.yml:25: key stores.files.kind: ")


def test_a_service_without_any_store_is_refused(refusals: Refusals, tmp_path: Path) -> None:
    (tmp_path / "catalogue").mkdir()
    (tmp_path / "catalogue/wiki.yml").write_text("title: A wiki\nstores: {}\n")
    (error,) = refusals(SERVICE, tmp_path / "catalogue")
    assert "service wiki: has no store: nothing of it would be saved; add stores" in error
