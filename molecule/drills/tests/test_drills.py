"""What judy has for drills, and what it does not let out of hand."""

import json

import pytest

from tests.operator import play

testinfra_hosts = ["judy"]

AS_DRILL = "runuser --user probealarm-drill --"


@pytest.fixture(scope="module")
def settings(host):
    """The settings, as the module that drills reads them."""
    return json.loads(host.file("/etc/probealarm/drills.json").content_string)


@pytest.mark.parametrize(
    "program", ["mariadbd", "/usr/lib/postgresql/17/bin/postgres", "redis-server"]
)
def test_the_servers_are_there(host, program):
    assert host.run(f"{program} --version").rc == 0


@pytest.mark.parametrize("service", ["mariadb", "postgresql", "redis-server"])
def test_no_database_server_runs_by_itself(host, service):
    assert not host.service(service).is_running
    assert not host.service(service).is_enabled


def test_postgresql_has_no_cluster_of_its_own(host):
    assert host.check_output("pg_lsclusters --no-header") == ""


def test_the_password_opens_the_repository(host, settings):
    opened = host.run(
        f"restic --no-cache --no-lock --repo {settings['store_directory']}/nick "
        f"--password-file {settings['password_directory']}/nick.password cat config"
    )
    assert opened.rc == 0, opened.stderr


@pytest.mark.parametrize(
    "attempt",
    [
        "cat {password_directory}/nick.password",
        "ls {password_directory}",
        "cat {store_directory}/nick/config",
        "ls {scratch_directory}",
        "touch {scratch_directory}/mine",
        "cat {ledger}",
        "touch {ledger}",
    ],
)
def test_a_throw_away_server_reaches_nothing_but_its_own_scratch(host, settings, attempt):
    assert host.run(f"{AS_DRILL} {attempt.format(**settings)}").rc != 0


def test_a_throw_away_server_works_in_the_scratch_space_it_is_given(host, settings):
    own = f"{settings['scratch_directory']}/own"
    host.check_output(f"install -d -m 0700 -o {settings['user']} {own}")
    host.check_output(f"{AS_DRILL} touch {own}/file")
    host.check_output(f"rm -r {own}")


def test_the_scratch_space_is_emptied_at_boot(host, settings):
    scratch = host.file(settings["scratch_directory"])
    host.check_output(f"install -d {scratch.path}/left/over")
    host.check_output("systemd-tmpfiles --boot --remove --create probealarm-drills.conf")
    assert scratch.listdir() == []
    assert scratch.mode == 0o711


def test_the_ledger_keeps_its_lines(host, settings):
    host.check_output(f"echo line >> {settings['ledger']}")
    done = play("molecule/drills/converge.yml")
    assert "changed=0" in done.output
    assert host.file(settings["ledger"]).content_string.endswith("line\n")
    host.check_output(f"sed -i '$d' {settings['ledger']}")
