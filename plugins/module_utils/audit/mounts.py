# Copyright: (c) The Probealarm contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Mounted file systems as the kernel lists them, and what their types say.

Source: man proc_pid_mountinfo(5).
"""

from __future__ import annotations

import re
from dataclasses import dataclass

ESCAPED = re.compile(r"\\([0-7]{3})")
UPPER = re.compile(r"(?:^|,)upperdir=([^,]*)")

KERNEL = frozenset(
    [
        *("autofs", "bdev", "binfmt_misc", "bpf", "cgroup", "cgroup2", "configfs", "cpuset"),
        *("debugfs", "devpts", "devtmpfs", "efivarfs", "fusectl", "hugetlbfs", "mqueue", "nfsd"),
        *("nsfs", "proc", "pstore", "ramfs", "resctrl", "rpc_pipefs", "securityfs", "selinuxfs"),
        *("smackfs", "sysfs", "tracefs", "fuse.gvfsd-fuse", "fuse.lxcfs", "fuse.portal"),
    ]
)
"""File systems that the kernel, or a program for one session, makes out of nothing."""

IMAGES = frozenset({"cramfs", "erofs", "iso9660", "squashfs", "udf"})
"""File systems that are written once, by whoever makes the image, and only read afterwards."""

NETWORK = frozenset(
    [
        *("9p", "afs", "beegfs", "ceph", "cifs", "coda", "davfs", "gfs2", "glusterfs", "lustre"),
        *("ncpfs", "nfs", "nfs4", "ocfs2", "orangefs", "smb3", "smbfs"),
    ]
)
"""File systems that lie on other machines, and hang when those do not answer."""

OVERLAYS = frozenset({"aufs", "overlay", "fuse.fuse-overlayfs"})
LOCAL_FUSE = frozenset({"fuseblk", "fuse.fuse-overlayfs"})
"""File systems behind a program of this machine; every other one may ask the network."""


@dataclass(frozen=True)
class Mount:
    """One line of mountinfo.

    Attributes:
        device: ``major:minor``.
        root: the folder of the file system that is mounted.
        path: where.
        upper: of an overlay, the folder that takes what is written; else empty.
    """

    id: int
    parent: int
    device: str
    root: str
    path: str
    type: str
    source: str
    upper: str = ""


def mounts_of(mountinfo: str) -> tuple[Mount, ...]:
    """Read the text of ``/proc/PID/mountinfo``; a line that is none is passed over."""
    found = (_mount(line) for line in mountinfo.split("\n"))
    return tuple(mount for mount in found if mount is not None)


def may_hang(type_of_place: str) -> bool:
    """Tell whether a file system of this type asks another machine, or might."""
    if type_of_place in LOCAL_FUSE or type_of_place in KERNEL:
        return False
    return type_of_place in NETWORK or type_of_place.partition(".")[0] == "fuse"


def _mount(line: str) -> Mount | None:
    fields = line.split(" ")
    try:
        dash = fields.index("-", 6)
        number, parent = int(fields[0]), int(fields[1])
        type_, source, options = fields[dash + 1 : dash + 4]
    except ValueError:
        return None
    upper = UPPER.search(options) if type_ in OVERLAYS else None
    device, root, path = fields[2], _plain(fields[3]), _plain(fields[4])
    written = _plain(upper[1]) if upper else ""
    return Mount(number, parent, device, root, path, _plain(type_), _plain(source), written)


def _plain(field: str) -> str:
    """Undo how the kernel writes space, tab, newline and backslash."""
    return ESCAPED.sub(lambda found: chr(int(found[1], 8)), field)
