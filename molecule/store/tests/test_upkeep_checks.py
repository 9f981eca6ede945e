"""What judy's own check of the store finds."""

import pytest

from tests.operator import play

testinfra_hosts = ["judy"]

SETTINGS = "/etc/probealarm/store.json"


@pytest.fixture(scope="module")
def checked(store, copied):
    """The first check, of a store and a copy in which nothing is wrong."""
    return play("playbooks/check_store.yml")


def test_a_whole_store_and_its_copy_are_said_to_be_whole(checked):
    assert checked.status == 0, checked.output
    assert "the repository of nick is whole; of its data, part 1/28 was read" in checked.output
    assert "the copy off site elsewhere of nick is whole" in checked.output


@pytest.fixture
def damaged_pack(host, store, checked):
    """One byte of one pack is another one, and everything is read in one part."""
    pack = host.check_output(f"find {store.folder}/data -type f -size +0 | sort | head -n 1")
    host.check_output(f"cp -p {pack} /root/pack")
    host.check_output(f"cp -p {SETTINGS} /root/store.json")
    host.check_output(f'sed -i \'s/"data_parts": .*,/"data_parts": 1,/\' {SETTINGS}')
    for letter in "XY":  # one of them is not what stands there
        host.check_output(f"printf {letter} | dd of={pack} bs=1 seek=40 conv=notrunc status=none")
        if host.run(f"cmp --quiet {pack} /root/pack").rc != 0:
            break
    yield pack.rpartition("/")[2]
    host.check_output(f"cp -p /root/pack {pack}")
    host.check_output(f"cp -p /root/store.json {SETTINGS}")


def test_a_byte_that_changed_in_a_pack_is_found(host, store, damaged_pack):
    done = play("playbooks/check_store.yml")
    assert done.status != 0
    assert "the repository of nick is not as it should be: " in done.output
    assert f"pack {damaged_pack} contains" in done.output
    entry = store.records(kind="check", host="nick", store="")[-1]
    assert (entry["level"], entry["verdict"]) == ("L1", "broken")


def test_a_key_that_somebody_added_is_noticed(host, store, checked):
    host.check_output("printf another-password-0123456789 > /run/another.password")
    host.check_output("chown probealarm-store /run/another.password")
    added = host.check_output(
        "runuser --user probealarm-store -- env --chdir=/ restic --no-cache key add "
        f"--repo {store.folder} --new-password-file /run/another.password "
        "< /etc/probealarm/store/passwords/nick.password"
    )
    done = play("playbooks/check_store.yml")
    assert done.status != 0
    assert f"key {added.split()[-1][:8]} opens the repository and was not there" in done.output
