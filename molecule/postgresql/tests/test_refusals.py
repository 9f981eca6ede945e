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


def cluster(**changes):
    place = "/var/lib/postgresql/17/votes"
    return {"name": "votes", "version": 17, "port": 5434, "data_directory": place, **changes}


@pytest.mark.parametrize(
    ("clusters", "sentence"),
    [
        ([cluster(name="Votes!")], "name Votes!"),
        ([cluster(data_directory="votes")], "an absolute path of its own"),
        ([cluster(data_directory="/votes")], "not directly below the root"),
        ([cluster(), cluster(name="others")], "a name and a port of its own"),
        ([cluster()], "into the clusters voting, which postgresql_clusters does not list"),
    ],
)
def test_a_cluster_that_cannot_serve_is_refused_with_a_sentence(clusters, sentence):
    said = refusal("--check", postgresql_clusters=clusters)
    assert sentence in said
