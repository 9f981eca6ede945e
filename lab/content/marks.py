"""What was filled already: one small file a service, so that a second run does nothing."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Marks:
    """The marks in one folder.

    A mark says what was put in, not what is there now: whoever drops a table afterwards finds it
    dropped, until somebody asks for the content again.
    """

    folder: Path

    def _file(self, service: str) -> Path:
        return self.folder / f"{service}.json"

    def holds(self, service: str, fingerprint: Mapping[str, int]) -> bool:
        """Say whether ``service`` was filled to its end with exactly this content."""
        try:
            known = json.loads(self._file(service).read_text(encoding="utf-8"))
        except (FileNotFoundError, ValueError):
            return False
        return bool(known == dict(fingerprint))

    def remove(self, service: str) -> None:
        """Forget the service: it is about to change."""
        self._file(service).unlink(missing_ok=True)

    def put(self, service: str, fingerprint: Mapping[str, int]) -> None:
        """Note that the service holds this content now."""
        self.folder.mkdir(parents=True, exist_ok=True)
        self._file(service).write_text(json.dumps(dict(fingerprint)) + "\n", encoding="utf-8")
