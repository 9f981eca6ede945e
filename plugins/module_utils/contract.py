# Copyright: (c) The Probealarm contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the organisation expects of a service: the merged declaration, as the modules see it.

The inventory plugin has judged every value already; here it only gets types. ``Contract`` is what
judy holds a snapshot to, so it never comes from the snapshot itself.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from .checks.evidence import Check
from .checks.kinds import checks_of, name_of_secret
from .errors import Trouble
from .stores import DatabaseStore, FileStore, RedisStore, SqliteStore, Stores


@dataclass(frozen=True)
class Exemption:
    """What is not judged until a day, and who answers for that.

    Attributes:
        check: the name of a check or secret, as among the checks of a contract; or empty.
        table: a pattern of ``store.table``, whose loss of rows is then not judged; or empty.
    """

    check: str
    table: str
    reason: str
    owner: str
    expires: date


@dataclass(frozen=True)
class Step:
    """One program with its arguments, and the account that runs it; root where none is named."""

    run: tuple[str, ...]
    user: str = ""


@dataclass(frozen=True)
class Quiesce:
    """How a service is held still while it is saved.

    Attributes:
        reason: why a copy of the running service would not be enough.
        resume: lets it go on; may run more than once, and on a service that was never held.
        at_most_seconds: then it goes on in any case.
    """

    reason: str
    hold: tuple[Step, ...]
    resume: tuple[Step, ...]
    at_most_seconds: int


@dataclass(frozen=True)
class Contract:
    """Everything a snapshot of one service is held to. Times are seconds.

    Attributes:
        checks: what must hold in the copy, secrets among them.
        exemptions: of checks and tables; those of paths and databases are the audit's matter.
        quiesce: how it is held still while it is saved; nothing for one that may go on meanwhile.
    """

    name: str
    host: str
    drill_host: str
    rpo_seconds: int
    rto_seconds: int
    databases: tuple[DatabaseStore, ...]
    files: tuple[FileStore, ...]
    sqlite: tuple[SqliteStore, ...] = ()
    redis: tuple[RedisStore, ...] = ()
    checks: tuple[Check, ...] = ()
    exemptions: tuple[Exemption, ...] = ()
    quiesce: Quiesce | None = None

    @classmethod
    def of(cls, merged: Mapping[str, Any]) -> Contract:
        """Read what the inventory plugin emits as ``service_contract``.

        Raises:
            Trouble: a key is missing, or a kind of store or check is unknown; the plugin that
                wrote it and this library are then of different versions.
        """
        try:
            stores = Stores.of(merged["stores"])
            return cls(
                name=merged["name"],
                host=merged["host"],
                drill_host=merged["drill_host"],
                rpo_seconds=int(merged["objectives"]["rpo_seconds"]),
                rto_seconds=int(merged["objectives"]["rto_seconds"]),
                databases=stores.databases,
                files=stores.files,
                sqlite=stores.sqlite,
                redis=stores.redis,
                checks=checks_of(merged),
                exemptions=tuple(_exemptions(merged)),
                quiesce=_quiesce(merged["quiesce"]) if merged.get("quiesce") else None,
            )
        except (KeyError, TypeError, ValueError) as error:
            raise Trouble(
                f"the contract of a service cannot be read ({type(error).__name__}: {error}). Take "
                "it from service_contract, and run playbooks/site.yml so that both hosts carry the "
                "same version of the collection."
            ) from None

    def exemptions_on(self, day: date) -> tuple[Exemption, ...]:
        """Give the exemptions that have not run out; the day they expire is the last."""
        return tuple(exemption for exemption in self.exemptions if day <= exemption.expires)

    def excusing(self, day: date) -> Contract:
        """Let the exemptions of a day count for the tables that they name."""
        excused: dict[str, tuple[str, ...]] = {}
        for entry in self.exemptions_on(day):
            store, _, table = entry.table.partition(".")
            excused[store] = (*excused.get(store, ()), table)
        return replace(
            self,
            databases=tuple(replace(s, excused=excused.get(s.name, ())) for s in self.databases),
            sqlite=tuple(replace(s, excused=excused.get(s.name, ())) for s in self.sqlite),
            redis=tuple(replace(s, excused=excused.get(s.name, ())) for s in self.redis),
        )


def _quiesce(section: Mapping[str, Any]) -> Quiesce:
    return Quiesce(
        reason=section["reason"],
        hold=tuple(_steps(section["hold"])),
        resume=tuple(_steps(section["resume"])),
        at_most_seconds=int(section["at_most_seconds"]),
    )


def _steps(section: Iterable[Mapping[str, Any]]) -> Iterator[Step]:
    for step in section:
        yield Step(run=tuple(step["run"]), user=step.get("user") or "")


def _exemptions(merged: Mapping[str, Any]) -> Iterator[Exemption]:
    for entry in merged.get("exemptions", ()):
        check = entry.get("check") or (entry.get("secret") and name_of_secret(entry["secret"]))
        if check or entry.get("table"):
            yield Exemption(
                check=check or "",
                table=entry.get("table") or "",
                reason=entry["reason"],
                owner=entry["owner"],
                expires=date.fromisoformat(str(entry["expires"])),
            )
