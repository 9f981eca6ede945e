"""What is shipped as never being state has its reason, and is never what somebody would miss."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
import yaml

from plugins.module_utils.audit.claims import Exemption, Patterns
from plugins.module_utils.audit.shipped_exemptions import SHIPPED

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
        "/lost+found/#123",
    ],
)
def test_what_somebody_would_miss_is_not_exempt(path: str) -> None:
    assert not is_exempt(path)
