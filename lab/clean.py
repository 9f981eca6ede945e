"""Remove exactly what ``make drill`` and ``make test`` made, and nothing else."""

from __future__ import annotations

import shutil

from lab import host_image
from lab import podman as podman_on_this_machine
from lab.hosts import Lab
from lab.places import Places
from lab.podman import Machine, Podman
from lab.progress import Progress


def clean(places: Places, progress: Progress) -> None:
    """Remove this checkout's labs, the image when no lab uses it any more, and ``.lab``."""
    executable = places.binaries / "podman"
    if executable.exists():
        podman = Podman(executable)
        if not podman.succeeds("version"):  # the machine was restarted, or another checkout cleaned
            podman_on_this_machine.install(places, Machine.look())
        for name in _labs_of_this_checkout(places, podman):
            with progress.step(f"Remove the lab {name}"):
                Lab(Places(places.root, name), podman).destroy()
        if not podman("ps", "--all", "--quiet", "--filter", "label=probealarm.lab").split():
            for image in host_image.remove_all(podman):
                progress.say(f"Removed the image {image}")
            podman_on_this_machine.remove_namespace(places.machine_state)
    for folder in (places.state, places.ansible_home):
        if folder.exists():
            shutil.rmtree(folder)
            progress.say(f"Removed {folder}")
    progress.say("Clean. Debian packages that were installed stay; apt can remove them.")


def _labs_of_this_checkout(places: Places, podman: Podman) -> list[str]:
    template = '{{index .Labels "probealarm.lab"}}'
    listed = podman(
        *("ps", "--all", "--format", template),
        *("--filter", f"label=probealarm.checkout={places.root}"),
    )
    return sorted({*listed.split(), places.lab})
