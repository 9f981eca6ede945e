# Copyright: (c) The Probealarm contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What is wrong with a declaration, said so that a person can repair it without this source."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass, replace

from ..text import count

KeyPath = tuple[str, ...]
"""The keys from the top of a file to a value, such as ``("services", "newsletter", "path")``."""

MOST_SHOWN = 500
"""So many errors are put into words; whoever has more has one error in a loop."""


@dataclass(frozen=True, order=True)
class Place:
    """Where something is written; lines count from 1, and 0 stands for a line nobody knows."""

    file: str
    line: int

    def __str__(self) -> str:
        return f"{self.file}:{self.line}" if self.line else self.file


@dataclass(frozen=True, order=True)
class Fault:
    """One error: where, whose, what was seen and what to do."""

    place: Place
    service: str
    key: str
    problem: str
    seen: str = ""
    hint: str = ""

    def __str__(self) -> str:
        whose = ", ".join(
            f"{what} {name}"
            for what, name in (("service", self.service), ("key", self.key))
            if name
        )
        seen = f" (seen: {self.seen})" if self.seen else ""
        hint = f"; {self.hint}" if self.hint else ""
        whose = f" {whose}:" if whose else ""
        return f"{self.place}:{whose} {self.problem}{seen}{hint}"

    def without(self, secrets: Collection[str]) -> Fault:
        """Return the fault with every text that was encrypted taken out of its words.

        An objection quotes what it objects to, sometimes after it was put into a longer text.
        """
        problem, seen, hint = (
            _cleaned(text, secrets) for text in (self.problem, self.seen, self.hint)
        )
        return replace(self, problem=problem, seen=seen, hint=hint)


def _cleaned(text: str, secrets: Collection[str]) -> str:
    spellings = {form for secret in secrets for form in (secret, repr(secret), repr(secret)[1:-1])}
    for spelling in sorted(spellings - {"", "''"}, key=len, reverse=True):
        text = text.replace(spelling, "an encrypted value")
    return text


class DeclarationError(ValueError):
    """A declaration or profile is refused; ``faults`` holds every error found, in reading order."""

    def __init__(self, file: str, faults: Iterable[Fault]) -> None:
        self.faults = tuple(sorted(set(faults)))
        self.summary = f"{file} is refused, {count(len(self.faults), 'error')}"
        lines = [str(fault) for fault in self.faults[:MOST_SHOWN]]
        if len(self.faults) > MOST_SHOWN:
            lines.append(f"... and {count(len(self.faults) - MOST_SHOWN, 'more error')}")
        self.details = "\n".join(lines)
        super().__init__(f"{self.summary}:\n{self.details}")


class Reading:
    """Gathers the faults found while one file is read, and remembers where each key was written."""

    def __init__(self, file: str) -> None:
        self.file = file
        self.faults: list[Fault] = []

    def object_to(
        self, place: Place, path: KeyPath, problem: str, *, seen: str = "", hint: str = ""
    ) -> None:
        """Note one fault. In a declaration the first two keys of the path name the service."""
        service = path[1] if len(path) > 1 and path[0] == "services" else ""
        key = ".".join(path[2:] if service else path)
        self.faults.append(Fault(place, service, key, problem, seen, hint))


@dataclass(frozen=True)
class Problem:
    """What is wrong, and with which keys from the section on."""

    keys: tuple[str, ...]
    problem: str
    seen: str = ""
    hint: str = ""
