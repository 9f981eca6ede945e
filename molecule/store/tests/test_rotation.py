"""What a new run of the role changes, when a password or the certificate is to change."""

import json
import time

import pytest

from tests.operator import play

testinfra_hosts = ["nick"]

HEAD = "curl --silent --output /dev/null --write-out '%{http_code}' https://judy:8000/nick/config"


@pytest.fixture(scope="module")
def before(host):
    """Keeps what nick had before the rotation."""
    host.check_output("install -d -m 0700 /root/before")
    host.check_output("cp /etc/probealarm/store.password /etc/probealarm/store.pem /root/before")
    yield "/root/before"
    host.check_output("rm -r /root/before")


@pytest.fixture(scope="module", autouse=True)
def rotation(before):
    """A run with another password, while the certificate has less than the wanted days left."""
    assert before
    changes = {
        "lab_store_password": f"another-password-{time.time_ns()}",
        "store_certificate_days": 700,
        "store_certificate_renewal_days": 690,
    }
    renewed = {**changes, "store_certificate_renewal_days": 10_000}
    done = play("molecule/store/converge.yml", "--extra-vars", json.dumps(renewed))
    assert done.status == 0, done.output
    return play("molecule/store/converge.yml", "--extra-vars", json.dumps(changes))


def test_the_new_password_and_certificate_count(host):
    new = "/etc/probealarm"
    answer = host.run(f'{HEAD} --cacert {new}/store.pem --user "nick:$(cat {new}/store.password)"')
    assert answer.stdout == "200"


def test_the_old_password_is_refused(host, before):
    trusted = f"{HEAD} --cacert /etc/probealarm/store.pem"
    assert host.run(f'{trusted} --user "nick:$(cat {before}/store.password)"').stdout == "401"


def test_the_old_certificate_is_gone(host, before):
    assert host.run(f"{HEAD} --cacert {before}/store.pem").rc == 60


def test_a_run_after_the_rotation_changes_nothing(rotation):
    assert rotation.status == 0, rotation.output
    assert rotation.output.count("changed=0") == 2, rotation.output
