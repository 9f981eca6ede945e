# Copyright: (c) The Probealarm contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What checks, secrets, exports and side effects ask of the stores of their service."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from .faults import Problem
from .nearest import nearest_hint
from .stores import SQL_KINDS

REDIS_COMMANDS = frozenset(
    (
        *("GET", "HGET", "HKEYS", "HLEN", "HVALS", "SCARD", "SMEMBERS", "LLEN", "LRANGE"),
        *("EXISTS", "DBSIZE", "STRLEN", "ZCARD", "KEYS", "TYPE"),
    )
)
SQL_READS = re.compile(r"\s*(SELECT|WITH)\b", re.IGNORECASE)
SQL_CHANGES = re.compile(r"\s*(UPDATE|DELETE|INSERT|TRUNCATE|REPLACE)\b", re.IGNORECASE)


@dataclass(frozen=True)
class Asked:
    """A store and what it is asked, with the keys where both stand."""

    entry: tuple[str, str]
    store_key: str
    query_key: str
    store: str
    query: str
    kind: str = ""


def queries(values: Mapping[str, Any]) -> Iterator[Asked]:
    """Yield everything that the sections of a service ask of its stores."""
    for section in ("checks", "secrets", "exports"):
        for name, entry in (values.get(section) or {}).items():
            for store, query in (("store", "query"), ("other_store", "other_query")):
                if store in entry:
                    where, what = entry[store], entry[query]
                    yield Asked((section, name), store, query, where, what, entry.get("kind", ""))
    for name, effect in (values.get("side_effects") or {}).items():
        for block in effect["block"]:
            if "statement" in block:
                where, sql = block["statement"]["store"], block["statement"]["sql"]
                yield Asked(("side_effects", name), "block", "block", where, sql)


def about_query(asked: Asked, stores: Mapping[str, Mapping[str, Any]]) -> Iterator[Problem]:
    """Say what is wrong with a question: its store, or its words."""
    of_store, of_query = (*asked.entry, asked.store_key), (*asked.entry, asked.query_key)
    if asked.store not in stores:
        hint = nearest_hint(asked.store, stores, "store")
        problem = "asks a store that this service has not"
        yield Problem(of_store, problem, repr(asked.store), hint)
        return
    kind = stores[asked.store]["kind"]
    begins = (asked.query.split(maxsplit=1) or [""])[0]
    if kind == "files":
        problem = "asks a store of files, which answers no query"
        yield Problem(of_store, problem, repr(asked.store))
    elif kind == "redis" and asked.kind == "tables_exist":
        yield Problem(of_store, "asks for tables, and Redis has none", repr(asked.store))
    elif asked.entry[0] == "side_effects":
        if kind not in SQL_KINDS or not SQL_CHANGES.match(asked.query):
            hint = "write UPDATE, DELETE, INSERT, REPLACE or TRUNCATE, for a database"
            problem = "is no statement that changes a database"
            yield Problem(of_query, problem, repr(begins), hint)
    elif kind == "redis":
        if begins.upper() not in REDIS_COMMANDS:
            hint = f"one of: {', '.join(sorted(REDIS_COMMANDS))}"
            yield Problem(of_query, "is no reading command of Redis", repr(begins), hint)
    elif not SQL_READS.match(asked.query):
        hint = "a query only reads, and begins with SELECT or WITH"
        yield Problem(of_query, "is no query", repr(begins), hint)
