"""Copies that exist only on paper: what databases answer, and which files are there."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from fnmatch import fnmatchcase
from typing import Any

from plugins.module_utils.checks.evidence import (
    Answer,
    Check,
    Evidence,
    Finding,
    Json,
    Question,
)
from plugins.module_utils.checks.kinds import checks_of
from plugins.module_utils.errors import Trouble
from plugins.module_utils.manifest import FileEntry

TAKEN_AT = datetime(2026, 3, 1, 2, 0, tzinfo=UTC)
QUERY = "SELECT what matters"
OTHER_QUERY = "SELECT what else matters"
Content = bytes | None


@dataclass
class PaperFiles:
    """Implements the checks' ``Files``; None as content makes a folder."""

    contents: dict[str, Content] = field(default_factory=dict)
    written_at: datetime = TAKEN_AT
    unreadable: bool = False

    def entry(self, path: str) -> FileEntry | None:
        if path not in self.contents:
            return None
        content = self.contents[path]
        moment = int(self.written_at.timestamp()) * 1_000_000_000
        if content is None:
            return FileEntry(path, "folder", 0o755, 0, 0, moment)
        digest = hashlib.sha256(content).hexdigest()
        return FileEntry(path, "file", 0o644, 0, 0, moment, len(content), digest)

    def matching(self, pattern: str) -> Iterator[FileEntry]:
        for path in sorted(self.contents):
            found = self.entry(path)
            if found is not None and fnmatchcase(path, pattern):
                yield found

    def read(self, path: str) -> bytes:
        content = self.contents.get(path)
        if content is None or self.unreadable:
            raise Trouble("a file of the copy cannot be read (Input/output error)")
        return content


def check(kind: str, **keys: Any) -> Check:
    """Make one check as a contract describes it; its store is a MariaDB called database."""
    asking = {"store": "database", "query": QUERY} if keys.pop("asks", True) else {}
    entry = {"name": "rule", "kind": kind, "title": "all is well", **asking, **keys}
    (made,) = checks_of({**CONTRACT, "checks": [entry]})
    return made


def secret(**keys: Any) -> Check:
    entry = {"name": "key", "title": "the key", "lost_without": "every password.", **keys}
    (made,) = checks_of({**CONTRACT, "secrets": [entry]})
    return made


CONTRACT = {
    "name": "newsletter",
    "stores": [
        {"name": "database", "kind": "mariadb"},
        {"name": "lists", "kind": "postgresql"},
        {"name": "cache", "kind": "redis"},
    ],
}


def evidence(
    answers: Mapping[str, Answer] | Answer | None = None,
    *,
    files: PaperFiles | Mapping[str, Content] | None = None,
    before: Json = None,
    refused: str = "",
) -> Evidence:
    """Show one answer to the usual query (or some by query), files, and the fact from before."""
    by_query = answers if isinstance(answers, Mapping) else {QUERY: answers or []}
    held = files if isinstance(files, PaperFiles) else PaperFiles(dict(files or {}))
    stores = ("database", "lists")
    facts = {} if before is None else {"rule": before, "secret key": before}
    return Evidence(
        answers={Question(s, query): rows for query, rows in by_query.items() for s in stores},
        refusals={Question("database", QUERY): refused} if refused else {},
        files=held,
        taken_at=TAKEN_AT,
        before=facts,
    )


def objection(found: Finding) -> str:
    """Return the only objection, or nothing when there is none."""
    assert len(found.objections) <= 1
    return found.objections[0] if found.objections else ""


def one(value: str | None) -> Answer:
    return [[value]]
