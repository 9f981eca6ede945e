"""A path inside a container is found on the host."""

from __future__ import annotations

import pytest

from plugins.module_utils.audit.host_paths import covering, on_the_host
from plugins.module_utils.audit.mounts import may_hang, mounts_of

HOST = mounts_of(
    "22 1 8:1 / / rw,relatime shared:1 - ext4 /dev/sda1 rw\n"
    "23 22 8:2 / /srv rw shared:2 - ext4 /dev/sdb1 rw\n"
    "24 22 0:40 /@home /home rw - btrfs /dev/sdc1 rw\n"
    "25 22 0:99 / /var/lib/containers/storage/overlay/x/merged rw - overlay overlay rw\n"
    "26 22 8:3 / /mnt/with\\040space rw - ext4 /dev/sdd1 rw\n"
)
THEIRS = mounts_of(
    "700 600 0:99 / / rw - overlay overlay rw,lowerdir=/l/a,upperdir=/var/lib/x/diff,workdir=/w\n"
    "701 700 8:1 /var/lib/volumes/db/_data /var/lib/mysql rw - ext4 /dev/sda1 rw\n"
    "702 700 8:2 /forum/data /data rw - ext4 /dev/sdb1 rw\n"
    "703 700 0:40 /@home/ada/files /files rw - btrfs /dev/sdc1 rw\n"
    "704 700 0:77 / /dev/shm rw - tmpfs shm rw\n"
    "705 700 8:3 / /spaced rw - ext4 /dev/sdd1 rw\n"
)


@pytest.mark.parametrize(
    ("inside", "named"),
    [
        ("/var/lib/mysql", "/var/lib/volumes/db/_data"),
        ("/var/lib/mysql/mautic", "/var/lib/volumes/db/_data/mautic"),
        ("/var/lib/mysqlx", "/var/lib/containers/storage/overlay/x/merged/var/lib/mysqlx"),
        ("/data/pg", "/srv/forum/data/pg"),
        ("/files/a", "/home/ada/files/a"),
        ("/dev/shm/x", ""),
        ("/spaced/x", "/mnt/with space/x"),
        ("/", "/var/lib/containers/storage/overlay/x/merged"),
    ],
)
def test_a_path_is_followed_to_the_host(inside: str, named: str) -> None:
    assert on_the_host(inside, THEIRS, HOST, lambda _: False) == named


def test_what_lies_in_an_overlay_is_named_where_it_is_on_the_disk() -> None:
    path = on_the_host(
        "/opt/app.db", THEIRS, HOST, lambda path: path == "/var/lib/x/diff/opt/app.db"
    )
    assert path == "/var/lib/x/diff/opt/app.db"


def test_a_folder_of_an_overlay_that_is_mounted_on_itself_keeps_its_place() -> None:
    unit = mounts_of(
        "9 1 0:99 /var/lib/redis /var/lib/redis rw - overlay overlay rw,upperdir=/var/lib/x/diff\n"
    )
    path = on_the_host("/var/lib/redis", unit, HOST, lambda path: path.startswith("/var/lib/x"))
    assert path == "/var/lib/x/diff/var/lib/redis"


def test_of_two_mounts_on_one_folder_the_upper_one_counts() -> None:
    mounts = mounts_of(
        "1 0 8:1 / /srv rw - ext4 /dev/sda1 rw\n2 1 8:9 / /srv rw - ext4 /dev/sde1 rw\n"
    )
    seen = covering(mounts, "/srv/a")
    assert seen is not None
    assert seen.device == "8:9"


@pytest.mark.parametrize(
    "line", ["", "22 1 8:1", "22 1 8:1 / / rw shared:1 ext4 x rw", "a b c d e f -"]
)
def test_a_line_that_is_no_mount_is_passed_over(line: str) -> None:
    assert mounts_of(line) == ()
    assert on_the_host("/x", (), HOST, lambda _: True) == ""


def test_only_mounts_of_other_machines_may_hang() -> None:
    mounts = mounts_of(
        "1 0 0:5 / /a rw - nfs4 nas:/a rw\n2 0 0:6 / /b rw - fuse.sshfs x rw\n"
        "3 0 0:7 / /c rw - fuse.fuse-overlayfs fuse-overlayfs rw\n"
        "4 0 8:1 / / rw - ext4 /dev/sda1 rw\n"
    )
    assert [may_hang(mount.type) for mount in mounts] == [True, True, False, False]
