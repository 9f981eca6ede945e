"""Keys of every type are read as what they are, and what expires is kept apart."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from plugins.module_utils.errors import Trouble
from plugins.module_utils.host import Call, Finished
from plugins.module_utils.measures import RedisMeasure
from plugins.module_utils.stores import RedisStore, matches_key
from plugins.module_utils.tools.redis import Redis, dump_version
from plugins.module_utils.tools.redis_connection import RedisConnection, Reply, Word
from plugins.module_utils.tools.redis_keys import measure
from tests.unit.fakes import FakeHost

Value = tuple[str, object]
LASTING, SOON = -1, 5000


@dataclass
class Shelf:
    """Answers as Redis does, from keys with a type and a content; nothing else is known to it."""

    held: dict[bytes, Value]
    expiring: dict[bytes, int] = field(default_factory=dict)
    expiring_fields: frozenset[bytes] = frozenset()
    knows_expiring_fields: bool = True
    asked: list[tuple[Word, ...]] = field(default_factory=list)

    def ask(self, *command: Word) -> Reply:
        self.asked.append(command)
        name, key = str(command[0]), command[1]
        if name in {"SELECT", "KEYS"}:
            return list(self.held)
        assert isinstance(key, bytes)
        kind, content = self.held[key]
        if name == "TYPE":
            return kind.encode()
        if name == "PTTL":
            return self.expiring.get(key, LASTING)
        if name == "HPTTL":
            if not self.knows_expiring_fields:
                return None
            return [SOON if word in self.expiring_fields else LASTING for word in command[4:]]
        return self.read(name, content, command)

    def ask_each(self, commands: Sequence[Sequence[Word]]) -> list[Reply]:
        return [self.ask(*command) for command in commands]

    def read(self, name: str, content: object, command: tuple[Word, ...]) -> Reply:
        if name == "GET":
            return content if isinstance(content, bytes) else None
        if name == "XRANGE":
            return [[b"1-0", list(content)]] if command[2] == b"-" else []
        words: list[Reply] = list(content)
        if name == "LLEN":
            return len(words)
        if name == "ZCARD":
            return len(words) // 2
        if name == "ZRANGE":
            return words[2 * int(command[2]) : 2 * int(command[3]) + 2]
        return words[int(command[2]) : int(command[3]) + 1] if name == "LRANGE" else words


def store(*irreplaceable: str) -> RedisStore:
    return RedisStore("cache", "", 6379, 2, irreplaceable or ("*",), 20)


def measured(held: dict[bytes, Value], *irreplaceable: str) -> RedisMeasure:
    return measure(Shelf(held), store(*irreplaceable), "8.0.2")


FULL: dict[bytes, Value] = {
    b"text": ("string", b"\x00\xff\r\n"),
    b"list": ("list", [b"%d" % number for number in range(2500)]),
    b"set": ("set", [b"b", b"a"]),
    b"hash": ("hash", [b"f", b"1", b"g", b"2"]),
    b"scores": ("zset", [b"m", b"1.5", b"n", b"2"]),
    b"stream": ("stream", [b"field", b"value"]),
}


def test_keys_are_counted_by_type_and_entries_by_pattern() -> None:
    seen = measured(FULL, "*", "s*", "nothing")
    assert seen.types == dict.fromkeys(sorted(kind for kind, _ in FULL.values()), 1)
    counted = {name: (one.keys, one.entries) for name, one in seen.patterns.items()}
    assert counted == {"*": (6, 1 + 2500 + 2 + 2 + 2 + 1), "s*": (3, 2 + 2 + 1), "nothing": (0, 0)}


def test_the_order_of_keys_fields_and_members_is_nothing() -> None:
    other = dict(reversed(FULL.items()))
    other[b"set"] = ("set", [b"a", b"b"])
    other[b"hash"] = ("hash", [b"g", b"2", b"f", b"1"])
    assert measured(other) == measured(FULL)


def test_how_a_score_is_written_is_nothing() -> None:
    written = {**FULL, b"scores": ("zset", [b"m", b"1.50000", b"n", b"2.0"])}
    assert measured(written) == measured(FULL)


@pytest.mark.parametrize(
    ("key", "value"),
    [
        (b"text", ("string", b"\x00\xff\r")),
        (b"list", ("list", [b"%d" % number for number in (1, 0, *range(2, 2500))])),
        (b"set", ("set", [b"a", b"c"])),
        (b"set", ("list", [b"b", b"a"])),
        (b"hash", ("hash", [b"f", b"2", b"g", b"1"])),
        (b"scores", ("zset", [b"m", b"1.25", b"n", b"2"])),
        (b"stream", ("stream", [b"field", b"other"])),
    ],
)
def test_one_changed_entry_is_seen(key: bytes, value: Value) -> None:
    assert measured({**FULL, key: value}).patterns != measured(FULL).patterns


def test_words_do_not_run_into_each_other() -> None:
    one = measured({b"hash": ("hash", [b"ab", b"c"])})
    assert one != measured({b"hash": ("hash", [b"a", b"bc"])})


def test_a_renamed_key_is_seen_where_its_pattern_covers_both() -> None:
    renamed = {b"other": FULL[b"text"], **{k: v for k, v in FULL.items() if k != b"text"}}
    assert measured(renamed).patterns != measured(FULL).patterns


def test_keys_that_expire_are_counted_and_not_read() -> None:
    shelf = Shelf({**FULL, b"session": ("string", b"x")}, expiring={b"session": SOON})
    seen = measure(shelf, store("*"), "8.0.2")
    assert (seen.expiring, seen.keys) == (1, len(FULL))
    assert seen.patterns == measured(FULL).patterns
    assert ("GET", b"session") not in shelf.asked


def test_fields_that_expire_are_not_part_of_the_content() -> None:
    shelf = Shelf({b"hash": ("hash", [b"f", b"1", b"g", b"2"])}, expiring_fields=frozenset({b"g"}))
    assert measure(shelf, store(), "8.0.2") == measured({b"hash": ("hash", [b"f", b"1"])})


def test_a_server_that_knows_no_expiring_fields_has_none() -> None:
    shelf = Shelf({b"hash": ("hash", [b"f", b"1"])}, knows_expiring_fields=False)
    assert measure(shelf, store(), "8.0.2") == measured(shelf.held)


def test_an_irreplaceable_key_of_an_unknown_type_is_a_sentence_and_another_one_is_counted() -> None:
    held: dict[bytes, Value] = {b"secret": ("MBbloom--", b"")}
    with pytest.raises(Trouble, match="of type MBbloom--, which this version cannot read") as said:
        measured(held)
    assert "secret" not in str(said.value)
    assert measured(held, "other").types == {"MBbloom--": 1}


def test_a_bracket_in_a_pattern_is_a_letter() -> None:
    assert matches_key("a[1]", "a[1]")
    assert not matches_key("a1", "a[1]")


@pytest.fixture
def answering(tmp_path: Path) -> Iterator[tuple[Path, list[bytes], list[bytes]]]:
    """A server on a socket that says what it is told to, one piece for each time it is asked."""
    path, said, heard = tmp_path / "s", [], []  # type: tuple[Path, list[bytes], list[bytes]]
    listening = socket.socket(socket.AF_UNIX)
    listening.bind(str(path))
    listening.listen()

    def serve() -> None:
        accepted, _ = listening.accept()
        with accepted:
            while said:
                heard.append(accepted.recv(4096))
                accepted.sendall(said.pop(0))

    thread = threading.Thread(target=serve)
    thread.start()
    yield path, said, heard
    thread.join(5)
    listening.close()


def test_the_protocol_carries_bytes_numbers_lists_errors_and_nothing(
    answering: tuple[Path, list[bytes], list[bytes]],
) -> None:
    path, said, heard = answering
    said.append(
        b"+OK\r\n$4\r\n\x00\r\n\xff\r\n:7\r\n*2\r\n$1\r\na\r\n*1\r\n:1\r\n$-1\r\n-ERR no\r\n"
    )
    with closing(RedisConnection(path)) as connection:
        replies = connection.ask_each([("GET", b"\xff", "ü", 1)] * 6)
    assert replies == [b"OK", b"\x00\r\n\xff", 7, [b"a", [1]], None, None]
    assert heard[0].startswith(b"*4\r\n$3\r\nGET\r\n$1\r\n\xff\r\n$2\r\n\xc3\xbc\r\n$1\r\n1\r\n")


@pytest.mark.parametrize("half", [b"", b"$9\r\nabc", b":1"])
def test_a_server_that_ends_in_an_answer_is_a_sentence(
    answering: tuple[Path, list[bytes], list[bytes]], half: bytes
) -> None:
    path, said, _ = answering
    said.append(half)
    with closing(RedisConnection(path)) as connection, pytest.raises(Trouble, match="ended in"):
        connection.ask("GET", "a")


# What redis-cli --rdb of 8.0.2 wrote for one key, checksum and all.
HEAD = b"REDIS0012\xfa\tredis-ver\x058.0.2\xfa\nredis-bits\xc0@"
WHOLE = HEAD + b"\xfe\x00\xfb\x01\x00\x00\x01a\xc0\x01\xff" + b"checksum"


@pytest.mark.parametrize(
    ("content", "version"),
    [
        (WHOLE, "8.0.2"),
        (WHOLE[:-1], ""),
        (WHOLE[:-9], ""),
        (HEAD, ""),
        (b"", ""),
        (b"-ERR something went wrong", ""),
    ],
)
def test_a_dump_tells_its_version_when_it_is_whole(
    tmp_path: Path, content: bytes, version: str
) -> None:
    file = tmp_path / "dump.rdb"
    file.write_bytes(content)
    assert dump_version(file) == version


@pytest.mark.parametrize(
    ("server", "where"),
    [
        (("/run/redis.sock", 6379), ["-s", "/run/redis.sock"]),
        (("", 6380), ["-h", "127.0.0.1", "-p", "6380"]),
    ],
)
def test_a_dump_is_asked_for_over_the_socket_or_the_loopback(
    tmp_path: Path, server: tuple[str, int], where: list[str]
) -> None:
    host = FakeHost({"redis-cli": Finished(0, "", "")})
    Redis(host, *server).dump_into(tmp_path / "a.rdb")
    (call,) = host.calls
    assert list(call.argv) == ["redis-cli", *where, "--rdb", "-"]
    assert call.output_file == tmp_path / "a.rdb"


class Streaming(FakeHost):
    """Sends a dump, and whatever may follow it."""

    def __init__(self, sent: bytes) -> None:
        super().__init__()
        self._sent = sent

    def run(self, call: Call) -> Finished:
        assert call.output_file is not None
        call.output_file.write_bytes(self._sent)
        return Finished(0, "", "")


@pytest.mark.parametrize(
    ("follows", "stays"),
    [(b"0123456789abcdef" * 2 + b"01234567", b""), (b"", b""), (b"not the mark" * 4, None)],
)
def test_the_mark_of_a_stream_is_cut_off(
    tmp_path: Path, follows: bytes, stays: bytes | None
) -> None:
    file, dump = tmp_path / "a.rdb", b"REDIS0012...redis-ver" + b"\xff" + b"checksum"
    Redis(Streaming(dump + follows)).dump_into(file)
    assert file.read_bytes() == dump + (follows if stays is None else stays)
