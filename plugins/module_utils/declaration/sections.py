# Copyright: (c) The Probealarm contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The sections that a profile and a service have in common, each with its schema.

A profile says what holds for the application everywhere; a service adds to it or refines it, name
by name, in the same words.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from .rules import CHECKS, SECRETS
from .running import AFTER_RESTORE, PROBES, QUIESCE, SIDE_EFFECTS
from .scalars import Date, Duration, Shape
from .schema import Key, ListOf, MapOf, Record, Variants
from .stores import STORES
from .vocabulary import (
    COLUMN_NAME,
    FOUND_DATABASE,
    LEVELS,
    PATH_PATTERN,
    QUERY,
    RULE_NAME,
    SENTENCE,
    STORE_NAME,
    TABLE_OF_STORE,
    WORDS,
)

EXPORTS = MapOf(
    "a mapping of exports",
    RULE_NAME,
    Record(
        "an export",
        {
            "holds": Key(SENTENCE, "holds: what it is worth", required=True),
            "store": Key(STORE_NAME, "store: where it comes from", required=True),
            "query": Key(QUERY, "query: the rows", required=True),
            "key": Key(
                ListOf(COLUMN_NAME, at_least=1),
                "key: the columns that tell rows apart",
                required=True,
            ),
            "columns": Key(
                MapOf("a mapping of columns", COLUMN_NAME, SENTENCE),
                "columns: each column with its meaning",
                required=True,
            ),
            "person": Key(COLUMN_NAME, "the column by which a person is recognised"),
        },
    ),
)

RHYTHM_DEFAULTS = {"L1": "1d", "L2": "7d", "L3": "7d", "L4": "7d", "L5": "30d", "L6": "90d"}
_DAY_SECONDS = 86_400
RHYTHM = Record(
    "the rhythm",
    {
        level: Key(
            Duration(),
            f"how often {level} is drilled",
            default=int(RHYTHM_DEFAULTS[level][:-1]) * _DAY_SECONDS,
        )
        for level in LEVELS
    },
)

EXEMPTIONS = ListOf(
    Record(
        "an exemption",
        {
            "path": Key(PATH_PATTERN, "what is not saved, on purpose"),
            "database": Key(FOUND_DATABASE, "the database that is not saved, on purpose"),
            "check": Key(RULE_NAME, "the check that is not judged, on purpose"),
            "secret": Key(RULE_NAME, "the secret that is not looked for, on purpose"),
            "table": Key(
                TABLE_OF_STORE,
                "the irreplaceable table, as store.table, whose loss of rows is not judged",
            ),
            "reason": Key(SENTENCE, "reason: why that is right", required=True),
            "owner": Key(WORDS, "owner: who answers for it", required=True),
            "expires": Key(
                Date(), "expires: 2027-01-31 (when somebody looks again)", required=True
            ),
        },
        one_of=(("path",), ("database",), ("check",), ("secret",), ("table",)),
    )
)


@dataclass(frozen=True)
class Section:
    """One section: its schema, and what it is for."""

    shape: Shape
    help: str
    only_in_services: bool = False


SECTIONS: Mapping[str, Section] = {
    "stores": Section(STORES, "stores: places with state"),
    "secrets": Section(SECRETS, "secrets: what must survive unchanged"),
    "quiesce": Section(QUIESCE, "quiesce: how the service is held still while it is saved"),
    "checks": Section(CHECKS, "checks: rules that hold in every good copy"),
    "probes": Section(PROBES, "probes: what the application answers when it runs on a copy"),
    "side_effects": Section(SIDE_EFFECTS, "side_effects: what a living copy must not do"),
    "exports": Section(EXPORTS, "exports: raw data worth having by itself"),
    "after_restore": Section(AFTER_RESTORE, "after_restore: what is done once the data is back"),
    "rhythm": Section(RHYTHM, "rhythm: how often each level is drilled"),
    "exemptions": Section(
        EXEMPTIONS, "exemptions: what is left out on purpose, by whom, until when", True
    ),
}


def in_contract(shape: Shape, value: Any) -> Any:
    """Return a read value as it stands in a contract: named entries as a list, seconds named."""
    if isinstance(shape, MapOf) and isinstance(shape.value, Record | Variants):
        return [{"name": name, **in_contract(shape.value, entry)} for name, entry in value.items()]
    if isinstance(shape, Variants):
        return {"kind": value["kind"], **in_contract(shape.records[value["kind"]], value)}
    if isinstance(shape, Record):
        return {
            f"{name}_seconds" if isinstance(key.shape, Duration) else name: in_contract(
                key.shape, value[name]
            )
            for name, key in shape.keys.items()
            if name in value
        }
    if isinstance(shape, ListOf):
        return [in_contract(shape.item, item) for item in value]
    return dict(value) if isinstance(value, dict) else value
