"""Files come back with everything they carry, and what one of them loses on the way is named."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from tests.operator import host, play

ONLY = ("--limit", "newsletter")
FOLDER = "/srv/newsletter/media/files/every kind"
FAKE_RESTIC = "/usr/local/sbin/restic"

ONE_OF_EVERY_KIND = r"""
mkdir --mode=2770 "$1" "$1/shared"
cd "$1"
echo picture > one.png
ln one.png two.png
setfattr --name=user.origin --value=https://example.org/one.png one.png
install --mode=640 one.png private.png
setfacl --modify=user:1234:r private.png
setfacl --default --modify=group:1234:rwx shared
install --mode=4755 /bin/true true
chown 1000:1001 true shared
setcap cap_net_bind_service=ep private.png
truncate --size=64M sparse.img
mkfifo --mode=620 pipe
mknod --mode=660 null c 1 3
mknod --mode=660 disk b 7 99
ln --symbolic two.png link
ln --symbolic loop loop
touch "$(printf 'caf\351')" "$(printf 'a\nb')" "$(printf '%0255d' 0)"
touch --date=2001-02-03T04:05:06.123456789 one.png shared
touch --no-dereference --date=1999-12-31T23:59:59 link pipe null "$1"
"""

LOSSES = r"""
cd "$1"
setfacl --remove-all private.png
setfattr --remove=user.origin one.png
cp --preserve=all two.png copy
mv copy two.png
touch --date=2001-02-03 more
touch --date=1999-12-31T23:59:59 "$1"
"""
"""What happens between listing and saving, and leaves no time behind that would tell."""

NAMED = (
    "one.png came back without its extended attribute user.origin",
    "private.png has no ACL and had the ACL user::rw-,user:1234:r--,group::r--",
    "two.png is a file of its own and was a hard link of /srv/newsletter/media/files/every kind",
    "/every kind/more is in the restored copy and was not on the source",
)


def run_on_nick(script: str) -> None:
    host("nick").check_output("sh -e -c %s sh %s", script, FOLDER)


@pytest.fixture(autouse=True)
def every_kind() -> Iterator[None]:
    run_on_nick(ONE_OF_EVERY_KIND)
    yield
    host("nick").check_output("rm --recursive %s", FOLDER)


@contextmanager
def losses_before_saving() -> Iterator[None]:
    """Let something happen to the tree just before restic reads it."""
    nick = host("nick")
    lose = f'set -- "{FOLDER}"\n{LOSSES}'
    script = f'#!/bin/sh\ncase " $* " in *" backup "*) ({lose});; esac\nexec /usr/bin/restic "$@"\n'
    nick.check_output("sh -c %s sh %s", f'printf %s "$1" > {FAKE_RESTIC}', script)
    nick.check_output("chmod 755 %s", FAKE_RESTIC)
    try:
        yield
    finally:
        nick.check_output("rm %s", FAKE_RESTIC)


def test_every_kind_of_file_comes_back_as_it_was() -> None:
    assert play("playbooks/back_up.yml", *ONLY).status == 0
    drilled = play("playbooks/drill.yml", *ONLY)
    assert drilled.status == 0, drilled.output


def test_what_files_lost_on_the_way_is_broken_and_named() -> None:
    with losses_before_saving():
        assert play("playbooks/back_up.yml", *ONLY).status == 0
    drilled = play("playbooks/drill.yml", *ONLY)
    assert drilled.status != 0
    assert "newsletter is broken" in drilled.output
    for sentence in NAMED:
        assert sentence in drilled.output
