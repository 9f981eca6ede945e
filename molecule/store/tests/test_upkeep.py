"""What the host of the store does with it, and that nothing else is lost by it."""

import json
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from plugins.module_utils.ledger import Ledger
from tests.operator import host as look_at
from tests.operator import play, playing

testinfra_hosts = ["judy"]

LEDGER = "/var/lib/probealarm/ledger.jsonl"
STORE = "/var/lib/probealarm/store/nick"
SETTINGS = "/etc/probealarm/store.json"
READ = (
    f"restic --no-cache --no-lock --repo {STORE} "
    "--password-file /etc/probealarm/store/passwords/nick.password"
)
PUSH = (
    'RESTIC_REST_USERNAME=nick RESTIC_REST_PASSWORD="$(cat /etc/probealarm/store.password)" '
    "restic --no-cache --cacert /etc/probealarm/store.pem --repo rest:https://judy:8000/nick/ "
    "--password-file /etc/probealarm/repository.password --quiet backup --json "
    "--host newsletter --tag probealarm"
)
AWAY = "/srv/elsewhere/nick"
OFF_SITE = {
    "store_off_site": [
        {
            "name": "elsewhere",
            "client": "nick",
            "repository": AWAY,
            "password": "a-key-of-its-own-0123456789",
            "environment": {},
        }
    ]
}
DAYS_AGO = (400, 20, 3, 2, 1, 0)
"""Of these nights, the first one is older than anything that is kept."""


def push(days_ago):
    """Push a small snapshot of a night; return its id and its time."""
    taken = datetime.now(UTC) - timedelta(days=days_ago)
    said = look_at("nick").check_output(
        f"{PUSH} --time '{taken:%Y-%m-%d %H:%M:%S}' /etc/hostname",
    )
    return json.loads(said.splitlines()[-1])["snapshot_id"], taken


def record(folder, judy, *drills):
    """Add drills to judy's ledger."""
    local = Path(folder) / "ledger.jsonl"
    if judy.file(LEDGER).exists:
        local.write_text(judy.file(LEDGER).content_string, encoding="utf-8")
    for (snapshot, taken), rows in drills:
        Ledger(local).append(
            {
                "kind": "drill",
                "service": "newsletter",
                "verdict": "proven",
                "level": "L4",
                "reasons": [],
                "snapshot": snapshot[:8],
                "taken_at": taken.isoformat(),
                "of_newest_snapshot": True,
                "tables": {"database.leads": rows},
                "files": 1,
            }
        )
    judy.check_output("printf %s %s > " + LEDGER, "%s", local.read_text(encoding="utf-8"))


def snapshots(judy):
    listed = json.loads(judy.check_output(f"{READ} snapshots --json --host newsletter"))
    return {entry["id"] for entry in listed}


def last_record(judy):
    return json.loads(judy.file(LEDGER).content_string.splitlines()[-1])


def wait_until(judy, command):
    """Wait until a command succeeds on judy, for at most a minute."""
    for _ in range(120):
        if judy.run(command).rc == 0:
            return
        time.sleep(0.5)
    raise AssertionError(f"this never came true: {command}")


def prune(*options):
    return play("playbooks/prune.yml", "--limit", "newsletter", *options)


@pytest.fixture(scope="module")
def nights(tmp_path_factory):
    """Six nights of one service, all of them proven, in the order of DAYS_AGO."""
    pushed = [push(days_ago) for days_ago in DAYS_AGO]
    record(tmp_path_factory.mktemp("nights"), look_at("judy"), *((one, 100) for one in pushed))
    return [snapshot for snapshot, _ in pushed]


def test_a_dry_run_tells_what_would_go_and_removes_nothing(host, nights):
    for option in ("--check", "--extra-vars=prune_dry_run=true"):
        done = prune(option)
        assert done.status == 0, done.output
        assert f"{nights[0][:8]}" in done.output
        assert "GOES older than anything that is kept" in done.output
        assert "newsletter: 1 snapshot would go, 5 stay." in done.output
    assert snapshots(host) >= set(nights)
    assert last_record(host)["kind"] == "drill"


def test_pruning_waits_for_a_backup_and_takes_only_what_is_old(host, nights):
    nick = look_at("nick")
    endless = "while test ! -e /root/enough; do sleep 0.2; done"
    nick.check_output(f"sh -c '({endless}) | {PUSH} --stdin' > /dev/null 2>&1 &")
    wait_until(host, f"ls {STORE}/locks | grep --quiet .")
    with playing("playbooks/prune.yml", "--limit", "newsletter") as pruning:
        wait_until(host, "pgrep --full '[r]estic --no-cache forget'")
        time.sleep(2)
        assert pruning.poll() is None, "it waits"
        assert nights[0] in snapshots(host)
        nick.check_output("touch /root/enough")
    assert pruning.returncode == 0
    left = snapshots(host)
    assert nights[0] not in left
    assert left > set(nights[1:]), "the others stay, and the backup beside it was finished"
    entry = last_record(host)
    assert (entry["kind"], entry["result"]) == ("prune", "pruned")
    assert [gone["snapshot"] for gone in entry["gone"]] == [nights[0][:8]]


def test_the_server_and_the_client_go_on_after_a_pruning(host, nights):
    strangers = host.check_output(f"find {STORE} ! -user probealarm-store")
    assert strangers == ""
    push(0)
    whole = look_at("nick").run(PUSH.partition(" --quiet ")[0] + " check --no-lock --read-data")
    assert whole.rc == 0, whole.stderr


