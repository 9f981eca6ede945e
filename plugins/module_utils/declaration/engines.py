# Copyright: (c) The Probealarm contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Profiles of applications that run on more than one database engine.

Wherever such a profile says something that depends on the engine, it writes a mapping from engines
to values, such as ``port: {postgresql: 5432}``. What stands for other engines does not exist.
"""

from __future__ import annotations

from . import nodes
from .vocabulary import ENGINES


def depends_on_engine(node: nodes.Node) -> bool:
    """Tell whether a node is a mapping from engines to values."""
    return (
        isinstance(node, nodes.Mapping) and bool(node.entries) and set(node.entries) <= set(ENGINES)
    )


def for_engine(node: nodes.Node, engine: str) -> nodes.Node | None:
    """Return what a tree says for one engine; None where it says nothing for it."""
    if isinstance(node, nodes.Mapping):
        if depends_on_engine(node):
            entry = node.entries.get(engine)
            return for_engine(entry.value, engine) if entry else None
        kept = {
            name: nodes.Entry(entry.place, value)
            for name, entry in node.entries.items()
            if (value := for_engine(entry.value, engine)) is not None
        }
        return nodes.Mapping(node.place, kept)
    if isinstance(node, nodes.Sequence):
        items = (for_engine(item, engine) for item in node.items)
        return nodes.Sequence(node.place, tuple(item for item in items if item is not None))
    return node


def section_for_engine(node: nodes.Node, engine: str) -> nodes.Node | None:
    """Return a section for one engine. Its entries are named freely, also after an engine."""
    if not isinstance(node, nodes.Mapping):
        return for_engine(node, engine)
    kept = {
        name: nodes.Entry(entry.place, value)
        for name, entry in node.entries.items()
        if (value := for_engine(entry.value, engine)) is not None
    }
    return nodes.Mapping(node.place, kept)
