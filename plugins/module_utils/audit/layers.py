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
from collections.abc import Collection, Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

from .container_records import OF_DOCKER, OF_PODMAN
from .reading import whole

OF_AN_IMAGE = (
    "Part of a container's image, into which nothing writes: it is fetched or built again."
)
OF_THE_RUNTIME = "The container runtime puts it into every container at its start."

OF_A_MOUNT = "What the container runtime makes there for a mount, which lies over it."

PUT_THERE = (
    *("dev", "proc", "run", "sys", "tmp", "var/cache", "var/tmp"),
    *("etc/hostname", "etc/hosts", "etc/mtab", "etc/resolv.conf", ".dockerenv"),
)


Targets = Mapping[str, Collection[str]]


def exempt_layers(
    podman: Iterable[Path], docker: Iterable[Path], targets: Targets
) -> Iterator[tuple[str, str]]:
    """Yield patterns in the stores of containers that are no state, each with its reason.

    Where a store's records cannot be read, its layers are looked at as any file.

    Args:
        podman: stores of podman, root's and those of others.
        docker: stores of Docker.
        targets: by the id of a container: where volumes and folders of the host are mounted in it.
    """
    for storage in podman:
        yield from ((f"{storage}/{name}", why) for name, why in OF_PODMAN.items())
        yield from _exempt(storage / "overlay", _written_by_podman(storage), targets)
    for storage in docker:
        yield from ((f"{storage}/{name}", why) for name, why in OF_DOCKER.items())
        yield from _exempt(storage / "overlay2", _written_by_docker(storage), targets)


def _exempt(
    layers: Path, written: Mapping[str, str] | None, targets: Targets
) -> Iterator[tuple[str, str]]:
    if written is None or not layers.is_dir():
        return
    for layer in sorted(layers.iterdir()):
        if layer.name == "l" or layer.name.startswith("."):
            continue
        if layer.name not in written:
            yield str(layer), OF_AN_IMAGE
            continue
        for name in PUT_THERE:
            yield f"{layer}/diff/{name}", OF_THE_RUNTIME
        for name in ("work", "link", "lower", "merged"):
            yield f"{layer}/{name}", OF_THE_RUNTIME
        for target in targets.get(written[layer.name], ()):
            if inside := target.strip("/"):
                yield f"{layer}/diff/{inside}", OF_A_MOUNT


def _written_by_podman(storage: Path) -> dict[str, str] | None:
    """Tell the layers of containers, each with its container; ``None`` when that is not known."""
    layers: dict[str, str] = {}
    for name in ("containers.json", "volatile-containers.json"):
        try:
            told: Any = json.loads(whole(str(storage / "overlay-containers" / name)))
            layers.update({str(one["layer"]): str(one["id"]) for one in told})
        except FileNotFoundError:
            continue
        except (OSError, ValueError, KeyError, TypeError):
            return None
    return layers if layers or (storage / "overlay-layers").is_dir() else None


def _written_by_docker(docker: Path) -> dict[str, str] | None:
    """Tell the layers of containers, each with its container; ``None`` when that is not known."""
    mounts = docker / "image" / "overlay2" / "layerdb" / "mounts"
    try:
        return {whole(str(one / "mount-id")).decode().strip(): one.name for one in mounts.iterdir()}
    except (OSError, ValueError):
        return None
