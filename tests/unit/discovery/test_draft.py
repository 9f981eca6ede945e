"""The draft loads, says what it does not know, and holds no trap for whoever reads it."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml

from plugins.module_utils.declaration.contract import Service
from plugins.module_utils.declaration.load import Inventory, load_services
from plugins.module_utils.discovery.drafting import Drafted, Surroundings, drafted
from plugins.module_utils.discovery.words import table
from plugins.module_utils.errors import Trouble
from tests.unit.discovery.test_applications import CASES, Case, mautic, wordpress
from tests.unit.discovery.worlds import (
    CATALOGUE,
    DEBIAN,
    MARIADB,
    SIGNATURES,
    database,
    draft_of,
    facts,
    tables,
)

HOSTS = ("judy", "nick", "sam")
TWO = {"/srv/board/app.py": "x", "/srv/board/data.json": "x"}


def loaded(made: Drafted, folder: Path) -> list[Service]:
    file = folder / "services.probealarm.yml"
    file.write_text(made.text, encoding="utf-8")
    return load_services(file, CATALOGUE, Inventory(HOSTS, ("all", "fallback")))


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.profile)
def test_every_draft_loads(case: Case, tmp_path: Path) -> None:
    made = draft_of(facts(case.files, case.databases))
    (service,) = loaded(made, tmp_path)
    assert (service.profile, service.host, service.drill_host) == (case.profile, "nick", "judy")


def test_what_only_a_person_knows_is_a_question() -> None:
    text = draft_of(facts(DEBIAN)).text
    assert "# QUESTION: Which second machine tries out the snapshots?" in text
    assert "# QUESTION: How much work may be lost, and how soon must it be back?" in text


def test_a_drill_host_that_was_named_is_no_question() -> None:
    text = draft_of(facts(DEBIAN), drill_host="judy").text
    assert "Which second machine" not in text
    assert "drill_host: judy" in text


def test_a_drill_host_that_the_inventory_does_not_know_stays_a_question() -> None:
    text = draft_of(facts(DEBIAN), drill_host="ada").text
    assert "drill_host: ada" in text
    assert "It must stand in the inventory." in text


def test_a_server_cannot_be_its_own_drill_host() -> None:
    around = Surroundings(CATALOGUE, ("nick",), ("all",), "nick")
    with pytest.raises(Trouble, match="is the very host that the service runs on"):
        drafted({"nick": facts(DEBIAN)}, SIGNATURES, around)


def test_a_server_alone_gets_a_name_for_the_second_machine() -> None:
    around = Surroundings(CATALOGUE, ("www.example.org",), ("all", "ungrouped"))
    made = drafted({"www.example.org": facts(DEBIAN)}, SIGNATURES, around)
    assert "drill_host: judy" in made.text
    assert "host: www.example.org" in made.text


def test_several_servers_share_one_draft(tmp_path: Path) -> None:
    made = draft_of(facts(DEBIAN), facts(DEBIAN | TWO))
    services = loaded(made, tmp_path)
    assert [(service.name, service.host) for service in services] == [
        ("debian-host", "nick"),
        ("debian-host-sam", "sam"),
        ("board", "sam"),
    ]


def test_the_machine_that_drills_is_not_drilled_by_itself(tmp_path: Path) -> None:
    around = Surroundings(CATALOGUE, HOSTS, ("all",), "judy")
    made = drafted({"nick": facts(DEBIAN), "judy": facts(DEBIAN)}, SIGNATURES, around)
    drills = {service.host: service.drill_host for service in loaded(made, tmp_path)}
    assert drills["nick"] == "judy"
    assert drills["judy"] != "judy"


def test_no_service_gets_the_name_of_a_host_a_group_or_another_service(tmp_path: Path) -> None:
    around = Surroundings(CATALOGUE, ("mautic", "judy"), ("mautic-letters", "all"))
    seen = facts(
        mautic("/srv/a", "letters") | mautic("/srv/b", "mail"),
        [database(MARIADB, name, tables("mautic")) for name in ("letters", "mail")],
    )
    made = drafted({"mautic": seen}, SIGNATURES, around)
    names = {each.name for each in made.proposals}
    assert len(names) == 2
    assert names.isdisjoint({"mautic", "judy", "mautic-letters", "all"})


def test_what_the_declaration_refuses_is_a_comment_with_the_reason(tmp_path: Path) -> None:
    """A database whose name no declaration takes, and two services that overlap."""
    made = draft_of(facts(DEBIAN, [database(MARIADB, "old-shop", ["orders"])]))
    assert [service.name for service in loaded(made, tmp_path)] == ["debian-host"]
    assert "  # old-shop:" in made.text
    assert "is not a database name" in " ".join(made.text.replace("#", " ").split())
    assert "refused" in "\n".join(table(made.proposals))


@pytest.mark.parametrize(
    "name", ["a\nb: c", "a # b", "{{ x }}", "*a", "yes", "ü 🌻", "a'b\"c", "a\udc80b"]
)
def test_no_name_on_the_server_can_write_into_the_draft(name: str, tmp_path: Path) -> None:
    files = {f"/srv/{name}/a": "x", f"/srv/{name}/b": "x"} | DEBIAN
    made = draft_of(facts(files, [database(MARIADB, name, [name])]))
    read = yaml.safe_load(made.text)
    assert set(read) == {"plugin", "drill_host", "services"}
    for service in loaded(made, tmp_path):
        assert service.profile in ("debian_host", "files", "mariadb")
    paths = {each.get("path") for each in read["services"].values()} - {None}
    assert paths <= {f"/srv/{name}"}


def test_a_server_with_nothing_at_all_is_a_sentence() -> None:
    with pytest.raises(Trouble, match="Nothing was recognised on nick"):
        draft_of(facts({}))


def test_a_server_on_which_nothing_can_be_declared_is_a_sentence() -> None:
    with pytest.raises(Trouble, match="No service of the draft can be declared"):
        draft_of(facts({}, [database(MARIADB, "old-shop", ["orders"])]))


def test_the_table_says_what_how_sure_and_why() -> None:
    files = wordpress("/var/www/blog", "blog") | TWO
    seen = [database(MARIADB, "blog", tables("wordpress", prefix="wp_"))]
    lines = table(draft_of(facts(files, seen)).proposals)
    assert max(map(len, lines)) <= 120
    shown = " ".join(" ".join(lines).split())
    assert "wordpress wordpress sure, 1.00 - database blog has 11 of 11 tables" in shown
    assert "board files not recognised 1 2 files that no application" in shown
