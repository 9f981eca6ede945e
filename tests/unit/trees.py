"""Trees with every kind of thing that a file system holds, and what can be wrong with them."""

from __future__ import annotations

import os
import struct
from pathlib import Path

NAME_IN_LATIN_1 = os.fsdecode("caf\u00e9".encode("latin-1"))
LONGEST_NAME = "n" * 255
EVERYBODY = 0xFFFFFFFF


def acl(user: int, granted: int) -> bytes:
    """Write, in the kernel's form, an ACL that gives one user something."""
    entries = [(1, 6, EVERYBODY), (2, granted, user), (4, 4, EVERYBODY), (16, 6, EVERYBODY)]
    return struct.pack("<I", 2) + b"".join(
        struct.pack("<HHI", *entry) for entry in [*entries, (32, 0, EVERYBODY)]
    )


def grow(folder: Path) -> None:
    """Put one of every kind into a folder."""
    folder.mkdir(parents=True)
    (folder / "a.png").write_bytes(b"picture")
    (folder / "a.png").chmod(0o644)
    (folder / "b.png").hardlink_to(folder / "a.png")
    (folder / "c.png").write_bytes(b"picture")
    (folder / "d.png").write_bytes(b"picture")
    for name in ("a.png", "d.png"):
        os.utime(folder / name, ns=(0, 1_795_384_322_115_042_870))
    (folder / "empty").touch()
    (folder / "link").symlink_to("a.png")
    (folder / "loop").symlink_to("loop")
    os.mkfifo(folder / "pipe")
    os.mknod(folder / "null", 0o600 | 0o020000, os.makedev(1, 3))
    (folder / "sparse").touch()
    os.truncate(folder / "sparse", 8 * 1024 * 1024)
    (folder / NAME_IN_LATIN_1).write_bytes(b"coffee")
    (folder / LONGEST_NAME).touch()
    (folder / "a\nb").touch()
    inner = folder / "inner"
    inner.mkdir()
    os.setxattr(folder / "c.png", "user.origin", b"https://example.org/c.png")
    os.setxattr(folder / "c.png", "system.posix_acl_access", acl(1234, 4))
    os.setxattr(inner, "system.posix_acl_default", acl(1234, 6))
