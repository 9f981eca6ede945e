# Copyright: (c) The Probealarm contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Which mounted file systems an audit walks, which not, and why.

Source of the format: proc_pid_mountinfo(5).
"""

from __future__ import annotations

import os
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from .facts import Place
from .patience import Silence, answer

MOUNTS = Path("/proc/self/mountinfo")
PATIENCE_SECONDS = 15.0

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
        *("9p", "afs", "beegfs", "ceph", "cifs", "coda", "davfs", "glusterfs", "lustre", "ncpfs"),
        *("nfs", "nfs4", "orangefs", "smb3", "smbfs"),
    ]
)
"""File systems that lie on another machine, and hang when it does not answer."""

LOCAL_FUSE = frozenset({"fuseblk", "fuse.fuse-overlayfs"})
"""File systems behind a program of this machine; every other one may ask the network."""

MEMORY = ("/dev", "/proc", "/run", "/sys", "/tmp")  # noqa: S108 (nothing is opened there)
"""Where Debian keeps files in memory for as long as the machine runs."""

CONTAINER_STORES = ("/containers/storage/", "/var/lib/docker/", "/var/lib/containerd/")

Answer = Callable[[str], str]


@dataclass(frozen=True)
class Mount:
    """One line of mountinfo; ``device`` is ``major:minor``."""

    id: int
    parent: int
    device: str
    root: str
    path: str
    type: str
    source: str


def read_places(named: Collection[str] = ()) -> tuple[Place, ...]:
    """Look at this machine's mounts.

    Args:
        named: see :func:`judge_places`.

    Raises:
        OSError: there is no /proc.
    """
    return judge_places(parse_mounts(MOUNTS.read_bytes()), named, answers)


def parse_mounts(text: bytes) -> list[Mount]:
    r"""Read mountinfo: spaces, tabs, line ends and backslashes stand as ``\040`` in it."""
    mounts = []
    for line in text.splitlines():
        before, dash, after = line.partition(b" - ")
        fields, behind = before.split(b" "), after.split(b" ")
        if not dash or len(fields) < 6 or len(behind) < 2:
            continue
        mounts.append(
            Mount(
                id=int(fields[0]),
                parent=int(fields[1]),
                device=fields[2].decode(),
                root=_unescaped(fields[3]),
                path=_unescaped(fields[4]),
                type=_unescaped(behind[0]),
                source=_unescaped(behind[1]),
            )
        )
    return mounts


def judge_places(
    mounts: Sequence[Mount], named: Collection[str], answers: Answer
) -> tuple[Place, ...]:
    """Decide which mounts are walked.

    What is mounted at several places is walked at one of them: at one of which a snapshot or the
    declaration speaks, else at the one that shows most of it, else at the first.

    Args:
        mounts: as mountinfo has them.
        named: paths that snapshots and declarations speak of.
        answers: tells why a mount does not answer; empty when it does.
    """
    visible = [mount for mount in mounts if not _is_hidden(mount, mounts)]
    places = {mount.path: _judged(mount, answers) for mount in visible}
    for mount in _in_order_of_choice(visible, named):
        if places[mount.path].skipped:
            continue
        for path in [*_shown_by(mount, visible, places)]:
            shown = places.get(path) or Place(path, mount.source, mount.type, mount.root)
            same = f"the same files are walked as {mount.path}"
            places[path] = replace(shown, skipped=same, is_state=False)
    return tuple(places[path] for path in sorted(places))


def answers(path: str) -> str:
    """Ask a mount for its names, in a child; say why it does not answer."""
    try:
        reason = answer(lambda: os.listdir(path), seconds=PATIENCE_SECONDS)  # noqa: PTH208 (names may not be UTF-8)
    except Silence:
        return f"it did not answer within {PATIENCE_SECONDS:g} seconds"
    except OSError as error:
        return error.strerror or str(error)
    return f"it cannot be read ({reason})" if reason else ""


def may_hang(type_of_place: str) -> bool:
    """Tell whether a file system of this type asks another machine, or might."""
    if type_of_place in LOCAL_FUSE or type_of_place in KERNEL:
        return False
    return type_of_place in NETWORK or type_of_place.partition(".")[0] == "fuse"


def _judged(mount: Mount, answers: Answer) -> Place:
    place = Place(mount.path, mount.source, mount.type, mount.root)
    if reason := _never_state(mount):
        return replace(place, skipped=reason, is_state=False)
    if may_hang(mount.type) and (silence := answers(mount.path)):
        return replace(place, skipped=silence)
    return place


def _never_state(mount: Mount) -> str:
    """Say why nothing on a mount can be state."""
    if mount.type in KERNEL:
        return "the kernel makes it out of nothing at every start"
    if mount.type in IMAGES:
        return "a read-only image: whoever made it has the original"
    in_store = any(store in mount.path for store in CONTAINER_STORES)
    if mount.type == "tmpfs" and (in_store or _is_below(mount.path, MEMORY)):
        return "it lies in memory and is empty after every start"
    if mount.type in {"overlay", "aufs", "fuse.fuse-overlayfs"} and in_store:
        return "how a running container sees its files, which are walked where they lie"
    return ""


def _is_hidden(mount: Mount, mounts: Iterable[Mount]) -> bool:
    """Tell whether a later mount at the same place, or above it, covers this one."""
    by_id = {one.id: one for one in mounts}
    above: Mount | None = mount
    seen: set[int] = set()
    while above and above.id not in seen:
        seen.add(above.id)
        for other in by_id.values():
            on_top = other.parent == above.id and other.path == above.path
            beside = other.parent == above.parent and other.id != above.id
            if other.id in seen:
                continue
            if on_top or (
                beside and above.path != other.path and _is_below(above.path, [other.path])
            ):
                return True
        above = by_id.get(above.parent)
    return False


def _in_order_of_choice(mounts: Iterable[Mount], named: Collection[str]) -> list[Mount]:
    def rank(mount: Mount) -> tuple[bool, int]:
        is_named = mount.path != "/" and any(
            _is_below(path, [mount.path]) or _is_below(mount.path, [path]) for path in named
        )
        return not is_named, len(mount.root)

    return sorted(mounts, key=rank)


def _shown_by(chosen: Mount, mounts: Iterable[Mount], places: Mapping[str, Place]) -> Iterator[str]:
    """Name the other places where the very files of a walked mount can be seen."""
    over = [*places]
    for other in mounts:
        if other is chosen or other.device != chosen.device:
            continue
        if _is_below(other.root, [chosen.root]):
            path = _joined(chosen.path, other.root[len(chosen.root.rstrip("/")) :])
            if not _is_covered(path, chosen.path, over):
                yield other.path
        elif _is_below(chosen.root, [other.root]):
            path = _joined(other.path, chosen.root[len(other.root.rstrip("/")) :])
            if not _is_covered(path, other.path, over):
                yield path


def _is_covered(path: str, mounted: str, over: Iterable[str]) -> bool:
    """Tell whether what a mount shows at a path is hidden by another, or skipped, there."""
    return any(
        one != mounted and _is_below(path, [one]) and _is_below(one, [mounted]) for one in over
    )


def _joined(folder: str, inside: str) -> str:
    return f"{folder.rstrip('/')}/{inside.strip('/')}".rstrip("/") or "/"


def _is_below(path: str, folders: Iterable[str]) -> bool:
    return any(path == folder or path.startswith(f"{folder.rstrip('/')}/") for folder in folders)


def _unescaped(field: bytes) -> str:
    for code, letter in ((b"\\040", b" "), (b"\\011", b"\t"), (b"\\012", b"\n"), (b"\\134", b"\\")):
        field = field.replace(code, letter)
    return os.fsdecode(field)
