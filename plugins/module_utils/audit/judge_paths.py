# Copyright: (c) The Probealarm contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""From what became of all paths to findings: groups, what is lacking, saved and exempt."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from .claims import Claims
from .facts import ContainerSeen, DatabaseSeen, Entry, Place, Recognised, Unread, VolumeSeen
from .finding import Alarm, Finding, FindingKind
from .grouping import Group
from .hints import Hints
from .path_rules import SERVER, Judged
from .saved import Held
from .schedules import classify

VOLUMES = re.compile(r"/var/lib/(?:containers/storage|docker)/volumes/([^/]+)(?:/.*)?")

WriterOf = Callable[[str, int], str]


@dataclass(frozen=True)
class Seen:
    """What was seen on the host beside its paths.

    Attributes:
        unread: what should have been looked at and could not be; exempt places are left out.
        recognised: by form, among what nobody claims.
    """

    databases: tuple[DatabaseSeen, ...]
    containers: tuple[ContainerSeen, ...]
    unused_volumes: tuple[VolumeSeen, ...]
    places: tuple[Place, ...]
    unread: tuple[Unread, ...]
    recognised: tuple[Recognised, ...]
    alarms: tuple[Alarm, ...] = ()


@dataclass(frozen=True)
class Knowledge:
    """What the judgement goes by.

    Attributes:
        state_directories: of systemd, with their units.
    """

    claims: Claims
    held: Mapping[str, Held]
    hints: Hints
    writer_of: WriterOf
    state_directories: Mapping[str, str]


def findings_of_paths(seen: Seen, paths: Judged, known: Knowledge) -> Iterator[Finding]:
    """Say what became of all paths."""
    yield from _of_groups(seen, paths.groups, known)
    yield from _of_changed(paths, known)
    yield from _of_lacking(paths, known)
    yield from _of_saved(paths, known)
    yield from _of_exempt(paths)


def _of_groups(seen: Seen, groups: Sequence[Group], known: Knowledge) -> Iterator[Finding]:
    volumes = {
        mount.source.rstrip("/"): f"volume {mount.name} of container {container.name}"
        for container in seen.containers
        for mount in container.mounts
        if mount.kind == "volume"
    }
    volumes |= {
        one.path.rstrip("/"): f"volume {one.name}, which no container uses"
        for one in seen.unused_volumes
    }
    forms: dict[str, list[Recognised]] = {}
    for one in seen.recognised:
        forms.setdefault(one.path, []).append(one)
    for group in groups:
        yield _of_group(group, volumes, forms, known)


def _of_group(
    group: Group,
    volumes: Mapping[str, str],
    forms: Mapping[str, Sequence[Recognised]],
    known: Knowledge,
) -> Finding:
    inside = [
        one
        for path, found in forms.items()
        if path == group.path or path.startswith(f"{group.path}/")
        for one in found
    ]
    kind, words = _classified(group)
    details = [text for text in (words, group.note) if text]
    hint = ""
    volume = next((said for path, said in volumes.items() if _is_part(group.path, path)), "")
    if not volume and (form := VOLUMES.fullmatch(group.path)):
        volume = f"volume {form[1]}, of which no container program here knows"
    exact = [one for one in inside if one.path == group.path]
    if group.is_file and exact and exact[0].form == "sqlite":
        kind, hint = "sqlite", known.hints.for_sqlite(group.path)
    elif exact and exact[0].form not in {"sqlite", "git checkout"}:
        kind = "data directory"
    elif volume:
        kind = "volume"
    if volume:
        details.append(volume)
    details += [f"{one.form}: {one.detail}" for one in inside[:5]]
    if group.is_part:
        details.append(f"{group.sums.files} files in it, among others {', '.join(group.samples)}")
        hint = known.hints.for_paths(f"{group.path}/{name}" for name in group.samples)
    elif group.sums.files > 1:
        details.append(f"{group.sums.files} files")
    return Finding(
        kind,
        group.path,
        "unclaimed",
        group.sums.bytes,
        moment(group.sums.changed_ns),
        writer=_writer(group, known),
        detail="; ".join(details),
        hint=hint or known.hints.for_path(group.path),
        parts=tuple(f"{one.path}: {one.form}, {one.detail}" for one in inside),
    )


def _classified(group: Group) -> tuple[FindingKind, str]:
    largest = group.sums.largest
    if largest is None or group.is_part:
        return "directory", ""
    return classify(largest if group.is_file else Entry(group.path, "folder", 0, 0, 0, 0))


def _writer(group: Group, known: Knowledge) -> str:
    uid = group.sums.largest.uid if group.sums.largest else 0
    writer = known.writer_of(group.path, uid)
    if not writer.startswith(("unit ", "container ")):
        for path, unit in known.state_directories.items():
            if _is_part(group.path, path):
                return f"unit {unit}"
    return writer


def _of_changed(paths: Judged, known: Knowledge) -> Iterator[Finding]:
    for entry, package, change in paths.changed:
        yield Finding(
            "changed package file",
            entry.path,
            "unclaimed",
            entry.bytes,
            moment(entry.mtime_ns),
            writer=f"package {package}",
            detail=change,
            hint=known.hints.for_path(entry.path),
        )


def _of_lacking(paths: Judged, known: Knowledge) -> Iterator[Finding]:
    for claim, lacking in paths.lacking.items():
        held = known.held[claim.service]
        files = lacking.sums.files
        alone = files == 1
        yield Finding(
            "file" if alone else "directory",
            lacking.samples[0] if alone else claim.path,
            "unclaimed",
            lacking.sums.bytes,
            moment(lacking.sums.changed_ns),
            detail=f"{claim.label} declares it, and snapshot {held.snapshot.short}, which "
            f"came later, does not hold {'it' if alone else f'{files} files of it'}: something "
            "leaves it out, or it was declared later",
            hint="# Nothing to add: look what leaves it out (regenerable of another store?), then "
            f"back up: ansible-playbook playbooks/back_up.yml --limit {claim.service}\n",
            parts=lacking.samples,
        )


def _of_saved(paths: Judged, known: Knowledge) -> Iterator[Finding]:
    for claim, sums in paths.saved.items():
        held = known.held[claim.service]
        yield Finding(
            "directory" if sums.files > 1 else "file",
            claim.path,
            "saved",
            sums.bytes,
            moment(sums.changed_ns),
            detail=f"{sums.files} files",
            store=claim.label,
            snapshot=held.snapshot.short,
            saved_at=held.snapshot.taken_at,
        )


def _of_exempt(paths: Judged) -> Iterator[Finding]:
    for exemption, sums in paths.exempt.items():
        if exemption.origin == SERVER:
            continue
        yield Finding(
            "directory" if sums.files != 1 else "file",
            exemption.pattern,
            "exempt",
            sums.bytes,
            moment(sums.changed_ns),
            detail=f"{sums.files} files",
            store=exemption.origin,
            reason=exemption.reason,
            owner=exemption.owner,
            expires=exemption.expires,
        )


def moment(nanoseconds: int) -> datetime | None:
    """Read a time of the file system; nothing where it is none, or one that no calendar holds."""
    if nanoseconds <= 0:
        return None
    try:
        return datetime.fromtimestamp(nanoseconds // 1_000_000_000, UTC)
    except (OverflowError, ValueError, OSError):
        return None


def _is_part(path: str, volume: str) -> bool:
    return path == volume or path.startswith(f"{volume}/")
