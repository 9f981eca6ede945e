"""What lies on a network mount is looked at in a child, and one that falls silent is given up."""

from __future__ import annotations

import os
import time
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from plugins.module_utils.audit.facts import Entry, Place, Recognised, Unread
from plugins.module_utils.audit.slow_places import SlowPlaces
from tests.unit.audit.declared import entry

PLACES = (
    Place("/", "/dev/vda1", "ext4"),
    Place("/mnt/nas", "nas:/x", "nfs4"),
    Place("/mnt/nas/fast", "/dev/sdb1", "ext4"),
)


def asleep(_: object) -> Any:
    time.sleep(60)


def refuse(one: Entry) -> None:
    raise PermissionError(13, "Permission denied")


def found(one: Entry) -> Recognised:
    when = datetime(2026, 11, 1, tzinfo=UTC)
    return Recognised(one.path, "redis", str(os.getpid()), 4, when, ("a", "b"))


@pytest.mark.parametrize(
    ("path", "holding"),
    [
        ("/srv/x", ""),
        ("/mnt/nas/x/y", "/mnt/nas"),
        ("/mnt/nas", "/mnt/nas"),
        ("/mnt/nas/fast/x", ""),
        ("/mnt/nasty", ""),
    ],
)
def test_the_nearest_mount_decides(path: str, holding: str) -> None:
    assert SlowPlaces(PLACES).holding(path) == holding


def test_on_a_host_without_such_mounts_nothing_is_put_aside() -> None:
    slow = SlowPlaces(PLACES[:1])
    assert not slow.put_aside(entry("/srv/dump.rdb"))
    unread: list[Unread] = []
    assert list(slow.look(unread.append)) == unread == []


def test_what_may_be_something_is_looked_at_later_in_a_child() -> None:
    slow = SlowPlaces(PLACES, look=found)
    assert slow.put_aside(entry("/mnt/nas/caf\udce9/dump.rdb"))
    assert slow.put_aside(entry("/mnt/nas/letter.txt", 7))
    unread: list[Unread] = []
    (one,) = slow.look(unread.append)
    assert (one.path, one.form, one.parts) == ("/mnt/nas/caf\udce9/dump.rdb", "redis", ("a", "b"))
    assert one.changed == datetime(2026, 11, 1, tzinfo=UTC)
    assert one.detail != str(os.getpid())
    assert unread == []


def test_what_cannot_be_read_there_is_told_and_the_rest_goes_on() -> None:
    slow = SlowPlaces(PLACES, look=refuse)
    for name in ("a.rdb", "b.rdb"):
        slow.put_aside(entry(f"/mnt/nas/{name}"))
    unread: list[Unread] = []
    assert list(slow.look(unread.append)) == []
    assert unread == [Unread(f"/mnt/nas/{one}.rdb", "Permission denied") for one in "ab"]


def test_a_mount_that_falls_silent_is_given_up_and_not_asked_again() -> None:
    slow = SlowPlaces(PLACES, seconds=0.3, look=asleep, hash_of=asleep)
    slow.put_aside(entry("/mnt/nas/dump.rdb"))
    unread: list[Unread] = []
    began = time.monotonic()
    assert list(slow.look(unread.append)) == []
    assert [one.path for one in unread] == ["/mnt/nas"]
    assert "it stopped answering" in unread[0].reason
    with pytest.raises(OSError, match="did not answer before"):
        slow.md5("/mnt/nas/index.php")
    assert time.monotonic() - began < 10


def test_a_file_there_is_hashed_in_a_child(tmp_path: Path) -> None:
    file = tmp_path / "index.php"
    file.write_text("x")
    local, far = SlowPlaces(PLACES), SlowPlaces([Place(str(tmp_path), "nas:/x", "nfs4")])
    assert far.md5(str(file)) == local.md5(str(file)) == "9dd4e461268c8034f5c8564e155c67a6"
    with pytest.raises(FileNotFoundError):
        far.md5(str(tmp_path / "gone"))


def test_a_hash_that_hangs_is_an_error_that_says_so() -> None:
    slow = SlowPlaces(PLACES, seconds=0.3, hash_of=asleep)
    with pytest.raises(TimeoutError, match="it stopped answering for 0"):
        slow.md5("/mnt/nas/index.php")
