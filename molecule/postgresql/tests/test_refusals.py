"""What the role refuses, before it touches the host."""

import json
import re

import pytest

testinfra_hosts = ["nick"]


def refusal(play, **variables):
    """What the scenario's playbook says when it fails over other variables."""
    given = ("--extra-vars", json.dumps(variables))
    run = play("molecule/postgresql/converge.yml", "--check", *given)
    assert run.returncode != 0
    plain = re.sub(r"\x1b\[[0-9;]*m", "", run.stdout + run.stderr)
    return " ".join(plain.split())


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
def test_a_cluster_that_cannot_serve_is_refused_with_a_sentence(play, clusters, sentence):
    said = refusal(play, postgresql_clusters=clusters)
    assert sentence in said
