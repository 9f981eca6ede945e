"""What a stranger can do, tried from judy."""

testinfra_hosts = ["judy"]


def send(host, *, recipient):
    people = f"--mail-from stranger@example.net --mail-rcpt {recipient}"
    curl = f"curl --silent --show-error smtp://nick --upload-file - {people}"
    return host.run(f"printf 'Subject: Von aussen\\n\\n' | {curl}")


def test_a_stranger_reaches_a_mailbox(host):
    sent = send(host, recipient="kim@example.org")
    assert sent.rc == 0, sent.stderr


def test_a_stranger_cannot_use_us_to_reach_others(host):
    refused = send(host, recipient="victim@example.net")
    assert refused.rc == 55
    assert "554" in refused.stderr


def test_a_stranger_does_not_reach_the_programs_behind(host):
    assert host.run("timeout 3 bash -c '</dev/tcp/nick/25'").rc == 0
    assert host.run("timeout 3 bash -c '</dev/tcp/nick/8891'").rc != 0
