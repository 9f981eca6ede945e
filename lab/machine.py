"""What this machine must have: root, room, a Debian mirror and some packages."""

from __future__ import annotations

import fcntl
import os
import re
import shutil
import subprocess
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from lab.errors import LabError
from lab.progress import Progress

NEEDED_BYTES = 8 * 1024**3
PACKAGES = (
    "podman",
    "runc",
    "netavark",
    "aardvark-dns",
    "iptables",
    "mmdebstrap",
    "debian-archive-keyring",
    "rsync",
    "git",
    "openssh-client",
    "python3-venv",
)
"""Debian packages; netavark and aardvark-dns give containers names, iptables a way out."""


def require_root(user_id: int) -> None:
    """Refuse to start without root.

    Raises:
        LabError: the user is not root.
    """
    if user_id != 0:
        raise LabError(
            f"The lab starts systemd containers and installs packages, which needs root; this is "
            f"user {user_id}. Run it as root, for example with sudo make drill."
        )


def require_debian(os_release: str) -> None:
    """Refuse another distribution than Debian 12 or 13.

    Raises:
        LabError: ``os_release`` (the text of /etc/os-release) names another system.
    """
    fields = dict(re.findall(r'^(\w+)="?([^"\n]*)"?$', os_release, re.MULTILINE))
    if fields.get("ID") != "debian" or fields.get("VERSION_ID") not in {"12", "13"}:
        seen = fields.get("PRETTY_NAME", "an unknown system")
        raise LabError(
            f"The lab is built with Debian's tools and this is {seen}. "
            "Run it on Debian 12 or 13, for example in a virtual machine."
        )


def require_room(where: Path, *, needed_bytes: int = NEEDED_BYTES) -> None:
    """Refuse a disk that would fill up half-way.

    Raises:
        LabError: fewer than ``needed_bytes`` are free.
    """
    existing = next(path for path in (where, *where.parents) if path.exists())
    free = shutil.disk_usage(existing).free
    if free < needed_bytes:
        raise LabError(
            f"The lab needs {needed_bytes / 1024**3:.0f} GiB free on the disk of {where}, and "
            f"{free / 1024**3:.1f} GiB are left. Free some space there and start again."
        )


def debian_mirror(apt: Path = Path("/etc/apt")) -> str:
    """Read the Debian mirror from the machine's own apt configuration.

    Raises:
        LabError: no entry looks like a Debian archive.
    """
    for uri in _configured_uris(apt):
        if uri.startswith("mirror+file:"):
            listed = Path(uri.removeprefix("mirror+file:"))
            first = listed.read_text(encoding="utf-8").split() if listed.exists() else []
            if first:
                return first[0].rstrip("/")
        elif re.match(r"https?://", uri) and uri.rstrip("/").endswith("/debian"):
            return uri.rstrip("/")
    raise LabError(
        f"No Debian mirror stands in {apt}/sources.list or {apt}/sources.list.d, so the lab image "
        "cannot be built. Add one (a line like: deb MIRROR/debian bookworm main) and start again."
    )


def _configured_uris(apt: Path) -> Iterable[str]:
    folder = apt / "sources.list.d"
    for file in [*sorted(folder.glob("*.sources")), *sorted(folder.glob("*.list"))]:
        yield from _uris_in(file.read_text(encoding="utf-8", errors="replace"))
    single = apt / "sources.list"
    if single.exists():
        yield from _uris_in(single.read_text(encoding="utf-8", errors="replace"))


def _uris_in(text: str) -> Iterable[str]:
    for line in text.splitlines():
        if line.startswith("URIs:"):
            yield from line.split()[1:]
        elif re.match(r"deb\s", line):
            yield from (word for word in line.split()[1:] if "://" in word or "+file:" in word)


def missing_packages(wanted: Sequence[str] = PACKAGES) -> list[str]:
    """Name the Debian packages that are not installed."""
    answer = subprocess.run(
        ["dpkg-query", "--show", "--showformat=${Package} ${db:Status-Status}\n", *wanted],
        capture_output=True,
        text=True,
        check=False,
    )
    installed = {
        line.split()[0] for line in answer.stdout.splitlines() if line.endswith(" installed")
    }
    return [name for name in wanted if name not in installed]


@contextmanager
def alone(machine_state: Path) -> Iterator[None]:
    """Let one preparation at a time work on this machine; another one waits."""
    machine_state.mkdir(parents=True, exist_ok=True)
    with (machine_state / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def install_packages(progress: Progress) -> None:
    """Install what is missing from Debian, and nothing when nothing is.

    Raises:
        LabError: apt failed.
    """
    missing = missing_packages()
    if not missing:
        return
    env = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    progress.run("Update the package lists", ["apt-get", "update", "--quiet"], env=env)
    progress.run(
        f"Install {len(missing)} Debian packages",
        ["apt-get", "install", "--yes", "--no-install-recommends", *missing],
        env=env,
    )
