"""The night nobody noticed, as it would go today.

The newsletter's installer drops every table and makes empty ones. The next backup is a faithful
copy of nothing: copy and manifest agree. The drill still says broken, because the contract names
the irreplaceable tables and the ledger remembers 50,000 contacts.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

import pytest

from tests.operator import Played, host, play, snapshots

ONLY = ("--limit", "newsletter")


@dataclass(frozen=True)
class Night:
    """The drills of one night, in their order, and the snapshots they looked at."""

    drill_before: Played
    incident: Played
    backup_after: Played
    drill_after: Played
    drill_of_the_snapshot_before: Played
    taken: list[str]


@pytest.fixture(scope="module")
def night() -> Night:
    assert play("playbooks/back_up.yml", *ONLY).status == 0
    drill_before = play("playbooks/drill.yml", *ONLY)
    incident = play("lab/incident.yml")
    backup_after = play("playbooks/back_up.yml", *ONLY)
    drill_after = play("playbooks/drill.yml", *ONLY)
    taken = snapshots("newsletter")
    old = play("playbooks/drill.yml", *ONLY, "-e", f"drill_snapshot={taken[0]}")
    return Night(drill_before, incident, backup_after, drill_after, old, taken)


def test_before_the_incident_the_newsletter_is_proven(night: Night) -> None:
    assert night.drill_before.status == 0, night.drill_before.output


def test_the_backup_after_the_incident_succeeds_as_it_did_back_then(night: Night) -> None:
    assert night.incident.status == 0, night.incident.output
    assert night.backup_after.status == 0, night.backup_after.output


def test_the_drill_after_the_incident_says_broken(night: Night) -> None:
    assert night.drill_after.status != 0
    assert "newsletter is broken" in night.drill_after.output


@pytest.mark.parametrize("table", ["leads", "lead_donotcontact", "lead_lists_leads"])
def test_the_tables_that_lost_their_rows_are_named(night: Night, table: str) -> None:
    reasons = night.drill_after.output.partition("newsletter is broken: ")[2]
    assert re.search(rf"\b{table}\b", reasons.partition("record:")[0]), reasons


def test_the_last_proven_snapshot_is_named_with_its_50000_contacts(night: Night) -> None:
    assert re.search(
        rf"table leads has 0 rows, the last proven snapshot \({night.taken[0]}[^)]*\) had 50,000;",
        night.drill_after.output,
    )


def test_copy_and_manifest_agree_so_only_the_contract_and_the_ledger_can_tell(night: Night) -> None:
    assert "did not come back" not in night.drill_after.output
    assert "on the source" not in night.drill_after.output


def test_the_snapshot_from_before_is_still_proven(night: Night) -> None:
    assert night.drill_of_the_snapshot_before.status == 0, night.drill_of_the_snapshot_before.output


def test_the_report_shows_the_newest_snapshot_not_the_older_one_by_choice(night: Night) -> None:
    report = play("playbooks/report.yml").output
    assert "newsletter is broken" in report, report


def test_nothing_of_the_drills_stays_on_judy(night: Night) -> None:
    judy = host("judy")
    assert judy.run("ls -A /var/lib/probealarm/scratch").stdout == ""
    assert not judy.run(
        "systemctl list-units --all --plain --no-legend 'probealarm-drill-*'"
    ).stdout
    assert not judy.run("pgrep --list-full --exact mariadbd").stdout
