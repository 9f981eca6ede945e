"""How Ansible and testinfra reach the lab's hosts: over ssh, as they reach real servers."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from lab.errors import LabError
from lab.podman import Podman

CONFIGURATION = """\
Host {host}
    HostName {address}
    HostKeyAlias {container}
    User root
    IdentityFile {folder}/key
    IdentitiesOnly yes
    UserKnownHostsFile {folder}/known_hosts
    StrictHostKeyChecking yes
    ServerAliveInterval 5
    ServerAliveCountMax 3
    LogLevel ERROR
"""


@dataclass(frozen=True)
class Door:
    """The key, the known hosts and the client configuration of one lab."""

    folder: Path
    connections: Path
    podman: Podman
    network: str

    def open(self, containers: Mapping[str, str]) -> None:
        """Let this machine's root into the containers (by host name) and write ``config``.

        Raises:
            LabError: no key could be made, or a container has no address.
        """
        self._make_key()
        hosts, known = [], []
        for host, container in containers.items():
            self.podman("exec", container, "install", "-d", "-m", "700", "/root/.ssh")
            self.podman(
                "cp", str(self.folder / "key.pub"), f"{container}:/root/.ssh/authorized_keys"
            )
            host_key = self.podman("exec", container, "cat", "/etc/ssh/ssh_host_ed25519_key.pub")
            known.append(f"{container} {' '.join(host_key.split()[:2])}\n")
            hosts.append(
                CONFIGURATION.format(
                    host=host,
                    container=container,
                    address=self._address(container),
                    folder=self.folder,
                )
            )
        (self.folder / "known_hosts").write_text("".join(known), encoding="utf-8")
        (self.folder / "config").write_text("\n".join(hosts), encoding="utf-8")

    def close(self) -> None:
        """Forget the lab's key, its hosts and the connections that Ansible keeps open to them."""
        for folder in (self.folder, self.connections):
            shutil.rmtree(folder, ignore_errors=True)

    def _make_key(self) -> None:
        if (self.folder / "key").exists():
            return
        self.folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        argv = ["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", str(self.folder / "key")]
        done = subprocess.run(argv, capture_output=True, text=True, check=False)
        if done.returncode != 0:
            raise LabError(f"ssh-keygen could not make the lab's key: {done.stderr.strip()}")

    def _address(self, container: str) -> str:
        template = f'{{{{(index .NetworkSettings.Networks "{self.network}").IPAddress}}}}'
        address = self.podman("inspect", "--format", template, container).strip()
        if not address:
            raise LabError(
                f"the container {container} has no address on the network {self.network}. "
                "Run make clean and start again."
            )
        return address
