"""What happens to a database in the middle of its dump: the backup fails and says what it was."""

from __future__ import annotations

from typing import Any

import pytest

from tests import night
from tests.operator import dump_tool, host, within

MARIADB, POSTGRESQL = "mariadb", "postgresql@17-voting"
CLIENTS = "mariadb|mariadb-dump|pg_dump|pg_dumpall|psql|restic"
LEFT = "/root/night.left"
LONGER = (
    "INSERT IGNORE INTO letters SELECT seq, REPEAT(MD5(seq), 20) FROM seq_20001_to_35000; "
    "CREATE TABLE IF NOT EXISTS more_letters AS SELECT * FROM letters; "
    "CREATE TABLE IF NOT EXISTS old_letters AS SELECT * FROM letters"
)
"""All tables stay small enough to be hashed in every backup, whatever the day."""
MORE_VOTES = ("more_ballots", "old_ballots")
SHOP_IS_DUMPED = night.has_bytes("shop.sql", 1_000_000)
VOTES_ARE_DUMPED = night.has_bytes("votes.pgdump", 1_000_000)
pytestmark = pytest.mark.usefixtures("nothing_is_lost")


@pytest.fixture(scope="module", autouse=True)
def good_snapshot(contract: dict[str, Any]) -> None:
    """One good snapshot, which every bad moment must leave as it is; its dumps take a while."""
    assert contract
    host("nick").check_output(sql(LONGER))
    for table in MORE_VOTES:
        made = f"CREATE TABLE IF NOT EXISTS {table} AS SELECT * FROM ballots"
        host("nick").check_output(f'{night.PSQL} --quiet voty --command "{made}"')
    assert night.back_up().status == 0


def sql(statement: str) -> str:
    return f'mariadb mautic --execute "{statement}"'


def in_the_middle(statement: str) -> str:
    """Let the backup and its clients stand still for as long as a statement takes."""
    return (
        f"pkill -STOP --parent $run; kill -STOP $run; {sql(statement)}; "
        "kill -CONT $run; pkill -CONT --parent $run"
    )


@pytest.mark.parametrize(
    ("dumped", "unit"), [(SHOP_IS_DUMPED, MARIADB), (VOTES_ARE_DUMPED, POSTGRESQL)]
)
def test_no_dump_outlives_a_backup_that_was_killed(dumped: str, unit: str) -> None:
    """The server stands still, so whatever is not ended waits for it for ever."""
    killed = night.back_up_while(
        dumped,
        f"systemctl kill --signal=STOP {unit}; kill -KILL $run; sleep 1; "
        f"pgrep --exact --list-name '{CLIENTS}' >{LEFT}; systemctl kill --signal=CONT {unit}",
    )
    assert killed.status == 137, killed.output
    assert host("nick").check_output("cat %s", LEFT) == ""
    assert within(5, lambda: night.clients() == (0, 0)), night.clients()


def test_a_database_that_stops_in_the_middle_of_its_dump_is_said_so() -> None:
    stopped = night.back_up_while(SHOP_IS_DUMPED, f"systemctl kill --signal=KILL {MARIADB}")
    host("nick").check_output("systemctl start %s", MARIADB)
    said = night.fails(stopped)
    assert "night: " in said
    assert "mautic" in said
    stopped = night.back_up_while(VOTES_ARE_DUMPED, f"systemctl kill --signal=KILL {POSTGRESQL}")
    host("nick").check_output("systemctl restart %s", POSTGRESQL)
    assert "database voty" in night.fails(stopped)


def test_a_table_that_vanishes_during_the_dump_is_named() -> None:
    host("nick").check_output(sql("CREATE TABLE zz_vanishing (id INT)"))
    said = night.fails(
        night.back_up_while(
            SHOP_IS_DUMPED, in_the_middle("SET lock_wait_timeout = 30; DROP TABLE zz_vanishing")
        )
    )
    assert "table zz_vanishing was dropped or renamed while the backup ran" in said


def test_a_table_that_appears_during_the_dump_is_named() -> None:
    try:
        said = night.fails(
            night.back_up_while(SHOP_IS_DUMPED, in_the_middle("CREATE TABLE zz_appearing (id INT)"))
        )
    finally:
        host("nick").check_output(sql("DROP TABLE zz_appearing"))
    assert "the dump of database mautic is not what was measured" in said
    assert "table zz_appearing is not in it" in said


@pytest.mark.parametrize(
    ("tool", "script", "said"),
    [
        ("pg_dump", "exit 0", "the dump of database voty is not whole although pg_dump reported"),
        ("pg_dump", '/usr/bin/pg_dump "$@" | head --bytes=-2000', "it ends too early"),
        ("pg_dumpall", "exit 0", "the roles of voty have no end although pg_dumpall reported"),
    ],
)
def test_a_dump_of_postgresql_that_succeeds_and_is_not_whole_is_refused(
    tool: str, script: str, said: str
) -> None:
    with dump_tool(script, tool):
        assert said in night.fails(night.back_up())
