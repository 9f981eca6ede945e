# Copyright: (c) The Probealarm contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Where every repository stands: what the ledger remembers of its upkeep, seen from now.

Whoever is called at night must see what was not done as clearly as what was found.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from ..contract import Contract
from ..settings import StoreSettings
from ..text import count, show_duration

Record = Mapping[str, Any]

MONTH = timedelta(days=31)
"""Within this time all data of a repository is to be read."""

TIMES = ("drilled_at", "checked_at", "pruned_at", "copied_at", "began_at")


@dataclass(frozen=True)
class StoreStanding:
    """How one repository stands. None means that it never happened.

    Attributes:
        name: of the client, or of the copy off site and whose it is.
        checked_at: the last time its structure was looked at, whatever was found.
        read_percent: of its data that was read within a month.
        pruned_at: the last time that pruning judged every one of its services.
        copied_at: the last time that a copy off site was brought up to date.
        drilled_at: the last time that a copy off site proved every one of its services.
        faults: what is red.
        frozen: why old snapshots stay, which is nothing to get up for.
    """

    name: str
    is_copy: bool
    checked_at: datetime | None
    read_percent: int
    pruned_at: datetime | None
    copied_at: datetime | None
    drilled_at: datetime | None
    faults: tuple[str, ...]
    frozen: tuple[str, ...]

    @property
    def state(self) -> str:
        """``broken`` is red and ``late`` is yellow, as for services; ``proven`` is green."""
        return "broken" if self.faults else "late" if self.frozen else "proven"


def store_standings(
    records: Iterable[Record],
    contracts: Iterable[Contract],
    settings: StoreSettings,
    *,
    now: datetime,
) -> list[StoreStanding]:
    """Judge every repository of the settings, the copies off site after the others."""
    ledger = [record for record in records if any(record.get(key) for key in TIMES)]
    began = min((_time(record) for record in ledger), default=now)
    services: dict[str, list[str]] = {}
    for contract in contracts:
        services.setdefault(contract.host, []).append(contract.name)
    places = [(client, "") for client in settings.clients]
    places += [(copy.client, copy.name) for copy in settings.copies()]
    found = []
    for client, copy in places:
        named = sorted(services.get(client, []))
        own = tuple(record for record in ledger if _is_of(record, client, copy, named))
        upkeep = _Upkeep(client, copy, tuple(named), own, settings, began, now)
        found.append(upkeep.standing())
    return found


def _is_of(record: Record, client: str, copy: str, services: Sequence[str]) -> bool:
    """Tell whether a record is of a repository; those of services name no host in all versions."""
    if (record.get("store") or "") != copy:
        return False
    if record.get("kind") in {"check", "copy"}:
        return bool(record["host"] == client)
    return record.get("service") in services


