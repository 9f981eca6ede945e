"""Pruning takes only what is old, after whoever works with the store, and only on good ground."""

import time

from tests.operator import play, playing

testinfra_hosts = ["judy"]


def prune(*options):
    return play("playbooks/prune.yml", "--limit", "newsletter", *options)


def test_a_dry_run_tells_what_would_go_and_removes_nothing(store, nights):
    before = len(store.records())
    done = prune("--check")
    assert done.status == 0, done.output
    assert f"{nights[0][:8]}" in done.output
    assert "GOES older than anything that is kept" in done.output
    assert "newsletter: 1 snapshot would go, 5 stay." in done.output
    assert store.snapshots() >= set(nights)
    assert len(store.records()) == before


def test_pruning_waits_for_a_backup_and_takes_only_what_is_old(store, nights):
    endless = "while test ! -e /root/enough; do sleep 0.2; done"
    store.nick.check_output(
        f"sh -c '({endless}) | {store.push_command} --stdin' > /dev/null 2>&1 &"
    )
    store.wait_until(f"ls {store.folder}/locks | grep --quiet .")
    with playing("playbooks/prune.yml", "--limit", "newsletter") as pruning:
        store.wait_until("pgrep --full '[r]estic --no-cache forget'")
        time.sleep(2)
        assert pruning.poll() is None, "it waits"
        assert nights[0] in store.snapshots()
        store.nick.check_output("touch /root/enough")
    assert pruning.returncode == 0
    left = store.snapshots()
    assert nights[0] not in left
    assert left > set(nights[1:]), "the others stay, and the backup beside it was finished"
    entry = store.records(kind="prune")[-1]
    assert entry["result"] == "pruned"
    assert [gone["snapshot"] for gone in entry["gone"]] == [nights[0][:8]]


def test_the_server_and_the_client_go_on_after_a_pruning(store, nights):
    strangers = store.judy.check_output(f"find {store.folder} ! -user probealarm-store")
    assert strangers == ""
    store.push(0)
    whole = store.nick.run(f"{store.client_command} check --no-lock --read-data")
    assert whole.rc == 0, whole.stderr


def test_pruning_is_frozen_until_the_newest_snapshot_is_drilled(store, nights):
    before = store.snapshots()
    done = prune()
    assert done.status != 0
    assert "pruning newsletter: frozen: the newest snapshot" in done.output
    assert "was not drilled yet" in done.output
    assert store.snapshots() == before
    assert store.records(kind="prune")[-1]["result"] == "frozen"


def test_a_collapse_freezes_until_somebody_accepts_it(store, nights):
    newest = store.push(0)
    store.record((newest, 1))
    done = prune()
    assert done.status != 0
    assert "the irreplaceable tables of store database fell from 100 rows" in done.output
    accepted = prune(f"--extra-vars=prune_accepted_loss={newest[0][:8]}")
    assert accepted.status == 0, accepted.output
    assert store.records(kind="prune")[-1]["accepted_loss"] == newest[0][:8]


def test_a_snapshot_from_the_future_freezes_and_drives_nothing_out(store, nights):
    forged, taken = store.push(-400)
    store.record(((forged, taken), 100))
    done = prune()
    assert done.status != 0
    assert f"{forged[:8]}" in done.output
    assert "is from the future, 1 snapshot in all" in done.output
    assert store.snapshots() >= {forged, *nights[3:]}
