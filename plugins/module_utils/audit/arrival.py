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

from ..clocks import CLOCKS_DIFFER
from ..errors import Trouble
from ..file_listing import shown
from ..host import Host
from ..settings import DrillSettings
from ..text import count, show_bytes, show_duration
from ..tools.restic_contents import Contents
from .personal import folder_shown, sentence_shown
from .result import NEWEST, Result

NOTE = "audit"
"""The tag under which a result is sent."""

MOST_NAMED = 5
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
        from_future: how many audits are of a time that is yet to come, and so passed over.
    """

    host: str
    result: Result | None = None
    complaint: str = ""
    from_future: int = 0


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
        try:
            arrival = arrived(host, settings, name, now=now)
            yield from [*objections(arrival, within_hours=wanted.within_hours, now=now)]
        except (ArithmeticError, AttributeError, LookupError, TypeError, ValueError) as error:
            yield (
                f"the audit of {name} cannot be read ({type(error).__name__}: {error}): what "
                "arrived is no audit. Look what that host sent."
            )
    yield from late_drills(wanted.merged, records, now=now)


def arrived(host: Host, settings: DrillSettings, name: str, *, now: datetime) -> Arrival:
    """Fetch the newest audit of a protected host from the store of this one.

    One from the future would be the newest for years, whatever comes after it: it is passed over.
    """
    contents = Contents(host, settings.store(name))
    future = 0
    try:
        notes = contents.notes(name, NOTE)
        believed = [note for note in notes if note.taken_at - now <= CLOCKS_DIFFER]
        future = len(notes) - len(believed)
        if not believed:
            return Arrival(name, from_future=future)
        note = believed[-1]
        path = next((path for path in note.paths if path.endswith(f"/{NEWEST}")), note.paths[0])
        result = Result.parse(contents.text_of(note, path))
        return Arrival(name, result, from_future=future)
    except Trouble as trouble:
        return Arrival(name, complaint=str(trouble), from_future=future)


def objections(arrival: Arrival, *, within_hours: float, now: datetime) -> Iterator[str]:
    """Say why an audit is no reason to sleep well."""
    do = f"Run it now: ansible-playbook playbooks/audit.yml --limit {arrival.host}"
    if arrival.from_future:
        yield (
            f"{arrival.host} sent {count(arrival.from_future, 'audit')} from the future, passed "
            "over here: a clock is or was wrong, or somebody forged it. Look at the clocks of both "
            "hosts."
        )
    if arrival.complaint:
        yield f"the audit of {arrival.host} cannot be read: {arrival.complaint}"
        return
    if arrival.result is None:
        yield f"no audit of {arrival.host} ever arrived. {do}"
        return
    result = arrival.result
    if result.host != arrival.host:
        yield (
            f"the newest audit of {arrival.host} says that it is of {shown(result.host)}: two "
            f"hosts send to one place, or somebody forged it. {do}"
        )
    age = (now - result.audited_at).total_seconds()
    if age < -CLOCKS_DIFFER.total_seconds():
        yield (
            f"the last audit of {arrival.host} says that it was made in the future, in "
            f"{show_duration(-age)}: a clock is or was wrong. {do}"
        )
    if age > within_hours * 3600:
        yield (
            f"the last audit of {arrival.host} is {show_duration(age)} old, and one is due every "
            f"{within_hours:g} hours. {do}"
        )
    if result.unclaimed:
        size = show_bytes(sum(one.bytes for one in result.unclaimed))
        shortened = dict.fromkeys(folder_shown(one.subject) for one in result.unclaimed)
        named = ", ".join([*shortened][:MOST_NAMED])
        yield (
            f"{arrival.host} has {count(len(result.unclaimed), 'thing')} ({size}) that nobody "
            f"claims: {named}"
        )
    for alarm in result.alarms:
        yield sentence_shown(alarm.sentence, alarm.subject)


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
