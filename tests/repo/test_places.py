"""The tree names neither this machine, nor where packages come from, nor real people."""

from __future__ import annotations

import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from tests.repo.tree import ROOT, lines, plant

#: Folders that many machines have: a document may mention them.
COMMON_FOLDERS = {"/", "/home", "/mnt", "/opt", "/root", "/srv", "/tmp", "/usr/src", "/var/tmp"}
EVERYTHING = ("*",)


def registry_hosts() -> set[str]:
    """Read from this machine where it gets packages; no such name is written down here."""
    addresses = []
    for folder in (Path("/etc/apt"), Path("/etc/apt/sources.list.d"), Path("/etc/apt/mirrors")):
        for path in [*folder.glob("*.list"), *folder.glob("*.sources")]:
            addresses += re.findall(r"\w+://[^\s\]]+", path.read_text(encoding="utf-8"))
    from pip._internal.models.index import PyPI

    addresses += [f"//{PyPI.netloc}", f"//{PyPI.file_storage_domain}"]
    argv = [sys.executable, "-m", "pip", "config", "list"]
    answer = subprocess.run(argv, check=True, capture_output=True, text=True).stdout
    addresses += re.findall(r"\w+://[^\s']+", answer)
    hosts = {(urlsplit(address).netloc.rpartition("@")[2]) for address in addresses}
    return {host for host in hosts if "." in host and not host.startswith("127.")}


def checkout_folders(root: Path) -> set[str]:
    """Return the folders that would tell where this checkout lies."""
    above = str(root.parent)
    return {str(root)} | ({above} if above not in COMMON_FOLDERS else set())


def places_named(root: Path, hosts: set[str], folders: set[str]) -> Iterator[str]:
    """Yield where one of them stands, without repeating it."""
    names = [re.escape(host) for host in hosts]
    names += [rf"(?<![\w.]){re.escape(folder)}/" for folder in folders]
    sign = re.compile("|".join(names))
    for place, line in lines(root, *EVERYTHING):
        if sign.search(line):
            yield f"{place} names a registry or a path of this machine"


def test_no_registry_and_no_path_of_this_machine_is_named() -> None:
    assert list(places_named(ROOT, registry_hosts(), checkout_folders(ROOT))) == []


def test_this_machine_gets_packages_from_somewhere() -> None:
    assert registry_hosts()


def test_a_registry_or_path_that_is_named_is_caught(tmp_path: Path) -> None:
    plant(tmp_path, "a", "index = https://packages.example.net/simple\n")
    plant(tmp_path, "b", "cd /checkouts/me/probealarm\n")
    plant(tmp_path, "c", "cp a srv/checkouts/me/b\n")
    found = list(places_named(tmp_path, {"packages.example.net"}, {"/checkouts/me"}))
    assert [finding[:3] for finding in found] == ["a:1", "b:1"]


ADDRESS = re.compile(r"(?<![\w.+-])[A-Za-z0-9][\w.+-]*@([A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)+)")
#: Nobody can have an address there (RFC 2606, RFC 6761).
NOBODYS = re.compile(r"(^|\.)(example\.(org|net|com)|example|test|invalid|localhost)$")
#: systemd writes an instance of a unit like an address.
UNITS = re.compile(r"\.(service|socket|timer|target|conf|mount|path|slice)$")


def people_named(root: Path) -> Iterator[str]:
    """Yield addresses that could belong to somebody."""
    for place, line in lines(root, *EVERYTHING):
        for domain in ADDRESS.findall(line):
            if not NOBODYS.search(domain) and not UNITS.search(domain):
                yield f"{place} has an address at {domain}"


def test_no_real_person_is_named() -> None:
    assert list(people_named(ROOT)) == []


@pytest.mark.parametrize(
    ("line", "caught"),
    [
        ("write to jane@" + "political-party.de", True),
        ("write to jane@example.org", False),
        ("systemctl start postgresql@17-voting.service", False),
        ("jane@mail.example.net", False),
        ("@pytest.fixture", False),
    ],
)
def test_only_nobodys_addresses_pass(tmp_path: Path, line: str, caught: bool) -> None:
    plant(tmp_path, "a.md", f"{line}\n")
    assert bool(list(people_named(tmp_path))) is caught
