"""Every mounted file system is walked once, or it is said why not."""

from __future__ import annotations

import pytest

from plugins.module_utils.audit.claims import is_within
from plugins.module_utils.audit.facts import Place
from plugins.module_utils.audit.mounts import Mount, may_hang, mounts_of
from plugins.module_utils.audit.places import judge_places, unreached
from tests.unit.audit.declared import claims, exemption, merged

ROOT = "27 1 254:0 / / rw,relatime - ext4 /dev/vda1 rw,discard"
CAPTURED = """\
22 27 0:21 / /proc rw,relatime - proc proc rw
23 27 0:22 / /sys rw,relatime - sysfs sysfs rw
24 27 0:6 / /dev rw,relatime - devtmpfs devtmpfs rw,size=12334460k,nr_inodes=3083615,mode=755
25 24 0:23 / /dev/shm rw,relatime shared:3 - tmpfs tmpfs rw,size=24684084k
26 24 0:24 / /dev/pts rw,relatime - devpts devpts rw,mode=600,ptmxmode=000
29 26 0:26 / /dev/pts rw,relatime - devpts devpts rw,mode=600,ptmxmode=000
42 27 0:30 / /run rw,nosuid - tmpfs tmpfs rw,mode=755
124 27 254:0 /var/lib/containers/storage/overlay /var/lib/containers/storage/overlay rw - ext4 /dev/vda1 rw
127 124 0:78 / /var/lib/containers/storage/overlay/ea97/merged ro - overlay overlay ro,lowerdir=/x
"""  # noqa: E501 (as the kernel prints it)


def judged(
    *lines: str, named: tuple[str, ...] = (), silent: str = "", exempt: str = "-"
) -> dict[str, Place]:
    mounts = mounts_of("\n".join([ROOT, *lines]))
    places = judge_places(
        mounts,
        named,
        lambda path: "it is silent" if path == silent else "",
        lambda path: is_within(path, exempt),
    )
    return {place.path: place for place in places}


def walked(places: dict[str, Place]) -> list[str]:
    return [path for path, place in places.items() if not place.skipped]


def bind(root: str, path: str, number: int = 50) -> str:
    return f"{number} 27 254:0 {root} {path} rw,relatime - ext4 /dev/vda1 rw"


def test_of_a_real_machine_only_its_disks_are_walked() -> None:
    places = judged(*CAPTURED.splitlines())
    assert walked(places) == ["/", "/var/lib/containers/storage/overlay"]
    assert not any(place.is_state for place in places.values() if place.skipped)


def test_escaped_letters_and_names_that_are_not_utf8_are_read() -> None:
    (mount,) = mounts_of(
        "90 27 8:1 / /media/our\\040disk\\134\\011caf\udce9 rw - ext4 /dev/sdb1 rw\n"
    )
    assert mount.path == "/media/our disk\\\tcaf\udce9"


@pytest.mark.parametrize("line", ["", "22 27 0:21 / /proc rw", "22 27 - proc", " - ext4 x rw"])
def test_a_line_that_is_none_is_passed_over(line: str) -> None:
    assert mounts_of(line) == ()


def test_a_bind_mount_is_walked_once() -> None:
    places = judged(bind("/srv/site", "/mnt/site"))
    assert walked(places) == ["/"]
    assert places["/mnt/site"].skipped == "the same files are walked as /"
    assert not places["/mnt/site"].is_state


def test_a_bind_mount_is_walked_where_it_is_saved() -> None:
    places = judged(bind("/srv/site", "/mnt/site"), named=["/mnt/site/media"])
    assert walked(places) == ["/", "/mnt/site"]
    assert places["/srv/site"].skipped == "the same files are walked as /mnt/site"


def test_a_bind_mount_below_a_saved_folder_is_walked_there() -> None:
    assert "/mnt/site" in walked(judged(bind("/srv/site", "/mnt/site"), named=["/mnt"]))


