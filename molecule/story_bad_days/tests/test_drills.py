"""Bad days of a drill: never green when it could not be tried, and nothing stays behind."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.operator import REAL_DUMP, dump_tool, host, play, playing, snapshots, within

ONLY = ("--limit", "newsletter")
DRILL = "playbooks/drill.yml"
GUARD = "probealarm-drill-newsletter.service"
SERVER = "probealarm-drill-newsletter-server.service"
SCRATCH = "/var/lib/probealarm/scratch"


def nothing_is_left() -> bool:
    judy = host("judy")
    units = judy.run("systemctl list-units --all --plain --no-legend 'probealarm-drill-*'").stdout
    processes = judy.run("pgrep --exact mariadbd").stdout
    return not (units or processes or judy.run("ls -A %s", SCRATCH).stdout)


@pytest.fixture(autouse=True)
def every_drill_clears_up() -> Iterator[None]:
    yield
    assert within(30, nothing_is_left)


def drill_fails(*options: str) -> str:
    played = play(DRILL, *(options or ONLY))
    assert played.status != 0, played.output
    return played.output


def test_a_service_that_was_never_backed_up_is_unproven() -> None:
    said = drill_fails("--limit", "voting")
    assert "voting is unproven: the store holds no snapshot of voting" in said
    assert "back_up.yml --limit voting" in said


def test_one_bad_service_fails_alone() -> None:
    assert play("playbooks/back_up.yml", "--limit", "mail,newsletter").status == 0
    played = play(DRILL, "--limit", "mail,newsletter,voting")
    assert played.status != 0
    assert "voting is unproven" in played.output
    for service in ("mail", "newsletter"):
        assert f"{service} is " not in played.output


def test_an_unknown_snapshot_is_unproven_and_the_known_ones_are_named() -> None:
    said = drill_fails(*ONLY, "-e", "drill_snapshot=ffffffffffff")
    assert "newsletter is unproven: 0 snapshots of newsletter begin with 'ffffffffffff'" in said
    assert snapshots("newsletter")[-1] in said


def test_a_full_scratch_disk_is_unproven() -> None:
    judy = host("judy")
    judy.check_output("mount -t tmpfs -o size=512k,mode=711 tmpfs %s", SCRATCH)
    try:
        said = drill_fails()
    finally:
        judy.check_output("umount %s", SCRATCH)
    assert "newsletter is unproven: the scratch folder" in said
    assert "Make room there and drill again" in said


def test_a_wrong_repository_password_is_unproven() -> None:
    judy, file = host("judy"), "/etc/probealarm/repositories/nick.password"
    judy.check_output("sh -c %s", f"mv {file} {file}.kept && echo wrong > {file}")
    try:
        said = drill_fails()
    finally:
        judy.check_output("mv %s.kept %s", file, file)
    assert "newsletter is unproven: the password in" in said


def backed_up_without(table: str) -> None:
    """Take a snapshot whose dump names a table, and lacks it although the tool reports success."""
    cut = f"/^DROP TABLE IF EXISTS .{table}.;/,/^SET AUTOCOMMIT/d"
    with dump_tool(f'{REAL_DUMP} "$@" | sed "{cut}"'):
        assert play("playbooks/back_up.yml", *ONLY).status == 0


def test_a_table_that_the_dump_silently_left_out_is_broken_and_named() -> None:
    backed_up_without("lead_frequencyrules")
    said = drill_fails()
    assert "newsletter is broken" in said
    assert "table lead_frequencyrules" in said
    assert "did not come back" in said


def test_a_dump_that_does_not_load_is_broken_and_shows_nobodys_data() -> None:
    backed_up_without("lead_donotcontact")
    said = drill_fails()
    assert "newsletter is broken: the dump of mautic does not load: ERROR 1146" in said
    assert "SELECT" not in said.upper().partition("RECORD:")[0].partition("DOES NOT LOAD")[2]


def test_a_killed_drill_leaves_no_scratch_server_and_no_copy() -> None:
    judy = host("judy")
    with playing(DRILL, *ONLY) as running:
        assert within(60, lambda: judy.run("systemctl is-active %s", SERVER).rc == 0)
        guard = judy.check_output("systemctl show --property=ExecStart --value %s", GUARD)
        process = guard.partition("--pid=")[2].split()[0]
        judy.check_output("kill -STOP %s", process)
        assert "another drill of newsletter is running" in drill_fails()
        judy.check_output("kill -KILL %s", process)
    assert running.returncode != 0
    assert within(30, nothing_is_left)
    assert judy.run("systemctl is-active %s", GUARD).rc != 0


def test_the_copy_has_no_network_and_listens_on_no_port() -> None:
    judy = host("judy")
    with playing(DRILL, *ONLY):
        assert within(60, lambda: judy.run("systemctl is-active %s", SERVER).rc == 0)
        process = judy.check_output("systemctl show --property=MainPID --value %s", SERVER)
        seen = judy.check_output("nsenter --target %s --net ip -brief link", process).split()
        ports = judy.check_output(
            "nsenter --target %s --net ss --listening --no-header -tu", process
        )
    assert [word for word in seen if "@" in word or word.startswith("eth")] == []
    assert ports == ""


@pytest.fixture
def damaged_packs() -> Iterator[None]:
    """Every pack of nick's repository is damaged, and whole again afterwards."""
    judy = host("judy")
    assert play("playbooks/back_up.yml", *ONLY).status == 0
    data = "/var/lib/probealarm/store/nick/data"
    judy.check_output("cp --archive %s /root/data", data)
    for pack in judy.check_output("find %s -type f -size +100k", data).split():
        judy.check_output(
            "dd if=/dev/zero of=%s bs=1 seek=2000 count=5000 conv=notrunc status=none", pack
        )
    yield
    judy.check_output("cp --archive --no-target-directory /root/data %s", data)


@pytest.mark.usefixtures("damaged_packs")
def test_a_damaged_store_is_broken_and_says_so() -> None:
    said = drill_fails()
    assert "newsletter is broken" in said
    assert "cannot be restored" in said
