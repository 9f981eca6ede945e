"""The two filters around module discover, as a playbook calls them."""

from __future__ import annotations

from pathlib import Path

import pytest
from ansible.errors import AnsibleFilterError

from plugins.filter.draft_declaration import draft_declaration
from plugins.filter.signatures import signatures
from plugins.module_utils.discovery.signatures import of_plain
from tests.unit.discovery.worlds import CATALOGUE, DEBIAN, SIGNATURES, facts

GROUPS = {
    "all": ["nick", "judy", "website"],
    "protected": ["nick"],
    "services": ["website"],
}


def test_signatures_are_those_of_the_catalogue() -> None:
    assert of_plain(signatures(str(CATALOGUE))) == tuple(SIGNATURES)


def test_a_folder_that_is_none_is_a_sentence(tmp_path: Path) -> None:
    with pytest.raises(AnsibleFilterError, match="is no folder; give the collection's"):
        signatures(str(tmp_path / "catalog"))


def test_a_broken_profile_is_named_with_its_line(tmp_path: Path) -> None:
    (tmp_path / "wiki.yml").write_text("title: A wiki\nstors: {}\n", encoding="utf-8")
    with pytest.raises(AnsibleFilterError, match=r"wiki\.yml:2: key stors"):
        signatures(str(tmp_path))


def test_a_draft_comes_with_its_table_and_its_services() -> None:
    made = draft_declaration({"nick": facts(DEBIAN).as_plain()}, str(CATALOGUE), GROUPS)
    assert "profile: debian_host" in made["text"]
    assert "debian-host" in made["table"]
    (service,) = made["services"]
    assert (service["profile"], service["host"], service["score"]) == ("debian_host", "nick", 1.0)
    assert "drill_host: judy" in made["text"]


@pytest.mark.parametrize("seen", [{}, {"databases": []}, {"databases": [{"tables": []}]}])
def test_what_is_no_look_is_a_sentence(seen: dict[str, object]) -> None:
    with pytest.raises(AnsibleFilterError, match="not what the module discover has seen"):
        draft_declaration({"nick": seen}, str(CATALOGUE), GROUPS)


def test_nothing_seen_is_a_sentence() -> None:
    with pytest.raises(AnsibleFilterError, match="Nothing was recognised"):
        draft_declaration({"nick": facts({}).as_plain()}, str(CATALOGUE), GROUPS)
