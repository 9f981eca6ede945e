"""Modules are front desks: small, with the work behind them in the library."""

from __future__ import annotations

import ast
import io
import tokenize
from collections.abc import Iterator
from pathlib import Path

from tests.repo.prose import PROSE, assigned
from tests.repo.tree import ROOT, files, plant

LARGEST = 60
MODULES = "plugins/modules/*.py"


def code_lines(text: str) -> int:
    """Count lines of code: no comments, no blank lines, no docstrings, none of Ansible's prose."""
    prose: set[int] = set()
    for node in ast.walk(ast.parse(text)):
        is_docstring = isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)
        is_prose = isinstance(node, ast.Assign) and assigned(node) in PROSE
        if is_docstring or is_prose:
            prose.update(range(node.lineno, (node.end_lineno or node.lineno) + 1))
    no_code = {tokenize.COMMENT, tokenize.NL, tokenize.NEWLINE, tokenize.INDENT, tokenize.DEDENT}
    code: set[int] = set()
    for token in tokenize.generate_tokens(io.StringIO(text).readline):
        if token.type not in no_code and token.string.strip():
            code.update(range(token.start[0], token.end[0] + 1))
    return len(code - prose)


def large_modules(root: Path) -> Iterator[str]:
    for path in files(root, MODULES):
        if (size := code_lines(path.read_text(encoding="utf-8"))) > LARGEST:
            yield f"{path.relative_to(root)} has {size} lines of code, at most {LARGEST} are wanted"


def test_modules_are_front_desks() -> None:
    assert list(large_modules(ROOT)) == []


def test_a_module_that_grows_a_second_subject_is_caught(tmp_path: Path) -> None:
    prose = 'DOCUMENTATION = r"""\n' + "a\n" * 200 + '"""\n"""A docstring."""\n# A comment.\n'
    plant(tmp_path, "plugins/modules/large.py", prose + "x = 1\n" * (LARGEST + 1))
    plant(tmp_path, "plugins/modules/small.py", prose + "x = 1\n" * LARGEST)
    (finding,) = large_modules(tmp_path)
    assert finding.startswith("plugins/modules/large.py has 61 lines")
