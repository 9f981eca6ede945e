# Copyright: (c) The Probealarm contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a service has been found to be: the contract that snapshots, drills and audits obey."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from .faults import Place
from .stores import contract_store


@dataclass(frozen=True)
class Store:
    """A validated store, its values as in the schema of its kind."""

    name: str
    kind: str
    values: dict[str, Any]


@dataclass(frozen=True)
class Service:
    """A service as declared. ``places`` leads from a value back to the line it is written on."""

    name: str
    place: Place
    profile: str
    host: str
    drill_host: str
    objectives: Mapping[str, int]
    stores: tuple[Store, ...]
    places: Mapping[str, Place] = field(repr=False)

    def contract(self) -> dict[str, Any]:
        """Return what modules are given: plain JSON types only."""
        return {
            "name": self.name,
            "profile": self.profile,
            "host": self.host,
            "drill_host": self.drill_host,
            "objectives": {f"{name}_seconds": value for name, value in self.objectives.items()},
            "stores": [
                contract_store(store.name, store.kind, store.values) for store in self.stores
            ],
        }

    def place_of(self, value: str) -> Place:
        """Return where a value is written in the declaration, else where the service starts."""
        return self.places.get(value, self.place)
