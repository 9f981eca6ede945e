"""How the tests of the architecture see a tree: this checkout, or a wrong one made to be caught.

Each rule is a function from the root of a tree to its findings, so that the same function judges
the checkout (no findings) and a deliberately wrong tree (exactly the finding that was planted).
"""

from __future__ import annotations

import re
import subprocess
from collections.abc import Iterator
from fnmatch import fnmatch
from pathlib import Path

import yaml

LISTS_OF_TASKS = {
    *("tasks", "pre_tasks", "post_tasks", "handlers"),  # of a play
    *("block", "rescue", "always"),  # of a block
}
ROOT = Path(__file__).resolve().parents[2]


class _Loader(yaml.SafeLoader):
    """Takes Ansible's own tags (!vault, !unsafe) for the text they hold."""


def _untagged(_loader: yaml.SafeLoader, _tag: str, node: yaml.Node) -> str:
    return str(node.value)


_Loader.add_multi_constructor("!", _untagged)


def files(root: Path, *patterns: str) -> list[Path]:
    """Return the files that belong to the tree and match one of the patterns, sorted.

    A star in a pattern also crosses folders. In a checkout these are the files git tracks or would
    track: what git ignores is no part of it.
    """
    if (root / ".git").exists():
        argv = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
        listed = subprocess.run(argv, cwd=root, check=True, capture_output=True).stdout
        names = {name.decode() for name in listed.split(b"\0") if name}
        found = [root / name for name in names]
    else:
        found = list(root.rglob("*"))
    return sorted(
        path
        for path in found
        if path.is_file()
        and not path.is_symlink()
        and any(fnmatch(str(path.relative_to(root)), pattern) for pattern in patterns)
    )


def lines(root: Path, *patterns: str) -> Iterator[tuple[str, str]]:
    """Yield every line of the matching text files with its place, ``path:number``."""
    for path in files(root, *patterns):
        try:
            text = path.read_text(encoding="utf-8")
        except UnicodeDecodeError:
            continue  # a picture or another binary has no lines
        for number, line in enumerate(text.splitlines(), start=1):
            yield f"{path.relative_to(root)}:{number}", line


def documents(path: Path) -> list[object]:
    """Return the YAML documents of a file, none for an empty one."""
    text = path.read_text(encoding="utf-8")
    loaded = yaml.load_all(text, _Loader)
    return [document for document in loaded if document is not None]


def document(path: Path) -> object:
    """Return the only YAML document of a file, an empty mapping where there is none."""
    return next(iter(documents(path)), {})


def mappings(value: object) -> Iterator[dict[str, object]]:
    """Yield every mapping inside a YAML value, the outer ones first."""
    if isinstance(value, dict):
        yield value
        for item in value.values():
            yield from mappings(item)
    elif isinstance(value, list):
        for item in value:
            yield from mappings(item)


def tasks(value: object) -> Iterator[dict[str, object]]:
    """Yield every task inside task files and playbooks, blocks and what they hold included."""
    for item in value if isinstance(value, list) else [value]:
        if isinstance(item, list):
            yield from tasks(item)
        elif isinstance(item, dict):
            yield item
            for part in LISTS_OF_TASKS & set(item):
                yield from tasks(item[part])


def without_comment(line: str) -> str:
    """Return a YAML line without its comment (a ``#`` at its start or after a space)."""
    return re.sub(r"(^|\s)#.*$", "", line)


def plant(root: Path, name: str, text: str) -> None:
    """Put a file into a tree that is made to be caught."""
    path = root / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
