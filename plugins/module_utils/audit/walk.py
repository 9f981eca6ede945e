# Copyright: (c) The Probealarm contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Walk everything that lies on this machine, once, in the order in which restic lists a snapshot.

restic 0.18 (tried) saves and lists folder by folder: the names of a folder in the order of their
bytes, each folder followed at once by what is in it, so ``a``, ``a/z``, ``a b``, ``a-b``, ``a.b``.
In its JSON every byte of a name that is not UTF-8 is printed as U+FFFD. So a listing and a walk
can be merged as they come by :func:`order`; names for which :func:`is_printed_exactly` is false
are to be kept aside on both sides and compared by :func:`as_printed` at the end.
"""

from __future__ import annotations

import os
import re
import stat
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import suppress

from .facts import Entry, EntryType, Place, Unread
from .mounts import may_hang
from .patience import Silence, from_child

SILENCE_SECONDS = 30.0
UNPRINTED = re.compile("[\udc80-\udcff]")
REPLACEMENT = "\ufffd"

FOLDER = os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC

TYPE_BITS, PERMISSION_BITS = stat.S_IFMT(0xFFFF), stat.S_IMODE(0xFFFF)

TYPES: Mapping[int, EntryType] = {
    stat.S_IFREG: "file",
    stat.S_IFDIR: "folder",
    stat.S_IFLNK: "link",
}

GONE = (FileNotFoundError, NotADirectoryError)

Prune = Callable[[str], bool]
Report = Callable[[Unread], None]


def walk(
    places: Iterable[Place], prune: Prune, report: Report, *, top: str = "/"
) -> Iterator[Entry]:
    """Yield every name below the root, folders before what is in them, links not followed.

    What is skipped is not even looked at: a look at a dead network mount may take for ever. A
    network mount that answers is walked in a child, and given up when it falls silent. Times of
    access stay as they are.

    Args:
        places: the mounts of this machine; see :mod:`.places`.
        prune: asked for each folder; a true answer yields the folder and leaves out what is in it.
        report: told what could not be read, and why. What vanishes during the walk is not told.
        top: where to begin; it is not yielded itself.
    """
    stops = {place.path: place for place in places if place.skipped or may_hang(place.type)}
    holders = {os.path.dirname(path) for path in stops}  # noqa: PTH120 (names may not be UTF-8)
    waiting = [_inside(top, report)]
    while waiting:
        folder, names = waiting[-1]
        looks_at_stops = folder in holders or (folder == "" and "/" in holders)
        for name in names:
            path = f"{folder}/{name}"
            if looks_at_stops and (place := stops.get(path)):
                yield from _across(place, places, prune, report)
                continue
            entry = look(path, report)
            if entry is None:
                continue
            yield entry
            if entry.type == "folder" and not prune(path):
                waiting.append(_inside(path, report))
                break
        else:
            waiting.pop()


def look(path: str, report: Report) -> Entry | None:
    """Describe one name; ``None`` when it is gone, or cannot be looked at, which is told."""
    try:
        seen = os.lstat(path)
    except GONE:
        return None
    except OSError as error:
        report(Unread(path, error.strerror or str(error)))
        return None
    mode, mtime_ns, ctime_ns = seen.st_mode, seen.st_mtime_ns, seen.st_ctime_ns
    return Entry(
        path,
        TYPES.get(mode & TYPE_BITS, "other"),
        seen.st_size,
        mtime_ns,
        ctime_ns if ctime_ns > mtime_ns else mtime_ns,  # max() would cost a million calls
        seen.st_uid,
        mode & PERMISSION_BITS,
    )


def order(path: str) -> list[bytes]:
    """Give the key by which a walk, and restic's listing, are sorted."""
    return os.fsencode(path).split(b"/")


def is_printed_exactly(path: str) -> bool:
    """Tell whether restic's JSON tells this name from every other one."""
    return path.isascii() or not (REPLACEMENT in path or UNPRINTED.search(path))


def as_printed(path: str) -> str:
    """Write a path as it stands in restic's JSON."""
    return path if path.isascii() else UNPRINTED.sub(REPLACEMENT, path)


def _across(place: Place, places: Iterable[Place], prune: Prune, report: Report) -> Iterator[Entry]:
    """Walk a network mount in a child, so that nothing here waits for ever for another machine."""
    if place.skipped:
        return
    others = [one for one in places if one is not place and _lies_below(one.path, place.path)]

    def rows() -> Iterator[tuple[object, ...]]:
        unread: list[Unread] = []
        if (entry := look(place.path, unread.append)) is not None:
            yield tuple(entry)
            for below in walk(others, prune, unread.append, top=place.path):
                yield tuple(below)
                while unread:
                    yield unread[0].path, unread.pop(0).reason
        for one in unread:
            yield one.path, one.reason

    try:
        for row in from_child(rows, seconds=SILENCE_SECONDS):
            if len(row) == len(Entry._fields):
                yield Entry(*row)
            else:
                report(Unread(*row))
    except Silence:
        said = f"it stopped answering for {SILENCE_SECONDS:g} seconds; the rest was not looked at"
        report(Unread(place.path, said))
    except OSError as error:
        report(Unread(place.path, error.strerror or str(error)))


def _inside(path: str, report: Report) -> tuple[str, Iterator[str]]:
    """Open a folder: its path, without a slash at the end, and its names in order of bytes."""
    try:
        names = _names(path)
    except GONE:
        names = []
    except OSError as error:
        report(Unread(path, error.strerror or str(error)))
        names = []
    if "".join(names).isascii():
        names.sort()
    else:
        names.sort(key=os.fsencode)
    return path.rstrip("/"), iter(names)


def _names(path: str) -> list[str]:
    folder = -1
    with suppress(PermissionError):  # of a network mount root may not be the owner
        folder = os.open(path, FOLDER | os.O_NOATIME)
    if folder < 0:
        folder = os.open(path, FOLDER)
    try:
        return os.listdir(folder)  # noqa: PTH208 (names may not be UTF-8)
    finally:
        os.close(folder)


def _lies_below(path: str, folder: str) -> bool:
    return path.startswith(f"{folder.rstrip('/')}/")
