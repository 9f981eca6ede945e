# Copyright: (c) The Probealarm contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Gather what the judge of paths goes by, from all that is known before the walk."""

from __future__ import annotations

from collections.abc import Mapping

from .claims import BESIDE_SQLITE, Claims, PathClaim, one_spelling
from .judge_databases import DatabasesJudged
from .path_rules import Rules
from .saved import Held


def rules_of(
    claims: Claims,
    held: Mapping[str, Held],
    databases: DatabasesJudged,
    overdue: Mapping[str, frozenset[str]],
) -> Rules:
    """Gather the rules; see :class:`.path_rules.Rules`."""
    sqlite: dict[str, tuple[PathClaim, bool]] = {}
    for contract, store in claims.sqlite():
        path = one_spelling(store.path)
        claim = PathClaim(path, contract.name, store.name)
        manifest = held[contract.name].manifest if contract.name in held else None
        is_saved = manifest is not None and any(
            (one.store, one.path) == (store.name, store.path) for one in manifest.sqlite
        )
        sqlite |= {path + end: (claim, is_saved) for end in BESIDE_SQLITE}
    return Rules(
        claims=claims,
        data_directories=databases.directories,
        sqlite=sqlite,
        taken_at={name: one.snapshot.taken_at for name, one in held.items()},
        made_ns=databases.made_ns,
        overdue=overdue,
    )
