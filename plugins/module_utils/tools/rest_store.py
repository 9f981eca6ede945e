# Copyright: (c) The Probealarm contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Knock at the store's door before a backup starts.

restic retries for a quarter of an hour what a wrong password or a stopped server will never let
happen, and then names a retry, not the reason. One plain request tells the reason at once.
"""

from __future__ import annotations

import base64
import ssl
import urllib.error
import urllib.request
from datetime import datetime
from email.utils import parsedate_to_datetime
from urllib.parse import urlsplit

from ..clocks import disagreement
from ..errors import Trouble
from .repository import Repository, read_secret

PATIENCE_SECONDS = 10.0

OUT_OF_TIME = {9: "is not valid yet", 10: "has expired"}
"""Codes of X509_V_ERR_CERT_NOT_YET_VALID and X509_V_ERR_CERT_HAS_EXPIRED (OpenSSL manual)."""


def knock(repository: Repository, now: datetime) -> None:
    """Ask a REST store for the repository's configuration file, and what time it is there.

    Raises:
        Trouble: unreachable, an unknown certificate, refused credentials, no repository, or clocks
            so far apart that nobody could say of what time a snapshot is.
    """
    if not repository.location.startswith("rest:"):
        return
    url = repository.location.removeprefix("rest:").rstrip("/") + "/config"
    if urlsplit(url).scheme != "https":
        raise Trouble(
            f"the store {url} is not reached over https, so its password could be read on the way. "
            "Give the repository an address that starts with rest:https://."
        )
    password = read_secret(repository.rest_password_file)
    login = base64.b64encode(f"{repository.rest_username}:{password}".encode()).decode()
    request = urllib.request.Request(  # noqa: S310 (the scheme was just judged)
        url, method="HEAD", headers={"Authorization": f"Basic {login}"}
    )
    try:
        context = ssl.create_default_context(cafile=repository.ca_certificate or None)
        with urllib.request.urlopen(  # noqa: S310 (the scheme was just judged)
            request, timeout=PATIENCE_SECONDS, context=context
        ) as answer:
            told = answer.headers.get("Date")
    except urllib.error.HTTPError as error:
        raise Trouble(_refusal(url, error.code, repository)) from None
    except (OSError, ssl.SSLError) as error:
        reason = getattr(error, "reason", error)
        if isinstance(reason, ssl.SSLError):
            raise Trouble(_distrust(url, reason, repository, now)) from None
        raise Trouble(
            f"the store {url} cannot be reached ({reason}). See whether that host is up and its "
            "restic-rest-server runs: systemctl status probealarm-store"
        ) from None
    _judge_clock(url, told, now)


def _judge_clock(url: str, told: str | None, now: datetime) -> None:
    """Hold this host's clock against the time of the store's answer (RFC 9110, "Date")."""
    if told is None:
        return
    there = parsedate_to_datetime(told)
    if wrong := disagreement(now, there):
        raise Trouble(
            f"the clock of this host says {now:%Y-%m-%d %H:%M} UTC, which is {wrong} the store "
            f"{url} with {there:%Y-%m-%d %H:%M} UTC. A snapshot of a wrong time would pass for "
            "newer or older than it is, so nothing was saved. See which of the two is wrong "
            "(timedatectl), have both hosts ask a time server, and back up again."
        )


def _distrust(url: str, reason: ssl.SSLError, repository: Repository, now: datetime) -> str:
    code = getattr(reason, "verify_code", 0)
    if code in OUT_OF_TIME:
        return (
            f"the certificate of the store {url} {OUT_OF_TIME[code]} (it is "
            f"{now:%Y-%m-%d %H:%M} UTC by this host's clock). If the clock is right, run "
            "playbooks/site.yml for both hosts, which makes a new certificate and distributes it."
        )
    return (
        f"the store {url} shows a certificate that {repository.ca_certificate} does not vouch for "
        f"({reason}). Run playbooks/site.yml, which renews and distributes it."
    )


def _refusal(url: str, code: int, repository: Repository) -> str:
    if code in {401, 403}:
        return (
            f"the store {url} refuses the user {repository.rest_username!r} (status {code}): the "
            f"password in {repository.rest_password_file} is not the one it knows. Run "
            "playbooks/site.yml, which sets both sides alike."
        )
    if code == 404:
        return (
            f"no repository is at {url} (status 404). Run playbooks/site.yml, which makes it; if "
            "it was there yesterday, do not: find out who removed it."
        )
    return f"the store {url} answers with status {code}. Look at its journal on that host."
