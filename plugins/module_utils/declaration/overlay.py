# Copyright: (c) The Probealarm contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What host_vars say of a service, as a tree like the declaration's, so that one check holds both.

Ansible has read these files already and hands over values; each knows the line it came from.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

from . import nodes
from .faults import Fault, KeyPath, Place, Reading
from .tree import DEEPEST_NESTING, TOO_DEEP, VAULT_HINT, WRITTEN_TWICE, Decrypt, read_yaml

VARIABLE = "service_declaration"
CONTRACT_VARIABLES = ("service_name", "service_host", "service_drill_host", "service_contract")

_TEMPLATE = re.compile(r"\{\{|\{%|\{#")


@dataclass(frozen=True)
class Origins:
    """How to tell where a value comes from, and whether it was encrypted. Ansible's part of it.

    Attributes:
        place_of: file and line, None where they are not known.
        is_of_encrypted_file: whether the value's whole file was encrypted, and Ansible opened it.
        ciphertext_of: what was encrypted by itself and still is, None for other values.
        decrypt: opens such a value.
    """

    place_of: Callable[[object], Place | None]
    is_of_encrypted_file: Callable[[object], bool]
    ciphertext_of: Callable[[object], str | None]
    decrypt: Decrypt


def service_overlay(
    service: str, variables: Mapping[str, object], origins: Origins, reading: Reading
) -> nodes.Mapping | None:
    """Return what the variables of a service's host say of it, None where they say nothing.

    The variables that carry the contract itself are refused: whoever set them would go past every
    check.
    """
    path = ("services", service)
    nowhere = Place(f"the variables of {service}", 0)
    for name, value in variables.items():
        if name in CONTRACT_VARIABLES:
            place = origins.place_of(name) or origins.place_of(value) or nowhere
            hint = f"say it in {VARIABLE}, in the words of the declaration"
            problem = f"the variable {name} is made from the declaration and cannot be set here"
            reading.object_to(place, path, problem, hint=hint)
    for name, value in variables.items():
        if name == VARIABLE:
            place = origins.place_of(name) or nowhere
            tree = _Converter(origins, reading).node(value, place, path)
            if isinstance(tree, nodes.Mapping):
                return tree
            if not isinstance(tree, nodes.Broken):
                hint = "write keys of a service below it, indented"
                problem = f"the variable {VARIABLE} is not a mapping"
                reading.object_to(place, path, problem, seen=tree.seen, hint=hint)
    return None


def keys_written_twice(file: Path) -> Iterator[Fault]:
    """Yield them for a file that Ansible read: it warns, and keeps only what was written last."""
    reading = Reading(str(file))
    read_yaml(file, reading, decrypt=lambda _text: "")
    for fault in reading.faults:
        if fault.problem.startswith(WRITTEN_TWICE) and VARIABLE in fault.key.split("."):
            yield fault


@dataclass(frozen=True)
class _Converter:
    """Turns Ansible's values into nodes. A value without an origin stands where its key does."""

    origins: Origins
    reading: Reading

    def node(self, value: object, around: Place, path: KeyPath, depth: int = 1) -> nodes.Node:
        place = self.origins.place_of(value) or around
        if depth > DEEPEST_NESTING:
            self.reading.object_to(place, path, TOO_DEEP)
            return nodes.Broken(place)
        if isinstance(value, Mapping):
            return nodes.Mapping(around, dict(self._entries(value, place, path, depth)))
        if isinstance(value, list | tuple):
            items = tuple(self.node(item, place, path, depth + 1) for item in value)
            return nodes.Sequence(around, items)
        ciphertext = self.origins.ciphertext_of(value)
        if ciphertext is not None:
            return self._opened(ciphertext, place, path)
        return self._scalar(value, place, path)

    def _entries(
        self, value: Mapping[object, object], around: Place, path: KeyPath, depth: int
    ) -> Iterator[tuple[str, nodes.Entry]]:
        for name, item in value.items():
            place = self.origins.place_of(name) or around
            key = _scalar(name, place)
            if key is None or key.kind == "nothing":
                self.reading.object_to(place, path, "has a key that is not a name")
                continue
            node = self.node(item, place, (*path, key.text), depth + 1)
            yield key.text, nodes.Entry(place, node)

    def _opened(self, ciphertext: str, place: Place, path: KeyPath) -> nodes.Node:
        try:
            return nodes.Scalar(place, self.origins.decrypt(ciphertext), is_encrypted=True)
        except ValueError as error:
            problem = f"cannot be decrypted: {error}"
            self.reading.object_to(place, path, problem, hint=VAULT_HINT)
            return nodes.Broken(place)

    def _scalar(self, value: object, place: Place, path: KeyPath) -> nodes.Node:
        scalar = _scalar(value, place)
        if scalar is None:
            problem = "is neither a text nor a number, list or mapping"
            self.reading.object_to(place, path, problem)
            return nodes.Broken(place)
        if scalar.kind == "text" and _TEMPLATE.search(scalar.text):
            problem = "is a template; services are read before any template is"
            self.reading.object_to(place, path, problem, hint="write the value out")
            return nodes.Broken(place)
        return replace(scalar, is_encrypted=self.origins.is_of_encrypted_file(value))


def _scalar(value: object, place: Place) -> nodes.Scalar | None:
    """Return the value as a file would have it. Only the plain text is kept of a tagged one."""
    match value:
        case None:
            written = ("", "nothing")
        case bool():
            written = ("true" if value else "false", "truth value")
        case int():
            text = int.__repr__(value)
            is_plain = nodes.WHOLE_NUMBER.fullmatch(text) is not None
            written = (text, "whole number" if is_plain else "number")
        case float():
            written = (float.__repr__(value), "number")
        case str():
            written = (str.__str__(value), "text")
        case date():
            written = (value.isoformat(), "date")
        case _:
            return None
    return nodes.Scalar(place, *written)
