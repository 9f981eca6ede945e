# Copyright: (c) The Probealarm contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The two JSON Schemas that are published: for declarations, and for profiles."""

from __future__ import annotations

from datetime import date

from . import nodes
from .catalogue import PROFILE, Catalogue
from .faults import Reading
from .json_schema import Schema, Writing, record_schema, refined, schema_of, with_definitions
from .load import PLUGIN_NAME
from .placeholders import names_in
from .profile import SETTING_TYPES, Profile
from .schema import Key, MapOf, Record, Variants
from .sections import SECTIONS
from .service import Surroundings
from .settings import setting_keys
from .vocabulary import SERVICE_NAME


def profile_schema() -> Schema:
    """Return the schema of a file of the catalogue."""
    writing = Writing(placeholders=True, engines=True)
    plain = writing.without_stand_ins()
    document = record_schema("a profile", PROFILE, plain)
    for name, section in SECTIONS.items():
        if name in document["properties"]:
            document["properties"][name] = {
                "description": section.help,
                **schema_of(section.shape, writing),
            }
    setting = plain.definitions["setting"]
    setting["allOf"] = [
        {
            "if": {"properties": {"type": {"const": name}}, "required": ["type"]},
            "then": {"properties": {"default": writing.value(setting_type.shape)}},
        }
        for name, setting_type in SETTING_TYPES.items()
    ]
    return with_definitions(document, "a profile of the catalogue", writing.definitions)


def declaration_schema(catalogue: Catalogue) -> Schema:
    """Return the schema of services.probealarm.yml, with the settings of each profile.

    Raises:
        ValueError: a profile of the catalogue is not sound.
    """
    writing = Writing()
    general = Surroundings(catalogue, [], [], "any", date.min).general_keys()
    branches = []
    for name in catalogue.names():
        profile = catalogue.profile(name, Reading(""))
        if profile is None:
            raise ValueError(f"profile {name} is not sound")
        service = writing.defined(f"service_of_{name}", _service(profile, general, writing))
        branches.append(
            {
                "if": {"properties": {"profile": {"const": name}}, "required": ["profile"]},
                "then": service,
            }
        )
    service = {
        "title": "a service",
        "type": "object",
        "required": [name for name, key in general.items() if key.required],
        "properties": {
            "profile": {"description": general["profile"].help, "enum": catalogue.names()}
        },
        "allOf": branches,
    }
    document: Schema = {
        "type": "object",
        "required": ["plugin", "services"],
        "properties": {
            "plugin": {"description": "which plugin reads this file", "const": PLUGIN_NAME},
            "drill_host": writing.key(general["drill_host"]),
            "services": {
                "description": "one key a service: its name",
                "type": "object",
                "minProperties": 1,
                "propertyNames": schema_of(SERVICE_NAME, writing),
                "additionalProperties": writing.defined("service", service),
            },
        },
        "additionalProperties": False,
        "anyOf": [
            {"required": ["drill_host"]},
            {"properties": {"services": {"additionalProperties": {"required": ["drill_host"]}}}},
        ],
    }
    return with_definitions(document, "the services that are backed up", writing.definitions)


def _service(profile: Profile, general: dict[str, Key], writing: Writing) -> Schema:
    keys = {name: key for name, key in general.items() if name not in SECTIONS}
    record = Record(profile.title, keys | setting_keys(profile))
    schema = record_schema(profile.title, record, writing)
    schema["properties"]["profile"] = {"const": profile.name}
    inside = Writing(writing.definitions, placeholders=True)
    for name, section in SECTIONS.items():
        schema["properties"][name] = {
            "description": section.help,
            **_section(profile, name, inside),
        }
    return schema


def _section(profile: Profile, name: str, writing: Writing) -> Schema:
    """A section of names: those of the profile are refined, further ones are said in full."""
    shape = SECTIONS[name].shape
    if isinstance(shape, Record):
        return refined(shape, writing) if name in profile.sections else schema_of(shape, writing)
    schema = schema_of(shape, writing)
    known = profile.sections.get(name)
    if not isinstance(shape, MapOf) or not isinstance(known, nodes.Mapping):
        return schema
    if not isinstance(shape.value, Record | Variants):
        return schema
    entries = {
        entry: _refined(shape.value, profile, (name, entry), writing) for entry in known.entries
    }
    return {**schema, "properties": entries}


def _refined(
    shape: Record | Variants, profile: Profile, keys: tuple[str, str], writing: Writing
) -> Schema:
    if isinstance(shape, Record):
        return refined(shape, writing)
    kinds = sorted({kind for engine in profile.engines for kind in _kinds(profile, keys, engine)})
    choices = [refined(shape, writing, kind) for kind in kinds]
    return choices[0] if len(choices) == 1 else {"anyOf": choices}


def _kinds(profile: Profile, keys: tuple[str, str], engine: str) -> list[str]:
    """Tell of which kind an entry of the profile is with an engine."""
    section, name = keys
    node = profile.sections_for(engine).get(section)
    entry = node.entries.get(name) if isinstance(node, nodes.Mapping) else None
    if entry is None or not isinstance(entry.value, nodes.Mapping):
        return []
    kind = entry.value.entries["kind"].value
    return [engine if any(names_in(kind)) else nodes.text_of(kind)]
