# Copyright: (c) The Probealarm contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The files by which each engine's data directory is known, open or on the disk."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress

from .facts import ServerEngine
from .patience import Silence, from_child

MARKS: Mapping[ServerEngine, Sequence[tuple[str, int]]] = {
    "mariadb": (("ibdata1", 1), ("aria_log_control", 1)),
    "postgresql": (("PG_VERSION", 1),),
    "mongodb": (("WiredTiger.lock", 1), ("mongod.lock", 1)),
    "couchdb": (("_dbs.couch", 1), ("_nodes.couch", 1)),
    "elasticsearch": (("node.lock", 1),),
    "openldap": (("data.mdb", 1),),
    "etcd": (("member/snap/db", 3),),
}
"""A file that each has and most keep open, and how many names above it the directory is."""

SILENCE_SECONDS = 15.0
"""How long the disk with a data directory may be silent."""


def opened_at(engine: ServerEngine, links: Iterable[str]) -> str:
    """Tell the data directory of a server by the files that it keeps open; empty without any."""
    targets = sorted(links)
    for mark, above in MARKS.get(engine, ()):
        for target in targets:
            if target.endswith(f"/{mark}"):
                return target.rsplit("/", above)[0]
    return ""


def made_ns(engine: ServerEngine, directory: str) -> int:
    """Tell when the mark of a data directory was written; 0 without one, or a disk that hangs."""
    marks = [f"{directory}/{mark}" for mark, _ in MARKS.get(engine, ())] if directory else []

    def there() -> Iterator[tuple[int]]:
        for mark in marks:
            with suppress(OSError, ValueError):
                yield (os.stat(mark).st_mtime_ns,)  # noqa: PTH116 (names may not be UTF-8)

    with suppress(Silence, OSError):
        return next((made for (made,) in from_child(there, seconds=SILENCE_SECONDS)), 0)
    return 0
