"""Every exception is signed: whoever waves something through says why on the same line."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.repo.tree import ROOT, document, files, lines, plant

YAML = ("*.yml", "*.yaml")
REASON = r"\s+#\s*(?!noqa\b)\S.{6,}$"
EXCEPTIONS_IN_YAML = re.compile(
    r"^\s*(-\s+)?(no_log|changed_when|failed_when|ignore_errors|ignore_unreachable|check_mode|diff):"
    r"\s*(true|false|yes|no|\[\]|never)?(?P<rest>\s*(#.*)?)$",
    re.IGNORECASE,
)
#: The setting that is no exception: the module's own way.
ORDINARY = {"no_log": "false", "ignore_errors": "false", "ignore_unreachable": "false"}


def unsigned_in_yaml(root: Path) -> Iterator[str]:
    """Yield constants that silence a task without a reason on the line.

    An expression (``changed_when: "'made' in answer.stdout"``) is a judgement and speaks for
    itself; the no_log of an argument specification declares a secret and waves nothing through.
    """
    for place, line in lines(root, *YAML):
        if "/meta/argument_specs.yml:" in place:
            continue
        match = EXCEPTIONS_IN_YAML.match(line)
        waves = match and match[3] and ORDINARY.get(match[2]) != match[3].lower()
        if waves and not re.search(REASON, line):
            yield f"{place} waves something through without a reason on the line"
        if "# noqa" in line and not re.search(r"# noqa:? [\w\[\]-]+\s+\S.{6,}", line):
            yield f"{place} noqa without a reason on the line"


def unsigned_in_python(root: Path) -> Iterator[str]:
    """Yield exceptions from lint and types without a reason on the line."""
    for place, line in lines(root, "*.py"):
        if place.startswith("tests/repo/test_signed_exceptions.py"):
            continue  # this file plants wrong lines to catch
        if "# noqa" in line and not re.search(r"# noqa: [A-Z]+\d+(, ?[A-Z]+\d+)*\s+\S.{6,}", line):
            yield f"{place} noqa without a code and a reason"
        if "# type: ignore" in line and not re.search(
            r"# type: ignore\[[\w, -]+\]\s+(# )?\S.{6,}", line
        ):
            yield f"{place} type: ignore without a code and a reason"
        if "# pragma: no cover" in line and not re.search(r"no cover\s+\S.{6,}", line):
            yield f"{place} pragma without a reason"


def test_every_exception_in_yaml_is_signed() -> None:
    assert list(unsigned_in_yaml(ROOT)) == []


def test_every_exception_in_python_is_signed() -> None:
    assert list(unsigned_in_python(ROOT)) == []


@pytest.mark.parametrize(
    "line",
    [
        "no_log: true",
        "    changed_when: false",
        "    changed_when: true #",
        "failed_when: false",
        "ignore_errors: true",
        "check_mode: false",
        "  - name: x # noqa name[casing]",
    ],
)
def test_an_unsigned_exception_in_yaml_is_caught(tmp_path: Path, line: str) -> None:
    plant(tmp_path, "roles/a/tasks/main.yml", f"{line}\n")
    assert len(list(unsigned_in_yaml(tmp_path))) == 1


@pytest.mark.parametrize(
    "line",
    [
        "no_log: true # the argument vector holds a password",
        "changed_when: \"'made' in answer.stdout\"",
        "changed_when: answer.rc == 2",
        "no_log: false",
        "name: x # noqa name[casing] the unit is called so",
    ],
)
def test_a_signed_exception_in_yaml_passes(tmp_path: Path, line: str) -> None:
    plant(tmp_path, "roles/a/tasks/main.yml", f"{line}\n")
    assert list(unsigned_in_yaml(tmp_path)) == []


@pytest.mark.parametrize(
    "line",
    [
        "x = 1  # noqa",
        "x = 1  # noqa: S101",
        "x = 1  # type: ignore",
        "x = 1  # type: ignore[misc]",
    ],
)
def test_an_unsigned_exception_in_python_is_caught(tmp_path: Path, line: str) -> None:
    plant(tmp_path, "plugins/a.py", f"{line}\n")
    assert len(list(unsigned_in_python(tmp_path))) == 1


@pytest.mark.parametrize(
    "line",
    [
        "x = 1  # noqa: S101 - the caller has checked it",
        "x = 1  # type: ignore[misc]  # ansible-core ships no types",
    ],
)
def test_a_signed_exception_in_python_passes(tmp_path: Path, line: str) -> None:
    plant(tmp_path, "plugins/a.py", f"{line}\n")
    assert list(unsigned_in_python(tmp_path)) == []


def unsigned_in_settings(text: str) -> Iterator[str]:
    """Yield rules that pyproject.toml switches off without a comment on the line."""
    section = text[text.index("\nignore = [") : text.index("[tool.ruff.lint.pydocstyle]")]
    for line in section.splitlines():
        if re.match(r'\s*("[A-Z]+\d*",?\s*)+', line) and not re.search(REASON, line):
            yield line.strip()


def test_every_rule_that_is_switched_off_says_why() -> None:
    text = (ROOT / "pyproject.toml").read_text(encoding="utf-8")
    assert tomllib.loads(text)["tool"]["mypy"]["strict"] is True
    assert list(unsigned_in_settings(text)) == []
    wrong = '\nignore = [\n    "D105",\n]\n[tool.ruff.lint.pydocstyle]\n'
    assert list(unsigned_in_settings(wrong)) == ['"D105",']


def test_ansible_lint_skips_nothing() -> None:
    settings = document(ROOT / ".ansible-lint")
    assert isinstance(settings, dict)
    assert settings["profile"] == "production"
    assert settings["offline"] is True
    assert settings["skip_list"] == []
    assert settings["warn_list"] == []
    assert files(ROOT, "*.ansible-lint-ignore", ".config/ansible-lint-ignore.txt") == []
