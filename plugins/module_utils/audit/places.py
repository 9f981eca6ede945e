# Copyright: (c) The Probealarm contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Which mounted file systems an audit walks, which not, and why."""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from .facts import Place
from .mounts import IMAGES, KERNEL, OVERLAYS, Mount, may_hang, mounts_of
from .patience import Silence, answer

MOUNTS = Path("/proc/self/mountinfo")
PATIENCE_SECONDS = 15.0

MEMORY = ("/dev", "/proc", "/run", "/sys", "/tmp")  # noqa: S108 (nothing is opened there)
"""Where Debian keeps files in memory for as long as the machine runs."""

CONTAINER_STORES = ("/containers/storage/", "/var/lib/docker/", "/var/lib/containerd/")
"""Where podman, Docker and containerd keep containers as long as nobody tells them otherwise."""

SHARED_MEMORY = re.compile(r"-containers/[0-9a-f]{64}/userdata/shm|/[0-9a-f]{64}/mounts/shm")
"""Where podman and Docker keep a container's /dev/shm, wherever their stores are."""

Answer = Callable[[str], str]


def read_places(
    named: Collection[str] = (), is_exempt: Callable[[str], bool] = lambda _: False
) -> tuple[Place, ...]:
    """Look at this machine's mounts.

    Args:
        named: see :func:`judge_places`.
        is_exempt: see there.

    Raises:
        OSError: there is no /proc.
    """
    mounts = mounts_of(os.fsdecode(MOUNTS.read_bytes()))
    return judge_places(mounts, named, answers, is_exempt)


def judge_places(
    mounts: Sequence[Mount],
    named: Collection[str],
    answers: Answer,
    is_exempt: Callable[[str], bool] = lambda _: False,
) -> tuple[Place, ...]:
    """Decide which mounts are walked.

    What is mounted at several places is walked at one of them: at one that is looked at, and of
    those at one of which a snapshot or the declaration speaks, else at the one that shows most of
    it, else at the first.

    Args:
        mounts: as mountinfo has them.
        named: paths that snapshots and declarations speak of.
        answers: tells why a mount does not answer; empty when it does.
        is_exempt: whether a path is exempt, by itself or by a folder above it.
    """
    visible = [mount for mount in mounts if not _is_hidden(mount, mounts)]
    places = {mount.path: _judged(mount, answers) for mount in visible}
    closed = [place.path for place in places.values() if place.skipped]

    def is_overlooked(path: str) -> bool:
        """Tell whether nobody looks at a path: it is exempt, or lies in what is not walked."""
        if any(path != one and _is_below(path, [one]) for one in closed):
            return True
        return is_exempt(path) and not _is_below(path, named)

    for mount in _in_order_of_choice(visible, named, is_overlooked):
        if places[mount.path].skipped:
            continue
        for path, at in [*_shown_by(mount, visible, places)]:
            if is_overlooked(at) and not is_overlooked(path):
                continue
            shown = places.get(path) or Place(path, mount.source, mount.type, mount.root)
            same = f"the same files are walked as {mount.path}"
            places[path] = replace(shown, skipped=same, is_state=False)
    return tuple(places[path] for path in sorted(places))


def unreached(
    places: Iterable[Place],
    paths: Collection[str],
    is_folder: Callable[[str], bool] = os.path.isdir,
) -> tuple[Place, ...]:
    """Mark as skipped what should have been walked and lies in what is not.

    Args:
        places: of this machine.
        paths: of places, those that the walk did not meet.
        is_folder: asked of what cannot hang; a single file is the file of another place.
    """
    return tuple(
        replace(place, skipped="it lies in a folder that is not looked at")
        if place.path in paths
        and place.path != "/"
        and not place.skipped
        and (may_hang(place.type) or is_folder(place.path))
        else place
        for place in places
    )


def answers(path: str) -> str:
    """Ask a mount for its names, in a child; say why it does not answer."""
    try:
        reason = answer(lambda: os.listdir(path), seconds=PATIENCE_SECONDS)  # noqa: PTH208 (names may not be UTF-8)
    except Silence:
        return f"it did not answer within {PATIENCE_SECONDS:g} seconds"
    except OSError as error:
        return error.strerror or str(error)
    return f"it cannot be read ({reason})" if reason else ""


