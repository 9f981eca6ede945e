"""A copy at a third place: it has a key of its own, brings a service back alone, and is pruned."""

import json
from datetime import datetime

import pytest

from tests.operator import play

testinfra_hosts = ["judy"]

AWAY = "/srv/elsewhere/probealarm/nick"
KEYS = "/etc/probealarm/store"


def there(judy, password_file):
    """Read the copy's files as its server keeps them, with one key or another."""
    return judy.run(
        f"restic --no-cache --no-lock --repo {AWAY} --password-file {password_file} "
        "snapshots --json"
    )


def drill_from_the_copy():
    return play("playbooks/drill.yml", "--limit", "machine", "--extra-vars=drill_copy=elsewhere")


def prune_the_copy():
    return play("playbooks/prune.yml", "--limit", "newsletter", "--extra-vars=prune_copy=elsewhere")


def test_the_copy_holds_every_snapshot_under_a_key_of_its_own(host, store, copied):
    own = there(host, f"{KEYS}/off-site/elsewhere.password")
    originals = {entry["original"] for entry in json.loads(own.stdout)}
    assert originals == store.snapshots() | store.snapshots("machine")
    first = there(host, f"{KEYS}/passwords/nick.password")
    assert first.rc == 12, "the key of the store must not open it"


@pytest.mark.parametrize("name", ["passwords/nick.password", "off-site/elsewhere.password"])
def test_the_server_of_the_store_reads_no_password_of_a_repository(host, copied, name):
    reading = host.run(f"runuser --user probealarm-store -- cat {KEYS}/{name}")
    assert reading.rc != 0


def test_a_service_comes_back_from_the_copy_when_the_store_is_gone(host, store, copied):
    host.check_output(f"mv {store.folder} {store.folder}.away")
    host.check_output("mv /etc/probealarm/repositories/nick.password /root/nick.password")
    done = drill_from_the_copy()
    host.check_output("mv /root/nick.password /etc/probealarm/repositories/nick.password")
    host.check_output(f"mv {store.folder}.away {store.folder}")
    assert done.status == 0, done.output
    (entry,) = store.records(kind="drill", service="machine")
    assert (entry["store"], entry["verdict"], entry["level"]) == ("elsewhere", "proven", "L4")
    assert entry["files_compared"] > 100


def test_a_copy_that_lost_a_pack_is_found_by_its_own_drill(host, store, copied):
    packs = f"find {AWAY}/data -type f -size +0 -printf '%s %p\\n' | sort -n | tail -n 1"
    pack = host.check_output(packs).split()[1]
    host.check_output(f"mv {pack} /root/pack-elsewhere")
    done = drill_from_the_copy()
    host.check_output(f"mv /root/pack-elsewhere {pack}")
    assert done.status != 0
    entry = store.records(kind="drill", service="machine")[-1]
    assert (entry["store"], entry["verdict"]) == ("elsewhere", "broken")


def test_a_copy_is_pruned_by_its_own_rules_once_a_drill_from_it_was_proven(host, store, nights):
    frozen = prune_the_copy()
    assert frozen.status != 0
    assert "nothing of it was ever restored from the copy off site elsewhere" in frozen.output
    listed = json.loads(there(host, f"{KEYS}/off-site/elsewhere.password").stdout)
    newest = max(
        (one for one in listed if one["hostname"] == "newsletter"), key=lambda one: one["time"]
    )
    taken = datetime.fromisoformat(newest["time"])
    store.record(((newest["id"], taken), 100), store="elsewhere")
    done = prune_the_copy()
    assert done.status == 0, done.output
    pruned = store.records(kind="prune", store="elsewhere")[-1]
    assert {gone["original"] for gone in pruned["gone"]} == set(nights[:3])
    assert store.snapshots() >= set(nights), "the store itself keeps by its own rules"
    again = play("playbooks/copy_off_site.yml")
    assert again.status == 0, again.output
    assert "copy elsewhere of nick: 0 snapshots copied" in again.output


def test_a_copy_that_vanished_is_not_begun_anew(host, copied):
    host.check_output(f"mv {AWAY} {AWAY}.away")
    done = play("playbooks/copy_off_site.yml")
    host_has_none = not host.file(AWAY).exists
    host.check_output(f"mv {AWAY}.away {AWAY}")
    assert done.status != 0
    assert "and there was one at the last copy. Nothing was made anew" in done.output
    assert host_has_none


def test_the_report_shows_the_store_and_its_copy(host, copied):
    shown = play("playbooks/report.yml").output
    assert "elsewhere (copy of nick)" in shown
    assert "machine, restored from it, is broken" in shown
    assert "the last copy failed: no repository is at" in shown
    assert "The upkeep of nick and elsewhere (copy of nick) needs somebody." in shown
