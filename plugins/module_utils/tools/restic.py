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

UNREAD, NO_REPOSITORY, LOCKED, WRONG_PASSWORD = 3, 10, 11, 12
"""Exit statuses, from restic's manual, "Exit status codes" (since 0.17)."""

DIES_WITH_US = ("setpriv", "--pdeathsig", "TERM", "--")
"""A killed backup must not be finished by an orphan: the service it held goes on by then."""

FULL = ("no space left on device", "507 insufficient storage", "maximum size")


@dataclass(frozen=True)
class Repository:
    """Where snapshots are, and how one gets in.

    Attributes:
        location: a folder, or ``rest:https://...``.
        password_file: holds the repository's key.
        rest_username: and ``rest_password_file``: the client's credentials at a REST server.
        ca_certificate: the file against which the REST server's certificate is verified.
        environment_file: further variables for a backend that wants some, as a JSON object.
    """

    location: str
    password_file: str
    rest_username: str = ""
    rest_password_file: str = ""
    ca_certificate: str = ""
    environment_file: str = ""

    def environment(self) -> dict[str, str]:
        """Build the variables under which restic finds and opens the repository.

        Raises:
            Trouble: the file with the client's password, or with variables, cannot be read.
        """
        env = {"RESTIC_REPOSITORY": self.location, "RESTIC_PASSWORD_FILE": self.password_file}
        if self.ca_certificate:
            env["RESTIC_CACERT"] = self.ca_certificate
        if self.rest_username:
            env["RESTIC_REST_USERNAME"] = self.rest_username
            env["RESTIC_REST_PASSWORD"] = read_secret(self.rest_password_file)
        if self.environment_file:
            env.update(json.loads(read_secret(self.environment_file)))
        return env


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
        done = self._run(
            *("backup", "--json", "--host", service, "--tag", "probealarm"),
            *("--retry-lock", "10m"),  # pruning holds the repository for a while
            *("--exclude-file", str(excludes_file), "--", *paths),
            before=DIES_WITH_US,
        )
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

    def _run(self, *arguments: str, before: Sequence[str] = ()) -> Finished:
        return self.host.run(
            Call(
                argv=[*before, "restic", "--no-cache", *arguments],
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


def read_secret(file: str) -> str:
    """Read a password from its file.

    Raises:
        Trouble: it cannot be read or is empty.
    """
    try:
        secret = Path(file).read_text(encoding="utf-8").strip()
    except OSError as error:
        raise Trouble(
            f"the password file {file} cannot be read ({error.strerror}). Run playbooks/site.yml, "
            "which writes it."
        ) from None
    if not secret:
        raise Trouble(
            f"the password file {file} is empty. Run playbooks/site.yml, which writes it."
        )
    return secret


def exclude_pattern(path: str) -> str:
    """Write a path so that restic's exclude takes it literally.

    The pattern language is Go's ``filepath.Match`` plus ``$`` for variables (restic's manual,
    "Excluding files").
    """
    escaped = "".join(f"\\{letter}" if letter in r"\*?[" else letter for letter in path)
    return escaped.replace("$", "$$")


def _is_hopeless(line: str) -> bool:
    lowered = line.lower()
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
