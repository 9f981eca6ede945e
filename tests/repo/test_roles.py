"""Every role is complete: a scenario, a specification, a manual, and the two agree."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.repo.tree import ROOT, document, files, plant

ACCEPTED = {
    "str": str,
    "path": str,
    "int": int,
    "float": int | float,
    "bool": bool,
    "list": list,
    "dict": dict,
    "raw": object,
}
README_TELLS = ("idempotence", "check mode", "defaults", "example")


def roles(root: Path) -> list[str]:
    return sorted({path.relative_to(root).parts[1] for path in files(root, "roles/*")})


def missing_parts(root: Path) -> Iterator[str]:
    for role in roles(root):
        for part in (
            f"molecule/{role}/molecule.yml",
            f"molecule/{role}/converge.yml",
            f"roles/{role}/README.md",
            f"roles/{role}/meta/main.yml",
            f"roles/{role}/meta/argument_specs.yml",
            f"roles/{role}/tasks/main.yml",
        ):
            if not (root / part).is_file():
                yield f"role {role} lacks {part}"
        if not files(root, f"molecule/{role}/tests/test_*.py"):
            yield f"role {role} has no test of what its host does"


def silent_readmes(root: Path) -> Iterator[str]:
    for path in files(root, "roles/*/README.md"):
        text = path.read_text(encoding="utf-8").lower()
        for subject in README_TELLS:
            if subject not in text:
                yield f"{path.relative_to(root)} says nothing about {subject!r}"


def options_of(root: Path, role: str) -> dict[str, dict[str, object]]:
    """Return all options of all entry points of a role, none where it has no specification."""
    path = root / "roles" / role / "meta" / "argument_specs.yml"
    specs = document(path) if path.exists() else {"argument_specs": {}}
    assert isinstance(specs, dict)
    options: dict[str, dict[str, object]] = {}
    for entry_point in specs["argument_specs"].values():
        options.update(entry_point.get("options", {}))
    return options


def disagreements(root: Path) -> Iterator[str]:
    """Yield where defaults, the manual people read, and the specification Ansible checks differ."""
    for role in roles(root):
        path = root / "roles" / role / "defaults" / "main.yml"
        manual = path.read_text(encoding="utf-8") if path.exists() else ""
        defaults = document(path) if path.exists() else {}
        assert isinstance(defaults, dict)
        options = options_of(root, role)
        for name in sorted(set(defaults) - set(options)):
            yield f"{role}: {name} stands in defaults and not in argument_specs"
        for name, option in options.items():
            yield from (
                f"{role}: {name} {fault}" for fault in _faults(name, option, defaults, manual)
            )


def _faults(
    name: str, option: dict[str, object], defaults: dict[str, object], manual: str
) -> Iterator[str]:
    if option.get("required", False):
        if name in defaults:
            yield "is required and has a default all the same"
        if not re.search(rf"^# ?{name}:", manual, re.MULTILINE):
            yield "is required and not commented out in defaults"
        return
    if name not in defaults:
        yield "stands in argument_specs and not in defaults"
        return
    value, wanted = defaults[name], str(option.get("type", "str"))
    is_expression = isinstance(value, str) and "{{" in value
    is_number = wanted in {"int", "float"} and isinstance(value, bool)
    if not is_expression and (is_number or not isinstance(value, ACCEPTED[wanted])):
        yield f"is {value!r} in defaults, which is no {wanted}"
    if "default" not in option:
        yield "has no default in argument_specs"
    elif option["default"] != value:
        yield f"is {value!r} in defaults and {option['default']!r} in argument_specs"


def undescribed_options(root: Path) -> Iterator[str]:
    for role in roles(root):
        for name, option in options_of(root, role).items():
            if not option.get("description") or not option.get("type"):
                yield f"{role}: {name} has no description or no type"
            if not name.startswith(f"{role}_"):
                yield f"{role}: {name} does not start with the role's name"


def unexplained_defaults(root: Path) -> Iterator[str]:
    """Yield defaults without a sentence above them; a pair without a gap may share one."""
    for path in files(root, "roles/*/defaults/main.yml"):
        for block in re.split(r"\n\s*\n", path.read_text(encoding="utf-8").removeprefix("---\n")):
            first = block.strip().partition("\n")[0]
            if re.search(r"^\w+:", block, re.MULTILINE) and not first.startswith("#"):
                yield f"{path.relative_to(root)}: {first}"


def test_every_role_is_complete() -> None:
    assert list(missing_parts(ROOT)) == []


def test_every_role_has_a_readme_that_tells_what_people_ask() -> None:
    assert list(silent_readmes(ROOT)) == []


def test_defaults_and_argument_specs_agree() -> None:
    assert list(disagreements(ROOT)) == []


def test_every_option_is_described_and_carries_the_name_of_its_role() -> None:
    assert list(undescribed_options(ROOT)) == []


def test_every_default_has_a_sentence_above_it() -> None:
    assert list(unexplained_defaults(ROOT)) == []


def test_an_incomplete_role_is_caught(tmp_path: Path) -> None:
    plant(tmp_path, "roles/store/tasks/main.yml", "---\n")
    assert len(list(missing_parts(tmp_path))) == 6


def test_a_silent_readme_is_caught(tmp_path: Path) -> None:
    plant(tmp_path, "roles/store/README.md", "# Store\n\nDefaults, an example, check mode.\n")
    assert list(silent_readmes(tmp_path)) == [
        "roles/store/README.md says nothing about 'idempotence'"
    ]


@pytest.mark.parametrize(
    ("defaults", "option", "complaint"),
    [
        ("store_port: 1\nstore_x: 1\n", "{type: int, default: 1}", "store_x stands in defaults"),
        ("{}\n", "{type: int, default: 1}", "and not in defaults"),
        ("store_port: 2\n", "{type: int, default: 1}", "is 2 in defaults and 1 in"),
        ("store_port: 1\n", "{type: int}", "has no default in argument_specs"),
        ("store_port: '1'\n", "{type: int, default: '1'}", "which is no int"),
        ("store_port: true\n", "{type: int, default: true}", "which is no int"),
        ("store_port: 1\n", "{type: int, required: true}", "has a default all the same"),
        ("{}\n", "{type: int, required: true}", "not commented out"),
    ],
)
def test_a_disagreement_is_caught(
    tmp_path: Path, defaults: str, option: str, complaint: str
) -> None:
    specification = f"argument_specs: {{main: {{options: {{store_port: {option}}}}}}}\n"
    plant(tmp_path, "roles/store/defaults/main.yml", defaults)
    plant(tmp_path, "roles/store/meta/argument_specs.yml", specification)
    assert complaint in "\n".join(disagreements(tmp_path))


def test_a_required_option_that_is_commented_out_passes(tmp_path: Path) -> None:
    specification = (
        "argument_specs: {main: {options: {store_port: "
        "{type: int, required: true, description: The port.}}}}\n"
    )
    plant(
        tmp_path, "roles/store/defaults/main.yml", "---\n# The port. Required.\n# store_port: 1\n"
    )
    plant(tmp_path, "roles/store/meta/argument_specs.yml", specification)
    assert list(disagreements(tmp_path)) == []
    assert list(undescribed_options(tmp_path)) == []


def test_a_default_without_a_sentence_is_caught(tmp_path: Path) -> None:
    plant(tmp_path, "roles/store/defaults/main.yml", "---\n# The port.\na: 1\n\nb: 2\n")
    assert list(unexplained_defaults(tmp_path)) == ["roles/store/defaults/main.yml: b: 2"]
