# Copyright: (c) The Probealarm contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The words in which an audit speaks: findings, each with its state, and alarms."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal

State = Literal["saved", "exempt", "unclaimed"]

FindingKind = Literal[
    "directory",
    "file",
    "changed package file",
    "crontab",
    "timer",
    "home",
    "secret",
    "database",
    "schema",
    "table",
    "sqlite",
    "server",
    "data directory",
    "volume",
    "mount",
    "ignored by git",
]

AlarmKind = Literal[
    "store missing",
    "store swallowed",
    "store shrank",
    "expired exemption",
    "idle exemption",
    "ambiguous exemption",
    "files of a running database",
    "not saved yet",
    "refused",
    "unreadable",
    "skipped",
    "no snapshot",
    "no drill in time",
]


@dataclass(frozen=True)
class Finding:
    """One piece of state, at the level a person thinks in.

    Attributes:
        subject: a path, or ``engine/database`` with ``.table`` behind it.
        changed: of what is in it, the newest.
        writer: who writes it: ``package x``, ``unit y.service``, ``container z`` or ``user u``.
        store: ``service/store`` that saves it.
        snapshot: short id of the snapshot that holds it.
        reason: why it is exempt.
        hint: what to add to services.probealarm.yml, as YAML.
        is_new: not there when the last audit ran.
        parts: what is in it, a line each: tables, files of SQLite, names.
    """

    kind: FindingKind
    subject: str
    state: State
    bytes: int
    changed: datetime | None = None
    writer: str = ""
    detail: str = ""
    store: str = ""
    snapshot: str = ""
    saved_at: datetime | None = None
    reason: str = ""
    owner: str = ""
    expires: date | None = None
    hint: str = ""
    is_new: bool = False
    parts: tuple[str, ...] = ()


@dataclass(frozen=True)
class Alarm:
    """Something that a person must look at: a sentence that says what, and what to do."""

    kind: AlarmKind
    subject: str
    sentence: str
