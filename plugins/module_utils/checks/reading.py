# Copyright: (c) The Probealarm contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Make a check from the mapping that a contract holds, by the types of its fields."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import MISSING, fields
from typing import Any, TypeVar, get_type_hints

from ..errors import Trouble

Made = TypeVar("Made")


def read(kind: type[Made], entry: Mapping[str, Any], what: str) -> Made:
    """Make a ``kind`` from a mapping with exactly its fields as keys; optional ones may be None.

    Args:
        kind: a dataclass.
        entry: plain JSON.
        what: names it in a refusal, for example ``check contacts``.

    Raises:
        Trouble: a key is missing, unknown or of another type; whoever wrote the contract then has
            another version of the collection.
    """
    hints = get_type_hints(kind)
    known = {field.name: field for field in fields(kind)}  # type: ignore[arg-type]  # a dataclass
    odd = sorted(set(entry) - set(known))
    if odd:
        raise other_version(what, f"the key {odd[0]} is unknown here")
    values: dict[str, Any] = {}
    for name, field in known.items():
        value = entry.get(name)
        if value is not None:
            values[name] = _value(hints[name], value, what, name)
        elif field.default is MISSING and field.default_factory is MISSING:
            raise other_version(what, f"the key {name} is missing")
    try:
        return kind(**values)
    except ValueError as error:
        raise other_version(what, str(error)) from None


def other_version(what: str, why: str) -> Trouble:
    """Refuse what this version cannot judge: skipping it would pass what nobody looked at."""
    return Trouble(
        f"the contract's {what} cannot be read: {why}. Take the contract from service_contract, "
        "and run playbooks/site.yml so that both hosts carry the same version of the collection."
    )


def _value(hint: object, value: object, what: str, name: str) -> Any:
    reader = READERS.get(hint)
    if reader is not None:
        try:
            return reader(value)
        except (TypeError, ValueError, re.error) as error:
            raise other_version(what, f"the key {name} is not {error}") from None
    if isinstance(hint, type) and isinstance(value, Mapping):
        return read(hint, value, f"{what}, key {name},")
    raise other_version(what, f"the key {name} is not a mapping")


# Each reader below raises TypeError or ValueError with what it wanted: the sentence's last words.


def _text(value: object) -> str:
    if not isinstance(value, str):
        raise TypeError("a text")
    return value


def _texts(value: object) -> tuple[str, ...]:
    if not isinstance(value, list | tuple):
        raise TypeError("a list of texts")
    return tuple(_text(item) for item in value)


def _number(value: object) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise TypeError("a number")
    return value


def _truth(value: object) -> bool:
    if not isinstance(value, bool):
        raise TypeError("true or false")
    return value


def _expression(value: object) -> re.Pattern[str]:
    try:
        return re.compile(_text(value), re.MULTILINE)
    except re.error as error:
        raise ValueError(f"a regular expression ({error})") from None


READERS: Mapping[object, Callable[[object], object]] = {
    str: _text,
    bool: _truth,
    float: _number,
    float | None: _number,
    tuple[str, ...]: _texts,
    re.Pattern[str]: _expression,
    re.Pattern[str] | None: _expression,
}
