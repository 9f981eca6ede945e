# Copyright: (c) The Probealarm contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Secrets must come back as they were: with another key, what it locked stays locked."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from ..text import count
from .evidence import Check, Evidence, Finding, Question, Unjudged

ROUNDS = 200_000
"""Of PBKDF2-HMAC-SHA256 for one fingerprint: a tenth of a second for a drill, and dear for somebody
who holds the ledger and guesses. OWASP's "Password Storage Cheat Sheet" asks 600,000 of a server
that stores passwords; here most values are random keys, which no number of guesses finds."""

MOST_VALUES = 100
"""Each costs its fingerprint; a whole table of secrets is a matter for a check."""

FINGERPRINT_DIGITS = 16
"""Enough to tell two secrets apart, too few to prove a guess beyond doubt."""


@dataclass(frozen=True, kw_only=True)
class Secret(Check):
    """A secret, in a file or in a database.

    Attributes:
        title: what it is.
        lost_without: what is lost with it.
        service: salts the fingerprint, so that a secret that two services share does not show.
        file: pattern of the files that hold it.
        pattern: its only group is the secret; without it the whole file is.
    """

    lost_without: str
    service: str
    file: str = ""
    pattern: re.Pattern[str] | None = None
    store: str = ""
    query: str = ""

    def __post_init__(self) -> None:
        if bool(self.file) == bool(self.store) or bool(self.store) != bool(self.query):
            raise ValueError("it has neither a file, nor a store with a query, or both")
        if self.pattern is not None and self.pattern.groups != 1:
            raise ValueError(f"its pattern has {self.pattern.groups} groups and needs one")

    def questions(self) -> Iterator[Question]:
        """See :meth:`Check.questions`."""
        if self.store:
            yield Question(self.store, self.query)

    def find(self, evidence: Evidence) -> Finding:
        """See :meth:`Check.find`; what the last proven snapshot held is still there."""
        values = self._in_database(evidence) if self.store else self._in_files(evidence)
        if not values:
            return self._lost("it is not in the copy")
        empty = sum(not value.strip() for value in values)
        if empty:
            return self._lost(
                "it is empty"
                if len(values) == 1
                else f"{count(empty)} of {count(len(values))} are empty"
            )
        if len(values) > MOST_VALUES:
            raise Unjudged(f"it is {count(len(values))} values, and no more than {MOST_VALUES} fit")
        fact = sorted({self._fingerprint(value) for value in values})
        before = evidence.before.get(self.name)
        known = before if isinstance(before, Sequence) and not isinstance(before, str) else ()
        gone = sum(fingerprint not in fact for fingerprint in known)
        if gone:
            seen = (
                "it is another one"
                if len(known) == 1
                else f"{count(gone)} of {count(len(known))} are other ones"
            )
            return Finding(self._lost(f"{seen} than in the last proven snapshot").objections, fact)
        return Finding(fact=fact)

    def _lost(self, seen: str) -> Finding:
        return self.objection(f"{seen}. Lost without it: {self.lost_without}")

    def _in_database(self, evidence: Evidence) -> list[bytes]:
        rows = evidence.answer(Question(self.store, self.query))
        return [(row[0] or "").encode("utf-8", "surrogateescape") for row in rows]

    def _in_files(self, evidence: Evidence) -> list[bytes]:
        paths = [e.path for e in evidence.files.matching(self.file) if e.type == "file"]
        return [self._cut_out(evidence.files.read(path)) for path in paths]

    def _cut_out(self, content: bytes) -> bytes:
        if self.pattern is None:
            return content
        found = self.pattern.search(content.decode("utf-8", "surrogateescape"))
        if found is None:
            raise Unjudged(f"its file does not hold it. Lost without it: {self.lost_without}")
        return (found[1] or "").encode("utf-8", "surrogateescape")

    def _fingerprint(self, value: bytes) -> str:
        """Tell secrets apart without keeping them; to guess them from a ledger must be dear."""
        salt = f"probealarm/{self.service}/{self.name.removeprefix('secret ')}".encode()
        return hashlib.pbkdf2_hmac("sha256", value, salt, ROUNDS).hex()[:FINGERPRINT_DIGITS]
