"""nick and judy: two systemd containers on a network of their own."""

from __future__ import annotations

import time
from dataclasses import dataclass
from pathlib import Path

from lab import host_image
from lab.errors import LabError
from lab.places import Places
from lab.podman import Podman
from lab.progress import Progress
from lab.ssh import Door

BOOT_SECONDS = 60
REMOVAL_ATTEMPTS = 4
HOSTS: dict[str, tuple[str, ...]] = {
    "nick": ("/var/lib/mysql", "/var/lib/probealarm", "/var/vmail", "/srv"),
    "judy": ("/var/lib/probealarm",),
}
"""Each host's folders that lie on volumes: databases and repositories are slow on overlayfs."""


@dataclass(frozen=True)
class Lab:
    """The hosts of one lab, told from others by a label."""

    places: Places
    podman: Podman

    @property
    def labels(self) -> tuple[str, str]:
        """What everything that this checkout made for this lab carries."""
        return f"probealarm.lab={self.places.lab}", f"probealarm.checkout={self.places.root}"

    def container(self, host: str) -> str:
        """Name the container of a host."""
        return f"{self.places.lab}-{host}"

    @property
    def _labelled(self) -> list[str]:
        return [word for label in self.labels for word in ("--label", label)]

    @property
    def _door(self) -> Door:
        return Door(self.places.ssh, self.places.connections, self.podman, self.places.lab)

    def up(self, progress: Progress) -> None:
        """Start both hosts; what runs already stays as it is.

        Raises:
            LabError: another checkout runs a lab of this name, or a host does not boot.
        """
        self._deal_with_a_foreign_lab(progress)
        image = host_image.tag(self.places)
        if self._is_of_another_image(image):
            progress.say("The lab image has changed: the lab starts anew")
            self.destroy()
        elif not all(self._can_be_woken(name) for name in self._containers()):
            progress.say("A container cannot be started again: the lab starts anew")
            self.destroy()
        if not self.podman.succeeds("network", "exists", self.places.lab):
            self.podman("network", "create", *self._labelled, self.places.lab)
        with progress.step("Start nick and judy"):
            for host in HOSTS:
                self._start(host, image)
            for host in HOSTS:
                self._wait_until_booted(host)
            self._door.open({host: self.container(host) for host in HOSTS})

    def destroy(self) -> list[str]:
        """Remove this lab's containers, volumes and network, and return their names."""
        containers = self._containers()
        for name in containers:
            self._remove(name)
        volumes = self.podman.names(["volume", "ls"], self.labels)
        for name in volumes:
            self.podman("volume", "rm", "--force", name)
        networks = self.podman.names(["network", "ls"], self.labels)
        for name in networks:
            self.podman("network", "rm", name)
        self._door.close()
        return [*containers, *volumes, *networks]

    def _deal_with_a_foreign_lab(self, progress: Progress) -> None:
        """Refuse a name that another checkout uses; clear up after one that was deleted."""
        template = '{{index .Config.Labels "probealarm.checkout"}}'
        for host in HOSTS:
            if not self.podman.succeeds("container", "exists", self.container(host)):
                continue
            owner = Path(self.podman("inspect", "--format", template, self.container(host)).strip())
            if owner == self.places.root:
                continue
            if owner.is_dir():
                raise LabError(
                    f"A lab named {self.places.lab} is already run by the checkout in {owner}. "
                    "Run make clean there, or choose another name here: "
                    "PROBEALARM_LAB=probealarm-two make drill."
                )
            progress.say(f"The checkout {owner} is gone: its lab {self.places.lab} is removed")
            Lab(Places(owner, self.places.lab), self.podman).destroy()

    def _start(self, host: str, image: str) -> None:
        name = self.container(host)
        if self.podman.succeeds("container", "exists", name):
            return
        volumes: list[str] = []
        for folder in HOSTS[host]:
            volume = name + folder.replace("/", "-")
            if not self.podman.succeeds("volume", "exists", volume):
                self.podman("volume", "create", *self._labelled, volume)
            volumes += ["--volume", f"{volume}:{folder}"]
        self.podman(
            *("run", "--detach", "--privileged", "--systemd=always", "--pids-limit=-1"),
            *("--name", name, "--hostname", host, "--network-alias", host),
            *("--network", self.places.lab, *self._labelled),
            *(*volumes, image, "/sbin/init"),
        )

    def _is_booting(self, name: str) -> bool:
        """See whether systemd is still starting; what fails later is not the lab's to judge."""
        state = self.podman.says("exec", name, "systemctl", "is-system-running").strip()
        return state not in {"running", "degraded"}

    def _is_of_another_image(self, image: str) -> bool:
        containers = self._containers()
        used = [self.podman("inspect", "--format", "{{.ImageName}}", name) for name in containers]
        return any(name.strip() != image for name in used)

    def _can_be_woken(self, name: str) -> bool:
        """See that a container runs, or start it; podman may call one running that is not."""
        if self.podman.succeeds("exec", name, "true"):
            return True
        self.podman.succeeds("stop", "--time", "3", name)
        return self.podman.succeeds("start", name)

    def _containers(self) -> list[str]:
        return self.podman.names(["ps", "--all"], self.labels)

    def _remove(self, name: str) -> None:
        """Remove a container; on a busy machine podman may find it half stopped, and asks again."""
        for _ in range(REMOVAL_ATTEMPTS - 1):
            if self.podman.succeeds("rm", "--force", "--time", "3", "--volumes", name):
                return
            time.sleep(1)
        self.podman("rm", "--force", "--time", "3", "--volumes", name)

    def _wait_until_booted(self, host: str) -> None:
        deadline = time.monotonic() + BOOT_SECONDS
        name = self.container(host)
        while self._is_booting(name):
            if time.monotonic() > deadline:
                raise LabError(
                    f"{host} did not finish booting within {BOOT_SECONDS} s. "
                    f"See: podman exec {name} systemctl --failed"
                )
            time.sleep(0.3)