def test_a_loop_of_bind_mounts_ends() -> None:
    places = judged(bind("/srv", "/srv/again"), "51 50 254:0 /srv /srv/again/again rw - ext4 x rw")
    assert walked(places) == ["/"]


def test_a_disk_mounted_twice_is_walked_once() -> None:
    places = judged("60 27 8:1 / /data rw - ext4 x rw", "61 27 8:1 / /srv/data rw - ext4 x rw")
    assert walked(places) == ["/", "/data"]


def test_of_a_disk_mounted_twice_the_saved_name_is_walked() -> None:
    places = judged(
        "60 27 8:1 / /data rw - ext4 x rw",
        "61 27 8:1 / /srv/data rw - ext4 x rw",
        named=["/srv/data/site"],
    )
    assert walked(places) == ["/", "/srv/data"]


def test_a_subvolume_whose_whole_is_mounted_nowhere_is_walked() -> None:
    places = judged("60 27 0:40 /@home /home rw - btrfs /dev/sdb rw")
    assert walked(places) == ["/", "/home"]


def test_what_another_mount_hides_is_walked_where_it_can_be_seen() -> None:
    hidden = "60 27 8:1 / /srv rw - ext4 x rw"
    places = judged(hidden, bind("/srv/old", "/mnt/old"))
    assert walked(places) == ["/", "/mnt/old", "/srv"]


def test_a_covered_mount_is_not_named() -> None:
    places = judged("60 27 8:1 / /mnt/a rw - ext4 x rw", "61 27 8:2 / /mnt rw - ext4 y rw")
    assert walked(places) == ["/", "/mnt"]


def test_the_upper_of_two_mounts_at_one_place_counts() -> None:
    places = judged("60 27 8:1 / /mnt rw - ext4 lower rw", "61 60 8:2 / /mnt rw - xfs upper rw")
    assert places["/mnt"].source == "upper"


def test_a_silent_network_mount_is_skipped_and_could_be_state() -> None:
    places = judged("60 27 0:50 / /mnt/nas rw - nfs4 nas:/x rw", silent="/mnt/nas")
    assert places["/mnt/nas"].skipped == "it is silent"
    assert places["/mnt/nas"].is_state


def test_a_network_mount_that_answers_is_walked() -> None:
    assert "/mnt/nas" in walked(judged("60 27 0:50 / /mnt/nas rw - cifs //nas/x rw"))


def test_a_local_disk_is_not_asked() -> None:
    assert walked(judged(silent="/")) == ["/"]


@pytest.mark.parametrize(
    "type_of_place", ["nfs", "cifs", "9p", "ceph", "fuse", "fuse.sshfs", "fuse.glusterfs", "davfs"]
)
def test_what_lies_on_another_machine_may_hang(type_of_place: str) -> None:
    assert may_hang(type_of_place)


@pytest.mark.parametrize("type_of_place", ["ext4", "xfs", "btrfs", "tmpfs", "overlay", "fuseblk"])
def test_what_lies_on_this_machine_does_not(type_of_place: str) -> None:
    assert not may_hang(type_of_place)


def test_files_in_memory_are_walked_where_people_keep_data() -> None:
    places = judged(
        "60 27 0:50 / /srv/fast rw - tmpfs x rw", "61 27 0:51 / /run/user/0 rw - tmpfs x rw"
    )
    assert walked(places) == ["/", "/srv/fast"]


def test_a_host_that_is_a_container_itself_is_walked() -> None:
    mounts = [Mount(1, 0, "0:70", "/", "/", "overlay", "overlay")]
    assert judge_places(mounts, (), lambda _: "")[0].skipped == ""


def test_a_cd_is_no_state() -> None:
    place = judged("60 27 11:0 / /media/cd ro - iso9660 /dev/sr0 ro")["/media/cd"]
    assert place.skipped
    assert not place.is_state


