# Copyright: (c) The Probealarm contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Which lines belong to which service, in a declaration that is not YAML as a whole.

One open quote makes a whole file unreadable, and would hide what is wrong with all its other
services. In a file laid out as everybody writes it, each service is a block of lines that can be
read by itself.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

_HEAD = re.compile(r"services:\s*(#.*)?")
_NAME = re.compile(r" +([A-Za-z0-9][A-Za-z0-9_.-]*):\s*(#.*)?")


@dataclass(frozen=True)
class Block:
    """The lines of one service: ``start`` counts from 0, ``stop`` is the first line after it."""

    service: str
    start: int
    stop: int


def service_blocks(lines: list[str]) -> list[Block]:
    """Return the blocks of all services, or none when the layout leaves any doubt about one.

    No doubt means: one line ``services:``, below it every name alone on its line and as deep as
    the first, and everything else deeper.
    """
    heads = [number for number, line in enumerate(lines) if _HEAD.fullmatch(line)]
    if len(heads) != 1:
        return []
    starts: list[tuple[str, int]] = []
    depth = 0
    stop = len(lines)
    for number, line in enumerate(lines[heads[0] + 1 :], start=heads[0] + 1):
        content = line.lstrip(" ")
        if not content.strip() or content.startswith("#"):
            continue
        indent = len(line) - len(content)
        if content.startswith("\t") and starts:
            continue
        if indent == 0:
            stop = number
            break
        depth = depth or indent
        name = _NAME.fullmatch(line)
        if indent < depth or (indent == depth and name is None):
            return []
        if indent == depth and name is not None:
            starts.append((name[1], number))
    ends = [*(number for _, number in starts[1:]), stop]
    return [Block(name, start, end) for (name, start), end in zip(starts, ends, strict=False)]
