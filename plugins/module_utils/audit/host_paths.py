# Copyright: (c) The Probealarm contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Where a path of another process lies on the host: in a container, or behind a private mount.

A mount says which device, and which folder of it, is where; the same device is looked up among the
host's own mounts.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from .mounts import Mount


def covering(mounts: Sequence[Mount], path: str) -> Mount | None:
    """Return the mount in which a path lies: the longest, and of equal ones the last on top."""
    best: Mount | None = None
    for mount in mounts:
        if _below(path, mount.path) is not None and (
            best is None or len(mount.path) >= len(best.path)
        ):
            best = mount
    return best


def on_the_host(
    path: str, theirs: Sequence[Mount], host: Sequence[Mount], exists: Callable[[str], bool]
) -> str:
    """Tell what the host calls a path of a process.

    What lies in an overlay is named by its upper folder, where it is on the disk.

    Args:
        path: absolute, as the process sees it.
        theirs: the process's mounts.
        host: the auditor's mounts.
        exists: whether the host has a path; asked only of upper folders of overlays.

    Returns:
        Empty when the host has no name for it: a mount in a namespace of its own.
    """
    mount = covering(theirs, path)
    if mount is None:
        return ""
    inside = (mount.root.rstrip("/") + (_below(path, mount.path) or "")) or "/"
    if mount.upper.startswith("/") and exists(written := mount.upper + inside.rstrip("/")):
        return written
    named = (
        (seen, below)
        for seen in host
        if seen.device == mount.device and (below := _below(inside, seen.root)) is not None
    )
    best = max(named, key=lambda pair: len(pair[0].root), default=None)
    return "" if best is None else (best[0].path.rstrip("/") + best[1]) or "/"


def is_one_place(path: str, theirs: Sequence[Mount], host: Sequence[Mount]) -> bool:
    """Tell whether a process and the host mean the same by a path."""
    one, other = covering(theirs, path), covering(host, path)
    if one is None or other is None or one.device != other.device:
        return False
    inside = [mount.root.rstrip("/") + (_below(path, mount.path) or "") for mount in (one, other)]
    return inside[0] == inside[1]


def _below(path: str, above: str) -> str | None:
    """Return the rest of a path below another, with its slash; None when it is not below."""
    if above == "/":
        return "" if path == "/" else path
    if path == above:
        return ""
    return path[len(above) :] if path.startswith(f"{above}/") else None
