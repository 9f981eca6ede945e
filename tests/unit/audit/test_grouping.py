"""What nobody claims is told at the level a person thinks in."""

from __future__ import annotations

import os
from collections.abc import Iterable

from plugins.module_utils.audit.grouping import SINGLE, Group, Grouping
from tests.unit.audit.declared import entry


def grouped(
    unclaimed: Iterable[str], others: Iterable[str] = (), boundaries: Iterable[str] = ()
) -> dict[str, Group]:
    grouping = Grouping([*boundaries])
    taken = dict.fromkeys(unclaimed, True) | dict.fromkeys(others, False)
    for path in sorted(taken, key=lambda path: os.fsencode(path).split(b"/")):
        grouping.enter(path.rpartition("/")[0])
        if taken[path]:
            grouping.unclaimed(entry(path))
        else:
            grouping.other()
    return {group.path: group for group in grouping.finish()}


def test_the_highest_directory_without_anything_else_is_told_with_its_sums() -> None:
    groups = grouped(["/srv/forum/a", "/srv/forum/data/b", "/srv/forum/data/c/d"])
    assert [*groups] == ["/srv/forum"]
    assert (groups["/srv/forum"].sums.files, groups["/srv/forum"].sums.bytes) == (3, 30)


def test_a_directory_of_the_system_is_never_told_as_a_whole() -> None:
    unclaimed = ["/srv/a/x", "/srv/b/x", "/opt/c/x", "/var/lib/d/x", "/home/kim/x", "/x"]
    assert {*grouped(unclaimed)} == {
        *("/srv/a", "/srv/b", "/opt/c", "/var/lib/d", "/home/kim", "/x"),
    }


def test_beside_something_claimed_each_thing_is_told_by_itself() -> None:
    groups = grouped(["/srv/app/new/x", "/srv/app/new/y", "/srv/app/z"], ["/srv/app/media/a"])
    assert {*groups} == {"/srv/app/new", "/srv/app/z"}
    assert groups["/srv/app/z"].is_file


def test_a_claimed_thing_deep_below_keeps_all_directories_above_it_from_being_told() -> None:
    groups = grouped(["/srv/a/b/c/x", "/srv/a/y/x"], ["/srv/a/b/c/d/claimed"])
    assert {*groups} == {"/srv/a/b/c/x", "/srv/a/y"}


def test_many_small_files_beside_something_claimed_are_told_together() -> None:
    many = [f"/srv/app/log{number:03}" for number in range(SINGLE * 20)]
    groups = grouped([*many, "/srv/app/data/x"], ["/srv/app/media/a"])
    assert {*groups} == {"/srv/app", "/srv/app/data"}
    together = groups["/srv/app"]
    assert together.is_part
    assert together.sums.files == SINGLE * 20
    assert together.samples


def test_a_handful_of_files_in_etc_stay_single() -> None:
    assert {*grouped(["/etc/a", "/etc/b.conf", "/etc/c/d"], ["/etc/e"])} == {
        *("/etc/a", "/etc/b.conf", "/etc/c"),
    }


def test_a_volume_is_a_thing_of_its_own() -> None:
    volume = "/srv/app/volume"
    assert {*grouped([f"{volume}/x", "/srv/app/y"], boundaries=[volume])} == {
        volume,
        "/srv/app/y",
    }


def test_names_that_sort_before_a_slash_do_not_confuse_the_order() -> None:
    groups = grouped(["/srv/a/x", "/srv/a b/x", "/srv/a-b/x", "/srv/a.b"], ["/srv/a/z/claimed"])
    assert {*groups} == {"/srv/a/x", "/srv/a b", "/srv/a-b", "/srv/a.b"}


def test_the_largest_comes_first_and_memory_does_not_grow_with_the_number_of_files() -> None:
    grouping = Grouping()
    for folder in range(300):
        for number in range(100):
            grouping.enter(f"/srv/app/{folder:03}")
            grouping.unclaimed(entry(f"/srv/app/{folder:03}/{number:03}"))
        assert sum(len(level.groups) for level in grouping._stack) < 100
    grouping.enter("/srv/big")
    grouping.unclaimed(entry("/srv/big/x", 10**9))
    assert [group.path for group in grouping.finish()] == ["/srv/big", "/srv/app"]
