# Copyright: (c) The Probealarm contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a role wrote onto a host for the modules: where things lie there, never a secret."""

from __future__ import annotations

import json
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any, TypeVar

from .errors import Trouble, Unproven
from .tools.repository import Repository

Settings = TypeVar("Settings", bound="SnapshotSettings | DrillSettings | StoreSettings")


@dataclass(frozen=True)
class SnapshotSettings:
    """``/etc/probealarm/snapshots.json`` on a protected host; role ``snapshots`` writes it."""

    repository: str
    password_file: str
    rest_username: str
    rest_password_file: str
    ca_certificate: str
    staging_directory: str
    ledger: str = "/var/lib/probealarm/ledger.jsonl"

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

    @property
    def copy_name(self) -> str:
        """The copy off site that is drilled; empty for the store of this host."""
        return ""


@dataclass(frozen=True)
class OffSite:
    """A copy of one client's repository at another place, with a key of its own.

    Attributes:
        name: what people and the ledger call it.
        client: whose repository is copied.
        location: anything that restic takes as a repository.
        directory: holds its password and its credentials, both for root alone.
        keep_all_days: and the other three: how long snapshots stay there, see ``retention``.
    """

    name: str
    client: str
    location: str
    directory: str
    keep_all_days: int
    keep_daily_days: int
    keep_weekly_days: int
    keep_monthly_days: int

    def require_host(self, protected_host: str) -> None:
        """Refuse work on a service that this copy cannot hold.

        Raises:
            Unproven: the copy is of another host.
        """
        if self.client != protected_host:
            raise Unproven(
                f"the copy off site {self.name} is of {self.client}, and this service runs on "
                f"{protected_host}. Name another copy, or --limit to its services."
            )

    def repository(self) -> Repository:
        """The copy, as restic opens it."""
        files = Path(self.directory)
        return Repository(
            location=self.location,
            password_file=str(files / f"{self.name}.password"),
            environment_file=str(files / f"{self.name}.environment.json"),
        )


@dataclass(frozen=True)
class StoreSettings:
    """``/etc/probealarm/store.json`` on the host that keeps snapshots; role ``store`` writes it.

    Attributes:
        clients: whose repositories are kept here.
        user: owns the repositories.
        keep_all_days: and the other three: how long snapshots stay, see ``retention``.
        data_parts: the data is read in so many parts, one with each check.
        check_within_hours: and the other three: when the report calls a check, a pruning, a copy
            off site or a drill from one late; 0 where it never does.
        off_site: copies at other places, each with ``name``, ``client``, ``repository`` and the
            four ``keep_..._days``.
    """

    store_directory: str
    password_directory: str
    off_site_directory: str
    ledger: str
    user: str
    clients: list[str]
    keep_all_days: int
    keep_daily_days: int
    keep_weekly_days: int
    keep_monthly_days: int
    data_parts: int
    check_within_hours: int
    prune_within_days: int
    copy_within_hours: int
    copy_drill_within_days: int
    off_site: list[dict[str, Any]]

    def repository(self, client: str) -> Repository:
        """The repository of one client, on the disk of this host."""
        return Repository(
            location=str(Path(self.store_directory) / client),
            password_file=str(Path(self.password_directory) / f"{client}.password"),
        )

    def copies(self) -> tuple[OffSite, ...]:
        """All copies off site."""
        return tuple(
            OffSite(
                name=entry["name"],
                client=entry["client"],
                location=entry["repository"],
                directory=self.off_site_directory,
                keep_all_days=entry["keep_all_days"],
                keep_daily_days=entry["keep_daily_days"],
                keep_weekly_days=entry["keep_weekly_days"],
                keep_monthly_days=entry["keep_monthly_days"],
            )
            for entry in self.off_site
        )

    def copy_called(self, name: str) -> OffSite:
        """Find a copy off site.

        Raises:
            Trouble: no copy has that name.
        """
        for copy in self.copies():
            if copy.name == name:
                return copy
        known = ", ".join(copy.name for copy in self.copies()) or "none is set up"
        raise Trouble(
            f"no copy off site is called {name!r} ({known}). Name one of store_off_site, and run "
            "playbooks/site.yml after a change there."
        )


@dataclass(frozen=True)
class CopyDrillSettings(DrillSettings):
    """Settings for drilling a copy off site instead of the store of this host."""

    copy: OffSite

    @classmethod
    def of(cls, drills: DrillSettings, store: StoreSettings, name: str) -> CopyDrillSettings:
        """Put a copy in the place of the store.

        Raises:
            Trouble: no copy has that name.
        """
        return cls(**vars(drills), copy=store.copy_called(name))

    def store(self, protected_host: str) -> Repository:
        """The copy of that host's repository.

        Raises:
            Unproven: the copy is of another host.
        """
        self.copy.require_host(protected_host)
        return self.copy.repository()

    @property
    def copy_name(self) -> str:
        """See :attr:`DrillSettings.copy_name`."""
        return self.copy.name


def read_settings(kind: type[Settings], file: str, role: str) -> Settings:
    """Read one of these files.

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
