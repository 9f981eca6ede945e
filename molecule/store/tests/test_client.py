"""What the store lets a client do, tried from nick with nick's own credentials."""

import json
import re

import pytest

testinfra_hosts = ["nick"]

STORE = "https://judy:8000"
CURL = "curl --silent --show-error --output /dev/null --write-out '%{http_code}'"
TRUSTED = f"{CURL} --cacert /etc/probealarm/store.pem"
LOGIN = '--user "nick:$(cat /etc/probealarm/store.password)"'
AS_NICK = f"{TRUSTED} {LOGIN}"
FETCH_AS_NICK = f"curl --silent --fail --cacert /etc/probealarm/store.pem {LOGIN}"
RESTIC = (
    'RESTIC_REST_USERNAME=nick RESTIC_REST_PASSWORD="$(cat /etc/probealarm/store.password)" '
    "restic --no-cache --cacert /etc/probealarm/store.pem --repo rest:https://judy:8000/nick/ "
    "--password-file /etc/probealarm/repository.password"
)
OTHER = f"{TRUSTED} --user other:a-login-of-others-0123456789"
FETCH_AS_OTHER = OTHER.replace("--output /dev/null --write-out '%{http_code}'", "--fail")
RESTIC_OF_OTHER = (
    "RESTIC_PASSWORD=a-key-of-others-0123456789 "
    "restic --no-cache --cacert /etc/probealarm/store.pem --repo rest:https://judy:8000/other/"
)
AS_THE_OTHER = (
    "RESTIC_REST_USERNAME=other RESTIC_REST_PASSWORD=a-login-of-others-0123456789 "
    f"{RESTIC_OF_OTHER}"
)
WITH_THE_LOGIN_OF_NICK = (
    'RESTIC_REST_USERNAME=nick RESTIC_REST_PASSWORD="$(cat /etc/probealarm/store.password)" '
    f"{RESTIC_OF_OTHER}"
)


@pytest.fixture(scope="module")
def snapshot(host):
    """The id of a snapshot that nick has pushed."""
    pushed = host.run(f"{RESTIC} backup --json --quiet /etc/hostname")
    assert pushed.rc == 0, pushed.stderr
    return re.search(r'"snapshot_id":"([0-9a-f]{64})"', pushed.stdout).group(1)


def content(host, snapshot):
    return host.run(f"{RESTIC} dump {snapshot} /etc/hostname").stdout.strip()


def test_nick_can_push_and_read_its_snapshot(host, snapshot):
    assert content(host, snapshot) == "nick"


@pytest.mark.parametrize("command", ["forget", "forget --prune"])
def test_restic_on_nick_cannot_forget_a_snapshot(host, snapshot, command):
    # restic exits with 0 when the server refuses: what counts is what it says and what remains.
    refused = host.run(f"{RESTIC} {command} {snapshot}")
    assert "403 Forbidden" in refused.stderr
    assert content(host, snapshot) == "nick"
    check = host.run(f"{RESTIC} check --read-data")
    assert check.rc == 0, check.stderr


def test_restic_on_nick_cannot_remove_the_key_of_the_repository(host, snapshot):
    (key,) = names(host, "keys")
    assert host.run(f"{RESTIC} key remove {key}").rc != 0
    assert host.run(f"{AS_NICK} --request DELETE {STORE}/nick/keys/{key}").stdout == "403"
    assert content(host, snapshot) == "nick"


def names(host, kind):
    """What lies in one folder of nick's repository, as the server lists it."""
    return set(json.loads(host.check_output(f"{FETCH_AS_NICK} {STORE}/nick/{kind}/")))


@pytest.mark.parametrize("command", ["add", "passwd"])
def test_restic_on_nick_cannot_add_a_key(host, snapshot, command):
    # An append-only server takes new keys: a way in that would outlive every change of passwords.
    before = names(host, "keys")
    host.check_output("printf %024d 7 > /root/other.password")
    # restic would try again for a quarter of an hour.
    refused = host.run(
        f"timeout 10 sh -c '{RESTIC} key {command} --new-password-file /root/other.password'"
    )
    assert refused.rc != 0
    assert names(host, "keys") == before


def test_a_plain_request_of_nick_adds_no_key(host, snapshot):
    before = names(host, "keys")
    (known,) = before
    host.check_output(f"{FETCH_AS_NICK} {STORE}/nick/keys/{known} > /root/key")
    # The genuine key in another spelling: the server only asks that its hash be its name.
    host.check_output("echo >> /root/key")
    digest = host.check_output("sha256sum /root/key").split()[0]
    added = host.run(f"{AS_NICK} --data-binary @/root/key {STORE}/nick/keys/{digest}")
    assert added.stdout == "500", "the server cannot write there"
    overwritten = host.run(f"{AS_NICK} --data-binary @/root/key {STORE}/nick/keys/{known}")
    assert overwritten.stdout in {"403", "500"}
    assert names(host, "keys") == before
    assert content(host, snapshot) == "nick"


