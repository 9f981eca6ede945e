"""Bad days of a backup: it fails, a sentence names the service, earlier snapshots stay whole."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.operator import LAB_INVENTORY, REAL_DUMP, ROOT, Played, dump_tool, host, play, snapshots

ONLY = ("--limit", "newsletter")
STORE = "/var/lib/probealarm/store/nick"
LEDGER = "/var/lib/probealarm/ledger.jsonl"


@pytest.fixture(scope="module", autouse=True)
def good_snapshot() -> None:
    """One good snapshot, which every bad day must leave as it is."""
    assert play("playbooks/back_up.yml", *ONLY).status == 0


def saved() -> list[str]:
    """Name the snapshots in judy's store and their bytes, without the seconds that restic takes."""
    return host("judy").check_output(f"cd {STORE}/snapshots && wc --bytes *").splitlines()


def backup_fails(inventory: Path = LAB_INVENTORY, *, begins: bool = True) -> str:
    """Run a backup that must fail, change nothing in the store and leave only a record on nick.

    One that does not begin, because the declaration does not load, leaves no record either.
    """
    before = saved()
    played: Played = play("playbooks/back_up.yml", *ONLY, inventory=inventory)
    assert played.status != 0, played.output
    assert saved() == before
    assert host("nick").run("find /var/lib/probealarm/staging -name '*.sql'").stdout == ""
    last = json.loads(host("nick").check_output(f"tail --lines=1 {LEDGER}"))
    assert (last["verdict"] == "failed") is begins
    return played.output


@contextmanager
def other_content(name: str, file: str, content: str) -> Iterator[None]:
    """Let a file on a host hold something else for a while."""
    machine = host(name)
    machine.check_output("cp --preserve %s %s.kept", file, file)
    machine.check_output("sh -c %s", f"printf '%s' '{content}' > {file}")
    try:
        yield
    finally:
        machine.check_output("mv %s.kept %s", file, file)


def declared_otherwise(tmp_path: Path, old: str, new: str) -> Path:
    """Copy the lab's inventory and change a word in the declaration."""
    inventory = tmp_path / "inventories" / "lab"
    shutil.copytree(LAB_INVENTORY, inventory)
    (tmp_path / ".lab").symlink_to(ROOT / ".lab")
    file = inventory / "services.probealarm.yml"
    text = file.read_text(encoding="utf-8")
    assert old in text
    file.write_text(text.replace(old, new, 1), encoding="utf-8")
    return inventory


def test_an_unknown_key_stops_the_run_and_is_named(tmp_path: Path) -> None:
    said = backup_fails(declared_otherwise(tmp_path, "objectives:", "objektives:"), begins=False)
    assert "objektives" in said
    assert "objectives" in said
    assert "services.probealarm.yml" in said


def test_an_unknown_profile_stops_the_run_and_is_named(tmp_path: Path) -> None:
    said = backup_fails(
        declared_otherwise(tmp_path, "profile: mautic", "profile: mautik"), begins=False
    )
    assert "mautik" in said


def test_a_missing_database_is_named(tmp_path: Path) -> None:
    said = backup_fails(declared_otherwise(tmp_path, "name: mautic", "name: mautix"))
    assert "newsletter: the database mautix does not exist" in said
    assert "services.probealarm.yml" in said


def test_a_wrong_repository_password_is_told_from_a_wrong_store_password() -> None:
    with other_content("nick", "/etc/probealarm/repository.password", "wrong"):
        assert (
            "newsletter: the password in /etc/probealarm/repository.password does not open"
            in backup_fails()
        )
    with other_content("nick", "/etc/probealarm/store.password", "wrong"):
        assert "refuses the user 'nick'" in backup_fails()


def test_an_unreachable_store_is_said_so_at_once() -> None:
    judy = host("judy")
    judy.check_output("systemctl stop probealarm-store")
    try:
        assert "cannot be reached" in backup_fails()
    finally:
        judy.check_output("systemctl start probealarm-store")


def test_a_certificate_that_nobody_vouches_for_is_refused() -> None:
    judy = host("judy")
    judy.check_output(
        "openssl req -x509 -newkey ed25519 -nodes -subj /CN=judy -addext subjectAltName=DNS:judy "
        "-keyout /dev/null -out /tmp/other.pem"
    )
    other = judy.check_output("cat /tmp/other.pem")
    with other_content("nick", "/etc/probealarm/store.pem", other):
        assert "shows a certificate that /etc/probealarm/store.pem does not vouch for" in (
            backup_fails()
        )


def test_a_full_disk_behind_the_store_is_said_so() -> None:
    nick, judy = host("nick"), host("judy")
    nick.check_output("dd if=/dev/urandom of=/srv/newsletter/media/files/big bs=1M count=4")
    judy.check_output("mount -t tmpfs -o size=64k,nr_inodes=2k,mode=777 tmpfs %s/data", STORE)
    judy.check_output("sh -c %s", f"cd {STORE}/data && mkdir -m 777 $(printf '%02x ' $(seq 0 255))")
    judy.check_output("systemctl restart probealarm-store")
    try:
        assert "is full" in backup_fails()
    finally:
        judy.check_output("systemctl stop probealarm-store")
        judy.check_output("umount %s/data", STORE)
        judy.check_output("systemctl start probealarm-store")
        nick.check_output("rm /srv/newsletter/media/files/big")


def test_a_dump_that_succeeds_and_is_empty_is_refused() -> None:
    with dump_tool("exit 0"):
        said = backup_fails()
    assert "newsletter: the dump of database mautic has no end although" in said


def test_a_dump_that_stops_half_way_is_refused() -> None:
    with dump_tool(f'{REAL_DUMP} "$@" | head -c 100000'):
        assert "newsletter: the dump of database mautic has no end although" in backup_fails()


def test_a_dump_that_silently_leaves_out_a_table_is_refused_and_the_table_named() -> None:
    with dump_tool(f'{REAL_DUMP} "$@" --ignore-table=mautic.lead_frequencyrules'):
        said = backup_fails()
    assert "newsletter: the dump of database mautic is not what was measured" in said
    assert "table lead_frequencyrules is not in it" in said


def test_a_right_without_which_a_dump_would_be_incomplete_is_named() -> None:
    as_mysql = "setpriv --reuid=mysql --regid=mysql --clear-groups mariadb -u mysql --execute %s"
    nick, everything = host("nick"), "ON *.* TO root@localhost WITH GRANT OPTION"
    nick.check_output(as_mysql, "REVOKE EVENT, TRIGGER ON *.* FROM root@localhost")
    try:
        assert "newsletter: the account root@localhost lacks TRIGGER, EVENT" in backup_fails()
    finally:
        nick.check_output(as_mysql, f"GRANT ALL {everything}")


def test_a_database_that_dies_while_it_is_dumped_is_said_so() -> None:
    with dump_tool(f'systemctl kill --signal=KILL mariadb; {REAL_DUMP} "$@"'):
        said = backup_fails()
    host("nick").check_output("systemctl start mariadb")
    assert "newsletter: " in said
    assert "mautic" in said


def test_a_database_server_that_is_down_is_said_so() -> None:
    nick = host("nick")
    nick.check_output("systemctl stop mariadb")
    try:
        assert "newsletter: " in backup_fails()
    finally:
        nick.check_output("systemctl start mariadb")


def test_the_next_backup_succeeds_unaided() -> None:
    before = snapshots("newsletter")
    assert play("playbooks/back_up.yml", *ONLY).status == 0
    assert len(snapshots("newsletter")) == len(before) + 1
