"""The main job: from nothing to a proven backup, on one machine."""

from __future__ import annotations

import os
import platform
import sys
from collections.abc import Mapping
from pathlib import Path

from lab import environment, host_image, machine
from lab import podman as podman_on_this_machine
from lab.errors import LabError
from lab.hosts import Lab
from lab.places import Places
from lab.podman import Machine, Podman
from lab.progress import AnsibleProgress, Progress, side_by_side

Environment = Mapping[str, str]


def prepare(places: Places, progress: Progress) -> Lab:
    """Make sure of packages, Python environment, podman and image; return the lab.

    Raises:
        LabError: something is missing that the lab cannot bring itself.
    """
    machine.require_root(os.geteuid())
    machine.require_debian(Path("/etc/os-release").read_text(encoding="utf-8"))
    environment.require_python(sys.version_info[:2])
    if not places.virtual_environment.exists():
        machine.require_room(places.state)
    with machine.alone(places.machine_state):
        machine.install_packages(progress)
        podman_on_this_machine.install(places, Machine.look())
        podman = Podman(places.binaries / "podman")
        side_by_side(
            lambda: host_image.build(places, podman, progress),
            lambda: environment.install(places, progress),
        )
        environment.link_collection(places)
        environment.write_shell_file(places)
    return Lab(places, podman)


def drill(places: Places, progress: Progress) -> None:
    """Converge, fill, back up, audit, drill, and show what came out of it.

    Raises:
        LabError: a step failed, or a service is not proven.
    """
    progress.say(f"Probealarm lab {places.lab!r} on {platform.node()}, checkout {places.root}")
    prepare(places, progress).up(progress)
    play(places, progress, "Set up nick and judy (playbooks/site.yml)", "playbooks/site.yml")
    play(places, progress, "Fill the services (lab/fill.yml)", "lab/fill.yml")
    play(places, progress, "Back up (playbooks/back_up.yml)", "playbooks/back_up.yml")
    play(places, progress, "Audit (playbooks/audit.yml)", "playbooks/audit.yml")
    try:
        play(places, progress, "Drill (playbooks/drill.yml)", "playbooks/drill.yml")
    except LabError:
        show_report(places, progress)
        raise LabError(
            "The drill did not prove every service: the table above says which, and why. What "
            f"Ansible printed is in {places.logs}."
        ) from None
    show_report(places, progress)


def show_report(places: Places, progress: Progress) -> None:
    """Fetch the report from judy and print its table."""
    folder = f"report_directory={places.report}"
    play(places, progress, "Report (playbooks/report.yml)", "playbooks/report.yml", "-e", folder)
    print()
    print((places.report / "report.txt").read_text(encoding="utf-8"))
    print(f"The report to open or hand on: {places.report / 'index.html'}")


def play(places: Places, progress: Progress, title: str, playbook: str, *options: str) -> None:
    """Run a playbook against the lab, with its progress.

    Raises:
        LabError: the playbook failed.
    """
    argv = ["ansible-playbook", "--inventory", str(places.root / "inventories" / "lab")]
    settings = {
        **os.environ,
        **environment.variables(places),
        "ANSIBLE_CONFIG": str(places.root / "ansible.cfg"),
        "ANSIBLE_NOCOLOR": "1",
        "PYTHONUNBUFFERED": "1",
        # Otherwise Ansible names a task only when its first host is done, and progress lags behind.
        "ANSIBLE_DISPLAY_SKIPPED_HOSTS": "true",
    }
    executable = places.virtual_environment / "bin" / argv[0]
    progress.run(
        title,
        [str(executable), *argv[1:], *options, str(places.root / playbook)],
        env=settings,
        describe=AnsibleProgress(),
    )