@pytest.mark.usefixtures("snapshot")
@pytest.mark.parametrize("kind", ["snapshots", "index", "data", "keys"])
def test_a_plain_request_of_nick_deletes_nothing(host, kind):
    name = min(names(host, kind))
    assert host.run(f"{AS_NICK} --request DELETE {STORE}/nick/{kind}/{name}").stdout == "403"
    assert host.run(f"{AS_NICK} --head {STORE}/nick/{kind}/{name}").stdout == "200"


@pytest.mark.parametrize("kind", ["snapshots", "index", "data"])
def test_a_plain_request_of_nick_overwrites_nothing(host, snapshot, kind):
    path = f"{STORE}/nick/{kind}/{min(names(host, kind))}"
    before = host.check_output(f"{FETCH_AS_NICK} {path} | sha256sum")
    assert host.run(f"{AS_NICK} --data-binary @/etc/hostname {path}").stdout == "403"
    assert host.run(f"{AS_NICK} --request PUT {path}").stdout in {"403", "405"}
    assert host.check_output(f"{FETCH_AS_NICK} {path} | sha256sum") == before


@pytest.mark.parametrize("method", ["DELETE", "POST"])
def test_nick_cannot_touch_the_head_of_its_repository(host, snapshot, method):
    assert host.run(f"{AS_NICK} --request {method} {STORE}/nick/config").stdout == "403"
    assert content(host, snapshot) == "nick"


def test_nick_cannot_remove_its_whole_repository(host, snapshot):
    answer = host.run(f"{AS_NICK} --request DELETE {STORE}/nick/").stdout
    assert answer in {"403", "405"}
    assert content(host, snapshot) == "nick"


@pytest.mark.parametrize(
    "path",
    [
        "other/config",
        "other/keys/",
        "other/?create=true",
        "",
        "?create=true",
        "nick/../other/config",
        "nick/%2e%2e/other/config",
        "other/snapshots/",
        "other/data/",
    ],
)
@pytest.mark.parametrize("method", ["GET", "POST"])
def test_nick_sees_nothing_beside_its_own_repository(host, method, path):
    request = f"{AS_NICK} --path-as-is --location --request {method} '{STORE}/{path}'"
    assert host.run(request).stdout in {"401", "403", "404", "405"}


@pytest.fixture(scope="module")
def other_paths(host):
    """What the other machine has in the store, after a backup of its own: one path of each kind."""
    host.check_output(f"{AS_THE_OTHER} backup --quiet /etc/hostname")
    paths = ["config"]
    for kind in ("snapshots", "index", "keys", "data"):
        listed = json.loads(host.check_output(f"{FETCH_AS_OTHER} {STORE}/other/{kind}/"))
        paths += [f"{kind}/", f"{kind}/{min(listed)}"]
    return paths


def test_nick_reads_nothing_that_another_machine_has_there(host, other_paths):
    def answers(client):
        return {path: host.run(f"{client} {STORE}/other/{path}").stdout for path in other_paths}

    assert answers(OTHER) == dict.fromkeys(other_paths, "200"), "the other machine reads it"
    assert answers(AS_NICK) == dict.fromkeys(other_paths, "401")


@pytest.mark.parametrize("kind", ["snapshots", "data"])
def test_nick_puts_nothing_among_what_another_machine_has_there(host, other_paths, kind):
    digest = host.check_output("sha256sum /etc/hostname").split()[0]
    path = f"{STORE}/other/{kind}/{digest}"
    assert host.run(f"{AS_NICK} --data-binary @/etc/hostname {path}").stdout == "401"
    assert host.run(f"{OTHER} --head {path}").stdout == "404"


@pytest.mark.parametrize("command", ["snapshots", "ls latest", "dump latest /etc/hostname"])
def test_restic_on_nick_sees_no_snapshot_of_another_machine(host, other_paths, command):
    """Even with the password of the other repository: the store lets that login in nowhere else."""
    assert host.run(f"{AS_THE_OTHER} --no-lock {command}").rc == 0
    # restic would try again for a quarter of an hour.
    refused = host.run(f"timeout 10 sh -c '{WITH_THE_LOGIN_OF_NICK} --no-lock {command}'")
    assert refused.rc != 0
    assert refused.stdout == ""


def test_a_wrong_password_is_refused(host):
    wrong = host.run(f"{TRUSTED} --user nick:wrong {STORE}/nick/config")
    assert wrong.stdout == "401"


def test_nobody_is_refused(host):
    assert host.run(f"{TRUSTED} {STORE}/nick/config").stdout == "401"


def test_a_request_without_tls_is_refused(host):
    plain = host.run(f"{CURL} http://judy:8000/nick/config")
    assert plain.stdout == "400"


def test_the_store_is_known_by_its_certificate_alone(host):
    stranger = host.run(f"{CURL} {STORE}/nick/config")
    assert stranger.rc == 60, "the system's own authorities must not vouch for it"
    other_name = host.run(
        f"{TRUSTED} --connect-to store.example.org::judy: https://store.example.org:8000/"
    )
    assert other_name.rc == 60, "a certificate counts for the names that stand in it"


def test_old_tls_is_refused(host):
    assert host.run(f"{TRUSTED} --tls-max 1.1 {STORE}/nick/config").rc == 35
