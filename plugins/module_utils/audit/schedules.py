# Copyright: (c) The Probealarm contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a path is by its name and place: jobs, timers, homes, secrets, and whose state it holds.

Sources: crontab(5), cron(8), anacrontab(5), at(1), systemd.unit(5) ("Unit File Load Path"),
systemd.exec(5) (``StateDirectory=``), sshd(8), postgresql's ".pgpass", wg-quick(8).
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import NamedTuple

from .facts import Entry
from .finding import FindingKind
from .reading import whole

UNIT_FOLDERS = (
    "/usr/lib/systemd/system",
    "/usr/local/lib/systemd/system",
    "/etc/systemd/system",
)
"""Where units lie; what stands in a later one replaces what has its name in an earlier one."""

RHYTHM = {"hourly": "hour", "daily": "day", "weekly": "week", "monthly": "month", "yearly": "year"}

CRON = re.compile(
    r"/var/spool/cron/(?:crontabs|atjobs)/(?P<user>[^/]+)"
    r"|/etc/cron\.(?P<rhythm>hourly|daily|weekly|monthly|yearly)/[^/]+"
    r"|/etc/(?:crontab|anacrontab|cron\.d/[^/]+)"
)
OWN_UNIT = re.compile(
    r"(?:/etc/systemd/system|/usr/local/lib/systemd/system|/etc/systemd/user"
    r"|/(?:home/[^/]+|root)/\.config/systemd/user)"
    r"/(?:[^/]+\.d/)?[^/]+\.(?P<type>timer|service|socket|path|mount|automount|conf)"
)
HOME = re.compile(r"/(?:home/(?P<user>[^/]+)|root)")
SECRET_NAME = re.compile(
    r"(?:.*\.(?:key|keytab|p12|pfx|jks|kdbx|ppk)"
    r"|.*(?<!\.pub)_key|id_(?:rsa|dsa|ecdsa|ed25519)(?:_sk)?|identity"
    r"|\.?(?:pgpass|my\.cnf|netrc|htpasswd|vault_pass|env)|.*\.(?:htpasswd|env)|htpasswd"
    r"|g?shadow-?|opasswd|privkey\d*\.pem"
    r"|(?!.*\.(?:pub|py|php|js|html?|txt|md|css|po|mo)$).*(?:secret|passw(?:or)?d|credential)s?.*)",
    re.IGNORECASE,
)
NO_SECRET = frozenset({"/etc/passwd", "/etc/passwd-", "/etc/pam.d/passwd", "/etc/pam.d/chpasswd"})
PRIVATE = ("/etc/wireguard/", "/etc/openvpn/", "/etc/ssl/private/", "/etc/letsencrypt/")
ADDRESSEE = re.compile(r"(?m)^StateDirectory[ \t]*=[ \t]*(.*)$")


class Classified(NamedTuple):
    """What a path is, and in words why."""

    kind: FindingKind
    words: str


def classify(entry: Entry) -> Classified:
    """Say what a path is; a file or a directory like others has no words."""
    path = entry.path
    if entry.type == "folder":
        home = HOME.fullmatch(path)
        return Classified("home", _whose(home)) if home else Classified("directory", "")
    if entry.type != "file":
        return Classified("file", "")
    if cron := CRON.fullmatch(path):
        return Classified("crontab", _when(cron))
    if unit := OWN_UNIT.fullmatch(path):
        is_timer = unit["type"] == "timer"
        words = f"a {'timer' if is_timer else 'unit'} that somebody wrote for this machine"
        return Classified("timer" if is_timer else "file", words)
    words = _secret(entry)
    return Classified("secret" if words else "file", words)


def _when(cron: re.Match[str]) -> str:
    if cron["user"]:
        return f"the jobs of {cron['user']}"
    every = f", every {RHYTHM[cron['rhythm']]}" if cron["rhythm"] else ""
    return f"a job of the whole machine{every}"


def _whose(home: re.Match[str]) -> str:
    return f"the home directory of {home['user'] or 'root'}"


def state_directories(root: Path = Path("/")) -> Mapping[str, str]:
    """Name the unit to which systemd gives each state directory: absolute path to unit.

    A unit that runs as a user made for it has its own below /var/lib/private.
    """
    found: dict[str, str] = {}
    for unit, text in _units(root):
        for value in ADDRESSEE.findall(text):
            for word in value.replace('"', "").split():
                name = (
                    word.partition(":")[0].replace("%n", unit).replace("%N", unit.partition(".")[0])
                )
                if "%" not in name:
                    found[f"/var/lib/{name}"] = unit
                    found[f"/var/lib/private/{name}"] = unit
    return found


def _secret(entry: Entry) -> str:
    """Say why a file looks like a secret; empty when it does not."""
    path, name = entry.path, entry.path.rpartition("/")[2]
    if path in NO_SECRET:
        return ""
    if SECRET_NAME.fullmatch(name):
        return "a secret, by its name"
    if path.startswith(PRIVATE):
        return "a secret, by its place"
    if path.startswith("/etc/") and entry.bytes and entry.mode and not entry.mode & 0o077:
        return "only its owner may read it"
    return ""


def _units(root: Path) -> Iterator[tuple[str, str]]:
    """Yield the names of services and the text that counts for each, with its drop-ins."""
    texts: dict[str, str] = {}
    added: dict[str, str] = {}
    for folder in UNIT_FOLDERS:
        for path in sorted((root / folder[1:]).glob("*.service*")):
            if path.suffix == ".d":
                for part in sorted(path.glob("*.conf")):
                    unit = path.name.removesuffix(".d")
                    added[unit] = f"{added.get(unit, '')}\n{_text(part)}"
            elif path.suffix == ".service":
                texts[path.name] = _text(path)
    for unit in {**texts, **added}:
        yield unit, f"{texts.get(unit, '')}\n{added.get(unit, '')}"


def _text(path: Path) -> str:
    try:
        return whole(os.path.realpath(path)).decode("utf-8", "replace")
    except OSError:  # a masked unit, or one that cannot be read: it names no directory
        return ""
