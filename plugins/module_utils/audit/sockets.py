# Copyright: (c) The Probealarm contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Where a process listens: its unix sockets and its ports.

Sources: man proc_pid_net(5), and the kernel's net/unix/af_unix.c and net/ipv4/tcp_ipv4.c for the
columns. A socket is a process's own when its inode stands among the process's file descriptors.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator

ACCEPTS = 0x10000
"""``__SO_ACCEPTCON``: somebody called listen() on the unix socket."""
LISTEN = "0A"
"""``TCP_LISTEN``."""
SOCKET = re.compile(r"socket:\[(\d+)\]")
UNIX_ROW = re.compile(r"\w+: \w+ \w+ ([0-9A-Fa-f]{8}) \w+ \w+ +(\d+) ([^@].*)")
"""Number, references, protocol, flags, type, state, inode, path: a path may hold any character, so
a line that has another form is the rest of a path with a line break, and no row.
"""


def inodes_of(links: Iterable[str]) -> frozenset[int]:
    """Return the inodes of the sockets among the targets of ``/proc/PID/fd/*``."""
    return frozenset(int(found[1]) for link in links if (found := SOCKET.fullmatch(link)))


def unix_paths(table: str, inodes: Collection[int]) -> tuple[str, ...]:
    """Return the paths on which a process listens, from ``/proc/PID/net/unix``; sorted.

    Abstract names, which begin with ``@``, are left out: they are in no folder.
    """
    return tuple(sorted(set(_unix_paths(table, inodes))))


def tcp_ports(tables: Iterable[str], inodes: Collection[int]) -> tuple[int, ...]:
    """Return the ports on which a process listens, from ``net/tcp`` and ``net/tcp6``; sorted."""
    return tuple(sorted({port for table in tables for port in _tcp_ports(table, inodes)}))


def _unix_paths(table: str, inodes: Collection[int]) -> Iterator[str]:
    for line in table.splitlines()[1:]:
        row = UNIX_ROW.fullmatch(line)
        if row and int(row[1], 16) & ACCEPTS and int(row[2]) in inodes:
            yield row[3]


def _tcp_ports(table: str, inodes: Collection[int]) -> Iterator[int]:
    for line in table.splitlines()[1:]:
        fields = line.split()
        if len(fields) > 9 and fields[3] == LISTEN and int(fields[9]) in inodes:
            yield int(fields[1].rpartition(":")[2], 16)
