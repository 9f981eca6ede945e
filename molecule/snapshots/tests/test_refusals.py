"""What the role refuses, and in which words."""

import json

import pytest

from tests.operator import play

testinfra_hosts = ["nick"]

PLAYBOOK = "molecule/snapshots/converge.yml"


@pytest.fixture(scope="module")
def refusal(host):
    """Runs the role on nick alone with changed variables and returns what it says."""
    certificate = host.file("/etc/probealarm/store.pem").content_string

    def run(**changes):
        variables = {"snapshots_store_certificate": certificate, **changes}
        done = play(PLAYBOOK, "--limit", "nick", "--extra-vars", json.dumps(variables))
        assert done.status != 0
        return done.output

    yield run
    back = play(PLAYBOOK)
    assert back.status == 0, back.output


@pytest.mark.parametrize("name", ["nick", "localhost"])
def test_the_only_copy_is_not_kept_on_the_host_it_protects(refusal, name):
    said = refusal(snapshots_store_host=name)
    assert f"snapshots_store_host is {name}, which is this very host" in said


def test_a_short_password_is_refused_without_showing_it(refusal):
    short = "Tr0ub4dor&3"
    said = refusal(snapshots_store_password=short)
    assert "snapshots_store_password has 11 characters" in said
    assert short not in said


def test_a_run_without_the_store_says_how_to_run_it(refusal):
    said = refusal(snapshots_store_certificate="")
    assert "run the playbook for judy and nick together" in said


def test_a_password_that_the_store_does_not_know_is_named(refusal):
    said = refusal(snapshots_store_password="-".join(["unknown"] * 4))
    assert "The store refuses the name nick with its password" in said


def test_a_client_that_the_store_does_not_know_is_named(refusal):
    assert "The store refuses the name nobody" in refusal(snapshots_client="nobody")


def test_a_store_that_does_not_answer_is_named(refusal):
    said = refusal(snapshots_store_port=8001)
    assert "The store at https://judy:8001/nick/ cannot be reached from here" in said
