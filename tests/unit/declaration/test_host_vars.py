"""host_vars refine a declaration, in its words, and are held to the same rules."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from plugins.module_utils.declaration.faults import Place, Reading
from plugins.module_utils.declaration.nodes import Mapping, Scalar, Sequence
from plugins.module_utils.declaration.overlay import Origins, service_overlay
from tests.unit.declaration.site import DECLARATION, Site


@pytest.fixture(name="site")
def _site(tmp_path: Path) -> Site:
    return Site.made_in(tmp_path)


def test_the_profile_gives_way_to_the_declaration_and_that_to_host_vars(site: Site) -> None:
    site.write(
        "services.probealarm.yml",
        DECLARATION
        + """\
    stores:
      files:
        largest_loss_percent: 30
        required: [/srv/newsletter/media/logo.svg]
      database: {largest_loss_percent: 10}
""",
    )
    site.write(
        "host_vars/newsletter.yml",
        """\
service_declaration:
  objectives: {rto: 45m}
  database: {prefix: mtc_}
  stores:
    files:
      largest_loss_percent: 40
      required: [/srv/newsletter/media/map.svg]
""",
    )
    contract = site.variables("newsletter")["service_contract"]
    database, files = contract["stores"]
    assert contract["objectives"] == {"rpo_seconds": 86_400, "rto_seconds": 2_700}
    assert files["largest_loss_percent"] == 40
    assert files["required"] == [
        "/srv/newsletter/config/local.php",
        "/srv/newsletter/media/logo.svg",
        "/srv/newsletter/media/map.svg",
    ]
    assert database["largest_loss_percent"] == 10
    assert "mtc_leads" in database["irreplaceable"]


@pytest.mark.parametrize(
    ("file", "text"),
    [
        ("group_vars/services.yml", "service_declaration: {objectives: {rto: 45m}}\n"),
        ("group_vars/all/more.yml", "service_declaration: {objectives: {rto: 45m}}\n"),
        (
            "hosts.yml",
            """\
all:
  hosts: {nick: {}, judy: {}}
  children:
    services:
      vars:
        service_declaration: {objectives: {rto: 45m}}
""",
        ),
    ],
)
def test_variables_of_the_group_count_too(site: Site, file: str, text: str) -> None:
    site.write(file, text)
    contract = site.variables("newsletter")["service_contract"]
    assert contract["objectives"]["rto_seconds"] == 2_700


def test_host_vars_may_move_a_service_to_another_machine(site: Site) -> None:
    site.write("host_vars/newsletter.yml", "service_declaration: {host: judy, drill_host: nick}\n")
    variables = site.variables("newsletter")
    assert variables["service_host"] == "judy"
    assert variables["service_drill_host"] == "nick"
    assert variables["service_contract"]["host"] == "judy"


def test_every_error_of_host_vars_is_told_with_its_own_file_and_line(site: Site) -> None:
    site.write("services.probealarm.yml", DECLARATION.replace("rpo: 24h", "rpo: 24"))
    site.write(
        "host_vars/newsletter.yml",
        """\
service_declaration:
  objectives: {rto: 45}
  hots: nick
  path: "{{ base }}/newsletter"
  stores:
    files:
      required: [srv/newsletter/logo.svg]
      largest_loss_percent: yes
service_contract: {}
service_host: judy
service_drill_host: nick
""",
    )
    told = site.refusal()
    assert "is refused, 9 errors" in told
    assert "services.probealarm.yml:7: service newsletter, key objectives.rpo: '24' is not" in told
    for line, said in (
        (2, ", key objectives.rto: '45' is not a duration"),
        (3, ", key hots: this key does not exist in a service of profile mautic"),
        (4, ", key path: is a template; services are read before any template is"),
        (7, ", key stores.files.required: is not an absolute path"),
        (8, ", key stores.files.largest_loss_percent: is not a whole number from 0 to 100"),
        (9, ": the variable service_contract is made from the declaration and cannot be set here"),
        (10, ": the variable service_host is made from"),
        (11, ": the variable service_drill_host is made from"),
    ):
        place = f"inventory/host_vars/newsletter.yml:{line}: service newsletter"
        assert told.count(f"{place}{said}") == 1, told


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("service_declaration: [path]\n", "is not a mapping (seen: a list of 1 value)"),
        ("service_declaration:\n", "is not a mapping (seen: nothing)"),
        ("service_declaration: '{{ other }}'\n", "is a template"),
    ],
)
def test_a_service_declaration_that_is_none_is_refused(site: Site, text: str, said: str) -> None:
    site.write("host_vars/newsletter.yml", text)
    told = site.refusal()
    assert "inventory/host_vars/newsletter.yml:1: service newsletter: " in told
    assert said in told


def test_a_key_written_twice_is_an_error_as_in_the_declaration(site: Site) -> None:
    site.write(
        "host_vars/newsletter.yml",
        """\
