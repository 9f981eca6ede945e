"""What is not there: programs in YAML, left-overs, tests that cannot fail."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.repo.tree import ROOT, documents, files, lines, plant, tasks

SHELLS = {"shell", "ansible.builtin.shell", "ansible.legacy.shell", "raw", "ansible.builtin.raw"}


def programs_in_yaml(root: Path) -> Iterator[str]:
    """Yield tasks that hand a line to a shell, or a command as text instead of a list."""
    for path in files(root, "roles/*.yml", "playbooks/*.yml", "molecule/*.yml", "lab/*.yml"):
        for task in tasks(documents(path)):
            for shell in SHELLS & set(task):
                yield f"{path.relative_to(root)} uses {shell}"
            for name in {"command", "ansible.builtin.command"} & set(task):
                asked = task[name]
                if not (isinstance(asked, dict) and isinstance(asked.get("argv"), list | str)):
                    yield f"{path.relative_to(root)} uses {name} without argv"


def test_no_program_stands_in_yaml() -> None:
    assert list(programs_in_yaml(ROOT)) == []


@pytest.mark.parametrize(
    "task",
    [
        "- ansible.builtin.shell: echo | cat",
        "- block:\n    - ansible.builtin.shell: {cmd: ls}",
        "- hosts: a\n  tasks:\n    - block:\n      rescue:\n        - shell: ls",
        "- ansible.builtin.command: ls -l",
        "- ansible.builtin.command: {cmd: ls}",
        "- ansible.builtin.raw: ls",
    ],
)
def test_a_program_in_yaml_is_caught(tmp_path: Path, task: str) -> None:
    plant(tmp_path, "roles/a/tasks/main.yml", task)
    assert len(list(programs_in_yaml(tmp_path))) == 1


def test_the_login_shell_of_a_user_is_no_program(tmp_path: Path) -> None:
    plant(tmp_path, "roles/a/tasks/main.yml", "- ansible.builtin.user: {shell: /bin/false}")
    assert list(programs_in_yaml(tmp_path)) == []


PROMISES_BROKEN = {
    "a test that may not fail": (
        ("tests/*.py", "molecule/*.py"),
        r"pytest\.mark\.(skip|xfail)|pytest\.skip\(|\bassert True\b|\bassert 1$",
    ),
    "a left-over": (
        ("plugins/*", "roles/*", "playbooks/*", "catalogue/*", "molecule/*", "lab/*"),
        r"\b(TODO|FIXME|XXX|NotImplementedError)\b",
    ),
}


def broken_promises(root: Path) -> Iterator[str]:
    for what, (patterns, sign) in PROMISES_BROKEN.items():
        for place, line in lines(root, *patterns):
            planted_here = place.startswith("tests/repo/test_left_out.py")
            if re.search(sign, line) and not planted_here:
                yield f"{place} is {what}"


def test_nothing_is_left_over_and_every_test_can_fail(tmp_path: Path) -> None:
    assert list(broken_promises(ROOT)) == []
    plant(tmp_path, "tests/test_a.py", "@pytest.mark.skip\n")
    plant(tmp_path, "plugins/a.py", "# TODO later\n")
    assert len(list(broken_promises(tmp_path))) == 2
