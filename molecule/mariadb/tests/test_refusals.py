"""What the role refuses, before it touches the host."""

import json
import os
import subprocess
from pathlib import Path

import pytest

testinfra_hosts = ["nick"]

CONVERGE = Path(__file__).parents[1] / "converge.yml"
INVENTORY = Path(__file__).parents[3] / "inventories" / "lab"


def refusal(*options, **variables):
    """Run the scenario's playbook with other variables, and return what it says when it fails."""
    run = subprocess.run(
        [
            *("ansible-playbook", "--inventory", INVENTORY, CONVERGE, *options),
            *("--extra-vars", json.dumps(variables)),
        ],
        env={**os.environ, "ANSIBLE_FORCE_COLOR": "false"},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    assert run.returncode != 0
    return " ".join(run.stdout.split())


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
    said = refusal("--check", mariadb_databases=databases)
    assert sentence in said
    assert "invented" not in said
