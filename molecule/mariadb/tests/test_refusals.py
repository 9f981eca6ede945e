"""What the role refuses, before it touches the host."""

import pytest

from tests.operator import refusal

testinfra_hosts = ["nick"]

PLAYBOOK = "molecule/mariadb/converge.yml"


def database(**changes):
    return {"name": "newsletter", "user": "newsletter", "password": "invented", **changes}


@pytest.mark.parametrize(
    ("databases", "sentence"),
    [
        ([database(name="mysql")], "mariadb_databases names mysql"),
        ([database(user="root")], "mariadb_databases names root"),
        ([database(name="news-letter")], "mariadb_databases names news-letter"),
        ([database(password="")], "without a password: newsletter"),
        ([database(), database(name="other")], "Give every database a user of its own"),
    ],
)
def test_a_database_that_cannot_serve_is_refused_with_a_sentence(databases, sentence):
    said = refusal(PLAYBOOK, "--check", mariadb_databases=databases)
    assert sentence in said
    assert "invented" not in said
