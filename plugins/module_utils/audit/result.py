# Copyright: (c) The Probealarm contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The outcome of one audit as it is kept, sent and read again: one JSON object, with a format."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass, field, replace
from datetime import date, datetime
from pathlib import Path
from typing import Any

from ..contract import Contract
from ..errors import Trouble
from ..file_listing import shown
from ..manifest import Manifest
from ..text import count
from .finding import Alarm, Finding
from .saved import Held

FORMAT = 1
FOR_ROOT_ALONE = os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_CLOEXEC
NEWEST, BEFORE = "newest.json", "before.json"


@dataclass(frozen=True)
class Figures:
    """How much the newest snapshot of a service holds: files, and rows or keys by store."""

    snapshot: str
    files: int
    rows: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True)
class Result:
    """One audit of one host; times are UTC.

    Attributes:
        entries: names that the walk met.
        figures: by service.
        seconds: how long each step took.
    """

    host: str
    audited_at: datetime
    findings: tuple[Finding, ...]
    alarms: tuple[Alarm, ...]
    entries: int = 0
    figures: Mapping[str, Figures] = field(default_factory=dict)
    seconds: Mapping[str, float] = field(default_factory=dict)

    @property
    def unclaimed(self) -> tuple[Finding, ...]:
        """What nobody claims."""
        return tuple(one for one in self.findings if one.state == "unclaimed")

    @property
    def is_good(self) -> bool:
        """Nothing is unclaimed, and nothing needs a look."""
        return not self.unclaimed and not self.alarms

    def counts(self) -> dict[str, int]:
        """How many findings there are of each state, and how many alarms."""
        states = [one.state for one in self.findings]
        return {
            **{state: states.count(state) for state in ("unclaimed", "saved", "exempt")},
            "new": sum(one.is_new for one in self.findings),
            "alarms": len(self.alarms),
        }

    def since(self, before: Result | None) -> Result:
        """Mark what was not there in an earlier audit; without one, nothing is new."""
        if before is None:
            return self
        known = {one.subject for one in before.findings}
        return replace(
            self,
            findings=tuple(
                replace(one, is_new=shown(one.subject) not in known) for one in self.findings
            ),
        )

    def as_json(self) -> dict[str, Any]:
        """Turn into plain values, with names as people can read them."""
        return {
            "format": FORMAT,
            "host": self.host,
            "audited_at": self.audited_at.isoformat(),
            "counts": self.counts(),
            "findings": [_plain(asdict(one)) for one in self.findings],
            "alarms": [_plain(asdict(one)) for one in self.alarms],
            "entries": self.entries,
            "figures": {name: asdict(one) for name, one in self.figures.items()},
            "seconds": dict(self.seconds),
        }

    @classmethod
    def parse(cls, text: str) -> Result:
        """Read one.

        Raises:
            Trouble: it is of a newer format, or none.
        """
        try:
            content = json.loads(text)
            if content["format"] != FORMAT:
                raise Trouble(
                    f"the audit has format {content['format']} and this version reads {FORMAT}. "
                    "Run playbooks/site.yml so that both hosts carry the same version."
                )
            return cls(
                host=content["host"],
                audited_at=datetime.fromisoformat(content["audited_at"]),
                findings=tuple(map(_finding, content["findings"])),
                alarms=tuple(Alarm(**one) for one in content["alarms"]),
                entries=content["entries"],
                figures={name: Figures(**one) for name, one in content["figures"].items()},
                seconds=content["seconds"],
            )
        except (ValueError, KeyError, TypeError, AttributeError) as error:
            raise Trouble(
                f"the audit cannot be read ({type(error).__name__}: {error}). Run it again."
            ) from None


