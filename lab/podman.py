"""A podman that works on this machine, found out rather than configured.

On an ordinary systemd host that is plain podman. A machine with hybrid cgroups (version 1
controllers beside version 2), or one whose root may not raise limits, refuses podman's defaults;
there, podman runs in one lasting private mount namespace that has cgroup version 2 alone, with
runc and limits at or below the machine's own. Nothing outside that namespace changes.
"""

from __future__ import annotations

import resource
import shutil
import subprocess
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from lab.errors import LabError
from lab.places import Places

HIGHEST_PROCESS_LIMIT = 32768
"""runc was refused with more on such a machine although the hard limit was higher (measured)."""

CAP_SYS_RESOURCE = 24
"""Bit number of the capability, from capabilities(7)."""


@dataclass(frozen=True)
class Machine:
    """What decides how podman must be called."""

    unified_cgroups: bool
    may_raise_limits: bool

    @classmethod
    def look(cls, proc: Path = Path("/proc")) -> Machine:
        """Read the facts from the kernel."""
        mounts = (proc / "self" / "mounts").read_text(encoding="utf-8").splitlines()
        roots = [line.split()[2] for line in mounts if line.split()[1] == "/sys/fs/cgroup"]
        status = (proc / "self" / "status").read_text(encoding="utf-8")
        effective = next(line for line in status.splitlines() if line.startswith("CapEff:"))
        return cls(
            unified_cgroups=roots[-1:] == ["cgroup2"],
            may_raise_limits=bool(int(effective.split()[1], 16) >> CAP_SYS_RESOURCE & 1),
        )

    @property
    def ordinary(self) -> bool:
        """Plain podman works."""
        return self.unified_cgroups and self.may_raise_limits


def containers_conf(*, open_files: int, processes: int) -> str:
    """Write podman's configuration for a machine that refuses its defaults."""
    processes = min(processes, HIGHEST_PROCESS_LIMIT)
    return (
        "[network]\n"
        'network_backend = "netavark"\n'
        "[engine]\n"
        'runtime = "runc"\n'
        'cgroup_manager = "cgroupfs"\n'
        'events_logger = "file"\n'
        "[containers]\n"
        "pids_limit = 0\n"
        f'default_ulimits = ["nofile={open_files}:{open_files}", "nproc={processes}:{processes}"]\n'
    )


def install(places: Places, machine: Machine) -> None:
    """Put a ``podman`` into ``.lab/bin`` that works on this machine.

    Raises:
        LabError: the private mount namespace could not be made.
    """
    places.binaries.mkdir(parents=True, exist_ok=True)
    wrapper = places.binaries / "podman"
    if machine.ordinary:
        wrapper.write_text('#!/bin/sh\nexec /usr/bin/podman "$@"\n', encoding="utf-8")
    else:
        namespace = _namespace(places.machine_state)
        configuration = places.machine_state / "containers.conf"
        configuration.write_text(
            containers_conf(
                open_files=_hard_limit(resource.RLIMIT_NOFILE),
                processes=_hard_limit(resource.RLIMIT_NPROC),
            ),
            encoding="utf-8",
        )
        wrapper.write_text(
            "#!/bin/sh\n"
            f"export CONTAINERS_CONF={configuration}\n"
            f'exec nsenter --mount={namespace} --wd="$PWD" /usr/bin/podman "$@"\n',
            encoding="utf-8",
        )
    wrapper.chmod(0o755)


def _hard_limit(kind: int) -> int:
    hard = resource.getrlimit(kind)[1]
    return HIGHEST_PROCESS_LIMIT if hard == resource.RLIM_INFINITY else hard


def _namespace(machine_state: Path) -> Path:
    holder = machine_state / "namespace"
    namespace = holder / "mount"
    if namespace.exists() and _is_namespace(namespace):
        return namespace
    holder.mkdir(parents=True, exist_ok=True)
    steps: list[list[str]] = [
        ["mount", "--bind", str(holder), str(holder)],
        ["mount", "--make-private", str(holder)],
        ["touch", str(namespace)],
        ["unshare", f"--mount={namespace}", "--propagation", "private", "true"],
        ["nsenter", f"--mount={namespace}", "umount", "--recursive", "/sys/fs/cgroup"],
        ["nsenter", f"--mount={namespace}", "mount", "-t", "cgroup2", "none", "/sys/fs/cgroup"],
    ]
    for argv in steps:
        answer = subprocess.run(argv, capture_output=True, text=True, check=False)
        if answer.returncode != 0:
            raise LabError(
                "This machine has hybrid cgroups, and a private view of cgroup version 2 could "
                f"not be made: {' '.join(argv)} said {answer.stderr.strip()!r}. Boot it with "
                "systemd.unified_cgroup_hierarchy=1, or use a machine where root may mount."
            )
    return namespace


def _is_namespace(file: Path) -> bool:
    mounts = Path("/proc/self/mounts").read_text(encoding="utf-8").splitlines()
    return any(line.split()[1:3] == [str(file), "nsfs"] for line in mounts)


def remove_namespace(machine_state: Path) -> None:
    """Give back the private mount namespace (nothing may run in it any more)."""
    holder = machine_state / "namespace"
    for mounted in (holder / "mount", holder):
        subprocess.run(["umount", str(mounted)], capture_output=True, check=False)
    shutil.rmtree(machine_state, ignore_errors=True)


@dataclass(frozen=True)
class Podman:
    """Calls podman and translates its failures."""

    executable: Path

    def __call__(self, *arguments: str) -> str:
        """Run ``podman`` with arguments and return its standard output.

        Raises:
            LabError: podman failed.
        """
        answer = self._run(arguments)
        if answer.returncode != 0:
            raise LabError(
                f"podman {' '.join(arguments[:2])} failed: {answer.stderr.strip()[-600:]}"
            )
        return answer.stdout

    def succeeds(self, *arguments: str) -> bool:
        """Tell whether podman accepts the call."""
        return self._run(arguments).returncode == 0

    def says(self, *arguments: str) -> str:
        """Give what a call prints, however it ends."""
        return self._run(arguments).stdout

    def names(self, kind: Sequence[str], labels: Sequence[str]) -> list[str]:
        """List what carries all labels: ``names(["volume", "ls"], ["probealarm.lab=x"])``.

        Every label is asked for by itself: ``podman volume ls`` of podman 4.3 lists what carries
        any of several labels, which would be the volumes of other labs too.
        """
        template = "{{.Names}}" if kind[0] == "ps" else "{{.Name}}"
        lists = [
            self(*kind, "--filter", f"label={label}", "--format", template).split()
            for label in labels
        ]
        return [name for name in lists[0] if all(name in others for others in lists[1:])]

    def _run(self, arguments: Sequence[str]) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [str(self.executable), *arguments], capture_output=True, text=True, check=False
        )
