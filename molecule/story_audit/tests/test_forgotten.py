"""Forgotten state of every kind is found on a converged nick, each with a hint that loads."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.operator import Played, host, play

from .declarations import declared, laid_over, loaded, without_machine
from .seeds import HANGING, SEEDS, Seed


def test_a_healthy_nick_has_nothing_unclaimed_and_no_alarm(healthy: Played) -> None:
    assert healthy.status == 0, healthy.output
    assert "nick: nothing is unclaimed." in healthy.output


def test_what_is_forgotten_fails_the_playbook_and_shows_what_to_add(healthy: Played) -> None:
    nick = host("nick")
    nick.check_output("mkdir /srv/forum && echo state > /srv/forum/state")
    try:
        red = play("playbooks/audit.yml")
    finally:
        nick.check_output("rm -r /srv/forum")
    assert red.status != 0
    assert "UNCLAIMED directory /srv/forum (NEW, 6 bytes" in red.output
    assert "services: forum: profile: files host: nick" in red.output
    assert "nobody claims: /srv/forum" in play("playbooks/check_audit.yml").output


def test_every_exemption_that_is_used_has_its_reason(audits: dict[str, Any]) -> None:
    exempt = [one for one in audits["nothing"]["findings"] if one["state"] == "exempt"]
    assert exempt
    assert [one["subject"] for one in exempt if len(one["reason"]) < 20] == []


def test_every_seed_was_sown_and_taken_away(audits: dict[str, Any]) -> None:
    assert {name: one["complaints"] for name, one in audits.items() if one["complaints"]} == {}


def test_there_are_at_least_forty_kinds() -> None:
    assert len({seed.name for seed in SEEDS}) >= 40


@pytest.mark.parametrize("seed", SEEDS, ids=lambda seed: seed.name)
def test_what_was_forgotten_is_found(audits: dict[str, Any], seed: Seed) -> None:
    found = audits[seed.name]["findings"]
    there = [one for one in found if _names(one, seed)]
    assert there, [one["subject"] for one in found if one["state"] == "unclaimed"]
    (finding,) = there
    assert finding["state"] == "unclaimed"
    assert finding["kind"] == seed.kind
    assert seed.says in " ".join(
        [finding.get("detail", ""), finding.get("writer", ""), *finding.get("parts", ())]
    )


@pytest.mark.parametrize("seed", SEEDS, ids=lambda seed: seed.name)
def test_the_hint_loads_and_is_no_empty_word(
    audits: dict[str, Any], seed: Seed, tmp_path: Path
) -> None:
    (finding,) = [one for one in audits[seed.name]["findings"] if _names(one, seed)]
    below = without_machine() if seed.is_of_the_machine else declared()
    hint = yaml.safe_load(finding["hint"])
    assert hint["services"]
    assert loaded(laid_over(below, hint), tmp_path)


def test_nothing_else_is_said(audits: dict[str, Any]) -> None:
    others = {
        seed.name: one["subject"]
        for seed in SEEDS
        for one in audits[seed.name]["findings"]
        if one["state"] == "unclaimed" and not seed.is_of_the_machine and not _names(one, seed)
    }
    assert others == {}


def test_a_database_that_refuses_the_login_is_an_alarm_beside_the_finding(
    audits: dict[str, Any],
) -> None:
    (refusing,) = [seed for seed in SEEDS if seed.name == "a server that refuses the login"]
    alarms = [one for one in audits[refusing.name]["alarms"] if one["kind"] == "refused"]
    assert [one["subject"] for one in alarms] == ["mariadb at /run/refusing-mariadb/sock"]


def test_a_network_mount_that_hangs_is_skipped_after_a_while_and_said(
    audits: dict[str, Any],
) -> None:
    audit = audits[HANGING.name]
    (alarm,) = audit["alarms"]
    assert (alarm["kind"], alarm["subject"]) == ("skipped", "/srv/share")
    assert "it did not answer within 15 seconds" in alarm["sentence"]
    assert audit["took_seconds"] < 60


def test_the_incident_is_red_while_all_data_is_still_there(audits: dict[str, Any]) -> None:
    unclaimed = [one for one in audits["incident"]["findings"] if one["state"] == "unclaimed"]
    (database,) = [one for one in unclaimed if one["subject"] == "mariadb/mautic"]
    assert "still holds it, the declaration does not name it any longer" in database["detail"]
    assert "database: {name: mautic}" in database["hint"]


def test_the_result_is_for_root_alone_and_nothing_else_stays(audits: dict[str, Any]) -> None:
    folder = host("nick").file("/var/lib/probealarm/audit")
    assert folder.mode == 0o700
    assert {*folder.listdir()} <= {"newest.json", "before.json", "checked"}
    assert host("nick").file("/var/lib/probealarm/audit/newest.json").mode == 0o600


def _names(finding: dict[str, Any], seed: Seed) -> bool:
    wanted = (
        seed.subject.strip("'").replace("\n", "\\n").replace("$(printf 'b\\344cker')", "b\\xe4cker")
    )
    return bool(finding["subject"] == wanted)
