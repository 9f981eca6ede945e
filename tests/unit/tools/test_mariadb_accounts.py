"""Accounts come back with what they may do here, and no hash leaves the file they stand in."""

from __future__ import annotations

from dataclasses import dataclass

import pytest

from plugins.module_utils.tools import mariadb_accounts
from plugins.module_utils.tools.mariadb_accounts import objects, script, statements

HASH = "*B30134364A2D14319904C2C807363CF2C81ABD5B"
GLOBAL = f"GRANT USAGE ON *.* TO `al'ice`@`localhost` IDENTIFIED BY PASSWORD '{HASH}'"
ANSWERS = {
    "FROM mysql.db": [["al'ice", "localhost"], ["r1", ""], ["root", "localhost"]],
    "FROM mysql.roles_mapping": [["bob", "%", "r1"], ["bob", "%", "other"], ["root", "%", "r1"]],
    "SHOW CREATE USER `al'ice`@`localhost`": [
        [f"CREATE USER `al'ice`@`localhost` IDENTIFIED BY PASSWORD '{HASH}'"]
    ],
    "SHOW CREATE USER `bob`@`%`": [["CREATE USER `bob`@`%` ACCOUNT LOCK"]],
    "SHOW GRANTS FOR `al'ice`@`localhost`": [
        [GLOBAL],
        [r"GRANT ALL PRIVILEGES ON `exp\\_%`.* TO `al'ice`@`localhost`"],
        ["GRANT ALL PRIVILEGES ON `ex%`.* TO `al'ice`@`localhost` WITH GRANT OPTION"],
        ["GRANT SELECT, INSERT (`email`) ON `exp`.`g` TO `al'ice`@`localhost`"],
        ["GRANT EXECUTE ON PROCEDURE `exp`.`p x` TO `al'ice`@`localhost`"],
        ["GRANT SELECT ON `shop`.`orders` TO `al'ice`@`localhost`"],
    ],
    "SHOW GRANTS FOR `bob`@`%`": [
        ["GRANT `r1` TO `bob`@`%`"],
        ["GRANT `other` TO `bob`@`%`"],
        ["SET DEFAULT ROLE `r1` FOR `bob`@`%`"],
    ],
    "SHOW GRANTS FOR `r1`": [["GRANT USAGE ON *.* TO `r1`"], ["GRANT SELECT ON `exp`.`v` TO `r1`"]],
}


@dataclass
class FakeSession:
    """Answers by the words that a statement contains (captured from MariaDB 11.8)."""

    def ask(self, statement: str) -> list[list[str]]:
        return next(rows for words, rows in ANSWERS.items() if words in statement)

    def close(self) -> None:
        """Nothing is open."""


def test_accounts_come_first_then_what_they_may_do_in_this_database() -> None:
    wanted = statements(FakeSession(), "exp", "'exp'")
    assert [line.outcome for line in wanted] == [
        "account al'ice@localhost",
        "account bob@%",
        "role r1",
        "grant to al'ice@localhost on `ex%`.*",
        "grant to al'ice@localhost on `exp`.`g`",
        "grant to al'ice@localhost on `exp`.`p x`",
        "role of bob@%: `r1`",
        "default role of bob@%: `r1`",
        "grant to r1 on `exp`.`v`",
    ]
    text = script(wanted)
    assert "CREATE USER IF NOT EXISTS `al'ice`@`localhost` IDENTIFIED BY PASSWORD '*B3" in text
    assert "CREATE ROLE IF NOT EXISTS `r1`;\n" in text
    assert "shop" not in text


def test_the_manifest_gets_digests_and_no_hash_of_a_password() -> None:
    told = objects(statements(FakeSession(), "exp", "'exp'"))
    assert HASH not in str(told)
    assert {len(digest) for digest in told.values()} == {32}


@pytest.mark.parametrize(
    ("granted", "database", "concerns"),
    [
        ("*", "exp", True),
        ("`exp`", "exp", True),
        ("`ex%`", "exp", True),
        (r"`e\_p`", "exp", False),
        (r"`e\_p`", "e_p", True),
        ("`e_p`", "exp", True),
        ("`a*c`", "abc", False),
    ],
)
def test_wildcards_of_grants_are_understood(granted: str, database: str, concerns: bool) -> None:
    assert mariadb_accounts._concerns(granted, database) is concerns
