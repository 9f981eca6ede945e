# Copyright: (c) The Probealarm contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""In what one restored file differs from what the manifest says of it, in sentences."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime

from ..file_listing import shown
from ..manifest import FileEntry

NANOSECONDS = 1_000_000_000
BLOCK_BYTES = 512
CARRIED_SINCE = 2
"""The manifest's format that began to say what a file carries beside content, mode and owner."""


def differences(wanted: FileEntry, found: FileEntry, *, written_as: int) -> Iterator[str]:
    """Tell everything in which they differ except the time.

    Args:
        wanted: what the manifest says.
        found: what came back.
        written_as: the manifest's format; what it does not tell is not compared.
    """
    path = shown(wanted.path)
    if found.type != wanted.type:
        yield f"{path} is a {found.type} and was a {wanted.type}"
        return
    if found.bytes != wanted.bytes:
        yield f"{path} has {found.bytes} bytes and had {wanted.bytes}"
    elif found.sha256 != wanted.sha256:
        yield f"{path} has another content than on the source"
    if found.target != wanted.target:
        yield f"{path} points to {shown(found.target)} and pointed to {shown(wanted.target)}"
    if found.mode != wanted.mode and wanted.type != "link":
        yield f"{path} has mode {found.mode:04o} and had {wanted.mode:04o}"
    if (found.uid, found.gid) != (wanted.uid, wanted.gid):
        yield (
            f"{path} belongs to {found.uid}:{found.gid} and belonged to {wanted.uid}:{wanted.gid}"
        )
    if written_as >= CARRIED_SINCE:
        yield from _carried(path, wanted, found)


def another_time(wanted: FileEntry, found: FileEntry) -> Iterator[str]:
    """Tell when the time of the last change is another one."""
    if found.mtime_ns != wanted.mtime_ns:
        yield (
            f"{shown(wanted.path)} was changed at {_moment(found.mtime_ns)} by its time and at "
            f"{_moment(wanted.mtime_ns)} on the source"
        )


def lost_its_holes(wanted: FileEntry, found: FileEntry, *, written_as: int) -> bool:
    """Tell whether a sparse file now takes its full length on the disk."""
    return (
        written_as >= CARRIED_SINCE
        and wanted.blocks * BLOCK_BYTES < wanted.bytes
        and found.blocks * BLOCK_BYTES >= found.bytes
    )


def _carried(path: str, wanted: FileEntry, found: FileEntry) -> Iterator[str]:
    if found.device != wanted.device:
        yield f"{path} is device {found.device} and was {wanted.device}"
    if found.acl != wanted.acl:
        yield f"{path} has {_acl(found.acl)} and had {_acl(wanted.acl)}"
    for name in sorted(wanted.xattrs.keys() | found.xattrs.keys()):
        if name not in found.xattrs:
            yield f"{path} came back without its extended attribute {shown(name)}"
        elif name not in wanted.xattrs:
            yield f"{path} has an extended attribute {shown(name)} that it did not have"
        elif found.xattrs[name] != wanted.xattrs[name]:
            yield f"{path} has another value of its extended attribute {shown(name)}"
    if found.same_as != wanted.same_as:
        yield f"{path} is {_name(found.same_as)} and was {_name(wanted.same_as)}"


def _acl(text: str) -> str:
    return f"the ACL {text}" if text else "no ACL"


def _name(same_as: str) -> str:
    return f"a hard link of {shown(same_as)}" if same_as else "a file of its own"


def _moment(time_ns: int) -> str:
    seconds, rest = divmod(time_ns, NANOSECONDS)
    try:
        return f"{datetime.fromtimestamp(seconds, UTC):%Y-%m-%d %H:%M:%S}.{rest:09d} UTC"
    except (OverflowError, ValueError, OSError):
        return f"{seconds} s after 1970"
