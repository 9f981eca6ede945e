# Copyright: (c) The Probealarm contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Findings and alarms about databases, in words."""

from __future__ import annotations

from collections.abc import Sequence

from ..contract import Contract
from .database_stores import subject_of, writer_of
from .database_words import name_in, parts_of
from .facts import DatabaseSeen, ServerSeen, TableSeen
from .finding import Alarm, Finding, State
from .saved import Held


def finding_of(seen: DatabaseSeen, state: State, words: str) -> Finding:
    """Make the finding about a database, or about a server as a whole."""
    return Finding(
        "database" if seen.name else "server",
        subject_of(seen),
        state,
        seen.bytes,
        seen.changed,
        writer=writer_of(seen.server),
        detail=words,
        parts=tuple(parts_of(seen)),
    )


def lost_table(seen: DatabaseSeen, table: TableSeen, label: str, held: Held) -> Finding:
    """Make the finding about a table that the newest snapshot should hold."""
    return Finding(
        "table",
        f"{subject_of(seen)}.{name_in(table)}",
        "unclaimed",
        table.bytes,
        table.changed,
        writer=writer_of(seen.server),
        detail=f"it was there before snapshot {held.snapshot.short}, in which {label} does not "
        "hold it; find out what leaves it out, and back up again",
    )


def alarm_about_refusal(seen: DatabaseSeen) -> Alarm:
    """Make the alarm about a server that did not tell."""
    return Alarm(
        "refused",
        subject_of(seen),
        f"{subject_of(seen)} ({writer_of(seen.server) or 'a server'}) did not tell what "
        f"it holds: {seen.refused}. Nothing in there can be called saved; let root in, or "
        "exempt it.",
    )


def alarm_about_files(
    server: ServerSeen, directory: str, contract: Contract, unsaved: Sequence[DatabaseSeen]
) -> Alarm:
    """Make the alarm about a copy of files of a running server."""
    names = ", ".join(sorted(subject_of(one) for one in unsaved)[:5])
    return Alarm(
        "files of a running database",
        directory,
        f"{contract.name} saves {directory} as files, while a {server.engine} server writes to "
        f"them: such a copy is torn. Of {names} there is nothing else. Declare the databases as "
        "stores, or hold the service still (quiesce), and leave the directory out as regenerable.",
    )
