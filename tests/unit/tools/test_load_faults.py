"""A load error is told without anybody's data in it (captured from MariaDB 11.8, PostgreSQL 17)."""

from __future__ import annotations

from plugins.module_utils.host import Finished
from plugins.module_utils.tools import mariadb, postgresql

DUPLICATE = (
    "--------------\n"
    "INSERT INTO `leads` VALUES (1,'Anna Beispiel','anna@example.org')\n"
    "--------------\n\n"
    "ERROR 1062 (23000) at line 22: Duplicate entry 'anna@example.org' for key 'email'\n"
)
MISSING = (
    "--------------\nCREATE VIEW ...\n--------------\n\n"
    "ERROR 1146 (42S02) at line 11286: Table 'mautic.leads' doesn't exist\n"
)
COPY = (
    'pg_restore: error: COPY failed for table "auth_user": ERROR:  duplicate key value violates '
    'unique constraint "auth_user_pkey"\n'
    "DETAIL:  Key (email)=(anna@example.org) already exists.\n"
    "CONTEXT:  COPY auth_user, line 2: 1 Anna Beispiel\n"
)
SYNTAX = 'pg_restore: error: ERROR:  invalid input syntax for type integer: "anna@example.org"\n'


def test_values_of_a_duplicate_are_not_told() -> None:
    told = mariadb.load_fault(Finished(1, "", DUPLICATE))
    assert told == "ERROR 1062 (23000) at line 22: Duplicate entry '...'"


def test_values_with_quotes_and_quoted_statements_are_not_told() -> None:
    quoted = "ERROR 1062 (23000) at line 2: Duplicate entry 'o'neil@example.org' for key 'email'\n"
    syntax = "ERROR 1064 (42000) at line 3: You have an error near 'anna@example.org' at line 1\n"
    assert "example" not in mariadb.load_fault(Finished(1, "", quoted))
    assert "example" not in mariadb.load_fault(Finished(1, "", syntax))


def test_the_name_of_a_missing_table_is_told() -> None:
    told = mariadb.load_fault(Finished(1, "", MISSING))
    assert told == "ERROR 1146 (42S02) at line 11286: Table 'mautic.leads' doesn't exist"


def test_a_client_without_a_word_is_told_by_its_status() -> None:
    assert "status 137" in mariadb.load_fault(Finished(137, "", ""))
    assert "status 137" in postgresql.load_fault(Finished(137, "", ""))


def test_postgresql_details_and_contexts_are_not_told() -> None:
    told = postgresql.load_fault(Finished(1, "", COPY))
    assert told == 'duplicate key value violates unique constraint "auth_user_pkey"'


def test_a_value_of_the_wrong_type_is_not_told() -> None:
    told = postgresql.load_fault(Finished(1, "", SYNTAX))
    assert told == "invalid input syntax for type integer: ..."
