"""What a stranger can do, tried from judy."""

import pytest

testinfra_hosts = ["judy"]

CURL = "curl --silent --show-error --insecure"
LOGIN_DENIED = 67


def send(host, *, recipient):
    people = f"--mail-from stranger@example.net --mail-rcpt {recipient}"
    curl = f"{CURL} smtp://nick --upload-file - {people}"
    return host.run(f"printf 'Subject: Von aussen\\n\\n' | {curl}")


def test_a_stranger_reaches_a_mailbox(host):
    sent = send(host, recipient="kim@example.org")
    assert sent.rc == 0, sent.stderr


def test_a_stranger_cannot_use_us_to_reach_others(host):
    refused = send(host, recipient="victim@example.net")
    assert refused.rc == 55
    assert "554" in refused.stderr


def test_a_stranger_does_not_reach_the_programs_behind(host):
    assert host.run("timeout 3 bash -c '</dev/tcp/nick/25'").rc == 0
    assert host.run("timeout 3 bash -c '</dev/tcp/nick/8891'").rc != 0


@pytest.mark.parametrize("person", ["kim@example.org", "root"])
def test_nobody_reads_mail_with_a_wrong_password(host, person):
    assert host.run(f"{CURL} --user {person}:wrong imaps://nick/INBOX").rc == LOGIN_DENIED


def test_no_password_is_asked_for_over_an_open_line(host):
    refused = host.run(f"{CURL} --verbose --user kim@example.org:wrong imap://nick/INBOX")
    assert refused.rc == LOGIN_DENIED
    assert "LOGINDISABLED" in refused.stderr
    assert "AUTHENTICATE" not in refused.stderr