def test_pruning_is_frozen_until_the_newest_snapshot_is_drilled(host, nights):
    before = snapshots(host)
    done = prune()
    assert done.status != 0
    assert "pruning newsletter: frozen: the newest snapshot" in done.output
    assert "was not drilled yet" in done.output
    assert snapshots(host) == before
    assert last_record(host)["result"] == "frozen"


def test_a_collapse_freezes_until_somebody_accepts_it(host, nights, tmp_path):
    newest = push(0)
    record(tmp_path, host, (newest, 1))
    done = prune()
    assert done.status != 0
    assert "the irreplaceable tables of store database fell from 100 rows" in done.output
    accepted = prune(f"--extra-vars=prune_accepted_loss={newest[0][:8]}")
    assert accepted.status == 0, accepted.output
    assert last_record(host)["accepted_loss"] == newest[0][:8]
    assert prune().status == 0


def test_a_whole_store_is_said_to_be_whole(host, nights):
    done = play("playbooks/check_store.yml")
    assert done.status == 0, done.output
    assert "the repository of nick is whole; of its data, part 1/28 was read" in done.output


@pytest.fixture
def damaged_pack(host, nights):
    """One byte of one pack is another one, and everything is read in one part."""
    pack = host.check_output(f"find {STORE}/data -type f -size +0 | sort | head -n 1")
    host.check_output(f"cp -p {pack} /root/pack")
    host.check_output(f"cp -p {SETTINGS} /root/store.json")
    host.check_output(f'sed -i \'s/"data_parts": .*,/"data_parts": 1,/\' {SETTINGS}')
    host.check_output(f"printf X | dd of={pack} bs=1 seek=40 conv=notrunc status=none")
    yield pack.rpartition("/")[2]
    host.check_output(f"cp -p /root/pack {pack}")
    host.check_output(f"cp -p /root/store.json {SETTINGS}")


def test_a_byte_that_changed_in_a_pack_is_found(host, damaged_pack):
    done = play("playbooks/check_store.yml")
    assert done.status != 0
    assert "the repository of nick is not as it should be: " in done.output
    assert f"pack {damaged_pack} contains" in done.output
    lines = [json.loads(line) for line in host.file(LEDGER).content_string.splitlines()]
    entry = [line for line in lines if line["kind"] == "check" and not line["store"]][-1]
    assert (entry["level"], entry["verdict"]) == ("L1", "broken")


def test_a_key_that_somebody_added_is_noticed(host, nights):
    assert play("playbooks/check_store.yml").status == 0
    host.check_output("printf another-password-0123456789 > /run/another.password")
    host.check_output("chown probealarm-store /run/another.password")
    added = host.check_output(
        "runuser --user probealarm-store -- env --chdir=/ restic --no-cache key add "
        f"--repo {STORE} --new-password-file /run/another.password "
        "< /etc/probealarm/store/passwords/nick.password"
    )
    done = play("playbooks/check_store.yml")
    assert done.status != 0
    assert f"key {added.split()[-1][:8]} opens the repository and was not there" in done.output


@pytest.fixture(scope="module")
def elsewhere(nights):
    """A place for a copy, named in the settings, and a first copy in it."""
    done = play("molecule/store/converge.yml", "--extra-vars", json.dumps(OFF_SITE))
    assert done.status == 0, done.output
    copied = play("playbooks/copy_off_site.yml")
    assert copied.status == 0, copied.output
    return copied


def read_away(judy, password_file):
    return judy.run(
        f"restic --no-cache --no-lock --repo {AWAY} --password-file {password_file} "
        "snapshots --json"
    )


def test_the_copy_holds_every_snapshot_under_a_key_of_its_own(host, elsewhere):
    own = read_away(host, "/etc/probealarm/store/off-site/elsewhere.password")
    copied = {entry["original"] for entry in json.loads(own.stdout)}
    listed = json.loads(host.check_output(f"{READ} snapshots --json --tag probealarm"))
    assert copied == {entry["id"] for entry in listed}
    first = read_away(host, "/etc/probealarm/store/passwords/nick.password")
    assert first.rc == 12, "the key of the store must not open it"


def test_what_is_there_is_not_copied_again(host, elsewhere):
    again = play("playbooks/copy_off_site.yml")
    assert again.status == 0, again.output
    assert "copy elsewhere of nick: 0 snapshots copied" in again.output


def test_the_copy_is_checked_like_the_first(host, elsewhere):
    done = play("playbooks/check_store.yml")
    assert done.status == 0, done.output
    assert "the copy off site elsewhere of nick is whole" in done.output


@pytest.mark.parametrize("name", ["passwords/nick.password", "off-site/elsewhere.password"])
def test_the_server_of_the_store_reads_no_password_of_a_repository(host, elsewhere, name):
    reading = host.run(f"runuser --user probealarm-store -- cat /etc/probealarm/store/{name}")
    assert reading.rc != 0


def test_a_copy_that_vanished_is_not_begun_anew(host, elsewhere):
    host.check_output(f"mv {AWAY} {AWAY}.away")
    done = play("playbooks/copy_off_site.yml")
    assert done.status != 0
    assert f"no repository is at {AWAY}, and there was one at the last copy" in done.output
    assert not host.file(AWAY).exists
    host.check_output(f"mv {AWAY}.away {AWAY}")
