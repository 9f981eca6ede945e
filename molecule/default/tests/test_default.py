"""The main job on the whole site, asked of the hosts themselves."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from tests.operator import ROOT, host, play, snapshots

SERVICES = ("machine", "mail", "newsletter", "voting", "website")
LITTLE = {"contacts": 2000, "deliveries": 2000, "posts": 20, "images": 6, "messages": 12}


@pytest.fixture(scope="module", autouse=True)
def main_job() -> None:
    """Fill the services with little, back them up, audit the host and drill them, once."""
    steps = (
        ("lab/fill.yml", "--extra-vars", json.dumps({"fill_sizes": LITTLE})),
        ("playbooks/back_up.yml",),
        ("playbooks/audit.yml",),
        ("playbooks/drill.yml",),
    )
    for step in steps:
        played = play(*step)
        assert played.status == 0, played.output


def records() -> list[dict[str, object]]:
    text = host("judy").check_output("cat /var/lib/probealarm/ledger.jsonl")
    return [json.loads(line) for line in text.splitlines()]


def test_the_website_answers_with_a_page_of_wordpress() -> None:
    page = host("nick").check_output(
        "curl --silent --fail -H 'Host: website.example.org' localhost"
    )
    assert "wp-content" in page


@pytest.mark.parametrize("service", SERVICES)
def test_every_service_has_a_snapshot_and_is_proven(service: str) -> None:
    assert snapshots(service)
    (record,) = [record for record in records() if record["service"] == service]
    assert record["verdict"] == "proven", record["reasons"]
    assert record["files_compared"]


def test_databases_are_compared_row_by_row_and_the_rules_of_each_application_are_judged() -> None:
    by_service = {str(record["service"]): record for record in records()}
    for service in ("newsletter", "voting", "website"):
        assert by_service[service]["rows_compared"]
    for service in SERVICES:
        assert by_service[service]["level"] == "L4"
        assert by_service[service]["checks_judged"]


def test_the_timer_on_nick_runs_the_playbook_that_people_run() -> None:
    nick, before = host("nick"), len(snapshots("mail"))
    assert nick.service("probealarm-back-up.timer").is_running
    nick.check_output("systemctl start probealarm-back-up.service")
    assert len(snapshots("mail")) == before + 1


def test_the_timer_on_judy_runs_the_playbook_that_people_run() -> None:
    judy, before = host("judy"), len(records())
    assert judy.service("probealarm-drill.timer").is_running
    judy.check_output("systemctl start probealarm-drill.service")
    assert len(records()) == before + len(SERVICES)


@pytest.mark.parametrize(
    ("schedule", "said"), [("check-store", {"proven"}), ("prune", {"nothing to do"})]
)
def test_the_upkeep_that_judy_does_by_itself_ends_well(schedule: str, said: set[str]) -> None:
    judy, before = host("judy"), len(records())
    assert judy.service(f"probealarm-{schedule}.timer").is_running
    judy.check_output(f"systemctl start probealarm-{schedule}.service")
    assert {record.get("verdict") or record["result"] for record in records()[before:]} == said


def test_nick_audits_itself_and_judy_knows_of_it() -> None:
    for name, schedule in (("nick", "audit"), ("judy", "check-audit")):
        assert host(name).service(f"probealarm-{schedule}.timer").is_running
        host(name).check_output(f"systemctl start probealarm-{schedule}.service")


def test_the_report_is_a_table_and_a_page(tmp_path: Path) -> None:
    played = play("playbooks/report.yml", "-e", f"report_directory={tmp_path / 'new'}")
    assert played.status == 0, played.output
    table = (tmp_path / "new" / "report.txt").read_text(encoding="utf-8")
    assert all(service in table for service in SERVICES)
    assert "All 5 services are proven and within the objectives." in table
    assert re.search(r"^nick +[0-9a-z. ]+ ago +3 % +[0-9a-z. ]+ ago$", table, re.MULTILINE)
    page = (tmp_path / "new" / "index.html").read_text(encoding="utf-8")
    assert page.startswith("<!DOCTYPE html>")


def test_no_secret_reaches_a_journal_the_ledger_or_the_report(tmp_path: Path) -> None:
    play("playbooks/report.yml", "-e", f"report_directory={tmp_path}")
    written = (tmp_path / "index.html").read_text(encoding="utf-8")
    for name in ("nick", "judy"):
        written += host(name).check_output("journalctl --quiet --no-pager")
    written += host("judy").check_output("cat /var/lib/probealarm/ledger.jsonl")
    secrets = [file.read_text(encoding="utf-8").split()[0] for file in lab_secrets()]
    assert secrets
    assert [secret for secret in secrets if secret in written] == []


def test_no_person_of_the_content_stands_in_the_report(tmp_path: Path) -> None:
    play("playbooks/report.yml", "-e", f"report_directory={tmp_path}")
    people = host("nick").check_output(
        "mariadb --batch --skip-column-names mautic --execute 'SELECT email FROM leads LIMIT 500'"
    )
    page = (tmp_path / "index.html").read_text(encoding="utf-8")
    assert people
    assert [address for address in people.split() if address in page] == []


def test_a_drill_leaves_nothing_behind() -> None:
    judy = host("judy")
    assert judy.check_output("ls -A /var/lib/probealarm/scratch") == ""
    assert not judy.run("pgrep --exact mariadbd").stdout


def lab_secrets() -> list[Path]:
    return list((ROOT / ".lab" / "secrets").iterdir())
