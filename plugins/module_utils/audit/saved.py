# Copyright: (c) The Probealarm contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the newest snapshots hold: asked of the store, never concluded from the declaration.

The paths of each snapshot go to a file, one a line and in restic's order, and are read again beside
the walk, which comes in the same order: so neither needs memory for a million files, and no two
restics run at once.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TextIO

from ..contract import Contract
from ..errors import Broken, Trouble
from ..manifest import MANIFEST, Manifest
from ..tools.restic import Snapshot
from ..tools.restic_contents import Contents
from .walk import as_printed, is_printed_exactly

_AFTER_ALL = "\U0010ffff"


@dataclass(frozen=True)
class Held:
    """The newest snapshot of a service.

    Attributes:
        complaint: why its manifest could not be read; empty when it was.
        paths: the file with its paths.
        odd: of its paths, those whose names are not UTF-8 or hold a line end, as restic shows
            them, and how many it shows so; they are few, and stand outside the order.
    """

    snapshot: Snapshot
    manifest: Manifest | None
    complaint: str = ""
    paths: Path | None = None
    odd: Counter[str] = field(default_factory=Counter, repr=False)


def hold_newest(
    contents: Contents, contracts: tuple[Contract, ...], folder: Path
) -> dict[str, Held]:
    """Ask the store for the newest snapshot of each service; one without any is left out.

    Args:
        contents: the store.
        contracts: the services to ask about.
        folder: where the lists of paths may lie; it is there, and private.

    Raises:
        Unproven: the store cannot be read. Then nothing can be said of what it holds.
    """
    held: dict[str, Held] = {}
    for contract in contracts:
        snapshots = contents.snapshots(contract.name)
        if snapshots:
            held[contract.name] = _hold(contents, snapshots[-1], folder / f"{contract.name}.paths")
    return held


def _hold(contents: Contents, snapshot: Snapshot, file: Path) -> Held:
    odd: Counter[str] = Counter()
    with file.open("w", encoding="utf-8", errors="surrogatepass", buffering=1 << 20) as lines:
        write = lines.write

        def take(path: str) -> None:
            if "\n" in path or not is_printed_exactly(path):
                odd[path] += 1
            else:
                write(path + "\n")

        contents.each_path(snapshot, take)
    try:
        manifest, complaint = manifest_in(contents, snapshot), ""
    except Broken as broken:
        manifest, complaint = None, str(broken)
    return Held(snapshot, manifest, complaint, file, odd)


def manifest_in(contents: Contents, snapshot: Snapshot) -> Manifest:
    """Read the manifest out of a snapshot.

    Raises:
        Broken: it holds none, or one that cannot be read.
        Unproven: the store cannot be read.
    """
    for folder in snapshot.paths:
        if folder.rpartition("/")[2] == snapshot.service:
            try:
                text = contents.text_of(snapshot, f"{folder}/{MANIFEST}")
            except Trouble:
                continue
            return Manifest.parse(text)
    raise Broken(f"snapshot {snapshot.short} of {snapshot.service} holds no manifest")


class Paths:
    """The paths of one snapshot, asked about in the order of the walk."""

    def __init__(self, lines: TextIO, odd: Mapping[str, int]) -> None:
        self._lines = lines
        self._odd = Counter(odd)
        self._told = ""  # the odd path that was asked for last, and held
        self._head = ""
        self._head_key = ""
        self._was_asked = True  # whether the head was asked for, so that the next may follow it

    def hold(self, path: str) -> bool:
        """Tell whether the snapshot holds a path; the same or a later one than last time."""
        if path == self._head:
            self._was_asked = True
            return True
        if not is_printed_exactly(path) or "\n" in path:
            return self._hold_odd(path)
        if self._was_asked:
            self._go_on()
            if path == self._head:
                return True
        key = path.replace("/", "\0")
        self._was_asked = False
        while self._key() < key:
            self._go_on()
        self._was_asked = self._key() == key
        return self._was_asked

    def _hold_odd(self, path: str) -> bool:
        """Tell it of a name that restic shows as it shows others: each one held answers for one."""
        if path == self._told:
            return True
        printed = as_printed(path)
        if self._odd[printed] <= 0:
            return False
        self._odd[printed] -= 1
        self._told = path
        return True

    def _go_on(self) -> None:
        self._head = next(self._lines, _AFTER_ALL + "\n")[:-1]
        self._head_key = ""

    def _key(self) -> str:
        self._head_key = self._head_key or self._head.replace("/", "\0")
        return self._head_key


@contextmanager
def reading(held: Mapping[str, Held]) -> Iterator[dict[str, Paths]]:
    """Open the lists of paths beside the walk, and remove them afterwards."""
    with ExitStack() as stack:
        opened = {}
        for service, one in held.items():
            if one.paths is not None:
                file = one.paths
                stack.callback(file.unlink, missing_ok=True)
                lines = stack.enter_context(
                    file.open(encoding="utf-8", errors="surrogatepass", newline="\n")
                )
                opened[service] = Paths(lines, one.odd)
        yield opened
