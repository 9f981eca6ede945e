"""What the role refuses, before it touches the host."""

import json
import os
import subprocess
from pathlib import Path

import pytest

testinfra_hosts = ["nick"]

CONVERGE = Path(__file__).parents[1] / "converge.yml"
INVENTORY = Path(__file__).parents[3] / "inventories" / "lab"


def converge(**variables):
    """Run the scenario's playbook once more, with other variables."""
    return subprocess.run(
        [
            *("ansible-playbook", "--inventory", INVENTORY, CONVERGE, "--check"),
            *("--extra-vars", json.dumps(variables)),
        ],
        env={**os.environ, "ANSIBLE_FORCE_COLOR": "false"},
        capture_output=True,
        text=True,
        check=False,
    )


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
    refused = converge(mariadb_databases=databases)
    assert refused.returncode != 0
    assert sentence in " ".join(refused.stdout.split())
    assert "invented" not in refused.stdout
