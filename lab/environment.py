"""The Python environment from the lock file, and the variables Ansible and Molecule need."""

from __future__ import annotations

import hashlib
import os
import shutil
import sys
from pathlib import Path

from lab.errors import LabError
from lab.places import DEFAULT_LAB, Places
from lab.progress import Progress

OLDEST_PYTHON = (3, 11)


def require_python(version: tuple[int, int]) -> None:
    """Refuse a Python that ansible-core 2.19 does not run on.

    Raises:
        LabError: ``version`` is older than 3.11.
    """
    if version < OLDEST_PYTHON:
        raise LabError(
            f"ansible-core 2.19 needs Python 3.11 or newer and this is {version[0]}.{version[1]}. "
            "Install a newer python3 (Debian 12 and 13 bring one) and start again."
        )


def install(places: Places, progress: Progress) -> None:
    """Make ``.lab/venv`` match ``requirements.lock``; nothing happens when it already does."""
    lock = places.root / "requirements.lock"
    wanted = hashlib.sha256(lock.read_bytes()).hexdigest()
    stamp = places.virtual_environment / "lock.sha256"
    if stamp.exists() and stamp.read_text(encoding="utf-8") == wanted:
        return
    shutil.rmtree(places.virtual_environment, ignore_errors=True)
    progress.run(
        "Make the Python environment",
        [sys.executable, "-m", "venv", str(places.virtual_environment)],
    )
    progress.run(
        "Install Ansible, Molecule and the linters",
        [
            str(places.virtual_environment / "bin" / "python"),
            *("-m", "pip", "install", "--disable-pip-version-check", "--no-compile"),
            *("--require-hashes", "--requirement", str(lock)),
        ],
    )
    stamp.write_text(wanted, encoding="utf-8")


def link_collection(places: Places) -> None:
    """Let Ansible find this very working tree as the collection probealarm.recovery."""
    link = places.ansible_home / "collections" / "ansible_collections" / "probealarm" / "recovery"
    if not link.is_symlink():
        link.parent.mkdir(parents=True, exist_ok=True)
        link.symlink_to(Path("..") / ".." / ".." / "..")


def variables(places: Places) -> dict[str, str]:
    """The variables under which Ansible and Molecule see the collection, the lab and podman.

    ``ansible.cfg`` says the same to a person in the checkout; Molecule replaces that file with one
    of its own, so what it must know stands here.
    """
    path = f"{places.binaries}:{places.virtual_environment / 'bin'}"
    return {
        "PATH": f"{path}:{os.environ.get('PATH', os.defpath)}",
        "ANSIBLE_HOME": str(places.ansible_home),
        "ANSIBLE_COLLECTIONS_PATH": str(places.ansible_home / "collections"),
        "ANSIBLE_INVENTORY_ENABLED": (
            "probealarm.recovery.services,ansible.builtin.yaml,ansible.builtin.host_list"
        ),
        "ANSIBLE_INVENTORY_ANY_UNPARSED_IS_FAILED": "true",
        "MOLECULE_GLOB": str(places.root / "molecule" / "*" / "molecule.yml"),
        "PROBEALARM_LAB": places.lab,
    }


def write_shell_file(places: Places) -> None:
    """Write ``.lab/env`` for people who want to call ansible-playbook or molecule by hand."""
    own = f"{places.binaries}:{places.virtual_environment / 'bin'}"
    settled = variables(places)
    del settled["PATH"], settled["PROBEALARM_LAB"]
    lines = [f'export PATH="{own}:$PATH"']
    lines += [f'export {name}="{value}"' for name, value in settled.items()]
    lines.append(f'export PROBEALARM_LAB="${{PROBEALARM_LAB:-{DEFAULT_LAB}}}"')
    places.state.mkdir(parents=True, exist_ok=True)
    (places.state / "env").write_text("\n".join(lines) + "\n", encoding="utf-8")
