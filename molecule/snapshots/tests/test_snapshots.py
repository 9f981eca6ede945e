"""What nick has after the role, and what it does with it."""

import json

import pytest

testinfra_hosts = ["nick"]

FILES = ["snapshots.json", "repository.password", "store.password", "store.pem"]


@pytest.fixture(scope="module")
def settings(host):
    """The settings, as the module that takes snapshots reads them."""
    return json.loads(host.file("/etc/probealarm/snapshots.json").content_string)


def test_the_settings_lead_to_the_store(host, settings):
    arguments = (
        f"--repo {settings['repository']} --password-file {settings['password_file']} "
        f"--cacert {settings['ca_certificate']} --no-cache"
    )
    environment = (
        f"RESTIC_REST_USERNAME={settings['rest_username']} "
        f'RESTIC_REST_PASSWORD="$(cat {settings["rest_password_file"]})"'
    )
    pushed = host.run(f"{environment} restic {arguments} backup /etc/hostname")
    assert pushed.rc == 0, pushed.stderr


@pytest.mark.parametrize("name", FILES)
def test_nobody_else_reads_the_settings(host, name):
    assert host.file(f"/etc/probealarm/{name}").size > 0
    assert host.run(f"runuser --user nobody -- cat /etc/probealarm/{name}").rc != 0


def test_nobody_else_sees_the_dumps(host, settings):
    staging = settings["staging_directory"]
    assert host.file(staging).is_directory
    assert host.run(f"runuser --user nobody -- ls {staging}").rc != 0


def test_what_a_reboot_left_held_goes_on_at_boot(host):
    assert host.service("probealarm-resume.service").is_enabled
    assert host.run("systemctl start probealarm-resume.service").rc == 0


def test_nobody_else_reads_the_ledger_or_says_how_services_go_on(host):
    assert host.run("runuser --user nobody -- cat /var/lib/probealarm/ledger.jsonl").rc != 0
    assert host.run("runuser --user nobody -- touch /var/lib/probealarm/held/x.json").rc != 0
