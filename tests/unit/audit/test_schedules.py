"""Jobs, timers, homes and secrets are known by name and place."""

from __future__ import annotations

from pathlib import Path

import pytest

from plugins.module_utils.audit.facts import Entry
from plugins.module_utils.audit.schedules import classify, state_directories


def file(path: str, mode: int = 0o644) -> Entry:
    return Entry(path, "file", 10, 1, 1, 0, mode)


@pytest.mark.parametrize(
    ("path", "words"),
    [
        ("/var/spool/cron/crontabs/ada", "the jobs of ada"),
        ("/var/spool/cron/atjobs/a0001", "the jobs of a0001"),
        ("/etc/crontab", "a job of the whole machine"),
        ("/etc/cron.d/newsletter", "a job of the whole machine"),
        ("/etc/cron.daily/export", "a job of the whole machine, every day"),
    ],
)
def test_jobs_of_cron_are_crontabs(path: str, words: str) -> None:
    assert classify(file(path)) == ("crontab", words)


@pytest.mark.parametrize(
    "path",
    [
        "/etc/systemd/system/newsletter.timer",
        "/usr/local/lib/systemd/system/newsletter.timer",
        "/home/ada/.config/systemd/user/own.timer",
        "/root/.config/systemd/user/own.timer",
    ],
)
def test_timers_that_people_wrote_are_timers(path: str) -> None:
    assert classify(file(path)).kind == "timer"


def test_units_and_drop_ins_that_people_wrote_are_files_with_words() -> None:
    for path in ("/etc/systemd/system/a.service", "/etc/systemd/system/a.service.d/more.conf"):
        assert classify(file(path)) == ("file", "a unit that somebody wrote for this machine")


def test_a_timer_that_is_only_switched_on_is_a_link_and_no_timer() -> None:
    link = file("/etc/systemd/system/timers.target.wants/apt.timer")._replace(type="link")
    assert classify(link).kind == "file"


@pytest.mark.parametrize(
    "path",
    [
        "/etc/ssl/private/site.pem",
        "/etc/letsencrypt/live/example.org/fullchain.pem",
        "/etc/dkim/mail.key",
        "/etc/ssh/ssh_host_ed25519_key",
        "/home/ada/.ssh/id_ed25519",
        "/srv/site/.htpasswd",
        "/srv/voting/secrets.env",
        "/srv/voting/.env",
        "/root/.pgpass",
        "/root/.my.cnf",
        "/etc/krb5.keytab",
        "/etc/shadow",
        "/etc/shadow-",
        "/etc/wireguard/wg0.conf",
        "/opt/app/db_password",
        "/opt/app/Credentials.json",
        "/opt/app/client_secret.json",
    ],
)
def test_secrets_are_known_by_name_or_place(path: str) -> None:
    assert classify(file(path)).kind == "secret"


@pytest.mark.parametrize(
    "path",
    [
        "/etc/passwd",
        "/etc/pam.d/passwd",
        "/etc/ssh/ssh_host_ed25519_key.pub",
        "/home/ada/.ssh/id_ed25519.pub",
        "/srv/site/wp-includes/reset-password.php",
        "/srv/site/monkey.txt",
        "/usr/local/share/doc/secrets.md",
    ],
)
def test_what_only_sounds_like_a_secret_is_a_file(path: str) -> None:
    assert classify(file(path)) == ("file", "")


def test_what_only_its_owner_may_read_in_etc_is_a_secret() -> None:
    assert classify(file("/etc/app/config.ini", 0o600)).kind == "secret"
    assert classify(file("/etc/app/config.ini", 0o640)).kind == "file"
    assert classify(file("/srv/app/config.ini", 0o600)).kind == "file"


def test_an_empty_private_file_is_no_secret() -> None:
    assert classify(file("/etc/app/lock", 0o600)._replace(bytes=0)).kind == "file"


def test_homes_are_known() -> None:
    for path, words in (("/home/ada", "of ada"), ("/root", "of root")):
        found = classify(Entry(path, "folder", 0, 1, 1, 0))
        assert found == ("home", f"the home directory {words}")
    assert classify(Entry("/home/ada/mail", "folder", 0, 1, 1, 0)) == ("directory", "")


def test_state_directories_have_their_unit(tmp_path: Path) -> None:
    packaged = tmp_path / "usr/lib/systemd/system"
    own = tmp_path / "etc/systemd/system"
    packaged.mkdir(parents=True)
    (own / "chat.service.d").mkdir(parents=True)
    (packaged / "chat.service").write_text("[Service]\nStateDirectory=chat:link chat/files\n")
    (packaged / "old.service").write_text("[Service]\nStateDirectory=old\n")
    (own / "old.service").write_text("[Service]\nExecStart=/bin/true\n")
    (own / "chat.service.d" / "more.conf").write_text("[Service]\nStateDirectory = %N-more %i\n")
    (own / "masked.service").symlink_to("/dev/null")
    found = state_directories(tmp_path)
    assert {path: unit for path, unit in found.items() if "private" not in path} == {
        "/var/lib/chat": "chat.service",
        "/var/lib/chat/files": "chat.service",
        "/var/lib/chat-more": "chat.service",
    }
    assert found["/var/lib/private/chat"] == "chat.service"


def test_a_machine_without_systemd_has_no_state_directories(tmp_path: Path) -> None:
    assert state_directories(tmp_path) == {}