@dataclass(frozen=True)
class _Upkeep:
    """The records of one repository, oldest first, and by what they are judged."""

    client: str
    copy: str
    services: tuple[str, ...]
    records: tuple[Record, ...]
    settings: StoreSettings
    began: datetime
    now: datetime

    def standing(self) -> StoreStanding:
        checks, copies = self._of("check"), self._of("copy")
        done = [record for record in copies if record["result"] == "done"]
        looked = [record for record in checks if record["verdict"] != "unproven"]
        return StoreStanding(
            name=f"{self.copy} (copy of {self.client})" if self.copy else self.client,
            is_copy=bool(self.copy),
            checked_at=_time(looked[-1]) if looked else None,
            read_percent=100 * len(self._read(looked)) // self.settings.data_parts,
            pruned_at=_oldest(self._last_of_each(self._of("prune"))),
            copied_at=_time(done[-1]) if done else None,
            drilled_at=self._drilled_at(),
            faults=(
                *self._about_checks(checks, looked),
                *self._about_data(looked),
                *self._about_pruning(),
                *(self._about_copies(copies, done) if self.copy else ()),
                *(self._about_drills(done) if self.copy else ()),
            ),
            frozen=tuple(
                f"pruning of {service} is frozen: {reason}"
                for service, record in self._last_of_each(self._of("prune")).items()
                if record is not None and record["result"] == "frozen"
                for reason in record["reasons"]
            ),
        )

    def _of(self, kind: str) -> list[Record]:
        return [record for record in self.records if record.get("kind") == kind]

    def _last_of_each(self, records: Iterable[Record]) -> dict[str, Record | None]:
        last: dict[str, Record | None] = dict.fromkeys(self.services)
        last.update({record["service"]: record for record in records})
        return last

    def _read(self, looked: Iterable[Record]) -> set[int]:
        return {
            record["part"]
            for record in looked
            if record["parts"] == self.settings.data_parts and self.now - _time(record) <= MONTH
        }

    def _about_checks(self, checks: list[Record], looked: list[Record]) -> Iterator[str]:
        if checks and checks[-1]["verdict"] == "unproven":
            yield f"the last check could not be done: {_first(checks[-1])}"
        last = {(record["parts"], record["part"]): record for record in looked}
        for record in last.values():
            if record["verdict"] == "broken" and record["parts"] == self.settings.data_parts:
                yield (
                    f"the check of {_time(record):%Y-%m-%d %H:%M} UTC, part {record['part']}/"
                    f"{record['parts']}, found: {_first(record)}"
                )
        limit = timedelta(hours=self.settings.check_within_hours)
        yield from self._late("its structure was checked", looked, limit, "check_store.yml")

    def _about_data(self, looked: list[Record]) -> Iterator[str]:
        """Ask for all of the data only once there was a month to read it in."""
        parts = self.settings.data_parts
        turns = [record for record in looked if record["parts"] == parts]
        if turns and self.now - _time(turns[0]) > MONTH and self.settings.check_within_hours:
            missing = parts - len(self._read(looked))
            if missing:
                yield (
                    f"{count(missing, 'part')} of {parts} of its data were not read within "
                    f"{MONTH.days} days; let the check run daily"
                )

    def _about_pruning(self) -> Iterator[str]:
        last = self._last_of_each(self._of("prune"))
        for service, record in last.items():
            if record is not None and record["result"] == "failed":
                yield f"pruning of {service} failed: {_first(record)}"
        if self.copy and not any(last.values()):
            return  # whoever keeps the other place may be the only one who can prune there
        limit = timedelta(days=self.settings.prune_within_days)
        for service, record in last.items():
            done = [record] if record else []
            yield from self._late(f"{service} was pruned", done, limit, "prune.yml")

    def _about_copies(self, copies: list[Record], done: list[Record]) -> Iterator[str]:
        if copies and copies[-1]["result"] != "done":
            yield f"the last copy failed: {_first(copies[-1])}"
        limit = timedelta(hours=self.settings.copy_within_hours)
        if limit and not done:
            yield "no copy was ever made: playbooks/copy_off_site.yml"
        elif done:
            yield from self._late("it was brought up to date", done, limit, "copy_off_site.yml")

    def _about_drills(self, done: list[Record]) -> Iterator[str]:
        limit = timedelta(days=self.settings.copy_drill_within_days)
        command = f"drill.yml -e drill_copy={self.copy}"
        for service, record in self._last_of_each(self._of("drill")).items():
            if record is not None and record["verdict"] != "proven":
                yield f"{service}, restored from it, is {record['verdict']}: {_first(record)}"
            elif record is not None:
                yield from self._late(f"{service} was restored from it", [record], limit, command)
            elif limit and done and self.now - _time(done[0]) > limit:
                yield f"{service} was never restored from it: playbooks/{command}"

    def _drilled_at(self) -> datetime | None:
        proven = [record for record in self._of("drill") if record["verdict"] == "proven"]
        return _oldest(self._last_of_each(proven)) if self.copy else None

    def _late(
        self, what: str, done: list[Record], limit: timedelta, playbook: str
    ) -> Iterator[str]:
        """Object when something was not done in time; what was never done counts from the start."""
        age = self.now - (_time(done[-1]) if done else self.began)
        if not limit or age <= limit:
            return
        ago = f"{show_duration(age.total_seconds())} ago" if done else "never"
        allowed = show_duration(limit.total_seconds())
        yield f"{what} {ago}, and is to be every {allowed}: playbooks/{playbook}"


def _oldest(last: Mapping[str, Record | None]) -> datetime | None:
    times = [_time(record) for record in last.values() if record is not None]
    return min(times) if times and len(times) == len(last) else None


def _first(record: Record) -> str:
    return str(record["reasons"][0]) if record["reasons"] else "no reason was recorded"


def _time(record: Record) -> datetime:
    """When a record was made; every kind has a word of its own for it."""
    return next(datetime.fromisoformat(record[key]) for key in TIMES if record.get(key))
