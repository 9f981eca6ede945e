# Copyright: (c) The Probealarm contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The files of a restored tree, as checks see them."""

from __future__ import annotations

import os
import re
from bisect import bisect_left
from collections.abc import Iterator, Mapping
from fnmatch import translate
from functools import cached_property
from pathlib import Path

from ..errors import Trouble
from ..manifest import FileEntry

WILDCARD = re.compile(r"[*?[]")


class RestoredFiles:
    """Implements :class:`~..checks.evidence.Files`.

    What comparing with the manifest has seen and hashed is not looked at again; only contents that
    a check asks for are read.
    """

    def __init__(self, tree: Path, held: Mapping[str, FileEntry]) -> None:
        self._tree = tree
        self._held = held

    def entry(self, path: str) -> FileEntry | None:
        """See :meth:`Files.entry`."""
        return self._held.get(path)

    def matching(self, pattern: str) -> Iterator[FileEntry]:
        """See :meth:`Files.matching`; of a million paths, only those below its fixed part."""
        fixed = WILDCARD.split(pattern, maxsplit=1)[0]
        fits = re.compile(translate(pattern)).match
        for path in self._paths[bisect_left(self._paths, fixed) :]:
            if not path.startswith(fixed):
                return
            if fits(path):
                yield self._held[path]

    def read(self, path: str) -> bytes:
        """See :meth:`Files.read`; a link in the copy never leads out of it."""
        entry = self._held.get(path)
        if entry is None or entry.type != "file":
            raise Trouble("a file that is to be read is not in the copy")
        place = os.path.realpath(f"{self._tree}{path}")
        if not place.startswith(f"{os.path.realpath(self._tree)}/"):
            raise Trouble("a file that is to be read lies behind a link that leads out of the copy")
        try:
            with open(place, "rb") as file:  # noqa: PTH123 (names may not be UTF-8)
                return file.read()
        except OSError as error:
            raise Trouble(f"a file of the copy cannot be read ({error.strerror})") from None

    @cached_property
    def _paths(self) -> list[str]:
        return sorted(self._held)
