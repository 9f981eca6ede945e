# Copyright: (c) The Probealarm contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Where a repository of restic is, and with which secrets one gets in."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path

from ..errors import Trouble


@dataclass(frozen=True)
class Repository:
    """Where snapshots are, and how one gets in.

    Attributes:
        location: a folder, or ``rest:https://...``.
        password_file: holds the repository's key.
        rest_username: and ``rest_password_file``: the client's credentials at a REST server.
        ca_certificate: the file against which the REST server's certificate is verified.
        environment_file: further variables for a backend that wants some, as a JSON object.
    """

    location: str
    password_file: str
    rest_username: str = ""
    rest_password_file: str = ""
    ca_certificate: str = ""
    environment_file: str = ""

    def environment(self) -> dict[str, str]:
        """Build the variables under which restic finds and opens the repository.

        Raises:
            Trouble: the file with the client's password, or with variables, cannot be read.
        """
        env = {"RESTIC_REPOSITORY": self.location, "RESTIC_PASSWORD_FILE": self.password_file}
        if self.ca_certificate:
            env["RESTIC_CACERT"] = self.ca_certificate
        if self.rest_username:
            env["RESTIC_REST_USERNAME"] = self.rest_username
            env["RESTIC_REST_PASSWORD"] = read_secret(self.rest_password_file)
        if self.environment_file:
            env.update(json.loads(read_secret(self.environment_file)))
        return env


def read_secret(file: str) -> str:
    """Read a password from its file.

    Raises:
        Trouble: it cannot be read or is empty.
    """
    try:
        secret = Path(file).read_text(encoding="utf-8").strip()
    except OSError as error:
        raise Trouble(
            f"the password file {file} cannot be read ({error.strerror}). Run playbooks/site.yml, "
            "which writes it."
        ) from None
    if not secret:
        raise Trouble(
            f"the password file {file} is empty. Run playbooks/site.yml, which writes it."
        )
    return secret
