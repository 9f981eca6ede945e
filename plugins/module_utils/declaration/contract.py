# Copyright: (c) The Probealarm contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a service has been found to be: the contract that snapshots, drills and audits obey."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from .faults import Place
from .sections import RHYTHM, SECTIONS, in_contract
from .stores import contract_store

DEFAULT_RHYTHM = {name: key.default for name, key in RHYTHM.keys.items()}


@dataclass(frozen=True)
class Store:
    """A validated store, its values as in the schema of its kind."""

    name: str
    values: dict[str, Any]

    @property
    def kind(self) -> str:
        """What kind of store it is."""
        return str(self.values["kind"])


@dataclass(frozen=True)
class Service:
    """A service as declared.

    Attributes:
        sections: the values of every section that its profile or it itself writes.
        places: leads from a value back to the line it is written on.
        said_in_stores: the values that its own section of stores writes.
    """

    name: str
    place: Place
    profile: str
    host: str
    drill_host: str
    objectives: Mapping[str, int]
    stores: tuple[Store, ...]
    sections: Mapping[str, Any]
    places: Mapping[str, Place] = field(repr=False)
    said_in_stores: frozenset[str] = field(repr=False)

    def contract(self) -> dict[str, Any]:
        """Return what modules are given: plain JSON types only."""
        return {
            "name": self.name,
            "profile": self.profile,
            "host": self.host,
            "drill_host": self.drill_host,
            "objectives": {f"{name}_seconds": value for name, value in self.objectives.items()},
            "stores": [contract_store(store.name, store.values) for store in self.stores],
            "rhythm": in_contract(RHYTHM, self.sections.get("rhythm", DEFAULT_RHYTHM)),
            **{
                name: in_contract(SECTIONS[name].shape, value)
                for name, value in self.sections.items()
                if name not in {"stores", "rhythm"}
            },
        }

    def place_of(self, value: str) -> Place:
        """Return where a value is written in the declaration, else where the service starts."""
        return self.places.get(value, self.place)
