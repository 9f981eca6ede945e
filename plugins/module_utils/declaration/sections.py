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
from .scalars import Date, Duration, OneOf, Shape, WholeNumber
from .schema import Key, ListOf, MapOf, Record, Variants
from .stores import STORES
from .vocabulary import (
    COLUMN_NAME,
    DATABASE_NAME,
    LEVELS,
    LINES,
    PATH_PATTERN,
    PLAIN_PATH,
    PROGRAM_ARGUMENT,
    QUERY,
    RULE_NAME,
    SENTENCE,
    STORE_NAME,
    TABLE_OF_STORE,
    URL_PATH,
    USER_NAME,
    VARIABLE_NAME,
    WORDS,
)

_PROGRAM = ListOf(PROGRAM_ARGUMENT, at_least=1, unique=False)
_RUN = Key(_PROGRAM, "run: [program, argument, ...]", required=True)
_USER = Key(USER_NAME, "the account that runs it; root where it is not said")
_STEPS = ListOf(Record("a step", {"run": _RUN, "user": _USER}), at_least=1, unique=False)

QUIESCE = Record(
    "quiesce",
    {
        "reason": Key(
            SENTENCE, "reason: why a copy of the running service is not enough", required=True
        ),
        "hold": Key(_STEPS, "hold: what stops the service from writing", required=True),
        "resume": Key(
            _STEPS, "resume: what lets it go on; harmless where it goes on already", required=True
        ),
        "at_most": Key(Duration(), "at_most: 10m (then it goes on in any case)", required=True),
    },
)

PROBES = MapOf(
    "a mapping of probes",
    RULE_NAME,
    Record(
        "a probe",
        {
            "title": Key(SENTENCE, "title: what the application shows it can do", required=True),
            "request": Key(
                Record(
                    "a request",
                    {
                        "path": Key(URL_PATH, "path: /what-is-asked-for", required=True),
                        "method": Key(
                            OneOf("method", ("GET", "HEAD", "POST", "PUT", "PROPFIND", "REPORT")),
                            "the HTTP method",
                            default="GET",
                        ),
                        "headers": Key(
                            MapOf("a mapping of headers", WORDS, WORDS), "headers", default={}
                        ),
                        "body": Key(LINES, "what is sent"),
                    },
                ),
                "what the application is asked over HTTP",
            ),
            "run": Key(_PROGRAM, "a program of the application that is asked"),
            "user": _USER,
            "expect": Key(
                Record(
                    "what is expected",
                    {
                        "status": Key(WholeNumber(0, 599), "the HTTP status", default=200),
                        "contains": Key(ListOf(WORDS), "texts that the answer has", default=()),
                        "lacks": Key(
                            ListOf(WORDS),
                            "texts that the answer has not, those of an installer for example",
                            default=(),
                        ),
                        "json": Key(
                            ListOf(WORDS),
                            "JMESPath expressions over the JSON answer, each of which is true",
                            default=(),
                        ),
                    },
                    some_of=("contains", "json"),
                ),
                "expect: what the answer holds",
                required=True,
            ),
        },
        one_of=(("request",), ("run",)),
    ),
)

SIDE_EFFECTS = MapOf(
    "a mapping of side effects",
    RULE_NAME,
    Record(
        "a side effect",
        {
            "does": Key(SENTENCE, "does: what a living copy would do", required=True),
            "block": Key(
                ListOf(
                    Record(
                        "a block",
                        {
                            "environment": Key(
                                MapOf("a mapping of variables", VARIABLE_NAME, WORDS),
                                "variables that the copy is started with",
                            ),
                            "statement": Key(
                                Record(
                                    "a statement",
                                    {
                                        "store": Key(STORE_NAME, "store: where", required=True),
                                        "sql": Key(QUERY, "sql: what changes", required=True),
                                    },
                                ),
                                "what is changed in the copy's database before it starts",
                            ),
                            "file": Key(
                                Record(
                                    "a file",
                                    {
                                        "path": Key(PLAIN_PATH, "path: where", required=True),
                                        "content": Key(LINES, "content: what", required=True),
                                    },
                                ),
                                "what is written into the copy's files before it starts",
                            ),
                            "not_started": Key(
                                ListOf(WORDS, at_least=1),
                                "units, cron lines and containers that stay off",
                            ),
                        },
                        one_of=(("environment",), ("statement",), ("file",), ("not_started",)),
                    ),
                    at_least=1,
                ),
                "block: how it is kept from that",
                required=True,
            ),
        },
    ),
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

AFTER_RESTORE = MapOf(
    "a mapping of steps",
    RULE_NAME,
    Record(
        "a step after a restore",
        {
            "run": _RUN,
            "user": _USER,
            "reason": Key(SENTENCE, "reason: what it is for", required=True),
            "when": Key(
                OneOf("occasion", ("restore", "drill", "both")),
                "restore (a real one), drill (on a copy) or both",
                default="both",
            ),
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
            "database": Key(DATABASE_NAME, "the database that is not saved, on purpose"),
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
