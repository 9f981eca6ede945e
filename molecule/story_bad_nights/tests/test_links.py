"""What stands between a backup and its store: the link, the disk, another run, a lock."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest

from tests import night
from tests.operator import host

CUT = (
    "nft add table inet cut && "
    "nft add chain inet cut out '{ type filter hook output priority 0; }' && "
    "nft add rule inet cut out tcp dport 8000 drop"
)
UNTIL_IT_ENDS = f"until [ -s {night.SAID} ]; do sleep 0.1; done"
MEND = "nft delete table inet cut"
SAVING = "pgrep --full '^/usr/bin/restic.* backup'"
SLOWLY = 'exec /usr/bin/restic --limit-upload 4000 "$@"'
pytestmark = pytest.mark.usefixtures("nothing_is_lost")


@pytest.fixture(scope="module", autouse=True)
def good_snapshot(contract: dict[str, Any]) -> None:
    """One good snapshot, which every bad night must leave as it is."""
    assert contract
    assert night.back_up().status == 0


@contextmanager
def more_to_send(mebibytes: int) -> Iterator[None]:
    """Let the service have a new file that nobody has seen."""
    nick, file = host("nick"), "/srv/night/new"
    nick.check_output(f"head -c {mebibytes}M /dev/urandom > {file}")
    try:
        yield
    finally:
        nick.check_output("rm %s", file)


def test_a_link_that_is_cut_and_comes_back_costs_nothing() -> None:
    number = len(night.saved())
    with more_to_send(16), night.other_restic(SLOWLY):
        played = night.back_up_while(SAVING, f"sleep 1; {CUT}; sleep 5; {MEND}")
    assert played.status == 0, played.output
    assert len(night.saved()) == number + 1


def test_a_link_that_stays_cut_is_said_so(contract: dict[str, Any]) -> None:
    number = len(night.saved())
    with more_to_send(16), night.other_restic(SLOWLY), night.held(contract, at_most_seconds=16):
        said = night.fails(night.back_up_while(SAVING, f"sleep 1; {CUT}; {UNTIL_IT_ENDS}; {MEND}"))
    assert "night may be held still for 16 s, and its copy was not ready in that time" in said
    assert len(night.saved()) == number


def test_a_full_disk_of_the_dumps_is_said_so() -> None:
    nick = host("nick")
    nick.check_output("mount -t tmpfs -o size=10m,mode=700 tmpfs %s", night.STAGING)
    try:
        said = night.fails(night.back_up())
    finally:
        nick.check_output("umount %s", night.STAGING)
    assert f"The disk of {night.STAGING}/night is full. It needs room for" in said


def test_two_backups_at_once_are_one() -> None:
    number = len(night.saved())
    again = f"{night.RUN} >/root/second; echo $? >>/root/second"
    played = night.back_up_while(night.has_bytes("shop.sql", 0), again)
    assert played.status == 0, played.output
    second = host("nick").check_output("cat /root/second")
    assert "night: another backup of this service is running on this host. Wait for it" in second
    assert second.endswith("\n1")
    assert len(night.saved()) == number + 1


def test_a_lock_that_a_killed_run_left_in_the_store_hinders_nobody() -> None:
    nick = host("nick")
    nick.check_output(
        "sh -c %s",
        "set -e; export RESTIC_REPOSITORY=rest:https://judy:8000/nick/ RESTIC_REST_USERNAME=nick "
        "RESTIC_REST_PASSWORD=$(cat /etc/probealarm/store.password) "
        "RESTIC_PASSWORD_FILE=/etc/probealarm/repository.password "
        "RESTIC_CACERT=/etc/probealarm/store.pem\n"
        "restic --no-cache unlock >/dev/null\n"  # what other killed runs left would keep it out
        "restic --no-cache --limit-download 20 check --read-data >/dev/null 2>&1 & check=$!\n"
        'until [ -n "$(restic --no-cache --no-lock list locks)" ]; do sleep 0.1; done\n'
        "kill -KILL $check",
    )
    assert host("judy").check_output("ls /var/lib/probealarm/store/nick/locks") != ""
    assert night.back_up().status == 0
