"""How the store lives on judy."""

import pytest

testinfra_hosts = ["judy"]


def test_the_store_runs_and_comes_back_after_a_boot(host):
    store = host.service("probealarm-store")
    assert store.is_running
    assert store.is_enabled


def test_the_store_serves_as_a_user_of_its_own(host):
    show = "systemctl show --value --property MainPID probealarm-store.service"
    process = host.check_output(show)
    assert host.check_output(f"stat --format %U /proc/{process}") == "probealarm-store"


def test_only_the_server_opens_the_repositories(host):
    repository = host.file("/var/lib/probealarm/store/nick/config")
    assert repository.user == "probealarm-store"
    reading = host.run("runuser --user nobody -- cat /var/lib/probealarm/store/nick/config")
    assert reading.rc != 0


@pytest.mark.parametrize("name", ["key.pem", "htpasswd"])
def test_nobody_else_reads_the_keys_and_passwords_of_the_store(host, name):
    reading = host.run(f"runuser --user nobody -- cat /etc/probealarm/store/{name}")
    assert reading.rc != 0


def test_the_server_cannot_change_who_may_come_in(host):
    changing = host.run("runuser --user probealarm-store -- tee -a /etc/probealarm/store/htpasswd")
    assert changing.rc != 0


def test_passwords_are_kept_as_bcrypt(host):
    lines = host.file("/etc/probealarm/store/htpasswd").content_string.split()
    kept = {user: password[:4] for user, password in (line.split(":") for line in lines)}
    assert kept == {"nick": "$2b$", "other": "$2b$"}


def test_the_server_is_confined(host):
    score = host.run("systemd-analyze security probealarm-store.service --threshold=20 --no-pager")
    assert score.rc == 0, score.stdout.splitlines()[-1]
