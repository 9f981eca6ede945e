# Copyright: (c) The Probealarm contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Where a path of another process lies on the host: in a container, or behind a private mount.

Source: man proc_pid_mountinfo(5). A mount says which device, and which folder of it, is where; the
same device is looked up among the host's own mounts.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

ESCAPED = re.compile(r"\\([0-7]{3})")
OVERLAYS = frozenset({"overlay", "fuse.fuse-overlayfs"})
NETWORK = frozenset(
    [
        *("nfs", "nfs4", "cifs", "smb3", "smbfs", "ceph", "glusterfs", "9p", "afs", "lustre"),
        *("davfs", "ncpfs", "ocfs2", "gfs2", "beegfs"),
    ]
)
KERNEL = frozenset(
    [
        *(
            "proc",
            "sysfs",
            "cgroup",
            "cgroup2",
            "debugfs",
            "tracefs",
            "securityfs",
            "pstore",
            "bpf",
        ),
        *("configfs", "mqueue", "devpts", "selinuxfs", "efivarfs", "binfmt_misc", "fusectl"),
    ]
)
"""What the kernel shows as files."""


@dataclass(frozen=True)
class Mount:
    """One line of ``mountinfo``.

    Attributes:
        device: ``major:minor``.
        root: the folder of the file system that is mounted.
        upper: of an overlay, the folder that takes what is written; else empty.
    """

    device: str
    root: str
    point: str
    type: str
    upper: str = ""

    @property
    def may_hang(self) -> bool:
        """Tell whether asking it for a file may take for ever."""
        return self.type in NETWORK or (self.type.startswith("fuse.") and self.type not in OVERLAYS)


def mounts_of(mountinfo: str) -> tuple[Mount, ...]:
    """Read the text of ``/proc/PID/mountinfo``; a line that is none is passed over."""
    found = (_mount(line) for line in mountinfo.splitlines())
    return tuple(mount for mount in found if mount is not None)


def covering(mounts: Sequence[Mount], path: str) -> Mount | None:
    """Return the mount in which a path lies: the longest, and of equal ones the last on top."""
    best: Mount | None = None
    for mount in mounts:
        if _below(path, mount.point) is not None and (
            best is None or len(mount.point) >= len(best.point)
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
    inside = (mount.root.rstrip("/") + (_below(path, mount.point) or "")) or "/"
    if mount.upper.startswith("/") and exists(written := mount.upper + inside.rstrip("/")):
        return written
    named = (
        (seen, below)
        for seen in host
        if seen.device == mount.device and (below := _below(inside, seen.root)) is not None
    )
    best = max(named, key=lambda pair: len(pair[0].root), default=None)
    return "" if best is None else (best[0].point.rstrip("/") + best[1]) or "/"


def _mount(line: str) -> Mount | None:
    fields = line.split(" ")
    try:
        dash = fields.index("-", 6)
        device, root, point = fields[2:5]
        type_, options = fields[dash + 1], fields[dash + 3]
    except (ValueError, IndexError):
        return None
    found = re.search(r"(?:^|,)upperdir=([^,]*)", options) if type_ in OVERLAYS else None
    return Mount(device, _plain(root), _plain(point), type_, _plain(found[1]) if found else "")


def _plain(field: str) -> str:
    """Undo how the kernel writes space, tab, newline and backslash."""
    return ESCAPED.sub(lambda found: chr(int(found[1], 8)), field)


def _below(path: str, above: str) -> str | None:
    """Return the rest of a path below another, with its slash; None when it is not below."""
    if above == "/":
        return "" if path == "/" else path
    if path == above:
        return ""
    return path[len(above) :] if path.startswith(f"{above}/") else None
