# Copyright: (c) The Probealarm contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""From a file to services: the one call that the inventory plugin makes."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime
from pathlib import Path

from . import nodes
from .catalogue import Catalogue
from .claims import object_to_shared_claims
from .contract import Service
from .faults import DeclarationError, Reading
from .layers import service_laid_over
from .scalars import Anything, OneOf
from .schema import Key, Record
from .service import Surroundings, read_service
from .tree import read_yaml

PLUGIN_NAME = "probealarm.recovery.services"


@dataclass(frozen=True)
class Inventory:
    """What an inventory holds already when the declaration is read.

    Attributes:
        overlays: what host_vars say of a service, by its name, in the words of the declaration.
        decrypt: opens a value that was encrypted with Ansible Vault.
    """

    hosts: Collection[str]
    groups: Collection[str]
    overlays: Mapping[str, nodes.Mapping] = field(default_factory=dict)
    decrypt: Callable[[str], str] | None = None


def load_services(
    file: Path, catalogue: Path, inventory: Inventory, *, today: date | None = None
) -> list[Service]:
    """Return the services that a file declares, in its order.

    Exemptions are held against ``today``, by default the present day in UTC.

    Raises:
        DeclarationError: with every error of the file, and of the profiles it uses, at once.
    """
    reading = Reading(str(file))
    document = read_yaml(file, reading, inventory.decrypt)
    services: list[Service] = []
    if document is not None:
        document = _laid_over(document, inventory.overlays)
        day = today or datetime.now(UTC).date()
        around = Surroundings(Catalogue(catalogue), inventory.hosts, inventory.groups, "", day)
        services = _read(document, around, reading)
    if reading.faults:
        raise DeclarationError(str(file), reading.faults)
    return services


def _laid_over(document: nodes.Mapping, overlays: Mapping[str, nodes.Mapping]) -> nodes.Mapping:
    """Lay what host_vars say over the declared services."""
    entry = document.entries.get("services")
    if entry is None or not isinstance(entry.value, nodes.Mapping) or not overlays:
        return document
    services = dict(entry.value.entries)
    for name, overlay in overlays.items():
        declared = services[name].value if name in services else None
        if isinstance(declared, nodes.Mapping):
            both = service_laid_over(declared, overlay)
            services[name] = nodes.Entry(services[name].place, both)
    merged = nodes.Entry(entry.place, nodes.Mapping(entry.value.place, services))
    return nodes.Mapping(document.place, {**document.entries, "services": merged})


def _read(document: nodes.Mapping, around: Surroundings, reading: Reading) -> list[Service]:
    keys = {
        "plugin": Key(
            OneOf("plugin", [PLUGIN_NAME]), f"the line plugin: {PLUGIN_NAME}", required=True
        ),
        "drill_host": Key(OneOf("host", around.hosts), "drill_host: who tries the snapshots"),
        "services": Key(
            Anything("a mapping of services"),
            "services: and below it one key a service",
            required=True,
        ),
    }
    values = Record("a declaration", keys).read_sound_keys(document, (), reading)
    # A faulty drill host was objected to once; its services shall not complain of none at all.
    drill_host = values.get("drill_host", "?" if "drill_host" in document.entries else "")
    declared = values.get("services")
    if declared is None:
        return []
    if not isinstance(declared, nodes.Mapping) or not declared.entries:
        hint = "declare at least one service below it, indented"
        place = document.entries["services"].place
        reading.object_to(place, ("services",), "names no service", seen=declared.seen, hint=hint)
        return []
    around = replace(around, drill_host=drill_host)
    read = [read_service(name, entry, around, reading) for name, entry in declared.entries.items()]
    services = [service for service in read if service is not None]
    object_to_shared_claims(services, reading)
    return services
