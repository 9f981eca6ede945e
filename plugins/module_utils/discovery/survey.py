# Copyright: (c) The Probealarm contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The whole look at the server that this process runs on, at the lowest priority, as root."""

from __future__ import annotations

import os
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import replace

from ..audit import places, running
from ..audit.asking import Entrance
from ..audit.facts import Unread
from ..errors import Trouble
from ..host import Host
from .facts import Facts
from .files import LocalFiles
from .looking import look
from .signatures import Signature

LOWEST_PRIORITY = 19
MOST_UNREAD = 20


def survey(signatures: Sequence[Signature], host: Host, enter: Entrance) -> Facts:
    """Gather what can be recognised on this server. It reads, and writes nothing.

    Raises:
        Trouble: it does not run as root, or nothing was asked for.
    """
    if not signatures:
        raise Trouble("No application to look for was given; the filter signatures makes them.")
    if os.geteuid() != 0:
        raise Trouble(
            "Only root sees every file and database, and this is not root. Connect as root, or give"
            " --become and, if it takes a password, --ask-become-pass."
        )
    with suppress(OSError):
        os.nice(LOWEST_PRIORITY)
    unread: list[Unread] = []
    mounts = places.read_places()
    silent = [place.path for place in mounts if place.skipped and place.is_state]
    alive = running.look(host, enter, silent=silent)
    facts = look(signatures, LocalFiles(mounts, host, unread.append), alive.databases)
    skipped = [
        f"What is below {place.path}? It was not looked at: {place.skipped}."
        for place in mounts
        if place.skipped and place.is_state
    ]
    failed = [f"What is {each.path}? It cannot be read: {each.reason}." for each in unread]
    if len(failed) > MOST_UNREAD:
        more = len(failed) - MOST_UNREAD
        failed = [*failed[:MOST_UNREAD], f"And what are {more:,} further places like these?"]
    return replace(facts, unread=(*skipped, *failed, *(alarm.sentence for alarm in alive.alarms)))
