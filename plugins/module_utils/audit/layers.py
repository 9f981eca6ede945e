# Copyright: (c) The Probealarm contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Tell the layers of images, which are fetched again, from those that containers write into.

What a container writes outside its volumes lies in a layer of its own and is gone with it: just
the data that people forget. So only layers of images are exempt, and of a container's own layer
what the runtime puts there.

Sources: containers/storage's overlay driver (``overlay-layers/layers.json``, the field ``layer`` in
``overlay-containers/containers.json``); Docker's layer store (``image/overlay2/layerdb/mounts``).
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from .reading import whole

DOCKER = Path("/var/lib/docker")
PODMAN = Path("/var/lib/containers/storage")

OF_AN_IMAGE = (
    "Part of a container's image, into which nothing writes: it is fetched or built again."
)
OF_THE_RUNTIME = "The container runtime puts it into every container at its start."

PUT_THERE = (
    *("dev", "proc", "run", "sys", "tmp", "var/cache", "var/tmp"),
    *("etc/hostname", "etc/hosts", "etc/mtab", "etc/resolv.conf", ".dockerenv"),
)


def exempt_layers(
    podman: Iterable[Path] = (PODMAN,), docker: Path = DOCKER
) -> Iterator[tuple[str, str]]:
    """Yield paths in the stores of containers that are no state, each with its reason.

    A store whose records cannot be read yields nothing: then its layers are looked at as any file.

    Args:
        podman: stores of podman, root's and those of others.
        docker: the store of Docker.
    """
    for storage in podman:
        yield from _exempt(storage / "overlay", "diff", _written_by_podman(storage))
    yield from _exempt(docker / "overlay2", "diff", _written_by_docker(docker))


def _exempt(layers: Path, inside: str, written: frozenset[str] | None) -> Iterator[tuple[str, str]]:
    if written is None or not layers.is_dir():
        return
    for layer in sorted(layers.iterdir()):
        if layer.name == "l" or layer.name.startswith("."):
            continue
        if layer.name not in written:
            yield str(layer), OF_AN_IMAGE
            continue
        for name in PUT_THERE:
            yield f"{layer / inside}/{name}", OF_THE_RUNTIME
        for name in ("work", "link", "lower", "merged"):
            yield f"{layer}/{name}", OF_THE_RUNTIME


def _written_by_podman(storage: Path) -> frozenset[str] | None:
    """Name the layers of containers; ``None`` when that cannot be told."""
    layers: set[str] = set()
    for name in ("containers.json", "volatile-containers.json"):
        try:
            told: Any = json.loads(whole(str(storage / "overlay-containers" / name)))
            layers.update(str(one["layer"]) for one in told)
        except FileNotFoundError:
            continue
        except (OSError, ValueError, KeyError, TypeError):
            return None
    return frozenset(layers) if layers or (storage / "overlay-layers").is_dir() else None


def _written_by_docker(docker: Path) -> frozenset[str] | None:
    """Name the layers of containers; ``None`` when that cannot be told."""
    mounts = docker / "image" / "overlay2" / "layerdb" / "mounts"
    try:
        return frozenset(whole(str(one / "mount-id")).decode().strip() for one in mounts.iterdir())
    except (OSError, ValueError):
        return None
