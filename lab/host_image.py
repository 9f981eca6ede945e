"""The Debian 13 image of the lab's hosts, made from packages: no registry of images is needed."""

from __future__ import annotations

import hashlib
import os
from pathlib import Path

from lab.machine import debian_mirror
from lab.places import Places
from lab.podman import Podman
from lab.progress import Progress

REPOSITORY = "localhost/probealarm-lab"
LABEL = "probealarm.image=lab"


def tag(places: Places) -> str:
    """Name the image by a hash of all that decides its content."""
    recipe = hashlib.sha256()
    for file in sorted((places.root / "lab" / "image").iterdir()):
        recipe.update(file.name.encode() + b"\0" + file.read_bytes())
    return f"{REPOSITORY}:{recipe.hexdigest()[:16]}"


def package_names(places: Places) -> list[str]:
    """Read the package list, without its comments."""
    text = (places.root / "lab" / "image" / "packages.txt").read_text(encoding="utf-8")
    return [word for line in text.splitlines() for word in line.split("#")[0].split()]


def build(places: Places, podman: Podman, progress: Progress) -> None:
    """Build the image unless it stands there already.

    Raises:
        LabError: no mirror is configured, or a package could not be had.
    """
    name = tag(places)
    if podman.succeeds("image", "exists", name):
        return
    archive = places.state / "image.tar"
    archive.parent.mkdir(parents=True, exist_ok=True)
    recipe = places.root / "lab" / "image"
    try:
        progress.run(
            "Build the Debian 13 lab image",
            [
                *("mmdebstrap", "--variant=minbase", "--format=tar"),
                f"--include={','.join(package_names(places))}",
                '--aptopt=APT::Install-Recommends "false"',
                "--dpkgopt=force-unsafe-io",
                "--dpkgopt=force-confold",
                *(
                    f"--dpkgopt=path-exclude=/usr/share/{name}/*"
                    for name in ("man", "doc", "info", "locale")
                ),
                f"--essential-hook={recipe / 'before-packages'}",
                f"--customize-hook={recipe / 'after-packages'}",
                *("trixie", str(archive), debian_mirror()),
            ],
            env={**os.environ, "TMPDIR": str(_scratch(places))},
        )
        progress.run(
            "Import the lab image",
            [
                *(str(podman.executable), "import", "--quiet"),
                *("--change", 'CMD ["/sbin/init"]', "--change", "STOPSIGNAL SIGRTMIN+3"),
                *("--change", f"LABEL {LABEL}", str(archive), name),
            ],
            env={**os.environ, "TMPDIR": str(_scratch(places))},
        )
    finally:
        archive.unlink(missing_ok=True)


def _scratch(places: Places) -> Path:
    scratch = places.state / "scratch"
    scratch.mkdir(parents=True, exist_ok=True)
    scratch.chmod(0o755)
    return scratch


def remove_all(podman: Podman) -> list[str]:
    """Remove every image that this project made, also those of older recipes."""
    names = podman(
        "images", "--format", "{{.Repository}}:{{.Tag}}", "--filter", f"reference={REPOSITORY}"
    )
    for name in names.split():
        podman("rmi", "--force", name)
    return names.split()
