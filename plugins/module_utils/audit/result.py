# Copyright: (c) The Probealarm contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The outcome of one audit as it is kept, sent and read again: one JSON object, with a format."""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, field, replace
from datetime import date, datetime
from pathlib import Path
from typing import Any, cast, get_args

from ..errors import Trouble
from ..file_listing import shown
from .checked_values import day_of, moment_of, number_of, text_of
from .figures import Figures
from .finding import Alarm, Finding, State
from .waiting import Waited, waited_in

FORMAT = 1
FOR_ROOT_ALONE = os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_CLOEXEC
NEWEST, BEFORE = "newest.json", "before.json"


@dataclass(frozen=True)
class Result:
    """One audit of one host; times are UTC.

    Attributes:
        entries: names that the walk met.
        figures: by service.
        seconds: how long each step took.
        waiting: by service: what is in no snapshot yet, for the next audit.
    """

    host: str
    audited_at: datetime
    findings: tuple[Finding, ...]
    alarms: tuple[Alarm, ...]
    entries: int = 0
    figures: Mapping[str, Figures] = field(default_factory=dict)
    seconds: Mapping[str, float] = field(default_factory=dict)
    waiting: Mapping[str, Waited] = field(default_factory=dict)

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
            "figures": {name: one.as_json() for name, one in self.figures.items()},
            "seconds": dict(self.seconds),
            "waiting": {service: one.as_json() for service, one in self.waiting.items()},
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
                host=text_of(content["host"]),
                audited_at=moment_of(content["audited_at"]),
                findings=tuple(map(_finding, content["findings"])),
                alarms=tuple(map(_alarm, content["alarms"])),
                entries=number_of(content["entries"]),
                figures={name: Figures.of(one) for name, one in content["figures"].items()},
                seconds=content["seconds"],
                waiting=waited_in(content),
            )
        except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
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


def _plain(values: Mapping[str, Any]) -> dict[str, Any]:
    plain = {
        name: _plain_value(value) for name, value in values.items() if value or name in _ALWAYS
    }
    return {**plain, **({"hint": _lines(values["hint"])} if "hint" in values else {})}


def _lines(text: str) -> str:
    return "\n".join(map(shown, text.split("\n")))


def _plain_value(value: object) -> object:
    if isinstance(value, str):
        return shown(value)
    if isinstance(value, tuple):
        return [_plain_value(one) for one in value]
    if isinstance(value, datetime | date):
        return value.isoformat()
    return value


_ALWAYS = frozenset({"kind", "subject", "state", "bytes", "sentence", "hint"})


_READ: Mapping[str, Callable[[object], object]] = {
    "bytes": number_of,
    "changed": moment_of,
    "saved_at": moment_of,
    "expires": day_of,
    "is_new": bool,
}


def _finding(values: Mapping[str, Any]) -> Finding:
    known = {
        name: _READ.get(name, text_of)(value) for name, value in values.items() if name != "parts"
    }
    if known["state"] not in get_args(State):
        raise ValueError(f"{known['state']!r} is no state")
    parts = tuple(map(text_of, values.get("parts", ())))
    return Finding(**{**cast(dict[str, Any], known), "parts": parts})


def _alarm(values: Mapping[str, Any]) -> Alarm:
    return Alarm(**{name: cast(Any, text_of(value)) for name, value in values.items()})
