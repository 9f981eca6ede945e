"""Arrows never turn back: who may import whom, and what a role may know of its surroundings."""

from __future__ import annotations

import ast
import re
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.repo.tree import ROOT, documents, files, lines, mappings, plant, without_comment

LIBRARY = "plugins.module_utils"

WORDS = tuple(f"{LIBRARY}.{name}" for name in ("clocks", "errors", "text"))
#: The design's words as frozen values: what was promised, what was measured.
VALUES = tuple(
    f"{LIBRARY}.{name}" for name in ("contract", "manifest", "manifest_small", "measures", "stores")
)

#: What a part of the repository may import beside the standard library; the longest name decides.
MAY_IMPORT = {
    **dict.fromkeys(WORDS, ()),
    f"{LIBRARY}.clocks": (f"{LIBRARY}.text",),
    **dict.fromkeys(VALUES, WORDS),
    f"{LIBRARY}.manifest": (f"{LIBRARY}.manifest_small", f"{LIBRARY}.measures", *WORDS),
    f"{LIBRARY}.manifest_small": (f"{LIBRARY}.measures",),
    # What a contract promises is judged by its checks, which know files as a manifest lists them.
    f"{LIBRARY}.contract": (f"{LIBRARY}.checks", f"{LIBRARY}.stores", *WORDS),
    f"{LIBRARY}.checks": (f"{LIBRARY}.checks", f"{LIBRARY}.manifest", *WORDS),
    f"{LIBRARY}.host": (f"{LIBRARY}.programs", *WORDS),
    f"{LIBRARY}.programs": WORDS,
    f"{LIBRARY}.tools": (
        *(f"{LIBRARY}.{name}" for name in ("tools", "host", "programs")),
        *VALUES,
        *WORDS,
    ),
    # What may go from a store is judged on values alone: nothing there could remove anything.
    **dict.fromkeys(
        (f"{LIBRARY}.retention.{name}" for name in ("collapse", "judgement", "past", "table")),
        (
            *(f"{LIBRARY}.retention.{name}" for name in ("collapse", "judgement", "past")),
            f"{LIBRARY}.tools.restic",  # for the value Snapshot
            *VALUES,
            *WORDS,
        ),
    ),
    # Duplicate keys and line numbers need YAML's own events; PyYAML comes with Ansible, and the
    # declaration is read only where Ansible runs.
    f"{LIBRARY}.declaration.tree": (LIBRARY, "yaml"),
    LIBRARY: (LIBRARY,),
    "plugins.modules": (LIBRARY, "ansible"),
    "plugins.inventory": (LIBRARY, "ansible"),
    "plugins.filter": (LIBRARY, "ansible"),
    "plugins": (),
    "lab": ("lab",),
}


def imports(path: Path, module: str) -> Iterator[str]:
    """Yield the full names of the modules a file imports, relative ones resolved."""
    package = module if path.name == "__init__.py" else module.rpartition(".")[0]
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            parents = package.split(".")[: len(package.split(".")) - node.level + 1]
            base = ".".join([*parents, node.module or ""]).strip(".") if node.level else node.module
            yield from (
                f"{base}.{alias.name}" if node.module is None else str(base) for alias in node.names
            )


def is_within(name: str, package: str) -> bool:
    return name == package or name.startswith(f"{package}.")


def forbidden_imports(root: Path) -> Iterator[str]:
    for path in files(root, "plugins/*.py", "lab/*.py"):
        parts = path.relative_to(root).with_suffix("").parts
        module = ".".join(part for part in parts if part != "__init__")
        owner = max((name for name in MAY_IMPORT if is_within(module, name)), key=len)
        try:
            imported = sorted(set(imports(path, module)))
        except SyntaxError as error:
            yield f"{path.relative_to(root)}:{error.lineno} is no Python {sys.version_info[:2]}"
            continue
        for name in imported:
            if name.split(".")[0] in sys.stdlib_module_names:
                continue
            if not any(is_within(name, allowed) for allowed in MAY_IMPORT[owner]):
                yield f"{path.relative_to(root)} imports {name}"


def test_arrows_between_python_files_never_turn_back() -> None:
    assert list(forbidden_imports(ROOT)) == []


