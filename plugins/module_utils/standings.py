# Copyright: (c) The Probealarm contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Where every declared service stands: what the ledger remembers, seen from now."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from typing import Any

from .contract import Contract
from .drill.history import newest_of_each


def standings_of(
    records: Iterable[Mapping[str, Any]], contracts: Iterable[Contract], *, now: datetime
) -> Iterator[dict[str, Any]]:
    """Give one record a declared service, with the age of its snapshot as of now.

    A service that was never drilled is ``unproven``; one that is no longer declared is left out.
    """
    newest = newest_of_each(records)
    for contract in sorted(contracts, key=lambda contract: contract.name):
        if contract.name not in newest:
            yield _never_drilled(contract)
            continue
        record = dict(newest[contract.name])
        if record["taken_at"] is not None:
            age = now - datetime.fromisoformat(record["taken_at"])
            record["age_seconds"] = age.total_seconds()
        yield record


def _never_drilled(contract: Contract) -> dict[str, Any]:
    return {
        "service": contract.name,
        "verdict": "unproven",
        "reasons": [
            "it was never drilled; do it now with: ansible-playbook playbooks/drill.yml --limit "
            + contract.name
        ],
        "rpo_seconds": contract.rpo_seconds,
        "rto_seconds": contract.rto_seconds,
    }
