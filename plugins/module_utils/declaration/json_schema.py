# Copyright: (c) The Probealarm contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The shapes as JSON Schema (draft 2020-12), for editors that help while somebody writes.

It is made from the very shapes that read a declaration. What takes more than one file to see
(hosts, claims of other services, the day of today) stays with the plugin.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import singledispatch
from typing import Any

from .scalars import Anything, Date, Duration, OneOf, Text, TruthValue, WholeNumber
from .schema import Key, ListOf, MapOf, Record, Variants
from .vocabulary import DATABASE_NAME, ENGINES, PATH_PATTERN, PLAIN_PATH

Schema = dict[str, Any]

DRAFT = "https://json-schema.org/draft/2020-12/schema"
PLACEHOLDER: Schema = {"type": "string", "pattern": r"\{[A-Za-z][A-Za-z0-9_.-]*\}"}

_NOT_PLAIN = r"//|/$|/\.{1,2}(/|$)|^/(proc|sys|dev)(/|$)"
_REFUSED = {
    PATH_PATTERN.objection: _NOT_PLAIN,
    PLAIN_PATH.objection: rf"[*?\[]|{_NOT_PLAIN}",
    DATABASE_NAME.objection: r"^(information_schema|mysql|performance_schema|sys|template[01])$",
}
"""What an objection refuses, as a pattern. An objection that is not here needs the plugin."""


@dataclass(frozen=True)
class Writing:
    """How a schema is written.

    Attributes:
        definitions: records and variants, each once, that the schema refers to by name.
        placeholders: whether ``{path}`` may stand for any single value.
        engines: whether a mapping from database engines to values may stand for any value.
    """

    definitions: dict[str, Schema] = field(default_factory=dict)
    placeholders: bool = False
    engines: bool = False

    def value(self, shape: object) -> Schema:
        """Return the schema of a shape, and of what may stand for it."""
        schema = schema_of(shape, self)
        others: list[Schema] = []
        if self.placeholders and _may_be_filled_in(shape):
            others.append(PLACEHOLDER)
        if self.engines:
            others.append(self.defined("by_engine", _BY_ENGINE))
        return {"anyOf": [schema, *others]} if others else schema

    def defined(self, name: str, schema: Schema) -> Schema:
        """Keep a schema under a name, and return a reference to it.

        Raises:
            ValueError: the name is taken by something else.
        """
        if self.definitions.setdefault(name, schema) != schema:
            raise ValueError(f"two definitions are called {name}")
        return {"$ref": f"#/$defs/{name}"}

    def key(self, key: Key) -> Schema:
        """Return the schema of one key, with what its help and default say."""
        schema = {"description": key.help, **self.value(key.shape)}
        if key.default not in (None, (), {}) and not isinstance(key.shape, Duration):
            schema["default"] = key.default
        return schema

    def without_stand_ins(self) -> Writing:
        """Return the same for a text that is exactly what it is."""
        return replace(self, placeholders=False, engines=False)


_BY_ENGINE: Schema = {
    "title": "a value for each database engine",
    "type": "object",
    "minProperties": 1,
    "properties": dict.fromkeys(ENGINES, True),
    "additionalProperties": False,
}


def _may_be_filled_in(shape: object) -> bool:
    """A placeholder may be a whole value of any kind; many texts may have one inside anyway."""
    if isinstance(shape, Text):
        return not shape.pattern.fullmatch("{path}")
    return isinstance(shape, Date | Duration | OneOf | TruthValue | WholeNumber)


@singledispatch
def schema_of(shape: object, _writing: Writing) -> Schema:
    """Return the JSON Schema of a shape. A new kind of shape needs a case below."""
    raise TypeError(f"json_schema.py has no case for {type(shape).__name__}")


@schema_of.register
def _text(shape: Text, _writing: Writing) -> Schema:
    schema: Schema = {
        "type": "string",
        "pattern": f"^(?:{shape.pattern.pattern})$",
        "errorMessage": f"is not {shape.meaning}",
    }
    if shape.objection in _REFUSED:
        schema["not"] = {"pattern": _REFUSED[shape.objection]}
    return schema


@schema_of.register
def _duration(shape: Duration, _writing: Writing) -> Schema:
    return {
        "type": "string",
        "pattern": "^(?=.*[1-9])[0-9]{1,6}[smhdw]$",
        "errorMessage": f"is not {shape.meaning} such as 30m, 24h or 7d",
    }


