from __future__ import annotations

import re
from collections import Counter

import pytest

from lab.content.voting import checkout, content
from lab.content.voting.fill import schema

from .builders import NOW, SMALL, Read, small_plan


@pytest.fixture(scope="module")
def voting() -> Read:
    plan = small_plan()
    return Read(content.tables(plan, content.voters(plan)))


def test_the_same_seed_invents_the_same_ballots(voting: Read) -> None:
    plan = small_plan()
    assert Read(content.tables(plan, content.voters(plan))).rows == voting.rows


def test_sizes_are_kept(voting: Read) -> None:
    assert len(voting.rows["auth_user"]) == SMALL.voters
    assert len(voting.rows["initproc_initiative"]) == SMALL.ballots


def test_every_row_fits_the_columns_that_the_schema_declares() -> None:
    plan = small_plan()
    for table in content.tables(plan, content.voters(plan)):
        assert {len(row) for row in table.rows} == {len(table.columns)}, table.name
        declared = re.search(rf"CREATE TABLE {table.name} \((.*?)\);\n", schema(), re.S)
        assert declared, table.name
        missing = [name for name in table.columns
                   if not re.search(rf'(^|[\s(,])"?{name}"? [a-z]', declared[1])]  # fmt: skip
        assert missing == [], table.name


def test_nobody_votes_twice_on_one_ballot(voting: Read) -> None:
    pairs = zip(
        voting.column("initproc_vote", "user_id"),
        voting.column("initproc_vote", "initiative_id"),
        strict=True,
    )
    assert max(Counter(pairs).values()) == 1


def test_no_ballot_has_more_votes_than_voters(voting: Read) -> None:
    votes = Counter(voting.column("initproc_vote", "initiative_id"))
    ballots = zip(
        voting.column("initproc_initiative", "id"),
        voting.column("initproc_initiative", "eligible_voters"),
        strict=True,
    )
    for ballot, eligible in ballots:
        if isinstance(eligible, int):
            assert 0 < votes[ballot] <= eligible


def test_closed_ballots_were_decided_and_open_ones_are_under_way(voting: Read) -> None:
    states = voting.column("initproc_initiative", "state")
    closed = voting.column("initproc_initiative", "was_closed_at")
    for state, day in zip(states, closed, strict=True):
        assert (state in {"a", "r"}) == (day is not None)
    assert "v" in states
    assert sum(day is not None for day in closed) == SMALL.ballots * 3 // 4


def test_nobody_votes_after_a_ballot_has_closed(voting: Read) -> None:
    closed = dict(
        zip(
            voting.column("initproc_initiative", "id"),
            voting.column("initproc_initiative", "was_closed_at"),
            strict=True,
        )
    )
    cast = zip(
        voting.column("initproc_vote", "initiative_id"),
        voting.column("initproc_vote", "created_at"),
        strict=True,
    )
    for ballot, moment in cast:
        assert moment <= NOW  # type: ignore[operator]  # all are moments
        if closed[ballot]:
            assert moment.date() <= closed[ballot]  # type: ignore[attr-defined]  # as above


@pytest.mark.parametrize(
    ("table", "column", "target"),
    [
        ("initproc_vote", "user_id", "auth_user"),
        ("initproc_vote", "initiative_id", "initproc_initiative"),
        ("initproc_supporter", "user_id", "auth_user"),
        ("initproc_resistance", "solution_id", "initproc_solution"),
        ("initproc_preference", "option_id", "initproc_option"),
        ("initproc_solution", "issue_id", "initproc_issue"),
        ("reversion_version", "revision_id", "reversion_revision"),
        ("reversion_version", "content_type_id", "django_content_type"),
        ("avatar_avatar", "user_id", "auth_user"),
    ],
)
def test_whoever_is_referred_to_exists(voting: Read, table: str, column: str, target: str) -> None:
    assert set(voting.column(table, column)) <= set(voting.column(target, "id"))


def test_every_avatar_lies_in_the_folder_of_its_member(voting: Read) -> None:
    members = content.voters(small_plan())
    assert {each.avatar_path for each in members if each.avatar} == set(
        voting.column("avatar_avatar", "avatar")
    )
    assert all(each.avatar_path.startswith(f"avatars/{each.id}/") for each in members)


def test_the_checkout_ignores_its_data_and_its_secrets() -> None:
    committed = {name: text for commit in checkout.HISTORY for name, text in commit.files.items()}
    assert {"data/", "secrets.env"} <= set(committed[".gitignore"].split())
    assert "data/" in committed[".dockerignore"].split()
    assert "docker-compose.yml" in committed


def test_the_schema_has_all_tables_of_plenum() -> None:
    assert schema().count("CREATE TABLE ") == 51


def test_addresses_belong_to_nobody(voting: Read) -> None:
    domains = set(re.findall(r"[\w.+-]+@([\w.-]+\w)", repr(voting.rows)))
    assert all(domain.endswith(("example.org", "example.net")) for domain in domains)
