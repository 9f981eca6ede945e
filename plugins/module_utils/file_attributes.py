# Copyright: (c) The Probealarm contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a file carries beside its content and mode: access control lists, extended attributes."""

from __future__ import annotations

import errno
import hashlib
import os
import struct
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from .manifest import NO_XATTRS

ACCESS, DEFAULT = "system.posix_acl_access", "system.posix_acl_default"
"""Under these names the kernel shows a file's POSIX ACL; ``DEFAULT`` is what new files inherit."""

KEPT = ("user.", "security.")
"""What applications and administrators set; ``trusted.`` is the file system's own."""

ACL_VERSION = 2
TAGS = {0x01: "user", 0x02: "user", 0x04: "group", 0x08: "group", 0x10: "mask", 0x20: "other"}
NAMED = frozenset({0x02, 0x08})
"""Tags that carry a number; from the kernel's ``include/uapi/linux/posix_acl.h``."""


@dataclass(frozen=True)
class Attributes:
    """The ACL as text, empty when there is none; name and SHA-256 of each extended attribute."""

    acl: str
    xattrs: Mapping[str, str]


NOTHING = Attributes("", NO_XATTRS)


def attributes_of(path: str) -> Attributes:
    """Read them, links not followed; a file system without them has none.

    Raises:
        OSError: they cannot be read.
    """
    try:
        names = os.listxattr(path, follow_symlinks=False)
    except OSError as error:
        if error.errno == errno.ENOTSUP:
            return NOTHING
        raise
    if not names:
        return NOTHING
    acl = [acl_text(value, "default:" * (name == DEFAULT)) for name, value in _acls(path, names)]
    kept = sorted(name for name in names if name.startswith(KEPT))
    values = ((name, _value(path, name)) for name in kept)
    xattrs = {name: _digest(value) for name, value in values if value is not None}
    return Attributes(",".join(acl), xattrs or NO_XATTRS)


def acl_text(value: bytes, prefix: str = "") -> str:
    """Write an ACL as ``setfacl`` reads it, with numbers instead of names.

    The kernel's form (``include/uapi/linux/posix_acl_xattr.h``): a version of 4 bytes, then entries
    of tag (2 bytes), permissions (2) and id (4), least significant byte first.
    """
    if len(value) % 8 != 4 or struct.unpack_from("<I", value) != (ACL_VERSION,):
        return f"{prefix}unknown:{value.hex()}"
    return ",".join(
        f"{prefix}{TAGS.get(tag, f'tag{tag}')}:{number if tag in NAMED else ''}:{_rwx(granted)}"
        for tag, granted, number in struct.iter_unpack("<HHI", value[4:])
    )


def _acls(path: str, names: list[str]) -> Iterator[tuple[str, bytes]]:
    for name in (ACCESS, DEFAULT):
        if name in names and (value := _value(path, name)) is not None:
            yield name, value


def _value(path: str, name: str) -> bytes | None:
    """Read one; ``None`` when it was removed since the names were listed."""
    try:
        return os.getxattr(path, name, follow_symlinks=False)
    except OSError as error:
        if error.errno == errno.ENODATA:
            return None
        raise


def _digest(value: bytes) -> str:
    return hashlib.sha256(value).hexdigest()


def _rwx(granted: int) -> str:
    return "".join(
        letter if granted & bit else "-" for letter, bit in (("r", 4), ("w", 2), ("x", 1))
    )
