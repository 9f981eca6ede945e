"""Where Ansible's prose (DOCUMENTATION, EXAMPLES, RETURN) stands in a plugin, and what it says."""

from __future__ import annotations

import ast
from pathlib import Path

import yaml

PROSE = ("DOCUMENTATION", "EXAMPLES", "RETURN")


def assigned(node: ast.Assign) -> str:
    target = node.targets[0]
    return target.id if isinstance(target, ast.Name) else ""


def prose_of(path: Path) -> dict[str, object]:
    """Return DOCUMENTATION, EXAMPLES and RETURN of a plugin, read as YAML."""
    return {
        name: yaml.safe_load(ast.literal_eval(node.value))
        for node in ast.parse(path.read_text(encoding="utf-8")).body
        if isinstance(node, ast.Assign) and (name := assigned(node)) in PROSE
    }
