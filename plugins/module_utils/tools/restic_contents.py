# Copyright: (c) The Probealarm contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""restic for whoever looks into snapshots without restoring them, and for notes beside them.

A note is a snapshot of small files, under the name of a host and with a tag of its own: what
counts and prunes the snapshots of services never sees it, and nobody can take it back.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from ..errors import Trouble, Unproven
from ..host import Call
from .restic import Restic, Snapshot, snapshot_of

_PATH = b'"path":"'


@dataclass(frozen=True)
class Contents(Restic):
    """One repository, looked into."""

    def each_path(self, snapshot: Snapshot, take: Callable[[str], None]) -> None:
        """Hand on the path of everything in a snapshot, folders before what is in them.

        Names in a folder come in the order of their bytes. What is not UTF-8 arrives as U+FFFD, one
        for each byte (restic writes JSON by Go's ``encoding/json``).

        Raises:
            Unproven: the snapshot cannot be read to its end.
        """

        def read(line: bytes) -> None:
            if path := path_in(line):
                take(path)

        done = self.host.run(
            Call(
                argv=["restic", "--no-cache", "ls", "--no-lock", "--json", snapshot.id],
                env=self.repository.environment(),
                each_line=read,
            )
        )
        if done.status != 0:
            raise Unproven(self._explain(done))

    def text_of(self, snapshot: Snapshot, path: str) -> str:
        """Read one small file of a snapshot.

        Raises:
            Unproven: it cannot be read.
        """
        done = self._run("dump", "--no-lock", snapshot.id, path)
        if done.status != 0:
            raise Unproven(self._explain(done))
        return done.output

    def leave_note(self, host: str, tag: str, *files: Path) -> None:
        """Save some files as one note.

        Raises:
            Trouble: it could not be saved.
        """
        done = self._run(
            *("backup", "--json", "--host", host, "--tag", tag),
            *("--retry-lock", "10m", "--", *map(str, files)),
        )
        if done.status != 0:
            raise Trouble(self._explain(done))

    def notes(self, host: str, tag: str) -> list[Snapshot]:
        """Find the notes of a host, the oldest first.

        Raises:
            Unproven: the repository cannot be read.
        """
        done = self._run("snapshots", "--no-lock", "--json", "--host", host, "--tag", tag)
        if done.status != 0:
            raise Unproven(self._explain(done))
        found = [snapshot_of(entry) for entry in json.loads(done.output)]
        return sorted(found, key=lambda snapshot: snapshot.taken_at)


def path_in(line: bytes) -> str:
    """Read the path out of a line of ``restic ls --json``; nothing from one that has none.

    Quotes in names are escaped, so the key cannot stand in one. A million lines make it worthwhile
    not to read the rest.
    """
    _, found, rest = line.partition(_PATH)
    if not found:
        return ""
    path, _, _ = rest.partition(b'"')
    if b"\\" in path:
        return str(json.loads(line)["path"])
    return path.decode()
