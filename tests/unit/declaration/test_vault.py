"""What ansible-vault encrypted is understood anywhere, and never told to anybody."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from plugins.module_utils.declaration import nodes
from plugins.module_utils.declaration.contract import Service
from plugins.module_utils.declaration.faults import DeclarationError, Fault, Place, Reading
from plugins.module_utils.declaration.load import Inventory, load_services
from plugins.module_utils.declaration.tree import read_yaml
from tests.unit.declaration.conftest import CATALOGUE, GROUPS, HOSTS
from tests.unit.declaration.site import DECLARATION, Site


def turned_round(text: str) -> str:
    """Stand in for a vault: what is encrypted is the text backwards."""
    if not text.startswith("$"):
        raise ValueError("no vault password was given")
    return text[:0:-1]


def load(tmp_path: Path, text: str) -> list[Service]:
    file = tmp_path / "services.probealarm.yml"
    file.write_text(text)
    return load_services(file, CATALOGUE, Inventory(HOSTS, GROUPS, decrypt=turned_round))


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("path: /srv/newsletter", "path: !vault $rettelswen/vrs/"),
        ("name: mautic", "name: !vault $cituam"),
        ("rpo: 24h", "rpo: !vault $h42"),
        ("host: nick", "host: !vault $kcin"),
        ("profile: mautic", "profile: !vault $cituam"),
        ("drill_host: judy", "drill_host: !vault $yduj"),
    ],
)
def test_an_encrypted_value_is_as_good_as_a_plain_one(tmp_path: Path, old: str, new: str) -> None:
    (plain,) = load(tmp_path, DECLARATION)
    assert old in DECLARATION
    (encrypted,) = load(tmp_path, DECLARATION.replace(old, new))
    assert encrypted.contract() == plain.contract()


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("path: /srv/newsletter", "path: !vault $terces", "key path: is not an absolute path"),
        ("host: nick", "host: !vault $terces", "key host: is not a known host"),
        ("name: mautic", "name: !vault $ter-ces", "key database.name: is not a database name"),
    ],
)
def test_an_objection_to_an_encrypted_value_does_not_repeat_it(
    tmp_path: Path, old: str, new: str, said: str
) -> None:
    with pytest.raises(DeclarationError) as refused:
        load(tmp_path, DECLARATION.replace(old, new))
    (fault,) = refused.value.faults
    assert said in str(fault)
    assert "(seen: an encrypted value)" in str(fault)
    for word in ("secret", "terces", "sec-ret"):
        assert word not in str(fault)


def test_a_value_that_cannot_be_decrypted_says_which_and_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(DeclarationError) as refused:
        load(tmp_path, DECLARATION.replace("path: /srv/newsletter", "path: !vault 616263"))
    (fault,) = refused.value.faults
    assert str(fault).endswith(
        "services.probealarm.yml:9: service newsletter, key path: cannot be decrypted: no vault "
        "password was given; give its password with --ask-vault-pass or --vault-password-file"
    )


def test_a_profile_holds_no_secrets(tmp_path: Path) -> None:
    file = tmp_path / "wiki.yml"
    file.write_text("title: !vault $terces\n")
    reading = Reading("wiki.yml")
    read_yaml(file, reading)
    (fault,) = reading.faults
    assert "key title: carries a YAML tag, which is not understood here" in str(fault)
    assert str(fault).endswith("(seen: !vault); secrets belong into host_vars")


def test_a_key_is_never_encrypted(tmp_path: Path) -> None:
    file = tmp_path / "a.yml"
    file.write_text("? !vault $terces\n: 1\n")
    reading = Reading("a.yml")
    read_yaml(file, reading, turned_round)
    (fault,) = reading.faults
    assert str(fault) == "a.yml:1: has a key that is not a name (seen: an encrypted value)"


def test_what_was_encrypted_is_taken_out_of_every_part_of_a_fault() -> None:
    place = Place("a.yml", 1)
    problem = "lies in /srv/s'ecret, which is saved by store files"
    fault = Fault(place, "wiki", "path", problem, seen=repr("/srv/s'ecret/x"), hint="x")
    told = str(fault.without({"/srv/s'ecret", "/srv/s'ecret/x", ""}))
    assert "ecret" not in told
    assert "lies in an encrypted value, which is saved by store files" in told


def test_an_encrypted_text_may_be_meant_as_a_number() -> None:
    place = Place("a.yml", 1)
    assert nodes.Scalar(place, "5433", is_encrypted=True).is_whole_number
    assert nodes.Scalar(place, "5433", "whole number").is_whole_number
    assert not nodes.Scalar(place, "5433").is_whole_number
    assert not nodes.Scalar(place, "a", is_encrypted=True).is_whole_number


@pytest.fixture(name="site")
def _site(tmp_path: Path) -> Site:
    (tmp_path / "password").write_text("correct horse\n")
    (tmp_path / "another").write_text("battery staple\n")
    return Site.made_in(tmp_path)


def declare_encrypted_path(site: Site, path: str) -> None:
    lines = site.encrypted("path", path, "password").splitlines()
    encrypted = "\n".join(f"    {line}" for line in lines)
    site.write(
        "services.probealarm.yml", DECLARATION.replace("    path: /srv/newsletter", encrypted)
    )


def test_ansible_vault_and_its_password_file_open_a_declaration(site: Site) -> None:
    declare_encrypted_path(site, "/srv/hidden")
    found = site.variables("newsletter", "--vault-password-file", "password")
    files = found["service_contract"]["stores"][1]
    assert files["paths"] == ["/srv/hidden"]


@pytest.mark.parametrize(
    ("more", "said"),
    [
        ((), "cannot be decrypted: no vault password was given; give its password with --ask-"),
        (
            ("--vault-password-file", "another"),
            "cannot be decrypted: none of the vault passwords that were given fits",
        ),
    ],
)
def test_without_the_right_password_ansible_stops_and_tells_nothing(
    site: Site, more: tuple[str, ...], said: str
) -> None:
    declare_encrypted_path(site, "/srv/hidden")
    told = site.refusal("--graph", *more)
    assert f"services.probealarm.yml:9: service newsletter, key path: {said}" in told
    assert "hidden" not in told
    assert "$ANSIBLE_VAULT" not in told


def test_no_message_of_ansible_repeats_what_was_encrypted(site: Site) -> None:
    declare_encrypted_path(site, "/srv/hidden")
    text = (site.directory / "inventory/services.probealarm.yml").read_text()
    other = DECLARATION.split("services:\n")[1].replace("newsletter:", "copy:")
    other = other.replace("name: mautic", "name: other").replace("/srv/newsletter", "/srv/hidden/a")
    site.write("services.probealarm.yml", text + other)
    told = site.refusal("--graph", "--vault-password-file", "password")
    assert "lies in an encrypted value, which is saved by store files of service" in told
    assert "hidden" not in told


def test_values_of_host_vars_may_be_encrypted(site: Site) -> None:
    path = site.encrypted("path", "/srv/hidden", "password").replace("\n", "\n  ")
    site.write("host_vars/newsletter.yml", f"service_declaration:\n  {path}\n")
    found = site.variables("newsletter", "--vault-password-file", "password")
    assert found["service_contract"]["stores"][1]["paths"] == ["/srv/hidden"]
    told = site.refusal()
    assert "host_vars/newsletter.yml:2: service newsletter, key path: cannot be decrypted" in told


def test_a_whole_encrypted_file_of_host_vars_is_opened_and_kept_secret(site: Site) -> None:
    site.write("host_vars/newsletter.yml", "service_declaration: {path: hidden/x}\n")
    name = "inventory/host_vars/newsletter.yml"
    done = site.run("vault", "encrypt", "--vault-password-file", "password", name)
    assert done.returncode == 0, done.stderr
    told = site.refusal("--graph", "--vault-password-file", "password")
    assert "key path: is not an absolute path" in told
    assert "(seen: an encrypted value)" in told
    assert "hidden" not in told


def test_looking_at_the_inventory_takes_no_password_but_using_it_does(site: Site) -> None:
    site.write("group_vars/all.yml", "mail_password: invented\n")
    done = site.run(
        *("vault", "encrypt", "--vault-password-file", "password", "inventory/group_vars/all.yml")
    )
    assert done.returncode == 0, done.stderr
    looked = site.inventory("--graph")
    assert looked.returncode == 0, looked.stderr
    assert "newsletter" in looked.stdout
    assert "service_declaration of all, services was not looked for" in looked.stderr
    assert site.inventory("--host", "newsletter").returncode != 0
    told = site.refusal("--graph", "--vault-password-file", "another")
    assert "the variables of all, services cannot be read" in told
    found = site.variables("newsletter", "--vault-password-file", "password")
    assert json.dumps(found["service_contract"])
