"""A look reads only what a setting may have, and nothing it could take for something else."""

from __future__ import annotations

import json

import pytest

from plugins.module_utils.discovery.deriving import signatures_of
from plugins.module_utils.discovery.facts import Facts, Lacking, TreeSeen
from plugins.module_utils.discovery.looking import look
from plugins.module_utils.discovery.signatures import Signature, as_plain, of_plain
from tests.unit.discovery.test_applications import CASES, mautic, nextcloud
from tests.unit.discovery.worlds import (
    CATALOGUE,
    SIGNATURES,
    FakeFiles,
    draft_of,
    facts,
    in_container,
    refused,
    signature,
)


def tree(seen: Facts, profile: str) -> TreeSeen:
    (found,) = (each for each in seen.trees if each.profile == profile)
    return found


def test_signatures_go_to_the_server_and_facts_come_back_as_json() -> None:
    assert of_plain(json.loads(json.dumps(as_plain(SIGNATURES)))) == tuple(SIGNATURES)
    for case in CASES:
        seen = facts(case.files, [*case.databases, refused(in_container("db"), "No.")])
        assert Facts.of_plain(json.loads(json.dumps(seen.as_plain()))) == seen


def test_signatures_follow_from_profiles_alone() -> None:
    plenum = signature("plenum")
    assert "initproc_vote" in plenum.databases[0].tables
    assert plenum.required == ("{secrets_file}", "{path}/.git/HEAD")
    assert not any("*" in table for each in signatures_of(CATALOGUE) for table in _tables(each))


def _tables(each: Signature) -> list[str]:
    return [name for sign in each.databases for name in sign.tables]


@pytest.mark.parametrize(
    "said",
    [
        "'db_name' => 'two words'",
        "'db_name' => 'a; DROP TABLE leads'",
        "'db_name' => '{{ lookup() }}'",
        "'db_name' => 'mysql-8'",
        "'db_name' => ''",
        "no name at all",
    ],
)
def test_what_a_setting_may_not_have_is_not_read(said: str) -> None:
    files = mautic("/srv/newsletter", "letters")
    files["/srv/newsletter/config/local.php"] = f"<?php array({said});"
    assert "database.name" not in tree(facts(files), "mautic").read


def test_what_is_said_in_two_ways_is_not_read() -> None:
    for_two = signature("wordpress")
    files = {
        "/etc/wordpress/config-a.php": "define('DB_NAME', 'a');",
        "/etc/wordpress/config-b.php": "define('DB_NAME', 'b');",
        "/var/lib/wordpress/wp-content/uploads/a": "x",
    }
    seen = look([for_two], FakeFiles(files), ())
    assert tree(seen, "wordpress").read == {}


def test_a_directory_that_exists_only_in_a_container_is_asked_about() -> None:
    files = nextcloud("mysql", "/var/www/html/data")
    del files["/var/www/html/data/.ncdata"]
    (found,) = (each for each in facts(files).trees if each.engine == "mariadb")
    assert "data_path" not in found.read
    assert Lacking("data_path", "/var/www/html/data") in found.lacking


def test_half_of_the_signs_are_too_few() -> None:
    files = {"/srv/a/config/local.php": "x", "/srv/b/config/local.php": "x", "/srv/b/media/a": "x"}
    assert [each.found for each in facts(files).trees] == ["/srv/b"]


def test_a_mail_server_without_mailboxes_is_no_mail_service() -> None:
    alone = dict.fromkeys(("/etc/aliases", "/etc/postfix/main.cf", "/etc/postfix/master.cf"), "x")
    made = draft_of(facts(alone | {"/srv/a/b": "x", "/srv/a/c": "x"}))
    assert [each.candidate.profile for each in made.proposals] == ["files"]
