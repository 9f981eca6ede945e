# Copyright: (c) The Probealarm contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""restic for the host that keeps a store: forget, prune, check and copy."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from ..errors import Trouble, Unproven
from ..host import Call, Finished
from .restic import LOCKED, NO_REPOSITORY, Restic, Snapshot, messages

PATIENCE = "45m"
"""How long pruning waits for a backup to give up its lock, twice. restic calls a lock stale when it
was not renewed for 30 minutes, so the second time a crashed backup is in nobody's way."""

ADVICE = ("The repository ", "restic repair", "Damaged pack files", "restic prune")
"""How lines of ``restic check`` begin that say what to do and not what is wrong."""


@dataclass(frozen=True)
class StoreKeeper(Restic):
    """One repository, kept by its owner.

    Attributes:
        user: runs restic as this user of the host, who owns the repository's files: what root
            wrote there the store's server could not read. Empty for reading alone.
    """

    user: str = ""

    def has_repository(self) -> bool:
        """Tell whether a repository is there at all.

        Raises:
            Unproven: it cannot be opened for another reason.
        """
        done = self._run("cat", "config", "--no-lock")
        if done.status not in {0, NO_REPOSITORY}:
            raise Unproven(self._explain(done))
        return done.status == 0

    def create_like(self, other: Restic) -> None:
        """Make the repository, so that what is copied from another one deduplicates alike.

        Raises:
            Trouble: it cannot be made.
        """
        done = self._run_from(other, "init", "--copy-chunker-params")
        if done.status != 0:
            raise Trouble(self._explain(done))

    def keys(self) -> tuple[str, ...]:
        """List the ids of the keys that open the repository.

        Raises:
            Unproven: the repository cannot be read.
        """
        done = self._run("list", "keys", "--no-lock", "--quiet")
        if done.status != 0:
            raise Unproven(self._explain(done))
        return tuple(sorted(done.output.split()))

    def forget(self, snapshots: Sequence[Snapshot]) -> None:
        """Take these snapshots, and none but these, out of the repository, and free their space.

        Locks that their owners no longer renew are removed; ``restic unlock`` leaves those of
        running programs alone.

        Raises:
            Trouble: it failed, or another run holds the repository for too long.
        """
        ids = [snapshot.id for snapshot in snapshots]
        self._alone("forget", *ids)
        self._alone("prune")

    def _alone(self, verb: str, *ids: str) -> None:
        """Run what needs the repository for itself, after whoever has it now."""
        for _attempt in range(2):
            unlocked = self._run("unlock")
            if unlocked.status != 0:
                raise Trouble(self._explain(unlocked))
            done = self._run(verb, "--retry-lock", PATIENCE, "--quiet", *ids)
            if done.status != LOCKED:
                break
        if done.status != 0:
            raise Trouble(self._explain(done))

    def check(self, part: int, parts: int) -> tuple[str, ...]:
        """Check the structure, and read one of so many parts of the data; return what is wrong.

        Without a lock, because the exclusive one would refuse every backup meanwhile; restic reads
        the list of snapshots first, so what a backup adds later is not held against it.

        Raises:
            Unproven: the repository cannot be opened at all.
        """
        done = self._run("check", "--no-lock", "--json", f"--read-data-subset={part}/{parts}")
        if done.status == 0:
            return ()
        found = tuple(dict.fromkeys(_errors(done.complaint)))
        if done.status != 1 or not found:
            raise Unproven(self._explain(done))
        return found

    def copy_from(self, other: Restic, ids: Sequence[str]) -> None:
        """Copy these snapshots from another repository.

        The source is read without a lock, so a backup may run meanwhile; pruning it may not.

        Raises:
            Trouble: not everything was copied.
        """
        done = self._run_from(other, "copy", "--no-lock", "--quiet", *ids)
        if done.status != 0:
            raise Trouble(self._explain(done))

    def originals(self) -> dict[str, str]:
        """Tell by the id of each snapshot the one that it had before it was copied, or has.

        Raises:
            Unproven: the repository cannot be read.
        """
        done = self._run("snapshots", "--no-lock", "--json", "--tag", "probealarm")
        if done.status != 0:
            raise Unproven(self._explain(done))
        return {
            entry["id"]: entry.get("original", entry["id"]) for entry in json.loads(done.output)
        }

    def _run(self, *arguments: str) -> Finished:
        """Run restic, as another user where one is wanted, who then gets the password by pipe."""
        if not self.user:
            return super()._run(*arguments)
        return self.host.run(
            Call(
                argv=[
                    *("runuser", "--user", self.user, "--", "env", "--chdir=/"),
                    *("restic", "--no-cache", *arguments),
                ],
                env={"RESTIC_REPOSITORY": self.repository.location},
                input_file=Path(self.repository.password_file),
            )
        )

    def _run_from(self, other: Restic, *arguments: str) -> Finished:
        source = other.repository
        return self.host.run(
            Call(
                argv=["restic", "--no-cache", *arguments],
                env={
                    **self.repository.environment(),
                    "RESTIC_FROM_REPOSITORY": source.location,
                    "RESTIC_FROM_PASSWORD_FILE": source.password_file,
                },
            )
        )


def _errors(complaint: str) -> list[str]:
    found = [
        " ".join(str(message.get("message", "")).split())[:300]
        for message in messages(complaint)
        if message.get("message_type") == "error"
    ]
    return [sentence for sentence in found if sentence and not sentence.startswith(ADVICE)]
