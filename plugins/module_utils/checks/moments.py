# Copyright: (c) The Probealarm contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Rules about when something last happened, held to the time of the snapshot."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from ..text import show_duration
from .evidence import Answer, Asking, Check, Evidence, Finding, Unjudged
from .words import amount

CLOCK_TOLERANCE = timedelta(days=1)
"""A newest time further ahead of the snapshot than this is a wrong clock or a planned event: it
would make everything behind it look fresh."""

COMPACT_DIGITS = 14
"""MediaWiki writes 20260228213000."""


@dataclass(frozen=True, kw_only=True)
class Freshness(Asking):
    """The newest time of something, written in UTC or as seconds or milliseconds since 1970."""

    at_most_behind_seconds: float
    reads: str = "utc"

    def __post_init__(self) -> None:
        if self.reads not in READS:
            raise ValueError(f"the key reads is not one of {', '.join(READS)}")

    def find(self, evidence: Evidence) -> Finding:
        """See :meth:`Check.find`."""
        newest = self.newest(self.answer(evidence))
        if newest is None:
            return self.objection("there is not a single one")
        late = _late(newest, evidence.taken_at, self.at_most_behind_seconds)
        return self.objection(late) if late else Finding()

    def newest(self, answer: Answer) -> datetime | None:
        """Read an answer; None where there is not a single one.

        Raises:
            Unjudged: it is not a time, or more than one.
        """
        return _one_time(answer, READS[self.reads])


@dataclass(frozen=True, kw_only=True)
class FilesFresh(Check):
    """The newest of some files, by when it was last written."""

    files: tuple[str, ...]
    at_most_behind_seconds: float

    def find(self, evidence: Evidence) -> Finding:
        """See :meth:`Check.find`."""
        written = [
            entry.mtime_ns
            for pattern in self.files
            for entry in evidence.files.matching(pattern)
            if entry.type == "file"
        ]
        if not written:
            return self.objection("the copy has no such file")
        newest = datetime.fromtimestamp(max(written) / 1_000_000_000, UTC)
        late = _late(newest, evidence.taken_at, self.at_most_behind_seconds)
        return self.objection(late) if late else Finding()


def _late(newest: datetime, taken_at: datetime, at_most_behind_seconds: float) -> str:
    """Say how a newest time misses the snapshot; nothing when it does not."""
    age = taken_at - newest
    if age < -CLOCK_TOLERANCE:
        return (
            f"the newest is of {show_duration(-age.total_seconds())} after the snapshot, so it is "
            "no sign of life; find out whose clock was wrong"
        )
    if age.total_seconds() > at_most_behind_seconds:
        return (
            f"the newest is {show_duration(age.total_seconds())} older than the snapshot, at most "
            f"{show_duration(at_most_behind_seconds)} wanted"
        )
    return ""


def _one_time(answer: Answer, reads: Callable[[str], datetime]) -> datetime | None:
    """Read an answer as one time; None for NULL and for no row at all.

    Raises:
        Unjudged: it is not a time, or more than one.
    """
    if len(answer) > 1 or any(len(row) != 1 for row in answer):
        raise Unjudged(f"the query answered with {amount(len(answer), 'rows')}, not with one time")
    value = answer[0][0] if answer else None
    if value is None:
        return None
    try:
        return reads(value.strip())
    except (ValueError, OverflowError, OSError):
        raise Unjudged("what the query answered is not a time") from None


def _utc(text: str) -> datetime:
    compact = len(text) == COMPACT_DIGITS and text.isdecimal()
    shown = f"{text[:8]}T{text[8:]}" if compact else text
    read = datetime.fromisoformat(shown)
    return read.replace(tzinfo=UTC) if read.tzinfo is None else read


def _epoch_seconds(text: str) -> datetime:
    return datetime.fromtimestamp(float(text), UTC)


def _epoch_milliseconds(text: str) -> datetime:
    return datetime.fromtimestamp(float(text) / 1000, UTC)


READS: Mapping[str, Callable[[str], datetime]] = {
    "utc": _utc,
    "epoch_seconds": _epoch_seconds,
    "epoch_milliseconds": _epoch_milliseconds,
}
