# Copyright: (c) The Probealarm contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What waited for a snapshot at the last audit, so that nothing waits for ever.

A file may always look younger than the newest snapshot: its time lies in the future, or a job sets
its owner every night. So what waited for one snapshot and is not in a later one is lacking.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from ..file_listing import shown
from .saved import Held

MOST_KEPT = 5_000
"""Of each service; a timer that touches a million files is seen by these as well."""


@dataclass(frozen=True)
class Waited:
    """What of a service was in no snapshot at one audit, with names as people can read them.

    Attributes:
        taken_at: when the newest snapshot was taken.
        subjects: came after it, as far as their times tell.
        overdue: should have been in it.
    """

    taken_at: datetime
    subjects: tuple[str, ...] = ()
    overdue: tuple[str, ...] = ()

    def as_json(self) -> dict[str, Any]:
        """Turn into plain values."""
        return {
            "taken_at": self.taken_at.isoformat(),
            "subjects": list(self.subjects),
            "overdue": list(self.overdue),
        }


def waited_in(content: Mapping[str, Any]) -> dict[str, Waited]:
    """Read it from a result; empty in one that was written before there was any.

    Raises:
        ValueError, KeyError, TypeError, AttributeError: it is none.
    """
    return {
        service: Waited(
            datetime.fromisoformat(one["taken_at"]), tuple(one["subjects"]), tuple(one["overdue"])
        )
        for service, one in content.get("waiting", {}).items()
    }


def overdue_now(
    before: Mapping[str, Waited], held: Mapping[str, Held]
) -> dict[str, frozenset[str]]:
    """Name by service what the newest snapshot must hold, whatever the times of it say."""
    overdue: dict[str, frozenset[str]] = {}
    for service, waited in before.items():
        if service in held:
            is_later = held[service].snapshot.taken_at > waited.taken_at
            overdue[service] = frozenset((*waited.overdue, *(waited.subjects if is_later else ())))
    return overdue


def waited_now(
    held: Mapping[str, Held],
    waiting: Iterable[tuple[str, Iterable[str]]],
    overdue: Iterable[tuple[str, Iterable[str]]],
) -> dict[str, Waited]:
    """Note for the next audit what is in no snapshot: services with names of files and tables."""
    young, late = _by_service(waiting), _by_service(overdue)
    return {
        service: Waited(
            one.snapshot.taken_at, tuple(young.get(service, ())), tuple(late.get(service, ()))
        )
        for service, one in held.items()
        if service in young or service in late
    }


def _by_service(given: Iterable[tuple[str, Iterable[str]]]) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for service, names in given:
        kept = found.setdefault(service, [])
        kept += [shown(name) for name in names][: MOST_KEPT - len(kept)]
    return found
