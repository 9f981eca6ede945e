# Copyright: (c) The Probealarm contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Which application a database belongs to, by the names of its tables.

A name counts the more the fewer applications have it: everybody has ``users``, one has
``lead_donotcontact``.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from .facts import DatabaseFact
from .signatures import DatabaseSign, Signature, filled_in

LEAST_TABLE_SCORE = 0.5
_PREFIX = re.compile(r"[A-Za-z0-9_]{0,32}")

Rarity = Mapping[str, float]


@dataclass(frozen=True)
class TableMatch:
    """How well the tables of a database fit an application.

    Attributes:
        number: the place of the database in the list of all.
        prefix: what all its tables start with.
        there: names, without the prefix, that were found; the rarest first.
        missing: names that were not.
        score: between 0 and 1.
        weight: how much was found, to prefer the application of which there is more.
    """

    signature: Signature
    sign: DatabaseSign
    number: int
    prefix: str
    there: tuple[str, ...]
    missing: tuple[str, ...]
    score: float
    weight: float


def rarity(signatures: Iterable[Signature]) -> dict[str, float]:
    """Return for each name of a table one divided by the number of applications that have it."""
    owners: dict[str, set[str]] = defaultdict(set)
    for signature in signatures:
        for sign in signature.databases:
            for table in sign.tables:
                owners[table].add(signature.profile)
    return {table: 1 / len(profiles) for table, profiles in owners.items()}


def table_matches(
    databases: Sequence[DatabaseFact], signatures: Sequence[Signature]
) -> list[TableMatch]:
    """Return every application that a database looks like, with how much."""
    rare = rarity(signatures)
    found = [
        table_match((number, database), signature, sign, rare)
        for number, database in enumerate(databases)
        for signature in signatures
        for sign in signature.databases
        if sign.tables and sign.engine == database.engine and _is_its_server(sign, database)
    ]
    return [match for match in found if match.score >= LEAST_TABLE_SCORE]


def _is_its_server(sign: DatabaseSign, database: DatabaseFact) -> bool:
    """Tell whether the server is the one in a container that an application brings along."""
    if not sign.container:
        return True
    return database.container is not None and database.container.service == sign.container


def table_match(
    numbered: tuple[int, DatabaseFact], signature: Signature, sign: DatabaseSign, rare: Rarity
) -> TableMatch:
    """Hold the tables of one database against those of one application."""
    number, database = numbered
    tables = set(database.tables)
    prefix = _prefix(tables, signature, sign, rare)
    there = [table for table in sign.tables if prefix + table in tables]
    found = sum(rare[table] for table in there)
    return TableMatch(
        signature=signature,
        sign=sign,
        number=number,
        prefix=prefix,
        there=tuple(sorted(there, key=lambda table: -rare[table])),
        missing=tuple(table for table in sign.tables if table not in there),
        score=round(found / sum(rare[table] for table in sign.tables), 3),
        weight=found,
    )


def _prefix(tables: set[str], signature: Signature, sign: DatabaseSign, rare: Rarity) -> str:
    """Return the prefix with which most of the tables are there.

    Where two do equally well it is the one that the profile expects, or else the shorter one.
    """
    if not sign.keys.get("prefix"):
        return ""
    usual = filled_in(sign.keys["prefix"], signature.values({})) or ""
    found: dict[str, float] = defaultdict(float)
    for name in sign.tables:
        for table in tables:
            if table.endswith(name) and _PREFIX.fullmatch(table[: len(table) - len(name)]):
                found[table[: len(table) - len(name)]] += rare[name]
    ranked = sorted(found, key=lambda each: (-found[each], each != usual, len(each), each))
    return ranked[0] if ranked else usual
