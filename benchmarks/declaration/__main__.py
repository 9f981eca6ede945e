"""Load 500 services of every profile: python3 -m benchmarks.declaration, in the lab's environment.

Three ways, in turn, so that a busy moment of the machine falls on all of them:

- the library alone: reading, merging and judging the declaration;
- ``ansible-inventory --graph`` with our plugin, which does that and prints the names;
- the peer, ``ansible-inventory --graph`` with Ansible's own YAML plugin on the finished contracts:
  500 hosts with the same variables, which nothing judges.
"""

from __future__ import annotations

import json
import os
import platform
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import yaml

from plugins.module_utils.declaration.catalogue import Catalogue
from plugins.module_utils.declaration.faults import Reading
from plugins.module_utils.declaration.load import Inventory, load_services

ROOT = Path(__file__).resolve().parents[2]
CATALOGUE = ROOT / "catalogue"
SERVICES = 500
ROUNDS = 5
HOSTS = (*(f"host-{number}" for number in range(SERVICES)), "judy")
OWN = {
    "path": "/srv/{number}",
    "database.name": "database_{number}",
    "database.prefix": "p{number}_",
}
RESULT = Path(__file__).parent / "results" / "load.json"


def main() -> None:
    """Measure and write the result."""
    with tempfile.TemporaryDirectory() as folder:
        ours, peer = prepare(Path(folder))
        ways: dict[str, Callable[[], None]] = {
            "library": lambda: load(ours),
            "ansible-inventory with our plugin": lambda: inventory(ours.parent),
            "ansible-inventory with ansible.builtin.yaml": lambda: inventory(peer),
        }
        seconds: dict[str, list[float]] = {name: [] for name in ways}
        for _ in range(ROUNDS):
            for name, way in ways.items():
                began = time.perf_counter()
                way()
                seconds[name].append(time.perf_counter() - began)
    medians = {name: round(statistics.median(taken), 3) for name, taken in seconds.items()}
    result = {
        "command": "python3 -m benchmarks.declaration",
        "services": SERVICES,
        "rounds": ROUNDS,
        "cores": os.cpu_count(),
        "python": platform.python_version(),
        "median_seconds": medians,
        "ours_to_peer": round(
            medians["ansible-inventory with our plugin"]
            / medians["ansible-inventory with ansible.builtin.yaml"],
            2,
        ),
    }
    RESULT.write_text(json.dumps(result, indent=2) + "\n", encoding="utf-8")
    sys.stdout.write(RESULT.read_text(encoding="utf-8"))


def load(declaration: Path) -> None:
    """Read the declaration with the library alone."""
    load_services(declaration, CATALOGUE, Inventory(HOSTS, ()))


def inventory(source: Path) -> None:
    """Let Ansible print an inventory, as a person who looks at the contracts does."""
    subprocess.run(
        ["ansible-inventory", "--inventory", str(source), "--graph"],
        cwd=ROOT,
        stdout=subprocess.DEVNULL,
        check=True,
    )


def prepare(folder: Path) -> tuple[Path, Path]:
    """Write the declaration, and the inventory that holds what comes of it."""
    for name in ("ours", "peer"):
        (folder / name).mkdir()
    machines = {"all": {"hosts": dict.fromkeys(HOSTS)}}
    (folder / "ours" / "hosts.yml").write_text(yaml.safe_dump(machines), encoding="utf-8")
    declaration = folder / "ours" / "services.probealarm.yml"
    declaration.write_text(yaml.safe_dump(declared(), sort_keys=False), encoding="utf-8")
    services = load_services(declaration, CATALOGUE, Inventory(HOSTS, ()))
    hosts = {service.name: {"service_contract": service.contract()} for service in services}
    finished = {"services": {"hosts": hosts}, **machines}
    (folder / "peer" / "hosts.yml").write_text(yaml.safe_dump(finished), encoding="utf-8")
    return declaration, folder / "peer"


def declared() -> dict[str, object]:
    """Declare services of every profile in turn, each with a host and paths of its own."""
    catalogue, reading = Catalogue(CATALOGUE), Reading("")
    profiles = [
        profile for name in catalogue.names() if (profile := catalogue.profile(name, reading))
    ]
    services: dict[str, object] = {}
    for number in range(SERVICES):
        profile = profiles[number % len(profiles)]
        service: dict[str, object] = {
            "profile": profile.name,
            "host": HOSTS[number],
            "objectives": {"rpo": "24h", "rto": "30m"},
        }
        for name, setting in profile.settings.items():
            if setting.default is None or name in OWN:
                place(service, name, OWN.get(name, "/srv/{number}/files").format(number=number))
        services[f"service-{number}"] = service
    return {
        "plugin": "probealarm.recovery.services",
        "drill_host": "judy",
        "services": services,
    }


def place(service: dict[str, object], name: str, value: str) -> None:
    """Write a setting; one with a dot stands one level deeper."""
    group, _, key = name.rpartition(".")
    target = service.setdefault(group, {}) if group else service
    if isinstance(target, dict):
        target[key] = value


if __name__ == "__main__":
    main()