def keep(result: Result, folder: Path) -> Path:
    """Keep a result as the newest, and the newest so far as the one before.

    Raises:
        Trouble: it cannot be written.
    """
    newest, fresh = folder / NEWEST, folder / f"{NEWEST}.new"
    try:
        with os.fdopen(os.open(fresh, FOR_ROOT_ALONE, 0o600), "w", encoding="utf-8") as file:
            json.dump(result.as_json(), file)
        if newest.exists():
            newest.replace(folder / BEFORE)
        fresh.replace(newest)
    except OSError as error:
        raise Trouble(
            f"the result of the audit cannot be kept in {folder} ({error.strerror}). Make room "
            "there and run it again."
        ) from None
    return newest


def last(folder: Path) -> Result | None:
    """Read the newest result kept; none when there is none, or one of another version."""
    try:
        return Result.parse((folder / NEWEST).read_text(encoding="utf-8"))
    except (OSError, Trouble):
        return None


def figures_of(held: Mapping[str, Held]) -> dict[str, Figures]:
    """Count what the newest snapshots hold, by their manifests."""
    return {
        service: _figures(one.snapshot.short, one.manifest)
        for service, one in held.items()
        if one.manifest is not None
    }


def shrunk(
    contracts: tuple[Contract, ...], now: Mapping[str, Figures], before: Mapping[str, Figures]
) -> Iterator[Alarm]:
    """Name the stores that hold far less than at the last audit, by the limits of the contract."""
    for contract in contracts:
        new, old = now.get(contract.name), before.get(contract.name)
        if new is None or old is None or new.snapshot == old.snapshot:
            continue
        limits = [store.largest_loss_percent for store in contract.files]
        if limits and _fell(old.files, new.files, min(limits)):
            yield _shrank(contract.name, "its files", (old.files, new.files), (old, new), "file")
        for store, percent in _limits(contract):
            were, are = old.rows.get(store, 0), new.rows.get(store, 0)
            if _fell(were, are, percent):
                yield _shrank(contract.name, f"store {store}", (were, are), (old, new), "row")


def _limits(contract: Contract) -> Iterator[tuple[str, float]]:
    for database in contract.databases:
        yield database.name, database.largest_loss_percent
    for file in contract.sqlite:
        yield file.name, file.largest_loss_percent
    for keys in contract.redis:
        yield keys.name, keys.largest_loss_percent


def _shrank(
    service: str, what: str, sizes: tuple[int, int], of: tuple[Figures, Figures], noun: str
) -> Alarm:
    return Alarm(
        "store shrank",
        service,
        f"{service}: {what} fell from {count(sizes[0], noun)} in snapshot {of[0].snapshot} to "
        f"{count(sizes[1], noun)} in {of[1].snapshot}. If nobody did that on purpose, restore from "
        "the older one before it is pruned.",
    )


def _fell(before: int, after: int, percent: float) -> bool:
    return after < before * (1 - percent / 100)


def _figures(short: str, manifest: Manifest) -> Figures:
    rows = {base.store: base.measure.rows for base in manifest.databases}
    rows |= {base.store: base.measure.rows for base in manifest.sqlite}
    rows |= {base.store: base.measure.keys for base in manifest.redis}
    return Figures(short, manifest.file_count, rows)


def _plain(values: Mapping[str, Any]) -> dict[str, Any]:
    plain = {
        name: _plain_value(value) for name, value in values.items() if value or name in _ALWAYS
    }
    return {**plain, **({"hint": values["hint"]} if "hint" in values else {})}


def _plain_value(value: object) -> object:
    if isinstance(value, str):
        return shown(value)
    if isinstance(value, tuple):
        return [_plain_value(one) for one in value]
    if isinstance(value, datetime | date):
        return value.isoformat()
    return value


_ALWAYS = frozenset({"kind", "subject", "state", "bytes", "sentence", "hint"})


def _finding(values: Mapping[str, Any]) -> Finding:
    known = dict(values)
    for name in ("changed", "saved_at"):
        if known.get(name):
            known[name] = datetime.fromisoformat(known[name])
    if known.get("expires"):
        known["expires"] = date.fromisoformat(known["expires"])
    return Finding(**{**known, "parts": tuple(known.get("parts", ()))})
