# Copyright: (c) The Probealarm contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What podman and Docker keep beside volumes and layers, by its name in their store.

Sources: containers/storage and libpod (``GraphRoot``); Docker's manual, "Daemon data directory".
"""

from __future__ import annotations

from collections.abc import Mapping

CONTAINER_WORKINGS = (
    "The workings of containers while they run: locks, networks, sockets. Volumes, images and the "
    "containers' own files are looked at by themselves."
)
CONTAINER_RECORDS = (
    "What podman or Docker notes of its images and containers: written again when a unit or a "
    "compose file starts them. Those files are looked at."
)
CACHE = "A cache, by its definition: its program makes or fetches it again."
TEMPORARY = "For scratch files, which the container runtime clears by itself."
LOCKS = "A lock that says that a program is at work."

DRIVERS = ("btrfs", "overlay", "vfs", "zfs")

OF_PODMAN: Mapping[str, str] = {
    **{
        f"{driver}-{kind}": CONTAINER_RECORDS
        for driver in DRIVERS
        for kind in ("containers", "images", "layers")
    },
    "db.sql": CONTAINER_RECORDS,
    "db.sql-journal": CONTAINER_RECORDS,
    "db.sql-shm": CONTAINER_RECORDS,
    "db.sql-wal": CONTAINER_RECORDS,
    "defaultNetworkBackend": CONTAINER_WORKINGS,
    "libpod": CONTAINER_WORKINGS,
    "networks/netavark.lock": LOCKS,
    "overlay/.has-mount-program": CONTAINER_WORKINGS,
    "secrets/secrets.lock": LOCKS,
    "storage.lock": LOCKS,
    "tmp": CONTAINER_WORKINGS,
    "userns.lock": LOCKS,
}
"""Whole names: a pattern with ``*`` would go on into volumes."""

OF_DOCKER: Mapping[str, str] = {
    "buildkit": CACHE,
    "containers": CONTAINER_RECORDS,
    "engine-id": CONTAINER_RECORDS,
    "image": CONTAINER_RECORDS,
    "network": CONTAINER_WORKINGS,
    "runtimes": CONTAINER_WORKINGS,
    "tmp": TEMPORARY,
}
