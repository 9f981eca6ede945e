# Copyright: (c) The Probealarm contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What an application is known by: plain values, made from its profile, sent to the server.

They are made where the catalogue is read and used where only the standard library is, so they turn
into JSON and back.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from typing import Any, Literal

PLACEHOLDER = re.compile(r"\{([A-Za-z][A-Za-z0-9_.-]*)\}")
FOUND = "found"
"""The placeholder that stands for the directory that was found."""

Engine = Literal["mariadb", "postgresql"]


@dataclass(frozen=True)
class SettingSign:
    """A setting of the profile.

    Attributes:
        default: a template; None where a service must say it.
        allowed: a pattern of what may be written for it.
    """

    name: str
    type: str
    default: str | None
    allowed: str
    help: str


@dataclass(frozen=True)
class DatabaseSign:
    """A database that the application has.

    Attributes:
        tables: names without prefix that it cannot be without.
        keys: templates of the keys ``database``, ``socket``, ``port`` and ``prefix``.
        project: template of the compose project; empty where no container is asked for.
        container: the service in the compose project that the server is.
    """

    store: str
    engine: Engine
    tables: tuple[str, ...]
    keys: Mapping[str, str]
    project: str = ""
    container: str = ""


@dataclass(frozen=True)
class TreeSign:
    """One form of its directory: relative paths, the surest first, and what the settings are."""

    files: tuple[str, ...]
    settings: Mapping[str, str]


@dataclass(frozen=True)
class ReadSign:
    """Where a setting's value stands."""

    setting: str
    file: str
    pattern: str


@dataclass(frozen=True)
class Signature:
    """Everything an application is known by, for one database engine.

    Attributes:
        engine: the one that a service would name; empty where there is no choice.
        files_store: the name of its store of files; empty where it has none.
        paths: templates of what is saved.
        required: templates of patterns of what every snapshot must contain.
        sqlite: templates of the files of its SQLite databases.
        for_reference: whether its files may overlap those of others.
    """

    profile: str
    title: str
    engine: str
    settings: tuple[SettingSign, ...]
    databases: tuple[DatabaseSign, ...]
    files_store: str
    paths: tuple[str, ...]
    required: tuple[str, ...]
    sqlite: tuple[str, ...]
    for_reference: bool
    trees: tuple[TreeSign, ...]
    reads: tuple[ReadSign, ...]

    @property
    def application(self) -> str:
        """The application in a word or two."""
        return re.split(r"[,:]", self.title, maxsplit=1)[0]

    def setting(self, name: str) -> SettingSign | None:
        """Return a setting by its name."""
        return next((each for each in self.settings if each.name == name), None)

    def values(self, known: Mapping[str, str]) -> dict[str, str]:
        """Return the settings that have a value: what is known, else the default."""
        values = dict(known)
        for each in self.settings:
            if each.name not in values and each.default is not None:
                filled = filled_in(each.default, values)
                if filled is not None:
                    values[each.name] = filled
        return values


def filled_in(template: str, values: Mapping[str, str]) -> str | None:
    """Put values into a template; None when one of them is not known."""
    if any(name not in values for name in PLACEHOLDER.findall(template)):
        return None
    return PLACEHOLDER.sub(lambda match: values[match[1]], template)


def as_plain(signatures: Iterable[Signature]) -> list[dict[str, Any]]:
    """Return them as JSON types."""
    return [asdict(signature) for signature in signatures]


def of_plain(plain: Iterable[Mapping[str, Any]]) -> tuple[Signature, ...]:
    """Read what :func:`as_plain` has written.

    Raises:
        KeyError, TypeError: it is something else.
    """
    return tuple(_signature(each) for each in plain)


def _signature(plain: Mapping[str, Any]) -> Signature:
    lists = ("paths", "required", "sqlite")
    parts: dict[str, Any] = {
        "settings": tuple(SettingSign(**each) for each in plain["settings"]),
        "databases": tuple(
            DatabaseSign(**{**each, "tables": tuple(each["tables"])}) for each in plain["databases"]
        ),
        "trees": tuple(
            TreeSign(tuple(each["files"]), dict(each["settings"])) for each in plain["trees"]
        ),
        "reads": tuple(ReadSign(**each) for each in plain["reads"]),
        **{name: tuple(plain[name]) for name in lists},
    }
    return Signature(**{**plain, **parts})
