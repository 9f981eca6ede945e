"""What the role refuses, before it touches the host."""

import pytest

from tests.operator import refusal

testinfra_hosts = ["nick"]

PLAYBOOK = "molecule/mail/converge.yml"


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
    said = refusal(PLAYBOOK, "--check", **variables)
    assert sentence in said
    assert "invented" not in said
