# Copyright: (c) The Probealarm contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Wait for the disk of another machine, but not for ever.

A call into a network mount whose server is gone may never return, and the process that made it
cannot be ended before the server comes back. So a child makes the call. When it says nothing for
too long it is killed and left alone: nobody waits for its end, and it holds no file of ours, so
that nobody waits for it on the other side of a pipe either.
"""

from __future__ import annotations

import errno
import marshal
import os
import select
import signal
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from typing import Any, NoReturn

BATCH_ROWS = 500
BATCH_SECONDS = 1.0
LENGTH_BYTES = 8
HIGHEST_FILE = 65_536


class Silence(Exception):  # noqa: N818 (it is what was met, and not always a fault)
    """The child said nothing for as long as it was given."""


def answer(call: Callable[[], object], *, seconds: float) -> str:
    """Make a call in a child; return why it failed, empty when it did not.

    Args:
        call: what might hang; its result is thrown away.
        seconds: how long it may take.

    Raises:
        Silence: it did not come back in time.
    """

    def said() -> Iterator[tuple[str]]:
        try:
            call()
        except OSError as error:
            yield (error.strerror or str(error),)

    for (reason,) in from_child(said, seconds=seconds):
        return str(reason)
    return ""


def from_child(rows: Callable[[], Iterable[tuple[Any, ...]]], *, seconds: float) -> Iterator[Any]:
    """Run through rows in a child and yield them here, as plain tuples.

    Args:
        rows: called in the child; its rows hold numbers, texts, bytes and tuples of them.
        seconds: how long the child may be silent before it is given up.

    Raises:
        Silence: the child said nothing for that long.
        OSError: the child ended before it was done.
    """
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        _be_the_child(writing, rows)
    os.close(writing)
    try:
        while batch := _batch(reading, seconds):
            yield from batch
    finally:
        os.close(reading)
        with suppress(ProcessLookupError):
            os.kill(child, signal.SIGKILL)
        _collect(child)


def _be_the_child(writing: int, rows: Callable[[], Iterable[tuple[Any, ...]]]) -> NoReturn:
    """Send the rows in batches, at least one a second while there are any, and never return."""
    status = 1
    try:
        os.closerange(0, writing)
        os.closerange(writing + 1, HIGHEST_FILE)
        batch: list[tuple[Any, ...]] = []
        sent_at = time.monotonic()
        for row in rows():
            batch.append(tuple(row))
            if len(batch) >= BATCH_ROWS or time.monotonic() - sent_at > BATCH_SECONDS:
                _send(writing, batch)
                batch, sent_at = [], time.monotonic()
        if batch:
            _send(writing, batch)
        _send(writing, [])
        status = 0
    finally:
        os._exit(status)


def _send(writing: int, batch: list[tuple[Any, ...]]) -> None:
    text = marshal.dumps([tuple(row) for row in batch])
    message = len(text).to_bytes(LENGTH_BYTES, "big") + text
    while message:
        message = message[os.write(writing, message) :]


def _batch(reading: int, seconds: float) -> list[Any]:
    """Read one batch; an empty one says that the child is done."""
    length = int.from_bytes(_exactly(reading, LENGTH_BYTES, seconds), "big")
    return list(marshal.loads(_exactly(reading, length, seconds)))  # noqa: S302 (our own child wrote it)


def _exactly(reading: int, number: int, seconds: float) -> bytes:
    parts = b""
    while len(parts) < number:
        if not select.select([reading], [], [], seconds)[0]:
            raise Silence
        part = os.read(reading, number - len(parts))
        if not part:
            raise OSError(errno.EPIPE, "the child that read it ended before it was done")
        parts += part
    return parts


def _collect(child: int) -> None:
    """Take note of a child's end for half a second; one that hangs is left to the system."""
    for _ in range(25):
        with suppress(ChildProcessError):
            if os.waitpid(child, os.WNOHANG) == (0, 0):
                time.sleep(0.02)
                continue
        return
