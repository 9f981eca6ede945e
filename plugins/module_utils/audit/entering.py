# Copyright: (c) The Probealarm contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The way into a container whose server is to be asked."""

from __future__ import annotations

from ..errors import Trouble
from ..host import Host
from .facts import ContainerSeen, ServerEngine


def enter(
    host: Host,  # noqa: ARG001 (what enters containers comes with a later change and needs it)
    container: ContainerSeen,
    engine: ServerEngine,
    variable: str,
) -> Host:
    """Make a container a host.

    Raises:
        Trouble: it cannot be entered.
    """
    raise Trouble(
        f"this version does not look into containers ({container.name}, {engine}"
        f"{', ' + variable if variable else ''})"
    )
