"""What the hosts run by themselves, and what they know for it."""

import json

import pytest

from tests.operator import ROOT

testinfra_hosts = ["nick", "judy"]

COLLECTION = "/usr/share/ansible/collections/ansible_collections/probealarm/recovery"
TRAVELLERS = {"LICENSE", "catalogue", "galaxy.yml", "meta", "playbooks", "plugins", "roles"}
SETTINGS = "ANSIBLE_CONFIG=/etc/probealarm/ansible.cfg"
SCHEDULES = {"nick": "back-up", "judy": "drill"}
SECRETS = ROOT / ".lab" / "secrets"
PLAYS = {"nick": "PLAY [Back up every service]", "judy": "PLAY [Drill every service]"}


@pytest.fixture
def name(host):
    """The host's name, as it knows itself."""
    return host.check_output("hostname")


@pytest.fixture
def schedule(name):
    """The name of the host's one schedule."""
    return SCHEDULES[name]


def test_the_timer_is_armed_and_comes_back_after_a_boot(host, schedule):
    timer = host.service(f"probealarm-{schedule}.timer")
    assert timer.is_running
    assert timer.is_enabled
    show = f"systemctl show --value --property NextElapseUSecRealtime {timer.name}"
    assert host.check_output(show)


@pytest.mark.parametrize("schedule", ["check-store", "prune"])
def test_the_upkeep_of_the_store_is_armed_where_the_store_is(host, name, schedule):
    assert host.service(f"probealarm-{schedule}.timer").is_running == (name == "judy")


def test_a_run_that_was_missed_is_made_up_for(host, schedule):
    shown = host.check_output(
        f"systemctl show --value --property Persistent probealarm-{schedule}.timer"
    )
    assert shown == "yes"


def test_the_service_runs_the_playbook_that_people_run(host, name, schedule):
    # Without services on nick and a store on judy the run fails; what counts is how far it came.
    host.run(f"systemctl start probealarm-{schedule}.service")
    journal = host.check_output(f"journalctl --output cat --unit probealarm-{schedule}.service")
    assert PLAYS[name] in journal
    assert "PLAY RECAP" in journal


def test_the_host_knows_the_services_and_no_secret(host, name):
    known = host.check_output(f"{SETTINGS} ansible-inventory --list")
    inventory = json.loads(known)
    assert "newsletter" in inventory["services"]["hosts"]
    assert inventory["_meta"]["hostvars"][name]["ansible_connection"] == "ansible.builtin.local"
    secrets = [file.read_text(encoding="utf-8").split()[0] for file in SECRETS.glob("*password*")]
    assert secrets
    assert [secret for secret in secrets if secret in known] == []


def test_the_host_cannot_reach_the_others(host, name):
    (other,) = SCHEDULES.keys() - {name}
    reached = host.run(f"{SETTINGS} ansible {other} --module-name ansible.builtin.ping")
    assert reached.rc != 0
    assert f"{other}.invalid" in reached.stdout


def test_nothing_of_the_lab_or_of_an_inventory_came_along(host):
    names = host.check_output(f"ls -A {COLLECTION}").split()
    assert {"plugins", "playbooks", "roles"} <= set(names)
    assert set(names) <= TRAVELLERS


def test_the_host_knows_the_merged_contract_and_needs_no_password_for_it(host):
    known = json.loads(host.check_output(f"{SETTINGS} ansible-inventory --host newsletter"))
    assert known["service_contract"]["objectives"]["rto_seconds"] == 1800
    assert host.file("/etc/probealarm/inventory/services.yml").mode == 0o600


def test_an_inventory_that_does_not_load_stops_the_run(host):
    host.check_output("cp -r /etc/probealarm/inventory /root/inventory")
    host.check_output("sed -i 's/\"services\": {/services: [/' /root/inventory/services.yml")
    run = host.run(f"{SETTINGS} ansible-playbook -i /root/inventory probealarm.recovery.back_up")
    host.check_output("rm -r /root/inventory")
    assert run.rc != 0
    assert "services.yml" in run.stdout + run.stderr
