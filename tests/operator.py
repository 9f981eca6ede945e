"""What a person at the terminal does in a scenario: run playbooks, look at hosts."""

from __future__ import annotations

import json
import os
import re
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import testinfra
from testinfra.host import Host

ROOT = Path(__file__).resolve().parents[1]
LAB_INVENTORY = ROOT / "inventories" / "lab"
REAL_DUMP = "/usr/bin/mariadb-dump"
SSH = ROOT / ".lab" / "ssh" / (os.environ.get("PROBEALARM_LAB") or "probealarm") / "config"


@dataclass(frozen=True)
class Played:
    """How a playbook ended, and all it printed, white space folded so that sentences are whole."""

    status: int
    output: str


def play(playbook: str, *options: str, inventory: Path = LAB_INVENTORY) -> Played:
    """Run a playbook as a person would, and come back however it ends."""
    done = subprocess.run(
        playbook_command(playbook, *options, inventory=inventory),
        cwd=ROOT,
        env=environment(),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    return Played(done.returncode, folded(done.stdout))


def refusal(playbook: str, *options: str, **variables: object) -> str:
    """Run a playbook with other variables, which must fail, and give what it printed."""
    played = play(playbook, *options, "--extra-vars", json.dumps(variables))
    assert played.status != 0, played.output
    return played.output


def playbook_command(playbook: str, *options: str, inventory: Path = LAB_INVENTORY) -> list[str]:
    """Build the command, for a test that lets it run in the background."""
    return ["ansible-playbook", "--inventory", str(inventory), *options, playbook]


def environment() -> dict[str, str]:
    """The person's environment: the checkout's own ansible.cfg, not the one Molecule makes."""
    plain = {"ANSIBLE_NOCOLOR": "1", "ANSIBLE_FORCE_COLOR": "0"}
    return {**os.environ, **plain, "ANSIBLE_CONFIG": str(ROOT / "ansible.cfg")}


def folded(text: str) -> str:
    """Undo the line breaks that Ansible's YAML output puts into sentences."""
    return re.sub(r"\s+", " ", text.replace("''", "'"))


def host(name: str) -> Host:
    """Look at nick or judy."""
    return testinfra.get_host(f"ssh://{name}?ssh_config={SSH}")


@contextmanager
def dump_tool(script: str, name: str = "mariadb-dump") -> Iterator[None]:
    """Put another dump tool before the real one on nick for a while."""
    nick, fake = host("nick"), f"/usr/local/sbin/{name}"
    nick.check_output("sh -c %s", f"printf '#!/bin/sh\\n{script}\\n' > {fake}")
    nick.check_output("chmod 755 %s", fake)
    try:
        yield
    finally:
        nick.check_output("rm %s", fake)


@contextmanager
def playing(
    playbook: str, *options: str, inventory: Path = LAB_INVENTORY
) -> Iterator[subprocess.Popen[bytes]]:
    """Let a playbook run in the background; its end is waited for."""
    running = subprocess.Popen(
        playbook_command(playbook, *options, inventory=inventory),
        cwd=ROOT,
        env=environment(),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        yield running
    finally:
        running.wait()


def snapshots(service: str) -> list[str]:
    """Name a service's snapshots in judy's store, oldest first."""
    listed = host("judy").run(
        "restic --no-lock --repo /var/lib/probealarm/store/nick --password-file "
        "/etc/probealarm/repositories/nick.password snapshots --json --host %s",
        service,
    )
    assert listed.rc == 0, listed.stderr
    return re.findall(r'"short_id":"([0-9a-f]+)"', listed.stdout)


def within(seconds: float, condition: Callable[[], bool]) -> bool:
    """Wait for something to come true, and tell whether it did in time."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if condition():
            return True
        time.sleep(0.1)
    return condition()
