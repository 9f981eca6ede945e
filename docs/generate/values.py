# Copyright: (c) The Probealarm contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a profile says, as plain values with their placeholders, and by engine where it depends.

A profile is shown as it is written and not as one service has it: ``{path}`` says more to a reader
than an invented directory.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from plugins.module_utils.declaration import nodes
from plugins.module_utils.declaration.engines import depends_on_engine

ENGINE_NAMES = {"mariadb": "MariaDB", "postgresql": "PostgreSQL"}


@dataclass(frozen=True)
class ByEngine:
    """Values that depend on the database engine a service has chosen."""

    values: Mapping[str, Any]


def plain(node: nodes.Node) -> Any:
    """Return a tree as texts, lists and dicts, with ByEngine where it depends on the engine."""
    if isinstance(node, nodes.Mapping):
        found = {name: plain(entry.value) for name, entry in node.entries.items()}
        return ByEngine(found) if depends_on_engine(node) else found
    if isinstance(node, nodes.Sequence):
        return [plain(item) for item in node.items]
    return nodes.text_of(node)


def section(node: nodes.Node) -> dict[str, Any]:
    """Return a section by its keys; an entry may be called like an engine."""
    entries = node.entries if isinstance(node, nodes.Mapping) else {}
    return {name: plain(entry.value) for name, entry in entries.items()}


def shown(value: Any, show: Callable[[str], str]) -> str:
    """Show a value, or one for each engine when these differ."""
    if not isinstance(value, ByEngine):
        return show(str(value))
    texts = {engine: show(str(one)) for engine, one in value.values.items()}
    if len(texts) == len(ENGINE_NAMES) and len(set(texts.values())) == 1:
        return next(iter(texts.values()))
    return ", ".join(f"{text} ({ENGINE_NAMES[engine]})" for engine, text in texts.items())


def each(values: Any) -> Iterator[Any]:
    """Yield the members of a list, or of the lists for each engine."""
    if isinstance(values, ByEngine):
        for engine, members in values.values.items():
            yield from (ByEngine({engine: member}) for member in members)
    else:
        yield from values


def entries(values: Mapping[str, Any]) -> Iterator[tuple[str, dict[str, Any], str]]:
    """Yield name, keys and, where an entry exists for some engine only, that engine's name."""
    for name, value in values.items():
        if isinstance(value, ByEngine):
            for engine, keys in value.values.items():
                yield name, keys, ENGINE_NAMES[engine]
        else:
            yield name, value, ""
