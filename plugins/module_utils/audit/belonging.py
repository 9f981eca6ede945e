# Copyright: (c) The Probealarm contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Whose a process is: the systemd unit and the containers that its control groups name.

Sources: man cgroups(7), ``/proc/PID/cgroup``; the names are those that runc and crun get from
podman (``libpod-ID.scope``, ``libpod-payload-ID``, ``libpod_parent/libpod-ID``), Docker
(``docker-ID.scope``, ``/docker/ID``) and containerd (``cri-containerd-ID.scope``).
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

CONTAINER = re.compile(r"(?:^|[-_])([0-9a-f]{64})(?:\.scope)?$")
NAMESPACE = re.compile(r"payload|lxc\.payload(\..+)?")
"""The group in which systemd-nspawn and LXC put all that runs inside (their sources:
nspawn-cgroup.c, ``lxc.cgroup.dir.container``)."""
USER_SLICE = re.compile(r"/user-(\d+)\.slice/")


@dataclass(frozen=True)
class Belonging:
    """What the control groups of a process say.

    Attributes:
        unit: the service of the host's systemd in which it runs; empty for logins and the like.
        containers: ids of the containers around it, the outermost first; those around the auditor
            itself are left out.
        session_uid: the user in whose slice it runs; None outside of all.
        runtime: who made the innermost container, as far as the name tells.
    """

    unit: str = ""
    containers: tuple[str, ...] = ()
    session_uid: int | None = None
    runtime: Literal["podman", "docker"] = "podman"


def belonging_of(cgroup: str, ours: Sequence[str] = ()) -> Belonging:
    """Read the text of ``/proc/PID/cgroup``, of version 1, 2 or both.

    Args:
        cgroup: lines of ``number:controllers:path``.
        ours: ids of the containers in which the auditor itself runs.
    """
    paths = _paths(cgroup)
    deepest = max(paths, key=lambda path: len(containers_in(path)), default="")
    containers = tuple(name for name in containers_in(deepest) if name not in ours)
    unit = next((name for path in paths if (name := _unit(path, ours))), "")
    session = next((found for path in paths if (found := USER_SLICE.search(f"{path}/"))), None)
    return Belonging(
        unit=unit,
        containers=containers,
        session_uid=None if session is None else int(session[1]),
        runtime="docker" if re.search(r"/docker[-/][0-9a-f]{64}[^/]*$", deepest) else "podman",
    )


def containers_in(path: str) -> tuple[str, ...]:
    """Yield the ids in a path of control groups, the outermost first, each once."""
    found = (CONTAINER.search(part) for part in path.split("/"))
    return tuple(dict.fromkeys(match[1] for match in found if match))


def _paths(cgroup: str) -> list[str]:
    """Return the paths of all hierarchies: first what systemd itself keeps, in both versions."""
    rows = [line.split(":", 2) for line in cgroup.splitlines() if line.count(":") >= 2]
    rows.sort(key=lambda row: {"name=systemd": 0, "": 1}.get(row[1], 2))
    return [row[2] for row in rows]


def _unit(path: str, ours: Sequence[str]) -> str:
    """Return the innermost service of the host; what a container runs inside is not the host's."""
    unit = ""
    for part in path.split("/"):
        match = CONTAINER.search(part)
        if match and match[1] in ours:
            unit = ""
        elif match or NAMESPACE.fullmatch(part):
            return unit
        elif part.endswith(".service"):
            unit = part
    return unit
