"""Every plugin and role is documented to the end, truly, and readable without a network."""

from __future__ import annotations

import ast
import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.repo.prose import prose_of
from tests.repo.tree import ROOT, files, plant

MODULES = "plugins/modules/*.py"
DOCUMENTED = (MODULES, "plugins/inventory/*.py", "plugins/filter/*.py")


def gaps(root: Path) -> Iterator[str]:
    """Yield what a reader of ansible-doc would miss."""
    for path in files(root, *DOCUMENTED):
        if path.name == "__init__.py":
            continue
        name, prose = str(path.relative_to(root)), prose_of(path)
        wanted = {"DOCUMENTATION", "EXAMPLES"}
        if "inventory" not in path.parts:
            wanted.add("RETURN")
        yield from (f"{name} has no {part}" for part in sorted(wanted - set(prose)))
        documentation = prose.get("DOCUMENTATION")
        if not isinstance(documentation, dict):
            continue
        keys = {"short_description", "description", "author"}
        if "modules" in path.parts:
            keys |= {"module", "attributes"}
        yield from (
            f"{name}: DOCUMENTATION has no {key}" for key in sorted(keys - set(documentation))
        )
        yield from _option_gaps(name, documentation.get("options") or {})
        if "modules" in path.parts:
            attributes = documentation.get("attributes") or {}
            for attribute in ("check_mode", "diff_mode", "idempotent"):
                if "support" not in (attributes.get(attribute) or {}):
                    yield f"{name}: attributes do not say whether it supports {attribute}"
        for key, value in (prose.get("RETURN") or {}).items():
            for part in ("description", "returned", "type"):
                if "modules" in path.parts and part not in value:
                    yield f"{name}: RETURN {key} has no {part}"


def _option_gaps(place: str, options: dict[str, dict[str, object]]) -> Iterator[str]:
    for option, about in options.items():
        for part in ("description", "type"):
            if part not in about:
                yield f"{place}: option {option} has no {part}"
        if about.get("type") == "list" and "elements" not in about:
            yield f"{place}: option {option} does not say what its elements are"
        nested = about.get("suboptions") or {}
        assert isinstance(nested, dict)
        yield from _option_gaps(f"{place}: {option}", nested)


def misdescribed_arguments(root: Path) -> Iterator[str]:
    """Yield where a module's manual and what it really takes differ."""
    for path in files(root, MODULES):
        documentation = prose_of(path).get("DOCUMENTATION")
        described = documentation.get("options") or {} if isinstance(documentation, dict) else {}
        taken = argument_spec(path)
        for name in sorted(set(described) ^ set(taken)):
            yield f"{path.name}: {name} stands in one of argument_spec and DOCUMENTATION only"
        for name in set(described) & set(taken):
            for key in {"type", "required", "default", "elements", "choices"} & (
                set(described[name]) | set(taken[name])
            ):
                known = taken[name].get(key)
                if not isinstance(known, ast.Name) and described[name].get(key) != known:
                    yield f"{path.name}: {key} of {name} differs from DOCUMENTATION"


def argument_spec(path: Path) -> dict[str, dict[str, object]]:
    """Return the literal argument_spec of a module; a name stays the node it is."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.keyword) and node.arg == "argument_spec":
            spec = _literal(node.value)
            assert isinstance(spec, dict), f"{path.name}: write argument_spec as a literal"
            return spec
    return {}


def _literal(node: ast.expr) -> object:
    if isinstance(node, ast.Dict):
        pairs = zip(node.keys, node.values, strict=True)
        return {ast.literal_eval(key): _literal(value) for key, value in pairs if key}
    return node if isinstance(node, ast.Name) else ast.literal_eval(node)


def test_the_manual_of_a_module_describes_what_it_takes() -> None:
    assert list(misdescribed_arguments(ROOT)) == []


@pytest.mark.parametrize(
    ("spec", "complaint"),
    [
        ("{'a': {'type': 'int'}}", "type of a differs"),
        ("{'a': {'type': 'str', 'required': True}}", "required of a differs"),
        ("{}", "a stands in one of"),
        ("{'a': {'type': 'str'}, 'b': {'type': 'str'}}", "b stands in one of"),
    ],
)
def test_a_manual_that_describes_something_else_is_caught(
    tmp_path: Path, spec: str, complaint: str
) -> None:
    manual = 'DOCUMENTATION = "options: {a: {type: str}}"\n'
    plant(tmp_path, "plugins/modules/a.py", f"{manual}AnsibleModule(argument_spec={spec})\n")
    (finding,) = misdescribed_arguments(tmp_path)
    assert complaint in finding


def test_every_plugin_is_documented_to_the_end() -> None:
    assert list(gaps(ROOT)) == []


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("x = 1\n", "has no DOCUMENTATION"),
        ('DOCUMENTATION = "module: a"\n', "DOCUMENTATION has no short_description"),
        ('DOCUMENTATION = "options: {a: {type: str}}"\n', "option a has no description"),
        ('DOCUMENTATION = "options: {a: {type: list}}"\n', "does not say what its elements are"),
        ('DOCUMENTATION = "module: a"\n', "whether it supports check_mode"),
        ('RETURN = "a: {type: str}"\nDOCUMENTATION = "module: a"', "RETURN a has no returned"),
    ],
)
def test_a_gap_in_the_documentation_is_caught(tmp_path: Path, text: str, complaint: str) -> None:
    plant(tmp_path, "plugins/modules/a.py", text)
    assert any(complaint in finding for finding in gaps(tmp_path))


def ansible_doc(collections: Path, kind: str, *names: str) -> dict[str, dict[str, object]]:
    """Ask ansible-doc as a person without a network would."""
    program = Path(sys.executable).with_name("ansible-doc")
    settings = {
        **os.environ,
        "ANSIBLE_HOME": str(collections / "home"),
        "ANSIBLE_COLLECTIONS_PATH": str(collections),
        "ANSIBLE_CONFIG": str(collections / "ansible.cfg"),
    }
    argv = [str(program), "--type", kind, "--json", *names]
    answer = subprocess.run(
        argv, cwd=collections, env=settings, check=False, capture_output=True, text=True
    )
    assert answer.returncode == 0, answer.stderr
    assert "ERROR" not in answer.stderr, answer.stderr
    shown: dict[str, dict[str, object]] = json.loads(answer.stdout)
    return shown


@pytest.fixture(name="collections", scope="module")
def _collections(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Make this checkout known as the collection, as set-up does."""
    top = tmp_path_factory.mktemp("collections")
    link = top / "ansible_collections" / "probealarm" / "recovery"
    link.parent.mkdir(parents=True)
    link.symlink_to(ROOT)
    plant(top, "ansible.cfg", "")
    return top


@pytest.mark.parametrize("kind", ["module", "inventory", "filter"])
def test_ansible_doc_shows_every_plugin(collections: Path, kind: str) -> None:
    folder = {"module": "modules"}.get(kind, kind)
    paths = [path for path in files(ROOT, f"plugins/{folder}/*.py") if path.stem != "__init__"]
    names = {f"probealarm.recovery.{path.stem}" for path in paths}
    if names:
        assert set(ansible_doc(collections, kind, *names)) == names


def test_ansible_doc_shows_every_role(collections: Path) -> None:
    roles = {path.relative_to(ROOT).parts[1] for path in files(ROOT, "roles/*")}
    names = {f"probealarm.recovery.{role}" for role in roles}
    shown = ansible_doc(collections, "role", *names)
    assert set(shown) == names
    for name, about in shown.items():
        assert about["entry_points"], f"{name} has no entry point"
