"""What the role refuses, before it touches the host."""

import json
import re

import pytest

testinfra_hosts = ["nick"]


def refusal(play, **variables):
    """What the scenario's playbook says when it fails over other variables."""
    given = ("--extra-vars", json.dumps(variables))
    run = play("molecule/mariadb/converge.yml", "--check", *given)
    assert run.returncode != 0
    plain = re.sub(r"\x1b\[[0-9;]*m", "", run.stdout + run.stderr)
    return " ".join(plain.split())


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
def test_a_database_that_cannot_serve_is_refused_with_a_sentence(play, databases, sentence):
    said = refusal(play, mariadb_databases=databases)
    assert sentence in said
    assert "invented" not in said
