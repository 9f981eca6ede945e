# Copyright: (c) The Probealarm contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Rules across database and files: what one names, the other has."""

from __future__ import annotations

import hashlib
import posixpath
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

from ..errors import Trouble
from ..manifest import FileEntry
from .evidence import Asking, Check, Evidence, Files, Finding, Unjudged
from .words import amount, beyond, ids, not_so_for, parts

COLUMNS = ("path", "bytes", "sha256", "sha1_base36", "id")
TYPES = ("file", "folder")
NO_PATH, MISSING, OTHER_TYPE = "without a path", "missing", "of another type"
OTHER_SIZE, OTHER_CONTENT = "of another size", "of other content"


@dataclass(frozen=True, kw_only=True)
class RowsHaveFiles(Asking):
    """Every row has its file or folder, in the size and with the content that the row names.

    Attributes:
        columns: what the query answers with, the path first. An empty size or hash is not compared.
        below: the folder that relative paths start from.
    """

    columns: tuple[str, ...]
    below: str
    unit: str
    type: str = "file"
    tolerance_percent: float = 0

    def __post_init__(self) -> None:
        if self.columns[:1] != ("path",) or not set(self.columns) <= set(COLUMNS):
            raise ValueError(f"the key columns is not path and some of {', '.join(COLUMNS[1:])}")
        _require_type(self.type)

    def find(self, evidence: Evidence) -> Finding:
        """See :meth:`Check.find`."""
        rows = self.answer(evidence)
        if not rows:
            return self.nothing_to_compare(evidence, self.unit)
        if any(len(row) != len(self.columns) for row in rows):
            raise Unjudged(
                f"the query answers with {amount(len(rows[0]), 'columns')}, the rule names "
                f"{len(self.columns)}"
            )
        faults: Counter[str] = Counter()
        wrong: list[str | None] = []
        for row in rows:
            told = dict(zip(self.columns, row, strict=True))
            fault = self._fault(told, evidence.files)
            if fault:
                faults[fault] += 1
                wrong.append(told.get("id"))
        if not beyond(len(wrong), len(rows), self.tolerance_percent):
            return self.sound(len(rows))
        order = (NO_PATH, MISSING, OTHER_TYPE, OTHER_SIZE, OTHER_CONTENT)
        details = parts([(faults[fault], fault) for fault in order]), ids(wrong)
        return self.objection(not_so_for(len(wrong), len(rows), self.unit, details))

    def _fault(self, told: dict[str, str | None], files: Files) -> str:
        if not told["path"]:
            return NO_PATH
        fault = fault_of_path(files, self.below, told["path"], self.type)
        entry = files.entry(place(self.below, told["path"]))
        if fault or entry is None:
            return fault
        if _differs(told.get("bytes"), str(entry.bytes)):
            return OTHER_SIZE
        if _differs(told.get("sha256"), entry.sha256):
            return OTHER_CONTENT
        sha1 = told.get("sha1_base36")
        if sha1 and _differs(sha1, _sha1_base36(files, entry)):
            return OTHER_CONTENT
        return ""


@dataclass(frozen=True, kw_only=True)
class FilesHaveRows(Asking):
    """Every file has its row; the query's first column is a path."""

    files: tuple[str, ...]
    below: str
    unit: str
    without: tuple[str, ...] = ()
    tolerance_percent: float = 0

    def find(self, evidence: Evidence) -> Finding:
        """See :meth:`Check.find`."""
        known = {place(self.below, row[0]) for row in self.answer(evidence) if row[0]}
        left_out = set(_paths(evidence.files, self.without))
        found = set(_paths(evidence.files, self.files)) - left_out
        if not found:
            return self.nothing_to_compare(evidence, self.unit)
        wrong = len(found - known)
        if not beyond(wrong, len(found), self.tolerance_percent):
            return self.sound(len(found))
        return self.objection(not_so_for(wrong, len(found), self.unit))


@dataclass(frozen=True)
class Lines:
    """Lines of a file that name others.

    Attributes:
        file: the file, or a pattern of several.
        pattern: what a line that names one looks like.
        path: what a match leads to, as ``re.Match.expand`` reads it.
    """

    file: str
    pattern: re.Pattern[str]
    path: str


@dataclass(frozen=True, kw_only=True)
class LinesHaveFiles(Check):
    """Every line of a file that names a file or folder has it."""

    lines: Lines
    below: str
    unit: str
    type: str = "file"
    tolerance_percent: float = 0

    def __post_init__(self) -> None:
        _require_type(self.type)

    def find(self, evidence: Evidence) -> Finding:
        """See :meth:`Check.find`."""
        named = list(self._named(evidence.files))
        if not named:
            return self.objection("no line names one")
        faults = Counter(
            fault_of_path(evidence.files, self.below, path, self.type) for path in named
        )
        del faults[""]
        if not beyond(faults.total(), len(named), self.tolerance_percent):
            return Finding()
        details = parts([(faults[fault], fault) for fault in (MISSING, OTHER_TYPE)])
        return self.objection(not_so_for(faults.total(), len(named), self.unit, [details]))

    def _named(self, files: Files) -> Iterator[str]:
        lists = list(_paths(files, [self.lines.file]))
        if not lists:
            raise Unjudged("the file with the list is not in the copy")
        for path in lists:
            for line in files.read(path).decode("utf-8", "surrogateescape").splitlines():
                match = self.lines.pattern.search(line)
                if match is not None:
                    yield _expanded(match, self.lines.path)


def place(below: str, path: str) -> str:
    """Return the absolute path of what a row or line names."""
    return posixpath.normpath(posixpath.join(below, path))


def fault_of_path(files: Files, below: str, path: str, wanted: str) -> str:
    """Say what is wrong with what stands at a path; nothing when it is a ``wanted``.

    A link is neither file nor folder: nobody says that the copy holds what it points to.
    """
    entry = files.entry(place(below, path))
    if entry is None:
        return MISSING
    return "" if entry.type == wanted else OTHER_TYPE


def _paths(files: Files, patterns: tuple[str, ...] | list[str]) -> Iterator[str]:
    for pattern in patterns:
        yield from (entry.path for entry in files.matching(pattern) if entry.type == "file")


def _differs(told: str | None, found: str) -> bool:
    wanted = (told or "").strip().lower()
    return bool(wanted) and wanted != found


def _sha1_base36(files: Files, entry: FileEntry) -> str:
    """Hash as MediaWiki does for img_sha1: SHA-1 in base 36, filled up to 31 digits."""
    digest = hashlib.sha1(files.read(entry.path), usedforsecurity=False).digest()
    rest, text = int.from_bytes(digest), ""
    while rest:
        rest, digit = divmod(rest, 36)
        text = "0123456789abcdefghijklmnopqrstuvwxyz"[digit] + text
    return text.rjust(31, "0")


def _require_type(name: str) -> None:
    if name not in TYPES:
        raise ValueError(f"the key type is not one of {', '.join(TYPES)}")


def _expanded(match: re.Match[str], template: str) -> str:
    try:
        return match.expand(template)
    except (re.error, IndexError):
        raise Trouble("the rule's path names a group that its pattern does not have") from None
