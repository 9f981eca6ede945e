# Copyright: (c) The Probealarm contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The way into a container whose server is to be asked."""

from __future__ import annotations

from dataclasses import replace

from ..errors import Trouble
from ..host import Host
from ..tools.containers import Found
from ..tools.in_container import PASSWORD_FOR, PROGRAMS, InContainer
from .facts import ContainerSeen, ServerEngine


def enter(host: Host, container: ContainerSeen, engine: ServerEngine, variable: str) -> Host:
    """Make a container a host, with the client that asks its server.

    Only the client is wanted, the first of the engine's programs: nothing is dumped here.

    Raises:
        Trouble: it cannot be entered, or lacks the client or the password.
    """
    found = Found(container.runtime, container.id, container.name, container.image)
    inside = InContainer(host, found, PASSWORD_FOR[engine], variable)
    names = PROGRAMS[engine][0]
    there = inside.look(names)
    name = next((name for name in names if name in there), "")
    if not name:
        raise Trouble(f"container {container.name} has no {' or '.join(names)}")
    return replace(inside, programs={names[0]: name})
