"""What is pinned in one place is pinned alike in all others."""

from __future__ import annotations

import json
import re
import tomllib
from collections.abc import Iterator
from importlib import metadata
from pathlib import Path

import ansible_collections

from tests.repo.tree import ROOT, document, files, lines, plant

BUILT_IN = {"ansible.builtin", "probealarm.recovery"}
COLLECTION = re.compile(
    r"\b((?:ansible|community|containers|probealarm)\.[a-z_]+)\.[a-z_]+(?=:|'|\"|\s|$)"
)


def project() -> dict[str, object]:
    settings = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    about = settings["project"]
    assert isinstance(about, dict)
    return about


def pins(text: str) -> dict[str, str]:
    """Return name and version of each pinned line, names as the package index compares them."""
    found = re.findall(r"^([\w.-]+)==([^\s;\\]+)", text, re.MULTILINE)
    return {re.sub(r"[-_.]+", "-", name).lower(): version for name, version in found}


def lock() -> str:
    return (ROOT / "requirements.lock").read_text(encoding="utf-8")


def test_every_dependency_is_pinned_and_locked() -> None:
    wanted = project()["dependencies"]
    assert isinstance(wanted, list)
    asked = pins("\n".join(wanted))
    assert len(asked) == len(wanted), "a dependency is not pinned with =="
    locked = pins(lock())
    assert asked.items() <= locked.items()


def test_every_locked_package_has_its_hashes() -> None:
    for entry in re.split(r"\n(?=\S)", lock()):
        if not entry.startswith("#"):
            assert "--hash=sha256:" in entry, entry


def test_the_lock_names_no_index() -> None:
    assert not re.search(r"^--|://", lock(), re.MULTILINE)


def test_this_very_environment_is_the_locked_one() -> None:
    locked = pins(lock())
    for name in ("ansible", "ansible-core", "molecule", "pytest", "ruff", "mypy", "ansible-lint"):
        assert metadata.version(name) == locked[name]


def carried(name: str) -> str:
    """Return the version of a collection inside the installed ansible package."""
    (parent,) = list(ansible_collections.__path__)[:1]
    about = Path(parent, *name.split("."), "MANIFEST.json").read_text(encoding="utf-8")
    return str(json.loads(about)["collection_info"]["version"])


def listed() -> dict[str, str]:
    requirements = document(ROOT / "requirements.yml")
    assert isinstance(requirements, dict)
    return {entry["name"]: str(entry["version"]) for entry in requirements["collections"]}


def test_galaxy_users_get_the_collections_that_were_tested() -> None:
    assert listed() == {name: carried(name) for name in listed()}


def collections_used(root: Path) -> Iterator[str]:
    folders = ("inventories", "lab", "molecule", "playbooks", "roles")
    for _, line in lines(root, *(f"{folder}/*.yml" for folder in folders)):
        yield from COLLECTION.findall(line)


def test_the_collections_listed_are_those_used() -> None:
    assert set(listed()) == set(collections_used(ROOT)) - BUILT_IN


def test_a_collection_nobody_listed_is_found(tmp_path: Path) -> None:
    plant(tmp_path, "roles/a/tasks/main.yml", "- community.docker.docker_container:\n    name: x\n")
    assert set(collections_used(tmp_path)) == {"community.docker"}


def test_one_version_everywhere() -> None:
    collection = document(ROOT / "galaxy.yml")
    assert isinstance(collection, dict)
    assert collection["version"] == project()["version"]
    runtime = document(ROOT / "meta" / "runtime.yml")
    assert isinstance(runtime, dict)
    core = pins(lock())["ansible-core"]
    assert core.startswith(str(runtime["requires_ansible"]).removeprefix(">=").rsplit(".", 1)[0])


def test_the_licence_is_the_same_everywhere() -> None:
    assert project()["license"] == "GPL-3.0-or-later"
    text = (ROOT / "LICENSE").read_text(encoding="utf-8")
    assert "GNU GENERAL PUBLIC LICENSE" in text
    assert "Version 3" in text
    for path in files(ROOT, "roles/*/meta/main.yml"):
        about = document(path)
        assert isinstance(about, dict)
        assert about["galaxy_info"]["license"] == "GPL-3.0-or-later", path