CONTAINERS = """\
60 27 0:117 / /srv/c/overlay/{id}/merged rw - overlay overlay rw,lowerdir=/l,upperdir=/srv/c/overlay/{id}/diff
61 27 0:116 / /srv/c/overlay-containers/{id}/userdata/shm rw - tmpfs shm rw
62 27 0:118 / /srv/d/containers/{id}/mounts/shm rw - tmpfs shm rw
""".replace("{id}", "8" * 64)  # noqa: E501 (as the kernel prints it)


def test_a_containers_view_is_not_walked_wherever_its_store_is() -> None:
    places = judged(*CONTAINERS.splitlines())
    assert walked(places) == ["/"]
    assert not any(place.is_state for place in places.values() if place.skipped)


def test_an_overlay_that_a_person_mounted_is_walked() -> None:
    mounted = "60 27 0:117 / /srv/merged rw - overlay overlay rw,lowerdir=/l,upperdir=/srv/upper"
    assert walked(judged(mounted)) == ["/", "/srv/merged"]


def test_a_store_of_one_file_decides_where_a_bind_mount_is_walked() -> None:
    places = judged(bind("/srv/cards", "/mnt/cards"), named=["/mnt/cards/cards.db"])
    assert walked(places) == ["/", "/mnt/cards"]


WHOLE_BELOW_RUN = (
    "42 27 0:30 / /run rw - tmpfs tmpfs rw",
    "60 27 0:40 /@srv /srv rw - btrfs /dev/sdb rw",
    "61 42 0:40 / /run/timeshift/backup rw - btrfs /dev/sdb rw",
)


def test_a_view_below_a_place_that_is_not_walked_hides_none() -> None:
    places = judged(*WHOLE_BELOW_RUN)
    assert not places["/srv"].skipped
    assert places["/run/timeshift/backup/@srv"].skipped == "the same files are walked as /srv"


def test_a_view_below_an_exempt_place_hides_none() -> None:
    disk = "60 27 8:17 / /tmp/disk rw - ext4 /dev/sdb1 rw"
    forum = "61 27 8:17 /forum /srv/forum rw - ext4 /dev/sdb1 rw"
    assert not judged(disk, forum, exempt="/tmp")["/srv/forum"].skipped


def test_a_folder_in_an_exempt_place_is_walked_where_it_is_bound() -> None:
    places = judged(bind("/tmp/forum", "/srv/forum"), exempt="/tmp")
    assert walked(places) == ["/", "/srv/forum"]


def test_an_exempt_place_is_chosen_where_the_declaration_names_it() -> None:
    named = ("/run/jail/forum",)
    places = judged(bind("/srv/forum", "/run/jail/forum"), exempt="/run", named=named)
    assert walked(places) == ["/", "/run/jail/forum"]


def test_what_the_walk_never_met_is_skipped_and_could_be_state() -> None:
    places = judged(*WHOLE_BELOW_RUN, "62 42 8:1 /x /run/file rw - ext4 x rw")
    unmet = {"/", "/run", "/run/timeshift/backup", "/run/timeshift/backup/@srv", "/run/file"}
    found = unreached(places.values(), unmet, lambda path: path != "/run/file")
    assert [place.path for place in found if place.skipped and place.is_state] == [
        "/run/timeshift/backup"
    ]


def test_what_is_shipped_or_declared_as_exempt_counts_with_all_below_it() -> None:
    declared = merged(exemptions=[exemption(path="/mnt/old*")])
    is_exempt = claims(declared, shipped={"/tmp": "Scratch"}).exempting()
    paths = ["/tmp/disk/x", "/tmp", "/mnt/older/x", "/mnt", "/srv/tmp", "/"]
    assert [path for path in paths if is_exempt(path)] == ["/tmp/disk/x", "/tmp", "/mnt/older/x"]


def test_a_containers_view_below_run_is_no_state() -> None:
    place = judged("60 27 0:117 / /run/containerd/c1/rootfs rw - overlay overlay rw,upperdir=/x")
    assert not place["/run/containerd/c1/rootfs"].is_state
