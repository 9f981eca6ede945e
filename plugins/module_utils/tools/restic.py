# Copyright: (c) The Probealarm contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""restic, called and understood. Secrets go through files and the environment, never arguments."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from ..errors import Trouble, Unproven
from ..host import Call, Finished, Host
from ..text import show_bytes
from .repository import Repository

UNREAD, NO_REPOSITORY, LOCKED, WRONG_PASSWORD = 3, 10, 11, 12
"""Exit statuses, from restic's manual, "Exit status codes" (since 0.17)."""

LOST = ("i/o timeout", "connection lost", "connection reset", "connection timed out", "no route to")
"""What restic says of a link that was there and is gone (tried on 0.18, by a cut of 20 minutes)."""
FULL = ("no space left on device", "507 insufficient storage", "maximum size")


@dataclass(frozen=True)
class Snapshot:
    """One snapshot of one service: restic's id, when it was taken (UTC), its bytes, its roots."""

    id: str
    service: str
    taken_at: datetime
    bytes: int
    paths: tuple[str, ...] = ()

    @property
    def short(self) -> str:
        """The id as people read it."""
        return self.id[:8]


@dataclass(frozen=True)
class Restic:
    """One repository, used by restic on one host."""

    host: Host
    repository: Repository

    def back_up(self, service: str, paths: Sequence[str], *, excludes_file: Path) -> Snapshot:
        """Save paths as one snapshot of a service.

        Raises:
            Trouble: it failed, or something could not be read.
        """
        arguments = (
            *("--json", "--host", service, "--tag", "probealarm"),
            *("--exclude-file", str(excludes_file), "--", *paths),
        )
        done = self._run("backup", *arguments)
        if done.status == LOCKED:
            self._run("unlock")  # takes away only locks of runs that are long gone
            done = self._run("backup", "--retry-lock", "10m", *arguments)  # pruning takes a while
        if done.status == UNREAD and not _only_vanished(done.complaint):
            raise Trouble(
                f"{service}: restic could not read everything ({_first_error(done.complaint)}). "
                "The snapshot it made is incomplete and its drill will say broken. Look at the "
                "named file on the protected host, then back up again."
            )
        if done.status not in {0, UNREAD}:
            raise Trouble(f"{service}: {self._explain(done)}")
        summary = _last_message(done.output, "summary")
        return Snapshot(
            id=summary["snapshot_id"],
            service=service,
            taken_at=_time(summary["backup_start"]),
            bytes=int(summary["total_bytes_processed"]),
            paths=tuple(paths),
        )

    def snapshots(self, service: str) -> list[Snapshot]:
        """List a service's snapshots, oldest first.

        Raises:
            Unproven: the repository cannot be read.
        """
        done = self._run(
            "snapshots", "--no-lock", "--json", "--host", service, "--tag", "probealarm"
        )
        if done.status != 0:
            raise Unproven(self._explain(done))
        found = [snapshot_of(entry) for entry in json.loads(done.output)]
        return sorted(found, key=lambda snapshot: snapshot.taken_at)

    def restore(self, snapshot: Snapshot, target: Path) -> None:
        """Restore a whole snapshot below a folder, as it was.

        Owners, modes, times, ACLs, extended attributes, hard links, pipes and devices come back by
        themselves when root restores; holes of sparse files only when asked for (restic 0.18).

        Raises:
            Trouble: restic could not restore all of it.
        """
        done = self._run(
            *("restore", "--no-lock", "--json", "--sparse"),
            *(snapshot.id, "--target", str(target)),
        )
        if done.status == 0:
            return
        if any(word in done.complaint.lower() for word in FULL):
            raise Unproven(
                f"the disk of {target} is full; restoring needs {show_bytes(snapshot.bytes)}. "
                "Make room there and drill again."
            )
        raise Trouble(f"snapshot {snapshot.short} cannot be restored: {self._explain(done)}")

    def _run(self, *arguments: str) -> Finished:
        return self.host.run(
            Call(
                argv=["restic", "--no-cache", *arguments],
                env=self.repository.environment(),
                hopeless=_is_hopeless,
            )
        )

    def _explain(self, done: Finished) -> str:
        where = self.repository.location
        if done.status == NO_REPOSITORY:
            return (
                f"no restic repository is at {where}. Run playbooks/site.yml, which makes it; if "
                "it was there yesterday, do not: find out who removed it."
            )
        if done.status == WRONG_PASSWORD:
            return (
                f"the password in {self.repository.password_file} does not open {where}. Compare "
                "it with the one in the inventory's vault and run playbooks/site.yml."
            )
        if done.status == LOCKED:
            return (
                f"{where} is locked by another run: {done.last_words}. Wait for it and try again."
            )
        if any(word in done.complaint.lower() for word in FULL):
            return (
                f"the disk behind {where} is full. Make room on that host, then back up again; "
                "earlier snapshots are untouched."
            )
        if any(word in done.complaint.lower() for word in LOST):
            return (
                f"the link to {where} was lost and did not come back while restic tried "
                f"({_first_error(done.complaint)}). Nothing that counts was saved. See whether "
                "that host is up, and back up again; what was sent already is not sent twice."
            )
        return (
            f"restic failed at {where} (exit status {done.status}): {_first_error(done.complaint)}"
        )


def snapshot_of(entry: Mapping[str, Any]) -> Snapshot:
    """Read one entry of ``restic snapshots --json``."""
    return Snapshot(
        id=entry["id"],
        service=entry["hostname"],
        taken_at=_time(entry["time"]),
        bytes=int(entry.get("summary", {}).get("total_bytes_processed", 0)),
        paths=tuple(entry["paths"]),
    )


def exclude_pattern(path: str) -> str:
    """Write a path so that restic's exclude takes it literally.

    The pattern language is Go's ``filepath.Match`` plus ``$`` for variables (restic's manual,
    "Excluding files").
    """
    escaped = "".join(f"\\{letter}" if letter in r"\*?[" else letter for letter in path)
    return escaped.replace("$", "$$")


def _is_hopeless(line: str) -> bool:
    lowered = line.lower()
    if ") failed: " in lowered and any(word in lowered for word in LOST):
        return True  # it has tried for 14 minutes, and would try as long to take its lock away
    return any(word in lowered for word in FULL) or "connection refused" in lowered


def messages(text: str) -> Iterable[dict[str, Any]]:
    """Read what restic says with ``--json``: one object a line, other lines are left out."""
    for line in text.splitlines():
        if line.startswith("{"):
            yield json.loads(line)


def _last_message(text: str, kind: str) -> dict[str, Any]:
    found = [message for message in messages(text) if message.get("message_type") == kind]
    if not found:
        raise Trouble(
            f"restic ended well but printed no {kind}; is its version supported (0.17 or newer)?"
        )
    return found[-1]


def _only_vanished(complaint: str) -> bool:
    """Tell whether all that could not be read was gone by then, as mail and sessions are.

    The drill tells what went from what was lost, by the times of the folders.
    """
    errors = [
        str(message.get("error", {}).get("message", ""))
        for message in messages(complaint)
        if message.get("message_type") == "error"
    ]
    return bool(errors) and all("no such file or directory" in error for error in errors)


def _first_error(complaint: str) -> str:
    for message in messages(complaint):
        if message.get("message_type") in {"error", "exit_error"}:
            inner = message.get("error", {}).get("message") or message.get("message")
            return " ".join(str(inner).split())[:400]
    return " ".join(complaint.split())[-400:] or "it gave no reason"


def _time(text: str) -> datetime:
    return datetime.fromisoformat(text)
