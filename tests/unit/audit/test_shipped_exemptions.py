"""What is shipped as never being state has its reason, and is never what somebody would miss."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
import yaml

from plugins.module_utils.audit import shipped_exemptions
from plugins.module_utils.audit.claims import Exemption, Patterns
from plugins.module_utils.audit.shipped_exemptions import SHIPPED, still_empty

CATALOGUE = Path(__file__).parents[3] / "catalogue"
FRESH = Path(__file__).parents[1] / "captured" / "debian-13-unowned.txt"
PATTERNS = Patterns(Exemption(pattern, reason) for pattern, reason in SHIPPED.items())


def is_exempt(path: str) -> bool:
    parts = path.split("/")
    above = ("/".join(parts[:depth]) for depth in range(2, len(parts) + 1))
    return any(PATTERNS.matching(one) for one in above)


@pytest.mark.parametrize("pattern", SHIPPED)
def test_every_exemption_has_a_sentence_for_its_reason(pattern: str) -> None:
    assert re.fullmatch(r"[A-Z].{20,240}\.", SHIPPED[pattern])
    assert re.fullmatch(r"(?:/|\*/)[^\s]+(?<!/)", pattern)


def test_a_fresh_debian_leaves_only_what_its_services_save() -> None:
    left = [path for path in FRESH.read_text("utf-8").splitlines() if not is_exempt(path)]
    assert left == [
        "/usr/local/man",
        "/var/cache/debconf/passwords.dat",  # which is empty, see below
        "/var/lib/apt/extended_states",
        "/var/lib/mysql/ibdata1",
        "/var/lib/wordpress/wp-content/plugins/akismet",
        "/var/lib/wordpress/wp-content/plugins/index.php",
    ]


def paths_of_profiles() -> list[str]:
    found = []
    for file in sorted(CATALOGUE.glob("*.yml")):
        profile = yaml.safe_load(file.read_text("utf-8"))
        for store in profile.get("stores", {}).values():
            found += [path for path in store.get("paths", []) if path.startswith("/")]
    return found


PARTS_OF_RECORDS = {
    *("/var/lib/dpkg/diversions", "/var/lib/dpkg/statoverride", "/var/lib/dpkg/status"),
}


def test_no_profile_saves_what_is_exempt() -> None:
    saved = paths_of_profiles()
    assert len(saved) > 8
    assert {path for path in saved if is_exempt(path)} == PARTS_OF_RECORDS


@pytest.mark.parametrize(
    "path",
    [
        "/etc/hostname",
        "/etc/ssh/ssh_host_rsa_key",
        "/home/ada/.cache-of-letters",
        "/opt/app/data.db",
        "/root/notes",
        "/srv/tmp/x",
        "/srv/cache/x",
        "/usr/local/bin/export",
        "/usr/local/lib/python3/dist-packages/own.py",
        "/usr/bin/somebodys-own",
        "/usr/share/wordpress/wp-content/plugin/own.php",
        "/var/backups/newsletter.sql",
        "/var/lib/app/state",
        "/var/lib/containers/storage/volumes/db/_data/x",
        "/var/lib/containers/storage/overlay/ea97/diff/app/data.db",
        "/var/lib/containers/storage/volumes/gallery/_data/user-images/x.jpg",
        "/var/lib/containers/storage/volumes/queue/_data/jobs.lock",
        "/var/lib/docker/volumes/db/_data/x",
        "/var/lib/dovecot/sieve/own.sieve",
        "/var/lib/mysql/mautic/leads.ibd",
        "/var/lib/postgresql/17/main/PG_VERSION",
        "/var/lib/private/app/state",
        "/var/lib/redis/dump.rdb",
        "/var/lib/systemd/linger/ada",
        "/var/log/own-application/votes.log",
        "/var/mail/ada",
        "/var/spool/cron/crontabs/ada",
        "/var/spool/postfix/deferred/A/A1",
        "/var/spool/postfix/maildrop/A1",
        "/var/tmp/export.sql",
        "/var/www/html/index.html",
        "/boot/grub/custom.cfg",
        "/srv/app/__pycache__/members.db",
        "/usr/share/mime/packages/own.xml",
        "/var/cache/bind/Kexample.org.+013+1.private",
        "/var/cache/debconf/passwords.dat",
        "/var/cache/own-application/x",
        "/var/lib/cloud/scripts/per-boot/own.sh",
        "/var/lib/nginx/webdav/a.odt",
        "/var/lib/postfix/aliases.db",
        "/var/lib/private/systemd/home/x",
        "/var/log/mail.archive/2024.mbox",
        "/var/log/messages-of-members/a.txt",
        "/var/log/mysql/mysql-bin.000001",
        "/var/log/nginx/upload/a.pdf",
        "/lost+found/#123",
    ],
)
def test_what_somebody_would_miss_is_not_exempt(path: str) -> None:
    assert not is_exempt(path)


@pytest.mark.parametrize(
    "path",
    [
        "/srv/app/__pycache__/views.cpython-313.pyc",
        "/var/cache/apt/archives/lock",
        "/var/lib/nginx/body/x",
        "/var/lib/postfix/smtp_scache.lmdb",
        "/var/log/apache2/other_vhosts_access.log.1",
        "/var/log/mail.log.2.gz",
        "/var/log/messages-20261101.gz",
        "/var/log/postgresql/postgresql-17-main.log",
        "/var/log/syslog",
        "/var/log/syslog.1",
    ],
)
def test_what_programs_make_again_is_exempt(path: str) -> None:
    assert is_exempt(path)


INSIDE = ("holiday-images/a.jpg", "composer.lock", "x/y", "mail/ada.lock/new/1", "storage.lock")


@pytest.mark.parametrize("pattern", SHIPPED)
def test_nothing_shipped_goes_on_into_what_containers_keep(pattern: str) -> None:
    alone = Patterns([Exemption(pattern, "")])
    last = re.sub(r"\[[^]]*\]|[*?]", "1", pattern.rpartition("/")[2])
    for store in ("/var/lib/containers/storage", "/home/ada/.local/share/containers/storage"):
        for volumes in (f"{store}/volumes", "/var/lib/docker/volumes"):
            kept = f"{volumes}/cloud/_data"
            for path in (*(f"{kept}/{inside}" for inside in INSIDE), f"{kept}/files/{last}"):
                parts = path.split("/")
                above = ["/".join(parts[:depth]) for depth in range(2, len(parts) + 1)]
                found = [one for one in above if alone.matching(one)]
                assert not found or pattern == "*/.s.PGSQL.*.lock"


def test_a_star_stays_inside_a_name_in_what_is_shipped_and_goes_on_in_what_is_declared() -> None:
    shipped = Patterns([Exemption("/srv/*.[0-9]", ""), Exemption("*/cache/?", "")])
    assert [
        path
        for path in ("/srv/a.1", "/srv/a/b.1", "/srv/a.b", "/srv/a.1\n")
        if shipped.matching(path)
    ] == ["/srv/a.1"]
    assert shipped.matching("/srv/a/cache/x")
    assert not shipped.matching("/srv/a/cache//")
    assert Patterns([Exemption("/srv/*.1", "", origin="app")]).matching("/srv/a/b.1")


def test_what_is_empty_at_first_is_no_state_until_it_holds_something(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "passwords.dat"
    monkeypatch.setattr(shipped_exemptions, "EMPTY_AT_FIRST", {str(file): "Empty."})
    assert [*still_empty()] == []
    file.write_text("")
    assert [*still_empty()] == [(str(file), "Empty.")]
    file.write_text("Name: own/password")
    assert [*still_empty()] == []