@pytest.mark.parametrize(
    ("name", "text", "complaint"),
    [
        ("plugins/module_utils/drill/a.py", "import ansible.errors", "imports ansible.errors"),
        ("plugins/module_utils/drill/a.py", "import yaml", "imports yaml"),
        ("plugins/module_utils/a.py", "from ..modules import drill", "imports plugins.modules"),
        ("plugins/module_utils/a.py", "from .. import modules", "imports plugins.modules"),
        (
            "plugins/module_utils/tools/restic.py",
            "from ..snapshot.take import Manifest",
            "imports plugins.module_utils.snapshot.take",
        ),
        (
            "plugins/module_utils/host.py",
            "from .tools.restic import Restic",
            "imports plugins.module_utils.tools.restic",
        ),
        ("plugins/modules/drill.py", "from .snapshot import x", "imports plugins.modules.snapshot"),
        ("lab/a.py", "import requests", "imports requests"),
        ("lab/a.py", "\nx = ", "lab/a.py:2 is no Python"),
        ("lab/a.py", "def f():\n    from plugins.module_utils import text", "plugins.module_utils"),
    ],
)
def test_an_arrow_that_turns_back_is_caught(
    tmp_path: Path, name: str, text: str, complaint: str
) -> None:
    plant(tmp_path, name, text)
    (finding,) = forbidden_imports(tmp_path)
    assert complaint in finding


def test_permitted_arrows_pass(tmp_path: Path) -> None:
    plant(tmp_path, "plugins/module_utils/tools/restic.py", "import json\nfrom ..host import Host")
    plant(tmp_path, "plugins/module_utils/drill/a.py", "from ..tools.restic import Restic")
    plant(tmp_path, "plugins/modules/a.py", "from ..module_utils.drill.a import b\nimport ansible")
    assert list(forbidden_imports(tmp_path)) == []


def test_the_catalogue_holds_knowledge_and_no_program() -> None:
    assert [path.name for path in files(ROOT, "catalogue/*") if path.suffix != ".yml"] == []


ROLE_FILES = tuple(
    f"roles/*/{part}/*" for part in ("tasks", "handlers", "defaults", "vars", "templates")
)


def surroundings_in_roles(root: Path) -> Iterator[str]:
    """Yield where a role knows a group, a host or the facts of another host.

    A message may name one as an example.
    """
    known = re.compile(
        r"(?<!for example )(?<![\w./-])(nick|judy)(?![\w-])|\bgroups\s*[\[.]|\bhostvars\s*[\[.]"
    )
    for place, line in lines(root, *ROLE_FILES):
        if match := known.search(without_comment(line)):
            yield f"{place} knows {match[0]!r}"


def test_a_role_knows_no_group_and_no_host() -> None:
    assert list(surroundings_in_roles(ROOT)) == []


@pytest.mark.parametrize(
    "line",
    [
        "when: inventory_hostname == 'nick'",
        "when: inventory_hostname in groups['protected']",
        "port: \"{{ hostvars['judy'].store_port }}\"",
    ],
)
def test_a_role_that_knows_its_surroundings_is_caught(tmp_path: Path, line: str) -> None:
    plant(tmp_path, "roles/store/tasks/main.yml", line)
    assert len(list(surroundings_in_roles(tmp_path))) == 1


def test_a_role_may_name_a_host_in_a_comment_or_as_an_example(tmp_path: Path) -> None:
    plant(tmp_path, "roles/store/defaults/main.yml", "# - name: nick\nx: nickname\n")
    plant(tmp_path, "roles/store/tasks/main.yml", "fail_msg: Name one, for example nick.\n")
    assert list(surroundings_in_roles(tmp_path)) == []


def foreign_variables(root: Path) -> Iterator[str]:
    """Yield where a template or expression of a role reads a variable that another role owns."""
    roles = sorted({path.relative_to(root).parts[1] for path in files(root, "roles/*")})
    for place, line in lines(root, *ROLE_FILES):
        own = place.split("/")[1]
        for expression in re.findall(r"{[{%](.*?)[%}]}", without_comment(line)):
            for other in roles:
                if other != own and re.search(rf"(?<![\w.'\"]){other}_\w", expression):
                    yield f"{place} reads a variable of role {other}"


def test_a_role_reads_its_own_variables_only() -> None:
    assert list(foreign_variables(ROOT)) == []


def test_a_foreign_variable_is_caught(tmp_path: Path) -> None:
    plant(tmp_path, "roles/store/tasks/main.yml", 'x: "{{ store_port }}"')
    plant(tmp_path, "roles/website/templates/a.j2", "{{ website_port }} {{ store_port }}")
    (finding,) = foreign_variables(tmp_path)
    assert finding == "roles/website/templates/a.j2:1 reads a variable of role store"


def playbooks_in_roles(root: Path) -> Iterator[str]:
    """Yield tasks of roles that reach up to a playbook."""
    for path in files(root, "roles/*.yml"):
        for mapping in mappings(documents(path)):
            if {"import_playbook", "ansible.builtin.import_playbook"} & set(mapping):
                yield str(path.relative_to(root))


def test_no_role_reaches_up_to_a_playbook(tmp_path: Path) -> None:
    assert list(playbooks_in_roles(ROOT)) == []
    plant(tmp_path, "roles/a/tasks/main.yml", "- ansible.builtin.import_playbook: drill.yml")
    assert list(playbooks_in_roles(tmp_path)) == ["roles/a/tasks/main.yml"]
