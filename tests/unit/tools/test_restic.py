"""restic's answers, as captured from restic 0.18, become snapshots or sentences."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from plugins.module_utils.errors import Trouble, Unproven
from plugins.module_utils.host import Finished
from plugins.module_utils.tools.repository import Repository
from plugins.module_utils.tools.restic import Restic, Snapshot, exclude_pattern
from tests.unit.fakes import NOW, FakeHost

LISTED = (
    '[{"time":"2026-11-22T17:22:37.927327621Z","tree":"c2ae","paths":["/t/d"],"hostname":"news",'
    '"username":"root","tags":["probealarm"],"program_version":"restic 0.18.0","summary":'
    '{"backup_start":"2026-11-22T17:22:37.927327621Z","total_bytes_processed":100000},'
    '"id":"8c8f89d91556b8376f87aa7fd71b5ca812365b57e8164d14358c621780920a2d"}]'
)
SAVED = (
    '{"message_type":"status","percent_done":0.5}\n'
    '{"message_type":"summary","files_new":1,"total_bytes_processed":100000,'
    '"backup_start":"2026-11-22T17:22:37.927327621Z","snapshot_id":"8c8f89d91556b837"}\n'
)
NO_SPACE = (
    '{"message_type":"error","error":{"message":"write /mnt/d/x: no space left on device"},'
    '"during":"restore","item":"/d/x"}\n'
    '{"message_type":"exit_error","code":1,"message":"Fatal: There were 1 errors\\n"}\n'
)
WRONG_PASSWORD = (
    '{"message_type":"exit_error","code":12,"message":"Fatal: wrong password or no key found"}'
)


POST = (
    'Post "https://nick:***@judy:8000/nick/data/66e8f69bae077ca040bcf1fe9a16fb0571bf49c5e248592e8d23'
    'ddb979c5578d": dial tcp 192.0.2.5:8000: i/o timeout'
)
RETRYING = f"Save(<data/66e8f69bae>) returned error, retrying after 1m15.895125319s: {POST}\n"
LINK_LOST = f"{RETRYING}Save(<data/66e8f69bae>) failed: {POST}\n"


def test_a_link_that_is_away_is_waited_for_until_restic_itself_gives_up() -> None:
    tool, host = restic("backup", Finished(0, SAVED, ""))
    tool.back_up("news", ["/srv"], excludes_file=Path("/x"))
    hopeless = host.calls[0].hopeless
    assert hopeless is not None
    assert [hopeless(line) for line in LINK_LOST.splitlines()] == [False, True]


def restic(verb: str, answer: Finished) -> tuple[Restic, FakeHost]:
    host = FakeHost({verb: answer})
    return Restic(host, Repository("/store/nick", "/etc/nick.password")), host


def test_snapshots_are_read() -> None:
    tool, _ = restic("snapshots", Finished(0, LISTED, ""))
    (found,) = tool.snapshots("news")
    assert (found.short, found.service, found.bytes) == ("8c8f89d9", "news", 100_000)
    assert found.taken_at == datetime(2026, 11, 22, 17, 22, 37, 927327, tzinfo=UTC)


def test_a_backup_tells_its_snapshot() -> None:
    tool, host = restic("backup", Finished(0, SAVED, ""))
    assert tool.back_up("news", ["/srv"], excludes_file=Path("/x")).id == "8c8f89d91556b837"
    assert list(host.calls[0].argv) == [
        *("restic", "--no-cache", "backup", "--json", "--host", "news", "--tag", "probealarm"),
        *("--exclude-file", "/x", "--", "/srv"),
    ]


def test_a_lock_of_a_run_that_is_gone_is_taken_away_and_one_at_work_is_waited_for() -> None:
    tool, host = restic("backup", Finished(11, "", "repository is already locked by PID 7"))
    host.script = {"--retry-lock": Finished(0, SAVED, ""), **host.script}
    assert tool.back_up("news", ["/srv"], excludes_file=Path("/x")).id == "8c8f89d91556b837"
    first, second, third = (call.argv for call in host.calls)
    assert "--retry-lock" not in first
    assert second[2] == "unlock"
    assert third[2:5] == ["backup", "--retry-lock", "10m"]


def test_what_went_while_it_was_read_does_not_spoil_a_backup() -> None:
    gone = (
        '{"message_type":"error","error":{"message":"lstat /srv/new/1.M1: no such file or '
        'directory"},"during":"archival","item":"/srv/new/1.M1"}\n'
        '{"message_type":"exit_error","code":3,"message":"Warning: at least one source file could '
        'not be read"}\n'
    )
    tool, _ = restic("backup", Finished(3, SAVED, gone))
    assert tool.back_up("news", ["/srv"], excludes_file=Path("/x")).id == "8c8f89d91556b837"


def test_no_secret_stands_in_the_arguments(tmp_path: Path) -> None:
    secret = tmp_path / "store.password"
    secret.write_text("very-secret\n", encoding="utf-8")
    host = FakeHost({"snapshots": Finished(0, "[]", "")})
    repository = Repository("rest:https://judy:8000/nick/", "/p", "nick", str(secret), "/ca.pem")
    Restic(host, repository).snapshots("news")
    assert "very-secret" not in " ".join(host.calls[0].argv)
    assert (host.calls[0].env or {})["RESTIC_REST_PASSWORD"] == "very-secret"


@pytest.mark.parametrize(
    ("status", "complaint", "sentence"),
    [
        (12, WRONG_PASSWORD, "the password in /etc/nick.password does not open /store/nick"),
        (10, "", "no restic repository is at /store/nick"),
        (11, "repository is already locked by PID 7", "is locked by another run"),
        (
            1,
            "server response unexpected: 507 Insufficient Storage",
            "the disk behind /store/nick is",
        ),
        (
            -15,
            LINK_LOST,
            "the link to /store/nick was lost and did not come back while restic tried",
        ),
        (1, "something new", "restic failed at /store/nick (exit status 1): something new"),
    ],
)
def test_a_failure_becomes_a_sentence(status: int, complaint: str, sentence: str) -> None:
    tool, _ = restic("backup", Finished(status, "", complaint))
    with pytest.raises(Trouble) as caught:
        tool.back_up("news", ["/srv"], excludes_file=Path("/x"))
    assert str(caught.value).startswith("news: ")
    assert sentence in str(caught.value)


def test_an_incomplete_backup_is_not_a_success() -> None:
    complaint = '{"message_type":"error","error":{"message":"open /srv/a: permission denied"}}'
    tool, _ = restic("backup", Finished(3, SAVED, complaint))
    with pytest.raises(Trouble, match=r"could not read everything .*permission denied"):
        tool.back_up("news", ["/srv"], excludes_file=Path("/x"))


def test_a_restore_brings_holes_back() -> None:
    tool, host = restic("restore", Finished(0, "", ""))
    tool.restore(Snapshot("8c8f89d9", "news", NOW, 10), Path("/scratch"))
    assert list(host.calls[0].argv) == [
        *("restic", "--no-cache", "restore", "--no-lock", "--json", "--sparse", "8c8f89d9"),
        *("--target", "/scratch"),
    ]


def test_a_full_disk_during_restore_says_nothing_about_the_snapshot() -> None:
    tool, _ = restic("restore", Finished(1, "", NO_SPACE))
    with pytest.raises(Unproven, match="the disk of /scratch is full"):
        tool.restore(Snapshot("8c8f89d9" * 8, "news", NOW, 10), Path("/scratch"))


@pytest.mark.parametrize(
    ("path", "pattern"),
    [("/srv/a", "/srv/a"), ("/srv/a[1]*?", r"/srv/a\[1]\*\?"), ("/srv/$HOME", "/srv/$$HOME")],
)
def test_an_excluded_path_is_taken_literally(path: str, pattern: str) -> None:
    assert exclude_pattern(path) == pattern
