# Copyright: (c) The Probealarm contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Rules about files alone: how many there are, what they hold and what not."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from ..text import count
from .counting import outside
from .evidence import Check, Evidence, Finding, Unjudged
from .words import amount


@dataclass(frozen=True, kw_only=True)
class FileNumber(Check):
    """How many files match, within bounds; folders and links do not count."""

    files: tuple[str, ...]
    unit: str
    at_least: float | None = None
    at_most: float | None = None

    def find(self, evidence: Evidence) -> Finding:
        """See :meth:`Check.find`."""
        found = {
            entry.path
            for pattern in self.files
            for entry in evidence.files.matching(pattern)
            if entry.type == "file"
        }
        missed = "; ".join(outside(len(found), self.at_least, self.at_most))
        return self.objection(f"{amount(len(found), self.unit)}, {missed}") if missed else Finding()


@dataclass(frozen=True, kw_only=True)
class FileHolds(Check):
    """Every matching file holds what a pattern looks for, and there is at least one."""

    file: str
    pattern: re.Pattern[str]

    def find(self, evidence: Evidence) -> Finding:
        """See :meth:`Check.find`."""
        held = list(searched(evidence, self.file, self.pattern))
        lacking = held.count(False)
        if not lacking:
            return Finding()
        return self.objection(f"not found in {_of_the_files(lacking, len(held))}")


@dataclass(frozen=True, kw_only=True)
class FileLacks(Check):
    """No matching file holds what a pattern looks for, and there is at least one."""

    file: str
    pattern: re.Pattern[str]

    def find(self, evidence: Evidence) -> Finding:
        """See :meth:`Check.find`."""
        held = list(searched(evidence, self.file, self.pattern))
        holding = held.count(True)
        if not holding:
            return Finding()
        return self.objection(f"what must not be was found in {_of_the_files(holding, len(held))}")


def searched(evidence: Evidence, file: str, pattern: re.Pattern[str]) -> Iterator[bool]:
    """Tell of every matching file whether the pattern is found in it.

    Raises:
        Unjudged: no file matches.
    """
    paths = [entry.path for entry in evidence.files.matching(file) if entry.type == "file"]
    if not paths:
        raise Unjudged("the copy has no such file")
    for path in paths:
        content = evidence.files.read(path).decode("utf-8", "surrogateescape")
        yield pattern.search(content) is not None


def _of_the_files(some: int, all_of_them: int) -> str:
    return "the file" if all_of_them == 1 else f"{count(some)} of {count(all_of_them, 'file')}"
