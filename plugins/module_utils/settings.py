# Copyright: (c) The Probealarm contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a role wrote onto a host for the modules: where things lie there, never a secret."""

from __future__ import annotations

import json
from dataclasses import dataclass, fields
from pathlib import Path
from typing import TypeVar

from .errors import Trouble
from .tools.restic import Repository

Settings = TypeVar("Settings", bound="SnapshotSettings | DrillSettings")


@dataclass(frozen=True)
class SnapshotSettings:
    """``/etc/probealarm/snapshots.json`` on a protected host; role ``snapshots`` writes it."""

    repository: str
    password_file: str
    rest_username: str
    rest_password_file: str
    ca_certificate: str
    staging_directory: str

    def store(self) -> Repository:
        """The repository this host pushes to."""
        return Repository(
            location=self.repository,
            password_file=self.password_file,
            rest_username=self.rest_username,
            rest_password_file=self.rest_password_file,
            ca_certificate=self.ca_certificate,
        )


@dataclass(frozen=True)
class DrillSettings:
    """``/etc/probealarm/drills.json`` on the host that drills; role ``drills`` writes it."""

    store_directory: str
    password_directory: str
    scratch_directory: str
    ledger: str
    user: str

    def store(self, protected_host: str) -> Repository:
        """The repository of one protected host, read from the disk without any network."""
        return Repository(
            location=str(Path(self.store_directory) / protected_host),
            password_file=str(Path(self.password_directory) / f"{protected_host}.password"),
        )


def read_settings(kind: type[Settings], file: str, role: str) -> Settings:
    """Read one of the two files.

    Raises:
        Trouble: the file is missing, or does not have exactly the keys this version knows.
    """
    try:
        content = json.loads(Path(file).read_text(encoding="utf-8"))
        wanted = {entry.name for entry in fields(kind)}
        if set(content) != wanted:
            odd = ", ".join(sorted(wanted ^ set(content)))
            raise Trouble(
                f"{file} and this version of the collection do not fit ({odd}). Run "
                "playbooks/site.yml, which writes both."
            )
        return kind(**content)
    except FileNotFoundError:
        raise Trouble(
            f"{file} is missing, so this host is not set up yet (role {role}). Run "
            "playbooks/site.yml first."
        ) from None
    except (ValueError, TypeError, OSError) as error:
        raise Trouble(f"{file} cannot be read ({error}). Run playbooks/site.yml again.") from None
