"""A service that is no YAML hides its own errors, and no other service's."""

from __future__ import annotations

from pathlib import Path

import pytest

from plugins.module_utils.declaration.blocks import Block, service_blocks
from tests.unit.declaration.conftest import Declare, Refusals
from tests.unit.declaration.site import DECLARATION, Site

WIKI = """\
  wiki: # the old one
    profile: files
    host: nik
    objectives: {rpo: 7d, rto: 7d}
    path: /srv/wiki
"""
SHOP = """\
  shop:
    profile: mariadb
    host: nick
    objectives: {rpo: 7d, rto: 7}
    database: {name: shop}
"""


@pytest.mark.parametrize(
    ("old", "new", "syntax"),
    [
        ("path: /srv/newsletter", 'path: "/srv/newsletter', "9: service newsletter: is not YAML"),
        ("{rpo: 24h,", "{{rpo: 24h,", "8: service newsletter: is not YAML"),
        ("host: nick", "host: nick: x", "6: service newsletter: is not YAML: mapping values are"),
        ("    path: /srv", "\tpath: /srv", "9: service newsletter: is indented with a tab"),
        ("    path: /srv", "   path: /srv", "9: service newsletter: is not YAML"),
        ("path: /srv/newsletter", "path: @srv", "9: service newsletter: is not YAML"),
    ],
)
def test_the_other_services_are_read_all_the_same(
    refusals: Refusals, old: str, new: str, syntax: str
) -> None:
    assert old in DECLARATION
    errors = refusals(DECLARATION.replace(old, new) + WIKI + SHOP)
    assert len(errors) == 3, errors
    assert errors[0].startswith(f"services.probealarm.yml:{syntax}")
    assert errors[1].startswith("services.probealarm.yml:12: service wiki, key host: is not a")
    assert errors[2].startswith("services.probealarm.yml:18: service shop, key objectives.rto")


def test_an_open_quote_is_found_where_it_was_opened(refusals: Refusals) -> None:
    text = DECLARATION.replace("profile: mautic", "profile: 'mautic") + SHOP
    errors = refusals(text)
    assert "while scanning a quoted scalar that starts on line 5" in errors[0]
    assert "service newsletter: is not YAML" in errors[0]
    assert len(errors) == 2


def test_each_service_that_is_no_yaml_is_told(refusals: Refusals) -> None:
    errors = refusals(
        DECLARATION.replace("    path:", "\tpath:") + WIKI.replace("/srv", "[/srv") + SHOP
    )
    assert [error.split(": ")[1] for error in errors] == [
        "service newsletter",
        "service wiki",
        "service shop, key objectives.rto",
    ]


def test_an_error_outside_of_the_services_is_told_alone(refusals: Refusals) -> None:
    for text in (
        "drill_host: 'judy\n" + DECLARATION + WIKI,
        DECLARATION + WIKI + "drill_host: [\n",
    ):
        (error,) = refusals(text)
        assert "is not YAML" in error
        assert "service" not in error.split(":", 2)[2]


def test_where_no_service_is_left_there_is_no_word_of_none(refusals: Refusals) -> None:
    (error,) = refusals(DECLARATION.replace("    path:", "\tpath:"))
    assert error.endswith("service newsletter: is indented with a tab; indent with spaces")


def test_a_tab_that_is_in_nobody_s_way_is_not_objected_to(
    refusals: Refusals, declare: Declare
) -> None:
    harmless = DECLARATION.replace("24h, rto", "24h,\n\t\trto")
    assert len(declare(harmless)) == 1
    (error,) = refusals(harmless + SHOP.replace("7}", "7d").replace("profile:", "profile: a:"))
    assert error.startswith("services.probealarm.yml:12: service shop: is not YAML")


@pytest.mark.parametrize(
    "text",
    [
        "services: {}\n",
        "a: b\n",
        "services:\n  a:\n    b: c\n d:\n",
        "services:\n  a:\n    b: c\n  d: e\n",
        'services:\n  a:\n    b: "c\n  d: e"\n',
        "services:\n  a:\nservices:\n  b:\n",
        "services:\n\ta:\n",
        "services:\n",
    ],
)
def test_in_doubt_about_the_layout_nothing_is_guessed(text: str) -> None:
    assert service_blocks(text.split("\n")) == []


def test_a_block_ends_where_the_next_one_or_the_file_s_own_key_begins() -> None:
    text = "plugin: x\nservices: # all\n\n  a:\n    b: c\n# d\n  e: # f\r\n\tg: h\ndrill_host: i\n"
    assert service_blocks(text.split("\n")) == [Block("a", 3, 6), Block("e", 6, 8)]


def test_nesting_that_kills_libyaml_ends_with_our_sentence_alone(tmp_path: Path) -> None:
    site = Site.made_in(tmp_path)
    site.write("services.probealarm.yml", "[" * 4_000_000)
    done = site.inventory("--graph")
    assert done.returncode == 1
    assert done.stderr == (
        "[ERROR]: inventory/services.probealarm.yml is refused, 1 error:\n"
        "inventory/services.probealarm.yml:1: is nested deeper than 20 levels\n"
    )