@schema_of.register
def _whole_number(shape: WholeNumber, _writing: Writing) -> Schema:
    return {"type": "integer", "minimum": shape.least, "maximum": shape.most}


@schema_of.register
def _truth_value(_shape: TruthValue, _writing: Writing) -> Schema:
    return {"type": "boolean"}


@schema_of.register
def _date(_shape: Date, _writing: Writing) -> Schema:
    return {"type": "string", "format": "date", "pattern": "^[0-9]{4}-[0-9]{2}-[0-9]{2}$"}


@schema_of.register
def _one_of(shape: OneOf, _writing: Writing) -> Schema:
    """Names that only the inventory knows are any text here."""
    choices = sorted(shape.choices)
    return {"enum": choices} if choices else {"type": "string", "minLength": 1}


@schema_of.register
def _anything(shape: Anything, _writing: Writing) -> Schema:
    return {"title": shape.meaning}


@schema_of.register
def _list_of(shape: ListOf, writing: Writing) -> Schema:
    schema: Schema = {"type": "array", "items": writing.value(shape.item)}
    if shape.at_least:
        schema["minItems"] = shape.at_least
    if shape.unique:
        schema["uniqueItems"] = True
    return schema


@schema_of.register
def _map_of(shape: MapOf, writing: Writing) -> Schema:
    return {
        "type": "object",
        "propertyNames": schema_of(shape.name, writing.without_stand_ins()),
        "additionalProperties": writing.value(shape.value),
    }


@schema_of.register
def _record(shape: Record, writing: Writing) -> Schema:
    return writing.defined(_slug(shape.meaning), record_schema(shape.meaning, shape, writing))


@schema_of.register
def _variants(shape: Variants, writing: Writing) -> Schema:
    kind = OneOf(f"{shape.what} kind", shape.records)
    branches = [
        {
            "if": {"properties": {"kind": {"const": name}}, "required": ["kind"]},
            "then": writing.defined(
                _slug(record.meaning),
                record_schema(record.meaning, record, writing, kind=OneOf("kind", [name])),
            ),
        }
        for name, record in shape.records.items()
    ]
    schema: Schema = {
        "title": shape.meaning,
        "type": "object",
        "required": ["kind"],
        "properties": {"kind": writing.value(kind)},
        "allOf": branches,
    }
    return writing.defined(_slug(shape.meaning), schema)


def record_schema(
    title: str, record: Record, writing: Writing, *, kind: OneOf | None = None
) -> Schema:
    """Return the schema of a record, which is one of several kinds if ``kind`` is given."""
    properties = {"kind": schema_of(kind, writing)} if kind else {}
    properties |= {name: writing.key(key) for name, key in record.keys.items()}
    schema: Schema = {"title": title, "type": "object", "properties": properties}
    required = [name for name, key in record.keys.items() if key.required]
    if required:
        schema["required"] = required
    schema["additionalProperties"] = False
    if record.one_of:
        names = {name for group in record.one_of for name in group}
        schema["oneOf"] = [
            {
                "required": list(group),
                "properties": dict.fromkeys(sorted(names - set(group)), False),
            }
            for group in record.one_of
        ]
    if record.some_of:
        schema["anyOf"] = [{"required": [name]} for name in record.some_of]
    return schema


def refined(shape: Record | Variants, writing: Writing, kind: str = "") -> Schema:
    """Return the schema of what is said of an entry that the profile has: nothing is required."""
    record = shape.records[kind] if isinstance(shape, Variants) else shape
    loose = Record(
        f"more about {record.meaning}",
        {name: replace(key, required=False, default=None) for name, key in record.keys.items()},
    )
    one_kind = OneOf("kind", [kind]) if kind else None
    name = _slug(loose.meaning)
    return writing.defined(name, record_schema(loose.meaning, loose, writing, kind=one_kind))


def with_definitions(schema: Schema, title: str, definitions: Mapping[str, Schema]) -> Schema:
    """Return a whole document: definitions come last, by their names."""
    ordered = {name: definitions[name] for name in sorted(definitions)}
    return {"$schema": DRAFT, "title": title, **schema, "$defs": ordered}


def _slug(meaning: str) -> str:
    words = re.sub(r"\b(a|an|the|of kind)\b", " ", meaning)
    return "_".join(re.findall(r"[a-z0-9]+", words.lower().replace("_", "")))
