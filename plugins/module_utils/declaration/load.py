# Copyright: (c) The Probealarm contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""From a file to services: the one call that the inventory plugin makes."""

from __future__ import annotations

from collections.abc import Collection
from pathlib import Path

from . import nodes
from .catalogue import Catalogue
from .claims import object_to_shared_claims
from .contract import Service
from .faults import DeclarationError, Reading
from .schema import Anything, Key, OneOf, Record
from .service import Surroundings, read_service
from .tree import read_yaml

PLUGIN_NAME = "probealarm.recovery.services"


def load_services(
    file: Path, catalogue: Path, *, hosts: Collection[str], groups: Collection[str]
) -> list[Service]:
    """Return the services that a file declares, in its order.

    ``hosts`` and ``groups`` are the names that the inventory holds already. Raises
    DeclarationError with every error of the file, and of the profiles it uses, at once.
    """
    reading = Reading(str(file))
    document = read_yaml(file, reading)
    services = _read(document, Catalogue(catalogue), hosts, groups, reading) if document else []
    if reading.faults:
        raise DeclarationError(str(file), reading.faults)
    return services


def _read(
    document: nodes.Mapping,
    catalogue: Catalogue,
    hosts: Collection[str],
    groups: Collection[str],
    reading: Reading,
) -> list[Service]:
    keys = {
        "plugin": Key(
            OneOf("plugin", [PLUGIN_NAME]), f"the line plugin: {PLUGIN_NAME}", required=True
        ),
        "drill_host": Key(OneOf("host", hosts), "drill_host: who tries the snapshots"),
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
    around = Surroundings(catalogue, hosts, groups, drill_host)
    read = [read_service(name, entry, around, reading) for name, entry in declared.entries.items()]
    services = [service for service in read if service is not None]
    object_to_shared_claims(services, reading)
    return services
