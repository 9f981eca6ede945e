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


def mailbox(**changes):
    return {"address": "kim@example.org", "password": "invented", **changes}


@pytest.mark.parametrize(
    ("variables", "sentence"),
    [
        (
            {"mail_mailboxes": [mailbox(address="kim@example.com")]},
            "kim@example.com. The aliases are",
        ),
        ({"mail_mailboxes": [mailbox(address="../kim@example.org")]}, "../kim@example.org"),
        ({"mail_mailboxes": [mailbox(password="")]}, "without a password: kim@example.org"),
        (
            {
                "mail_mailboxes": [mailbox()],
                "mail_aliases": {"kim@example.org": ["robin@example.org"]},
            },
            "once only",
        ),
        ({"mail_aliases": {"info@example.org": "kim@example.org"}}, "give every alias a list"),
        ({"mail_domains": []}, "not of the domains (none)"),
    ],
)
def test_mail_that_could_not_arrive_is_refused_with_a_sentence(variables, sentence):
    said = refusal("--check", **variables)
    assert sentence in said
    assert "invented" not in said
