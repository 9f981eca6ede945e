"""Another machine's disk is waited for, and not for ever."""

from __future__ import annotations

import os
import time
from collections.abc import Iterator

import pytest

from plugins.module_utils.audit.patience import Silence, answer, from_child


def refuse() -> None:
    raise PermissionError(13, "Permission denied")


def rows_then_silence() -> Iterator[tuple[str, int]]:
    yield from (("early", number) for number in range(1200))
    time.sleep(1.1)
    yield ("late", 1)
    time.sleep(60)
    yield ("never", 1)


def test_a_call_that_comes_back_is_no_complaint() -> None:
    assert answer(lambda: None, seconds=5) == ""


def test_a_call_that_fails_says_why() -> None:
    assert answer(refuse, seconds=5) == "Permission denied"


def test_a_call_that_hangs_is_given_up() -> None:
    began = time.monotonic()
    with pytest.raises(Silence):
        answer(lambda: time.sleep(60), seconds=0.2)
    assert time.monotonic() - began < 5


def test_rows_come_as_they_are_with_names_that_are_not_utf8() -> None:
    odd = os.fsdecode(b"caf\xe9")
    rows = [(odd, 1, (2, "three")), ("", 2**62, ())]
    assert list(from_child(lambda: rows, seconds=5)) == rows


def test_more_rows_than_a_pipe_holds_come_in_order() -> None:
    numbers = from_child(lambda: ((number,) for number in range(100_000)), seconds=20)
    assert [number for (number,) in numbers] == list(range(100_000))


def test_what_came_before_the_silence_is_not_lost() -> None:
    seen: list[tuple[str, int]] = []
    with pytest.raises(Silence):
        seen.extend(iter_into(seen))
    assert len(seen) == 1201
    assert seen[-1] == ("late", 1)


def iter_into(seen: list[tuple[str, int]]) -> Iterator[tuple[str, int]]:
    for row in from_child(rows_then_silence, seconds=2):
        seen.append(row)
    yield from ()


def test_a_child_that_dies_is_told() -> None:
    with pytest.raises(OSError, match="ended before it was done"):
        list(from_child(lambda: (os._exit(3) for _ in "x"), seconds=5))


def test_a_reader_who_stops_early_leaves_no_child() -> None:
    rows = from_child(lambda: ((number,) for number in range(10**9)), seconds=5)
    assert next(iter(rows)) == (0,)
    rows.close()  # type: ignore[attr-defined]  # a generator, typed as an iterator
    with pytest.raises(ChildProcessError):
        os.waitpid(-1, os.WNOHANG)


def test_the_child_holds_no_file_of_ours() -> None:
    reading, writing = os.pipe()
    rows = from_child(lambda: [(os.listdir("/proc/self/fd"),)], seconds=5)  # noqa: PTH208 (plain texts are sent)
    ((held,),) = rows
    os.close(reading)
    os.close(writing)
    assert len(held) <= 3, "its pipe, and the folder it was reading"
