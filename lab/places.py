"""Where things lie, so that no path is spelled twice."""

from __future__ import annotations

import os
import re
from dataclasses import dataclass
from pathlib import Path

from lab.errors import LabError

LAB_NAME = re.compile(r"[a-z][a-z0-9-]{0,39}")
DEFAULT_LAB = "probealarm"


@dataclass(frozen=True)
class Places:
    """The folders of one checkout and the name of the lab it runs."""

    root: Path
    lab: str

    @classmethod
    def of_this_checkout(cls) -> Places:
        """Read the lab's name from ``PROBEALARM_LAB``.

        Raises:
            LabError: the name could not stand in a container's name.
        """
        name = os.environ.get("PROBEALARM_LAB") or DEFAULT_LAB
        if not LAB_NAME.fullmatch(name):
            raise LabError(
                f"PROBEALARM_LAB is {name!r}, which cannot name containers. "
                "Use lower-case letters, digits and hyphens, for example probealarm-two."
            )
        return cls(root=Path(__file__).resolve().parent.parent, lab=name)

    @property
    def state(self) -> Path:
        """Everything the lab makes inside the checkout; git ignores it."""
        return self.root / ".lab"

    @property
    def binaries(self) -> Path:
        """Holds the ``podman`` that works on this machine."""
        return self.state / "bin"

    @property
    def virtual_environment(self) -> Path:
        """Ansible, Molecule, the linters: from the lock file."""
        return self.state / "venv"

    @property
    def logs(self) -> Path:
        """One file a step, with everything the step printed."""
        return self.state / "logs"

    @property
    def report(self) -> Path:
        """Where the drill's report lands."""
        return self.state / "report"

    @property
    def ssh(self) -> Path:
        """Key and client configuration of this lab."""
        return self.state / "ssh" / self.lab

    @property
    def connections(self) -> Path:
        """Where Ansible's lasting connections have their sockets, whose paths must be short."""
        return self.machine_state / "connections" / self.lab

    @property
    def ansible_home(self) -> Path:
        """Ansible's own folder, which holds the link to this collection."""
        return self.root / ".ansible"

    @property
    def machine_state(self) -> Path:
        """What all labs of this machine share until it restarts: the mount namespace."""
        return Path("/run/probealarm-lab")