service_declaration:
  path: /srv/a
  path: /srv/b
other: {a: 1, a: 2}
""",
    )
    told = site.refusal()
    assert "is refused, 1 error" in told
    place = "inventory/host_vars/newsletter.yml:3: key service_declaration.path"
    assert f"{place}: is written twice, first on line 2; keep one of them" in told


def test_host_vars_of_a_service_that_does_not_exist_are_an_error(site: Site) -> None:
    site.write("host_vars/newsleter.yml", "service_declaration: {path: /srv/a}\n")
    assert (
        "inventory/host_vars/newsleter.yml:1: key service_declaration: speaks of newsleter, and no "
        "service has that name; the nearest valid service is newsletter"
    ) in site.refusal()


def test_a_second_inventory_before_ours_changes_nothing(site: Site) -> None:
    """Molecule gives a directory of its own before the lab's."""
    other = site.directory / "other"
    other.mkdir()
    (other / "hosts.yml").write_text("all: {hosts: {extra: {}}}\n")
    done = site.run("inventory", "-i", "other", "-i", "inventory", "--graph", "services")
    assert "newsletter" in done.stdout, done.stderr


def test_other_variables_of_other_hosts_are_nobody_s_business(site: Site) -> None:
    site.write("host_vars/nick.yml", "a: 1\n")
    site.write("host_vars/later.yml", "a: 1\n")
    site.write("host_vars/newsletter.yml", "a: '{{ b }}'\n")
    done = site.inventory("--graph")
    assert done.returncode == 0, done.stderr
    assert "--newsletter" in done.stdout


NOWHERE = Origins(
    place_of=lambda _value: None,
    is_of_encrypted_file=lambda _value: False,
    ciphertext_of=lambda _value: None,
    decrypt=str,
)


def test_each_of_ansible_s_values_becomes_what_the_file_said() -> None:
    reading = Reading("")
    tree = service_overlay(
        "wiki",
        {
            "service_declaration": {
                "a": ["b", 5, 5.5, True, None, date(2027, 1, 31), 10**20],
                "c": {"d": "e"},
            }
        },
        NOWHERE,
        reading,
    )
    assert reading.faults == []
    assert tree is not None
    found = tree.entries["a"].value
    assert isinstance(found, Sequence)
    assert [(item.text, item.kind) for item in found.items if isinstance(item, Scalar)] == [
        ("b", "text"),
        ("5", "whole number"),
        ("5.5", "number"),
        ("true", "truth value"),
        ("", "nothing"),
        ("2027-01-31", "date"),
        (str(10**20), "number"),
    ]
    assert isinstance(tree.entries["c"].value, Mapping)


def test_without_ansible_s_word_on_lines_the_error_still_says_whose_variable_it_is() -> None:
    reading = Reading("")
    assert service_overlay("wiki", {"service_host": "x"}, NOWHERE, reading) is None
    service_overlay(
        "wiki", {"service_declaration": {"a": object(), "b": "{% c %}"}}, NOWHERE, reading
    )
    assert [fault.place for fault in reading.faults] == [Place("the variables of wiki", 0)] * 3
    said = "the variables of wiki: service wiki, key a: is neither a text nor a number, list or"
    assert str(reading.faults[1]).startswith(said)


def test_bottomless_variables_are_refused() -> None:
    value: dict[str, object] = {}
    value["a"] = value
    reading = Reading("")
    service_overlay("wiki", {"service_declaration": value}, NOWHERE, reading)
    assert "is nested deeper than 20 levels" in str(reading.faults[0])
