# Copyright: (c) The Probealarm contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What one service's newest drill left behind, as the report needs it.

The ledger and the contract are read elsewhere; they arrive here as one plain mapping a service.
Reading it strictly matters: a report that guesses is worse than no report.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TypeVar

Kind = TypeVar("Kind")

#: From good to bad. Only the first is green.
VERDICTS = ("proven", "unproven", "broken")


@dataclass(frozen=True)
class Step:
    """One part of a drill and how long it took."""

    name: str
    seconds: float


@dataclass(frozen=True)
class Standing:
    """How one service stands. None means: not measured, or no objective was set."""

    service: str
    verdict: str
    level: str | None = None
    reasons: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    steps: tuple[Step, ...] = ()
    snapshot: str | None = None
    taken_at: datetime | None = None
    drilled_at: datetime | None = None
    age_seconds: float | None = None
    rpo_seconds: float | None = None
    restore_seconds: float | None = None
    rto_seconds: float | None = None
    tables_compared: int | None = None
    rows_compared: int | None = None
    files_compared: int | None = None
    bytes_compared: int | None = None
    checks_judged: int | None = None

    @classmethod
    def of(cls, record: Mapping[str, object]) -> Standing:
        """Read one record; keys nobody asked for are left alone, a newer ledger may have more.

        Raises:
            ValueError: a value is missing, of the wrong type, or no verdict; the sentence names
                the service and the key.
        """
        read = _Reader(record)
        return cls(
            service=read.required("service", _text),
            verdict=read.required("verdict", _verdict),
            level=read.optional("level", _text),
            reasons=read.optional("reasons", _texts) or (),
            notes=read.optional("notes", _texts) or (),
            steps=read.optional("steps", _steps) or (),
            snapshot=read.optional("snapshot", _text),
            taken_at=read.optional("taken_at", _moment),
            drilled_at=read.optional("drilled_at", _moment),
            age_seconds=read.optional("age_seconds", _number),
            rpo_seconds=read.optional("rpo_seconds", _number),
            restore_seconds=read.optional("restore_seconds", _number),
            rto_seconds=read.optional("rto_seconds", _number),
            tables_compared=read.optional("tables_compared", _whole),
            rows_compared=read.optional("rows_compared", _whole),
            files_compared=read.optional("files_compared", _whole),
            bytes_compared=read.optional("bytes_compared", _whole),
            checks_judged=read.optional("checks_judged", _whole),
        )

    @property
    def is_proven(self) -> bool:
        """The one verdict that is green."""
        return self.verdict == "proven"

    @property
    def is_too_old(self) -> bool:
        """The snapshot is older than the objective allows."""
        return _exceeds(self.age_seconds, self.rpo_seconds)

    @property
    def is_too_slow(self) -> bool:
        """Bringing the service back takes longer than the objective allows."""
        return _exceeds(self.restore_seconds, self.rto_seconds)

    @property
    def is_late(self) -> bool:
        """Proven, but older or slower than the objectives allow."""
        return self.is_proven and (self.is_too_old or self.is_too_slow)

    @property
    def needs_somebody(self) -> bool:
        """Anything short of proven and within both objectives."""
        return not self.is_proven or self.is_late


def _exceeds(measured: float | None, objective: float | None) -> bool:
    return measured is not None and objective is not None and measured > objective


class _Reader:
    """Takes values out of one record and says whose and which one is wrong."""

    def __init__(self, record: Mapping[str, object]) -> None:
        self._record = record

    def optional(self, key: str, read: Callable[[object], Kind]) -> Kind | None:
        value = self._record.get(key)
        if value is None:
            return None
        try:
            return read(value)
        except (TypeError, ValueError) as error:
            service = self._record.get("service", "a service without a name")
            raise ValueError(
                f"the standing of {service} has {key} {value!r}, which is not {error}"
            ) from error

    def required(self, key: str, read: Callable[[object], Kind]) -> Kind:
        value = self.optional(key, read)
        if value is None:
            raise ValueError(f"a standing has no {key}: {dict(self._record)!r}")
        return value


# Each reader below raises TypeError or ValueError with what it wanted: the sentence's last words.


def _text(value: object) -> str:
    if not isinstance(value, str):
        raise TypeError("a text")
    return value


def _texts(value: object) -> tuple[str, ...]:
    return tuple(_text(item) for item in _items(value))


def _items(value: object) -> Sequence[object]:
    if not isinstance(value, list | tuple):
        raise TypeError("a list")
    return value


def _verdict(value: object) -> str:
    if value not in VERDICTS:
        raise ValueError("proven, unproven or broken")
    return str(value)


def _number(value: object) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise TypeError("a number")
    return value


def _whole(value: object) -> int:
    if isinstance(value, bool) or not isinstance(value, int):
        raise TypeError("a whole number")
    return value


def _moment(value: object) -> datetime:
    try:
        moment = datetime.fromisoformat(_text(value))
    except ValueError:
        raise ValueError("a time like 2026-11-22T02:30:05+00:00") from None
    if moment.tzinfo is None:
        raise ValueError("a time with its zone, like 2026-11-22T02:30:05+00:00")
    return moment.astimezone(UTC)


def _steps(value: object) -> tuple[Step, ...]:
    return tuple(_step(item) for item in _items(value))


def _step(value: object) -> Step:
    if not isinstance(value, Mapping):
        raise TypeError("a list of steps with name and seconds")
    return Step(name=_text(value.get("name")), seconds=_number(value.get("seconds")))
