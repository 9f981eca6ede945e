# Copyright: (c) The Probealarm contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What checks ask, what they are shown, and what they find.

A check first names its questions. They are put to the databases of the copy while these run. Then
the check is shown every answer, the files of the copy and what it found in the last proven
snapshot, and judges. Judging touches no machine and knows no time but that of the snapshot.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol, TypeAlias

from ..errors import Trouble, Unproven
from ..manifest import FileEntry

Json: TypeAlias = "str | int | float | bool | Sequence[Json] | Mapping[str, Json] | None"
Row: TypeAlias = list[str | None]
Answer: TypeAlias = list[Row]
"""Rows of columns, each a text; NULL is None."""


MANY = 10
"""Fewer things than this may come to an end without being lost."""


@dataclass(frozen=True)
class Question:
    """One statement for one store of the copy."""

    store: str
    query: str


class Files(Protocol):
    """The files of the copy, under the absolute paths that they had on their own host."""

    def entry(self, path: str) -> FileEntry | None:
        """Describe one path; None when the copy has nothing there."""
        ...

    def matching(self, pattern: str) -> Iterator[FileEntry]:
        """Find whatever matches a pattern (fnmatch: ``*`` crosses folders), by path in order."""
        ...

    def read(self, path: str) -> bytes:
        """Read a file.

        Raises:
            Trouble: there is no such file in the copy, or it cannot be read.
        """
        ...


@dataclass(frozen=True)
class Evidence:
    """Everything that checks are shown.

    Attributes:
        answers: by question.
        refusals: what a server said instead of an answer, without values of rows.
        taken_at: when the snapshot was taken, with its zone.
        before: the facts of the last proven snapshot, by check; empty when there is none.
    """

    answers: Mapping[Question, Answer]
    refusals: Mapping[Question, str]
    files: Files
    taken_at: datetime
    before: Mapping[str, Json] = field(default_factory=dict)

    def answer(self, question: Question) -> Answer:
        """Give the answer to a question.

        Raises:
            Unjudged: the server refused it, or it was never asked.
        """
        if question in self.refusals:
            raise Unjudged(f"the query was refused ({self.refusals[question]})")
        if question not in self.answers:
            raise Unjudged(f"store {question.store} could not be asked")
        return self.answers[question]


class Unjudged(Trouble):
    """What a check was shown does not let it judge; that is an objection of its own."""


@dataclass(frozen=True)
class Finding:
    """What one check found.

    Attributes:
        objections: sentences for the operator; none when all is well. They hold counts, units and
            ids, never a path or a value of the copy.
        fact: what the next drill compares with, unreadable where it comes from values.
        note: what limits the judgement without being an objection; empty when nothing does.
        is_empty: nothing was there to be judged, so the check proves nothing.
    """

    objections: tuple[str, ...] = ()
    fact: Json = None
    note: str = ""
    is_empty: bool = False


@dataclass(frozen=True, kw_only=True)
class Check(ABC):
    """One rule that holds in every good copy.

    Attributes:
        name: how the declaration and the ledger call it.
        title: what holds when all is well.
    """

    name: str
    title: str

    def questions(self) -> Iterator[Question]:
        """Name what the copy's databases are to be asked; nothing for a rule about files."""
        yield from ()

    def judge(self, evidence: Evidence) -> Finding:
        """Judge; whatever the evidence is, this ends in a finding.

        Raises:
            Unproven: judging was cut short, so that nothing can be said.
        """
        try:
            return self.find(evidence)
        except Unproven:
            raise
        except Trouble as reason:
            return self.objection(str(reason))

    @abstractmethod
    def find(self, evidence: Evidence) -> Finding:
        """Judge evidence that is in order.

        Raises:
            Trouble: it is not; the sentence tells what is wrong with it.
        """

    def objection(self, seen: str, fact: Json = None) -> Finding:
        """Object: what should hold, then what was seen."""
        return Finding(objections=(f"{self.title}: {seen}",), fact=fact)

    def nothing_to_compare(self, evidence: Evidence, unit: str) -> Finding:
        """Say that nothing was there that could have given rise to an objection.

        It is an objection of its own where the last proven snapshot had much to compare: rows and
        files that are gone together agree with each other.
        """
        before = evidence.before.get(self.name)
        if isinstance(before, int) and before >= MANY:
            return self.objection(
                f"there is nothing to compare, and the last proven snapshot had {before:,} {unit}"
            )
        return Finding(fact=0, note=f"{self.title}: there was nothing to compare", is_empty=True)

    def sound(self, compared: int) -> Finding:
        """Find nothing wrong with so many things, and remember how many they were."""
        return Finding(fact=compared)


@dataclass(frozen=True, kw_only=True)
class Asking(Check):
    """A check with one query to one store."""

    store: str
    query: str

    def questions(self) -> Iterator[Question]:
        """See :meth:`Check.questions`."""
        yield Question(self.store, self.query)

    def answer(self, evidence: Evidence) -> Answer:
        """Give the answer to the query."""
        return evidence.answer(Question(self.store, self.query))
