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
from urllib.parse import urlsplit

from ..errors import Trouble
from .restic import Repository, read_secret

PATIENCE_SECONDS = 10.0


def knock(repository: Repository) -> None:
    """Ask a REST store for the repository's configuration file.

    Raises:
        Trouble: unreachable, an unknown certificate, refused credentials, or no repository.
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
        ):
            return
    except urllib.error.HTTPError as error:
        raise Trouble(_refusal(url, error.code, repository)) from None
    except (OSError, ssl.SSLError) as error:
        reason = getattr(error, "reason", error)
        if isinstance(reason, ssl.SSLError):
            raise Trouble(
                f"the store {url} shows a certificate that {repository.ca_certificate} does not "
                f"vouch for ({reason}). Run playbooks/site.yml, which renews and distributes it."
            ) from None
        raise Trouble(
            f"the store {url} cannot be reached ({reason}). See whether that host is up and its "
            "restic-rest-server runs: systemctl status probealarm-store"
        ) from None


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
