"""What people on nick can do with their mail, and what the host does with it."""

import re
import time

import pytest

testinfra_hosts = ["nick"]

MAIL = "/var/vmail/example.org"
CURL = "curl --silent --show-error --insecure"
AS_KIM = "--netrc-file /root/kim.netrc"
PATIENCE_SECONDS = 20


def send(host, subject, sender, recipient, via="smtp://127.0.0.1"):
    """Hand a message to a server, as a mail program does."""
    message = f"From: {sender}\\nTo: {recipient}\\nSubject: {subject}\\n\\nGrüße 🎺\\n"
    people = f"--mail-from {sender} --mail-rcpt {recipient}"
    return host.run(f"printf '{message}' | {CURL} {via} --upload-file - {people}")


def delivered(host, person, subject):
    """Wait for a message with this subject and return its text as it lies in the Maildir."""
    deadline = time.monotonic() + PATIENCE_SECONDS
    search = f"grep --recursive --files-with-matches 'Subject: {subject}'"
    while not (found := host.run(f"{search} {MAIL}/{person}/Maildir/new").stdout.split()):
        assert time.monotonic() < deadline, f"{subject} did not reach {person}"
        time.sleep(0.5)
    return host.file(found[0]).content_string


@pytest.fixture(scope="module")
def letter(host):
    """A message to an alias of two people, as it arrived in kim's Maildir."""
    sent = send(host, "Einladung", "robin@example.org", "info@example.org")
    assert sent.rc == 0, sent.stderr
    return delivered(host, "kim", "Einladung")


def test_an_alias_reaches_everybody_behind_it(host, letter):
    assert "Grüße 🎺" in letter
    assert "Grüße 🎺" in delivered(host, "robin", "Einladung")


@pytest.mark.usefixtures("letter")
def test_a_delivered_message_is_read_over_imap(host):
    found = host.run(f"{CURL} {AS_KIM} 'imap://127.0.0.1/INBOX?SUBJECT%20Einladung'").stdout
    number = re.search(r"SEARCH (\d+)", found).group(1)
    read = host.run(f"{CURL} {AS_KIM} 'imap://127.0.0.1/INBOX;MAILINDEX={number}'")
    assert "Grüße 🎺" in read.stdout


def test_imap_speaks_tls(host):
    listed = host.run(f"{CURL} {AS_KIM} imaps://127.0.0.1/")
    assert "INBOX" in listed.stdout
    assert "Sent" in listed.stdout


def test_mail_of_the_domain_is_signed(letter):
    signature = re.search(r"DKIM-Signature:.*?b=", letter, re.DOTALL).group()
    assert "d=example.org; s=mail;" in signature


def test_the_record_to_publish_belongs_to_the_key_that_signs(host):
    record = host.file("/etc/opendkim/keys/mail.txt").content_string
    published = "".join(re.findall(r'"([^"]*)"', record)).partition("p=")[2]
    public = host.run("openssl pkey -in /etc/opendkim/keys/mail.private -pubout").stdout
    assert published == "".join(public.splitlines()[1:-1])


@pytest.mark.parametrize("path", ["/etc/opendkim/keys/mail.private", "/etc/dovecot/users"])
def test_nobody_else_reads_the_secrets_of_mail(host, path):
    assert host.file(path).exists
    assert host.run(f"runuser --user www-data -- cat {path}").rc != 0


def test_an_address_that_is_not_there_is_refused_at_once(host):
    refused = send(host, "Irrtum", "robin@example.org", "nobody@example.org")
    assert refused.rc == 55


def test_mail_of_the_system_reaches_a_person(host):
    assert host.run("printf 'Subject: Platte voll\\n\\n' | sendmail root").rc == 0
    assert "From: root <root@mail.example.org>" in delivered(host, "kim", "Platte voll")


def test_nothing_leaves_the_lab(host):
    letter = "printf 'Subject: Hinaus\\n\\n' | sendmail -f sascha@example.org someone@example.net"
    assert host.run(letter).rc == 0
    assert "The lab sends nothing to the world" in delivered(host, "sascha", "Undelivered Mail")
    assert "is empty" in host.run("postqueue -p").stdout


def test_people_send_after_logging_in(host):
    via = f"smtps://127.0.0.1 {AS_KIM}"
    sent = send(host, "Protokoll", "kim@example.org", "sascha@example.org", via)
    assert sent.rc == 0, sent.stderr
    assert "Grüße 🎺" in delivered(host, "sascha", "Protokoll")


def test_people_send_by_no_name_but_their_own(host):
    via = f"smtps://127.0.0.1 {AS_KIM}"
    refused = send(host, "Faelschung", "sascha@example.org", "robin@example.org", via)
    assert refused.rc == 55


@pytest.mark.parametrize("service", ["postfix", "dovecot", "opendkim"])
def test_mail_comes_back_after_a_boot(host, service):
    assert host.service(service).is_running
    assert host.service(service).is_enabled
