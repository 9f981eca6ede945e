"""What a visitor of the website sees, and what not."""

import json
import re

import pytest

testinfra_hosts = ["nick"]

SITE = "http://website.example.org"
CURL = "curl --silent --show-error --resolve website.example.org:80:127.0.0.1"
UPLOADS = "/var/lib/wordpress/wp-content/uploads"


def status(host, path):
    return host.run(f"{CURL} --output /dev/null --write-out '%{{http_code}}' {SITE}{path}").stdout


@pytest.fixture
def uploaded_program(host):
    """A PHP file that somebody managed to upload."""
    path = f"{UPLOADS}/visitor.php"
    host.run(f"echo '<?php echo 6 * 7;' > {path}")
    yield "/wp-content/uploads/visitor.php"
    host.run(f"rm {path}")


def test_a_visitor_sees_the_website_and_not_an_installer(host):
    page = host.run(f"{CURL} --location {SITE}/").stdout
    assert "<title>Beispielverein</title>" in page
    assert "Hello world!" in page
    assert "wp-admin/install.php" not in page


def test_every_post_has_an_address_of_its_own(host):
    link = host.run(f"{CURL} '{SITE}/wp-json/wp/v2/posts?slug=hello-world&_fields=link'").stdout
    address = json.loads(link)[0]["link"]
    assert "/hello-world/" in address
    assert "Welcome to WordPress" in host.run(f"{CURL} {address}").stdout


def test_the_theme_comes_with_its_files(host):
    assert status(host, "/wp-content/themes/twentytwentyfive/style.css") == "200"


def test_the_administrator_logs_in(host):
    answer = host.run(f"{CURL} --include --data @/root/administrator.form {SITE}/wp-login.php")
    assert "wordpress_logged_in" in answer.stdout


def test_nobody_logs_in_with_a_wrong_password(host):
    answer = host.run(f"{CURL} --include --data 'log=kim&pwd=wrong' {SITE}/wp-login.php")
    assert "wordpress_logged_in" not in answer.stdout
    assert "is incorrect" in answer.stdout


def test_nothing_that_was_uploaded_is_run(host, uploaded_program):
    assert status(host, uploaded_program) == "403"


@pytest.mark.parametrize("name", ["config", "keys"])
def test_nobody_else_reads_the_secrets_of_the_website(host, name):
    path = f"/etc/wordpress/{name}-website.example.org.php"
    assert host.run(f"runuser --user www-data -- cat {path}").rc == 0
    assert host.run(f"runuser --user nobody -- cat {path}").rc != 0


def test_the_secret_keys_differ_from_each_other(host):
    keys = host.file("/etc/wordpress/keys-website.example.org.php").content_string
    assert len(set(re.findall(r"'([0-9a-f]{64})'", keys))) == 8


@pytest.mark.parametrize("service", ["nginx", "php8.4-fpm"])
def test_the_website_comes_back_after_a_boot(host, service):
    assert host.service(service).is_enabled
