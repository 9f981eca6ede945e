"""An inventory directory as operators have it, and the programs they put to it."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[3]

DECLARATION = """\
plugin: probealarm.recovery.services
drill_host: judy
services:
  newsletter:
    profile: mautic
    host: nick
    objectives: {rpo: 24h, rto: 30m}
    database: {name: mautic, prefix: ""}
    path: /srv/newsletter
"""

Done = subprocess.CompletedProcess[str]


@dataclass(frozen=True)
class Site:
    """An inventory with nick, judy and a newsletter, seen by the real command line programs."""

    directory: Path

    @classmethod
    def made_in(cls, directory: Path) -> Site:
        collection = directory / "collections/ansible_collections/probealarm/recovery"
        collection.parent.mkdir(parents=True)
        collection.symlink_to(ROOT)
        (directory / "ansible.cfg").write_text("[defaults]\n")
        site = cls(directory)
        site.write("hosts.yml", "all: {hosts: {nick: {}, judy: {}}}\n")
        site.write("services.probealarm.yml", DECLARATION)
        return site

    def write(self, name: str, text: str) -> None:
        path = self.directory / "inventory" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)

    def inventory(self, *wanted: str) -> Done:
        return self.run("inventory", "-i", "inventory", *wanted)

    def variables(self, host: str, *more: str) -> Any:
        done = self.inventory("--host", host, *more)
        assert done.returncode == 0, done.stderr
        return json.loads(done.stdout)

    def refusal(self, *wanted: str) -> str:
        """Return what ansible-inventory says when it refuses."""
        done = self.inventory(*(wanted or ("--graph",)))
        assert done.returncode != 0, done.stdout
        return done.stderr

    def encrypted(self, name: str, text: str, password_file: str) -> str:
        """Return the lines that ansible-vault makes of a value."""
        arguments = ("--vault-password-file", password_file, "--name", name, text)
        done = self.run("vault", "encrypt_string", *arguments)
        assert done.returncode == 0, done.stderr
        return done.stdout

    def run(self, program: str, *arguments: str) -> Done:
        settings = {
            "ANSIBLE_INVENTORY_ENABLED": "probealarm.recovery.services,ansible.builtin.yaml",
            "ANSIBLE_INVENTORY_ANY_UNPARSED_IS_FAILED": "true",
            "ANSIBLE_COLLECTIONS_PATH": str(self.directory / "collections"),
            "ANSIBLE_CONFIG": str(self.directory / "ansible.cfg"),
        }
        return subprocess.run(
            [sys.executable, "-m", f"ansible.cli.{program}", *arguments],
            cwd=self.directory,
            env=os.environ | settings,
            capture_output=True,
            text=True,
            check=False,
        )
