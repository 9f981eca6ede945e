# Copyright: (c) The Probealarm contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Placeholders such as ``{path}``: how a profile speaks of a service's settings."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import replace

from . import nodes
from .faults import KeyPath, Reading
from .nearest import nearest_hint

_PLACEHOLDER = re.compile(r"\{([A-Za-z][A-Za-z0-9_.-]*)\}")


def names_in(node: nodes.Node) -> Iterator[str]:
    """Yield the name of every placeholder in a tree."""
    if isinstance(node, nodes.Scalar):
        yield from _PLACEHOLDER.findall(node.text)
    elif isinstance(node, nodes.Sequence):
        for item in node.items:
            yield from names_in(item)
    elif isinstance(node, nodes.Mapping):
        for entry in node.entries.values():
            yield from names_in(entry.value)


def fill_in(
    node: nodes.Node, values: Mapping[str, nodes.Scalar], path: KeyPath, reading: Reading
) -> nodes.Node:
    """Return the tree with every placeholder replaced; unknown ones are objected to.

    A text that is nothing but one placeholder takes over the value's type, so that
    ``port: "{database.port}"`` is a number.
    """
    if isinstance(node, nodes.Scalar):
        return _fill_scalar(node, values, path, reading)
    if isinstance(node, nodes.Sequence):
        return nodes.Sequence(
            node.place, tuple(fill_in(item, values, path, reading) for item in node.items)
        )
    if isinstance(node, nodes.Mapping):
        return nodes.Mapping(
            node.place,
            {
                name: nodes.Entry(entry.place, fill_in(entry.value, values, (*path, name), reading))
                for name, entry in node.entries.items()
            },
        )
    return node


def _fill_scalar(
    node: nodes.Scalar, values: Mapping[str, nodes.Scalar], path: KeyPath, reading: Reading
) -> nodes.Node:
    if "{" not in node.text:
        return node
    names = _PLACEHOLDER.findall(node.text)
    unknown = [name for name in names if name not in values]
    for name in unknown:
        hint = nearest_hint(name, values.keys(), "setting")
        problem = f"the placeholder {{{name}}} names no setting of this profile"
        reading.object_to(node.place, path, problem, seen=node.seen, hint=hint)
    if unknown:
        return nodes.Broken(node.place)
    if len(names) == 1 and node.text == f"{{{names[0]}}}":
        return replace(values[names[0]], place=node.place)
    text = _PLACEHOLDER.sub(lambda match: values[match[1]].text, node.text)
    is_encrypted = node.is_encrypted or any(values[name].is_encrypted for name in names)
    return nodes.Scalar(node.place, text, is_encrypted=is_encrypted)