def _judged(mount: Mount, answers: Answer) -> Place:
    place = Place(mount.path, mount.source, mount.type, mount.root)
    if reason := _never_state(mount):
        return replace(place, skipped=reason, is_state=False)
    if may_hang(mount.type) and (silence := answers(mount.path)):
        return replace(place, skipped=silence)
    return place


def _never_state(mount: Mount) -> str:
    """Say why nothing on a mount can be state."""
    if mount.type in KERNEL:
        return "the kernel makes it out of nothing at every start"
    if mount.type in IMAGES:
        return "a read-only image: whoever made it has the original"
    in_store = any(store in mount.path for store in CONTAINER_STORES)
    is_of_a_container = in_store or SHARED_MEMORY.search(mount.path) is not None
    in_memory = _is_below(mount.path, MEMORY)
    if mount.type == "tmpfs" and (is_of_a_container or in_memory):
        return "it lies in memory and is empty after every start"
    if mount.type in OVERLAYS and (in_store or in_memory or _lies_beside_its_layer(mount)):
        return "how a running container sees its files, which are walked where they lie"
    return ""


def _lies_beside_its_layer(mount: Mount) -> bool:
    """Tell a container's view by its name: its layer is ``diff`` beside it (podman and Docker)."""
    folder, _, name = mount.path.rpartition("/")
    return name == "merged" and mount.upper == f"{folder}/diff"


def _is_hidden(mount: Mount, mounts: Iterable[Mount]) -> bool:
    """Tell whether a later mount at the same place, or above it, covers this one."""
    by_id = {one.id: one for one in mounts}
    above: Mount | None = mount
    seen: set[int] = set()
    while above and above.id not in seen:
        seen.add(above.id)
        for other in by_id.values():
            on_top = other.parent == above.id and other.path == above.path
            beside = other.parent == above.parent and other.id != above.id
            if other.id in seen:
                continue
            if on_top or (
                beside and above.path != other.path and _is_below(above.path, [other.path])
            ):
                return True
        above = by_id.get(above.parent)
    return False


def _in_order_of_choice(
    mounts: Iterable[Mount], named: Collection[str], is_overlooked: Callable[[str], bool]
) -> list[Mount]:
    def rank(mount: Mount) -> tuple[bool, bool, int]:
        is_named = mount.path != "/" and any(
            _is_below(path, [mount.path]) or _is_below(mount.path, [path]) for path in named
        )
        return is_overlooked(mount.path), not is_named, len(mount.root)

    return sorted(mounts, key=rank)


def _shown_by(
    chosen: Mount, mounts: Iterable[Mount], places: Mapping[str, Place]
) -> Iterator[tuple[str, str]]:
    """Name the other places where files of a walked mount can be seen, and where it shows them."""
    over = [*places]
    for other in mounts:
        if other is chosen or other.device != chosen.device:
            continue
        if _is_below(other.root, [chosen.root]):
            path = _joined(chosen.path, other.root[len(chosen.root.rstrip("/")) :])
            if not _is_covered(path, chosen.path, over):
                yield other.path, path
        elif _is_below(chosen.root, [other.root]):
            path = _joined(other.path, chosen.root[len(other.root.rstrip("/")) :])
            if not _is_covered(path, other.path, over):
                yield path, chosen.path


def _is_covered(path: str, mounted: str, over: Iterable[str]) -> bool:
    """Tell whether what a mount shows at a path is hidden by another, or skipped, there."""
    return any(
        one != mounted and _is_below(path, [one]) and _is_below(one, [mounted]) for one in over
    )


def _joined(folder: str, inside: str) -> str:
    return f"{folder.rstrip('/')}/{inside.strip('/')}".rstrip("/") or "/"


def _is_below(path: str, folders: Iterable[str]) -> bool:
    return any(path == folder or path.startswith(f"{folder.rstrip('/')}/") for folder in folders)
