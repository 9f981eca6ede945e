# Copyright: (c) The Probealarm contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Read files on mounts of other machines in children, so that nothing here waits for ever.

A file that is to be recognised is put aside while the walk goes on, and looked at afterwards, all
of one mount in one child. A mount that fell silent once is not asked again.
"""

from __future__ import annotations

import errno
from collections.abc import Callable, Iterable, Iterator
from datetime import UTC, datetime
from typing import Any

from .facts import Entry, Place, Recognised, Unread
from .formats import may_have_form, recognise
from .mounts import may_hang
from .packages import md5
from .patience import Silence, from_child
from .sqlite_files import may_be_sqlite, sqlite_at

SILENCE_SECONDS = 30.0
MOST_PUT_ASIDE = 50_000


def recognised(entry: Entry) -> Recognised | None:
    """Recognise what one name of the walk is, by its form.

    Raises:
        OSError: it cannot be read.
    """
    return recognise(entry) or sqlite_at(entry)


class SlowPlaces:
    """The mounts of one host that may hang, and what waits to be looked at there."""

    def __init__(
        self,
        places: Iterable[Place],
        *,
        seconds: float = SILENCE_SECONDS,
        look: Callable[[Entry], Recognised | None] = recognised,
        hash_of: Callable[[str], str] = md5,
    ) -> None:
        """Know the places.

        Args:
            places: as :func:`.places.read_places` tells.
            seconds: how long one may be silent.
            look: what is done in the child with what was put aside.
            hash_of: what is done there with a file that is hashed.
        """
        self._places = {place.path: may_hang(place.type) for place in places}
        self._has_any = any(self._places.values())
        self._seconds = seconds
        self._look = look
        self._hash_of = hash_of
        self._aside: dict[str, list[Entry]] = {}
        self._silent: set[str] = set()

    def holding(self, path: str) -> str:
        """Name the mount that may hang on which a path lies; empty when it lies on none."""
        if not self._has_any:
            return ""
        while path and path not in self._places:
            path = path.rpartition("/")[0]
        return path if self._places.get(path) else ""

    def put_aside(self, entry: Entry) -> bool:
        """Keep what lies there for later, if it may be something; tell whether it lies there."""
        place = self.holding(entry.path)
        if place and (may_have_form(entry) or may_be_sqlite(entry)):
            self._aside.setdefault(place, []).append(entry)
        return place != ""

    def look(self, report: Callable[[Unread], None]) -> Iterator[Recognised]:
        """Look at what was put aside.

        Args:
            report: told what could not be looked at, and why.
        """
        for place, entries in self._aside.items():
            try:
                for row in from_child(lambda: self._rows(place, entries), seconds=self._seconds):  # noqa: B023 (used before the next turn)
                    if len(row) == 2:
                        report(Unread(*row))
                    elif row:
                        yield _recognised(row)
            except Silence:
                self._silent.add(place)
                report(Unread(place, f"{self._said()}; databases there were not all recognised"))
            except OSError as error:
                report(Unread(place, error.strerror or str(error)))

    def md5(self, path: str) -> str:
        """Hash a file, in a child where that may hang.

        Raises:
            OSError: it cannot be read, or its mount does not answer.
        """
        place = self.holding(path)
        if not place:
            return self._hash_of(path)
        if place in self._silent:
            raise OSError(errno.ETIMEDOUT, f"{place} did not answer before")
        try:
            for digest, number, reason in from_child(
                lambda: self._hashed(path), seconds=self._seconds
            ):
                if not number:
                    return str(digest)
                raise OSError(number, reason)
        except Silence:
            self._silent.add(place)
            raise OSError(errno.ETIMEDOUT, self._said()) from None
        raise OSError(errno.EIO, "nothing was told of it")

    def _said(self) -> str:
        return f"it stopped answering for {self._seconds:g} seconds"

    def _rows(self, place: str, entries: list[Entry]) -> Iterator[tuple[Any, ...]]:
        for entry in entries[:MOST_PUT_ASIDE]:
            yield ()  # a sign of life
            try:
                found = self._look(entry)
            except OSError as error:
                yield entry.path, error.strerror or str(error)
                continue
            if found is not None:
                changed = int(found.changed.timestamp()) if found.changed else None
                yield found.path, found.form, found.detail, found.bytes, changed, found.parts
        if left := len(entries[MOST_PUT_ASIDE:]):
            yield place, f"{left:,} further files there that may be databases were not looked into"

    def _hashed(self, path: str) -> Iterator[tuple[str, int, str]]:
        try:
            yield self._hash_of(path), 0, ""
        except OSError as error:
            yield "", error.errno or errno.EIO, error.strerror or str(error)


def _recognised(row: tuple[Any, ...]) -> Recognised:
    path, form, detail, size, changed, parts = row
    when = None if changed is None else datetime.fromtimestamp(changed, UTC)
    return Recognised(path, form, detail, size, when, tuple(parts))
