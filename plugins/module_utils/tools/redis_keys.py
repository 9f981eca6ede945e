# Copyright: (c) The Probealarm contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Redis: count and digest the keys of a database that nobody writes to.

A key is read as what it is (a hash by its fields, a list by its elements), because what DUMP gives
for the same content differs from version to version. Keys and fields that expire are never
digested: a server that loads a dump a week later drops them, as it should.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Protocol

from ..errors import Trouble
from ..measures import Keys, RedisMeasure
from ..stores import RedisStore, matches_key
from .digest import RowsDigest
from .redis_connection import Reply, Word

BATCH = 1000
FOREVER = -1
"""What PTTL and HPTTL say of what does not expire."""


class Connection(Protocol):
    """What a connection is asked."""

    def ask(self, *command: Word) -> Reply:
        """Send one command; an error is None."""
        ...

    def ask_each(self, commands: Sequence[Sequence[Word]]) -> list[Reply]:
        """Send several in one go."""
        ...


@dataclass
class _Covered:
    """What one pattern covers, so far."""

    keys: int = 0
    entries: int = 0
    digest: RowsDigest = field(default_factory=RowsDigest)


def measure(connection: Connection, store: RedisStore, server_version: str) -> RedisMeasure:
    """Measure one numbered database of a throw-away server.

    Keys are listed by KEYS, which keeps a server busy that nobody else uses, and names each once.

    Raises:
        Trouble: an irreplaceable key is of a type that cannot be read here.
    """
    connection.ask("SELECT", store.database)
    types: Counter[str] = Counter()
    covered = {pattern: _Covered() for pattern in store.irreplaceable}
    expiring = 0
    for key, kind, lasts in _keys(connection):
        if not lasts:
            expiring += 1
            continue
        types[kind] += 1
        patterns = [pattern for pattern in covered if matches_key(_text(key), pattern)]
        if patterns:
            entries, digest = _content(connection, key, kind)
            for pattern in patterns:
                covered[pattern].keys += 1
                covered[pattern].entries += entries
                covered[pattern].digest.add(digest)
    return RedisMeasure(
        server_version=server_version,
        types=dict(sorted(types.items())),
        patterns={
            pattern: Keys(seen.keys, seen.entries, str(seen.digest))
            for pattern, seen in covered.items()
        },
        expiring=expiring,
    )


def _keys(connection: Connection) -> Iterator[tuple[bytes, str, bool]]:
    """Yield each key, its type, and whether it lasts."""
    keys = _list(connection.ask("KEYS", "*"))
    for begin in range(0, len(keys), BATCH):
        batch = keys[begin : begin + BATCH]
        kinds = connection.ask_each([("TYPE", key) for key in batch])
        times = connection.ask_each([("PTTL", key) for key in batch])
        for key, kind, milliseconds in zip(batch, kinds, times, strict=True):
            yield key, _text(_bytes(kind)), milliseconds == FOREVER


def _content(connection: Connection, key: bytes, kind: str) -> tuple[int, bytes]:
    """Give the number of entries of a key, and a digest of key, type and content."""
    if kind not in READERS:
        raise Trouble(
            f"an irreplaceable key is of type {kind or 'unknown'}, which this version cannot read. "
            "Nothing tells whether it would come back; take its pattern out of irreplaceable."
        )
    entries = 0
    digest = hashlib.sha256()
    for part in (key, kind.encode()):
        digest.update(b"%d:%b" % (len(part), part))
    for entry in READERS[kind](connection, key):
        entries += 1
        for part in entry:
            digest.update(b"%d:%b" % (len(part), part))
        digest.update(b";")
    return entries, digest.digest()


Entry = Sequence[bytes]


def _string(connection: Connection, key: bytes) -> Iterator[Entry]:
    yield (_bytes(connection.ask("GET", key)),)


def _elements(connection: Connection, key: bytes) -> Iterator[Entry]:
    for begin in range(0, _number(connection.ask("LLEN", key)), BATCH):
        for element in _list(connection.ask("LRANGE", key, begin, begin + BATCH - 1)):
            yield (element,)


def _members(connection: Connection, key: bytes) -> Iterator[Entry]:
    for member in sorted(_list(connection.ask("SMEMBERS", key))):
        yield (member,)


def _fields(connection: Connection, key: bytes) -> Iterator[Entry]:
    """Yield the lasting fields of a hash; before Redis 7.4 all are, and HPTTL is an error."""
    pairs = sorted(_pairs(_list(connection.ask("HGETALL", key))))
    for begin in range(0, len(pairs), BATCH):
        batch = pairs[begin : begin + BATCH]
        names = [name for name, _ in batch]
        times = connection.ask("HPTTL", key, "FIELDS", len(names), *names)
        lasting = times if isinstance(times, list) else [FOREVER] * len(batch)
        yield from (pair for pair, left in zip(batch, lasting, strict=True) if left == FOREVER)


def _scores(connection: Connection, key: bytes) -> Iterator[Entry]:
    """Yield members with their scores, in a notation that no version writes otherwise."""
    for begin in range(0, _number(connection.ask("ZCARD", key)), BATCH):
        found = connection.ask("ZRANGE", key, begin, begin + BATCH - 1, "WITHSCORES")
        for member, score in _pairs(_list(found)):
            yield member, float(score).hex().encode()


def _messages(connection: Connection, key: bytes) -> Iterator[Entry]:
    """Yield the messages of a stream; who has read how far is not part of it."""
    begin = b"-"
    while messages := connection.ask("XRANGE", key, begin, "+", "COUNT", BATCH):
        for message in messages if isinstance(messages, list) else ():
            if isinstance(message, list):
                yield (_bytes(message[0]), *_list(message[1]))
                begin = b"(" + _bytes(message[0])


READERS: Mapping[str, Callable[[Connection, bytes], Iterable[Entry]]] = {
    "string": _string,
    "list": _elements,
    "set": _members,
    "hash": _fields,
    "zset": _scores,
    "stream": _messages,
}


def _pairs(words: Sequence[bytes]) -> list[tuple[bytes, bytes]]:
    return list(zip(words[::2], words[1::2], strict=True))


def _list(reply: Reply) -> list[bytes]:
    if not isinstance(reply, list):
        raise Trouble("the throw-away Redis refused to show a key")
    return [_bytes(word) for word in reply]


def _bytes(reply: Reply) -> bytes:
    if not isinstance(reply, bytes):
        raise Trouble("the throw-away Redis refused to show a key")
    return reply


def _number(reply: Reply) -> int:
    if not isinstance(reply, int):
        raise Trouble("the throw-away Redis refused to count a key")
    return reply


def _text(word: bytes) -> str:
    return word.decode("utf-8", "surrogateescape")
