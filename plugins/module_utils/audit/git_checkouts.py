# Copyright: (c) The Probealarm contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What lies in a git checkout and not in git: lost when somebody clones it again.

The checkout's index is read here, and git is not run: as root it would run programs that the
checkout's own configuration names (``core.fsmonitor``, ``filter.*``).

Source: git's "gitformat-index", versions 2 to 4.
"""

from __future__ import annotations

import os
import re
import struct
from collections.abc import Iterator

from ..text import count
from .facts import Recognised
from .reading import measured, moment, whole

FIXED_BYTES = 40
EXTENDED = 0x4000
MOST_NAMED = 5
ADDRESS = re.compile(r'\[remote "origin"\][^\[]*?\burl\s*=\s*(\S+)')
CREDENTIALS = re.compile(r"//\S*@")
"""Up to the last sign: a password may hold every letter before it."""


def checkout_at(folder: str) -> Recognised | None:
    """Look into a folder that holds ``.git``; ``None`` when all of it is in git, or it is none.

    Raises:
        OSError: it cannot be read.
    """
    try:
        index = whole(f"{folder}/.git/index")
        settings = whole(f"{folder}/.git/config").decode("utf-8", "replace")
    except (FileNotFoundError, NotADirectoryError):
        return None
    try:
        tracked = tracked_in(index, 32 if re.search(r"objectformat\s*=\s*sha256", settings) else 20)
    except (ValueError, IndexError, struct.error) as error:
        said = f"a git checkout whose index cannot be read ({error})"
        return Recognised(folder, "git checkout", said, 0, None)
    parts, size, newest = [], 0, 0
    for path in _outside(folder, "", tracked):
        below_bytes, below_newest = measured(path)
        parts.append(path)
        size, newest = size + below_bytes, max(newest, below_newest)
    if not parts:
        return None
    found = ADDRESS.search(settings)
    origin = f" of {CREDENTIALS.sub('//', found[1])}" if found else ", known to no other machine,"
    named = ", ".join(part[len(folder) + 1 :] for part in parts[:MOST_NAMED])
    more = f" and {count(len(parts) - MOST_NAMED)} more" if len(parts) > MOST_NAMED else ""
    said = f"a git checkout{origin} does not have {named}{more}"
    return Recognised(folder, "git checkout", said, size, moment(newest), tuple(parts))


def tracked_in(index: bytes, hash_bytes: int) -> dict[str, bool]:
    """Read which files git has; folders above them are in it, too, as ``False``.

    Returns:
        relative path to whether it is known as a whole: a file, or a checkout inside this one.

    Raises:
        ValueError: it is no index, or a split one. IndexError, struct.error: it is cut off.
    """
    signature, version, number = struct.unpack_from(">4sII", index)
    if signature != b"DIRC" or version not in {2, 3, 4}:
        raise ValueError("it is no index of versions 2 to 4")
    tracked: dict[str, bool] = {}
    place, name = 12, b""
    for _ in range(number):
        begin = place
        place += FIXED_BYTES + hash_bytes
        (flags,) = struct.unpack_from(">H", index, place)
        place += 4 if flags & EXTENDED else 2
        if version == 4:
            strip, place = _number(index, place)
            name = name[: len(name) - strip]
        else:
            name = b""
        end = index.index(b"\0", place)
        name += index[place:end]
        place = end + 1 if version == 4 else begin + (end - begin) // 8 * 8 + 8
        path = os.fsdecode(name).rstrip("/")  # a folder of a sparse checkout ends so
        tracked[path] = True
        above = path.rpartition("/")[0]
        while above and above not in tracked:
            tracked[above] = False
            above = above.rpartition("/")[0]
    while place + 8 <= len(index) - hash_bytes:
        extension, length = struct.unpack_from(">4sI", index, place)
        if extension == b"link":
            raise ValueError("it is split over two files")
        place += 8 + length
    return tracked


def _outside(folder: str, inside: str, tracked: dict[str, bool]) -> Iterator[str]:
    """Yield the outermost paths below a folder that git does not have."""
    try:
        with os.scandir(f"{folder}/{inside}".rstrip("/")) as found:
            entries = sorted(found, key=lambda entry: entry.name)
    except OSError:  # the walk tells what cannot be read
        return
    for entry in entries:
        path = f"{inside}/{entry.name}" if inside else entry.name
        if entry.name == ".git":
            continue
        if path not in tracked:
            yield f"{folder}/{path}"
        elif not tracked[path] and entry.is_dir(follow_symlinks=False):
            yield from _outside(folder, path, tracked)


def _number(index: bytes, place: int) -> tuple[int, int]:
    """Read a number of variable length, as in pack files; return it and where it ends."""
    byte = index[place]
    value = byte & 0x7F
    while byte & 0x80:
        place += 1
        byte = index[place]
        value = ((value + 1) << 7) | (byte & 0x7F)
    return value, place + 1
