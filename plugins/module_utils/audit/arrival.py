# Copyright: (c) The Probealarm contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the host that judges knows of the audits of others: what arrived, when, and what it says.

An audit that does not arrive is an alarm of its own: who cannot see what is missing must not call
it covered.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from ..errors import Trouble
from ..host import Host
from ..settings import DrillSettings
from ..text import count, show_bytes, show_duration
from ..tools.restic_contents import Contents
from .result import Result

NOTE = "audit"
"""The tag under which a result is sent."""

WITHIN_HOURS = 36
GRACE_SECONDS = 7_200
"""A nightly drill does not come to its end at the same minute every night."""


@dataclass(frozen=True)
class Wanted:
    """What the hosts are held to: the merged contracts, and how old an audit may be."""

    merged: Sequence[Mapping[str, Any]]
    within_hours: float = WITHIN_HOURS


@dataclass(frozen=True)
class Arrival:
    """The newest audit of one host, as far as it arrived.

    Attributes:
        complaint: why nothing can be said of it; empty when something can.
    """

    host: str
    result: Result | None = None
    complaint: str = ""


def all_objections(
    host: Host,
    settings: DrillSettings,
    wanted: Wanted,
    records: Iterable[Mapping[str, Any]],
    *,
    now: datetime,
) -> Iterator[str]:
    """Say what is wrong with the audits of all hosts, and which drills are late.

    Args:
        host: the one that judges, this very machine.
        settings: where the store and the passwords are.
        wanted: the contracts of the services that this host drills.
        records: of the ledger.
        now: the time.
    """
    for name in sorted({contract["host"] for contract in wanted.merged}):
        arrival = arrived(host, settings, name)
        yield from objections(arrival, within_hours=wanted.within_hours, now=now)
    yield from late_drills(wanted.merged, records, now=now)


def arrived(host: Host, settings: DrillSettings, name: str) -> Arrival:
    """Fetch the newest audit of a protected host from the store of this one."""
    contents = Contents(host, settings.store(name))
    try:
        note = contents.newest_note(name, NOTE)
        if note is None:
            return Arrival(name)
        return Arrival(name, Result.parse(contents.text_of(note, note.paths[0])))
    except Trouble as trouble:
        return Arrival(name, complaint=str(trouble))


def objections(arrival: Arrival, *, within_hours: float, now: datetime) -> Iterator[str]:
    """Say why an audit is no reason to sleep well."""
    do = f"Run it now: ansible-playbook playbooks/audit.yml --limit {arrival.host}"
    if arrival.complaint:
        yield f"the audit of {arrival.host} cannot be read: {arrival.complaint}"
        return
    if arrival.result is None:
        yield f"no audit of {arrival.host} ever arrived. {do}"
        return
    result = arrival.result
    age = (now - result.audited_at).total_seconds()
    if age > within_hours * 3600:
        yield (
            f"the last audit of {arrival.host} is {show_duration(age)} old, and one is due every "
            f"{within_hours:g} hours. {do}"
        )
    if result.unclaimed:
        size = show_bytes(sum(one.bytes for one in result.unclaimed))
        named = ", ".join(one.subject for one in result.unclaimed[:5])
        yield (
            f"{arrival.host} has {count(len(result.unclaimed), 'thing')} ({size}) that nobody "
            f"claims: {named}"
        )
    for alarm in result.alarms:
        yield alarm.sentence


def late_drills(
    merged: Iterable[Mapping[str, Any]],
    records: Iterable[Mapping[str, Any]],
    *,
    now: datetime,
) -> Iterator[str]:
    """Name the services without a proven L4 drill inside the rhythm of their contract."""
    proven: dict[str, datetime] = {}
    for record in records:
        is_drill = record.get("kind") == "drill" and not record.get("store")
        if is_drill and record["verdict"] == "proven" and (record["level"] or "") >= "L4":
            proven[record["service"]] = datetime.fromisoformat(record["drilled_at"])
    for contract in merged:
        name, rhythm = contract["name"], contract["rhythm"]["L4_seconds"]
        last = proven.get(name)
        if last is not None and (now - last).total_seconds() <= rhythm + GRACE_SECONDS:
            continue
        when = f"for {show_duration((now - last).total_seconds())}" if last else "ever"
        yield (
            f"{name} was not proven at level L4 {when}, and its rhythm is {show_duration(rhythm)}. "
            f"Drill it: ansible-playbook playbooks/drill.yml --limit {name}"
        )
