"""What the role refuses, before it touches the host."""

import pytest

from tests.operator import refusal

testinfra_hosts = ["nick"]

PLAYBOOK = "molecule/website/converge.yml"


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
def test_settings_that_cannot_serve_are_refused_with_a_sentence(variables, sentence):
    assert sentence in refusal(PLAYBOOK, "--check", **variables)


@pytest.mark.usefixtures("lost_database")
def test_no_empty_website_is_put_over_the_remains_of_a_full_one(host):
    said = refusal(PLAYBOOK)
    assert "poster.jpg. A website was here: restore its database." in said, said
    tables = host.run("mariadb --skip-column-names --execute 'SHOW TABLES' wordpress")
    assert tables.stdout == ""
