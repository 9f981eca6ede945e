# Copyright: (c) The Probealarm contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Redis over its own protocol: read every key of a throw-away server, whatever bytes are in it.

The command line client prints text, in which keys and values that are no text cannot be told from
each other. The protocol: Redis manual, "Redis serialization protocol specification", version 2.
"""

from __future__ import annotations

import socket
from collections.abc import Sequence
from pathlib import Path
from typing import TypeAlias

from ..errors import Trouble
from .answers import LONGEST_SECONDS

Word: TypeAlias = "bytes | str | int"
Reply: TypeAlias = "bytes | int | list[Reply] | None"

ENDED = "the throw-away Redis ended in the middle of an answer"


class RedisConnection:
    """One connection to a server's socket."""

    def __init__(self, path: Path) -> None:
        """Connect.

        Raises:
            OSError: nobody listens there.
        """
        self._socket = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        self._socket.settimeout(LONGEST_SECONDS)
        try:
            self._socket.connect(str(path))
        except OSError:
            self._socket.close()
            raise
        self._answers = self._socket.makefile("rb")

    def close(self) -> None:
        """End the connection."""
        self._answers.close()
        self._socket.close()

    def ask(self, *command: Word) -> Reply:
        """Send one command and read its reply; see :meth:`ask_each`."""
        return self.ask_each([command])[0]

    def ask_each(self, commands: Sequence[Sequence[Word]]) -> list[Reply]:
        """Send commands in one go and read their replies, an error among them as None.

        Raises:
            Trouble: the server ended, or takes longer than a drill may.
        """
        try:
            self._socket.sendall(b"".join(_encoded(command) for command in commands))
            return [self._reply() for _ in commands]
        except OSError as error:
            raise Trouble(f"the throw-away Redis does not answer any more ({error})") from None

    def _reply(self) -> Reply:
        line = self._answers.readline()
        if not line.endswith(b"\r\n"):
            raise Trouble(ENDED)
        kind, told = line[:1], line[1:-2]
        if kind == b"+":
            return told
        if kind == b"-":
            return None
        number = int(told)
        if kind == b":":
            return number
        if number < 0:
            return None
        if kind == b"*":
            return [self._reply() for _ in range(number)]
        content = self._answers.read(number + 2)
        if len(content) < number + 2:
            raise Trouble(ENDED)
        return content[:-2]


def _encoded(command: Sequence[Word]) -> bytes:
    parts = [b"*%d\r\n" % len(command)]
    for word in command:
        told = word if isinstance(word, bytes) else str(word).encode("utf-8", "surrogateescape")
        parts.append(b"$%d\r\n%b\r\n" % (len(told), told))
    return b"".join(parts)
