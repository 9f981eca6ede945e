"""What the role refuses, before it touches the host."""

import json
import re

import pytest

testinfra_hosts = ["nick"]


def refusal(play, *options, **variables):
    """What the scenario's playbook says when it fails over other variables."""
    given = ("--extra-vars", json.dumps(variables))
    run = play("molecule/website/converge.yml", *options, *given)
    assert run.returncode != 0
    plain = re.sub(r"\x1b\[[0-9;]*m", "", run.stdout + run.stderr)
    return " ".join(plain.split())


SITE = "http://website.example.org"
UPLOAD = "/var/lib/wordpress/wp-content/uploads/poster.jpg"
KIM = {"name": "kim", "email": "kim@example.org", "password": "too short"}


@pytest.fixture
def lost_database(host):
    """A website whose database is gone while its uploads are still there; mended afterwards."""
    host.run(f"touch {UPLOAD}; mariadb-dump --databases wordpress --result-file /root/website.sql")
    host.run("mariadb --execute 'DROP DATABASE wordpress; CREATE DATABASE wordpress'")
    yield
    host.run(f"mariadb --execute 'SOURCE /root/website.sql'; rm /root/website.sql {UPLOAD}")


@pytest.mark.parametrize(
    ("variables", "sentence"),
    [
        ({"website_host": SITE}, f'website_host is "{SITE}"'),
        ({"website_administrator": KIM}, "needs an address and at least 12 characters"),
    ],
)
def test_settings_that_cannot_serve_are_refused_with_a_sentence(play, variables, sentence):
    assert sentence in refusal(play, "--check", **variables)


@pytest.mark.usefixtures("lost_database")
def test_no_empty_website_is_put_over_the_remains_of_a_full_one(play, host):
    said = refusal(play)
    assert "poster.jpg. A website was here: restore its database." in said
    tables = host.run("mariadb --skip-column-names --execute 'SHOW TABLES' wordpress")
    assert tables.stdout == ""
