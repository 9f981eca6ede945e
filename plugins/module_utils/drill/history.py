# Copyright: (c) The Probealarm contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the ledger remembers about a service."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from .losses import Proven


def last_proven(
    records: Iterable[Mapping[str, Any]], service: str, before: datetime
) -> Proven | None:
    """Find the newest proven snapshot of a service that was taken before a time."""
    found: Proven | None = None
    for record in records:
        if record.get("service") != service or record.get("verdict") != "proven":
            continue
        taken_at = datetime.fromisoformat(record["taken_at"])
        if taken_at < before and (found is None or taken_at >= found.taken_at):
            found = Proven(
                snapshot=record["snapshot"],
                taken_at=taken_at,
                tables=record["tables"],
                files=record["files"],
                facts=record.get("facts", {}),
            )
    return found


def newest_of_each(records: Iterable[Mapping[str, Any]]) -> dict[str, Mapping[str, Any]]:
    """Keep the newest drill of the newest snapshot for every service that was ever drilled.

    The ledger holds records of other kinds, too, and drills of copies off site, which name a store.
    """
    newest: dict[str, Mapping[str, Any]] = {}
    for record in records:
        if record.get("of_newest_snapshot") and not record.get("store"):
            newest[record["service"]] = record
    return newest
