"""What the role refuses, before it touches the host."""

import pytest

from tests.operator import refusal

testinfra_hosts = ["nick"]

PLAYBOOK = "molecule/postgresql/converge.yml"


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
    said = refusal(PLAYBOOK, "--check", postgresql_clusters=clusters)
    assert sentence in said
