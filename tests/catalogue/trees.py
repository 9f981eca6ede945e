"""The files of a service as a drill has them restored: below a folder of this machine."""

from __future__ import annotations

import os
import shutil
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from plugins.module_utils.drill.restored_files import RestoredFiles
from plugins.module_utils.errors import Trouble
from plugins.module_utils.file_listing import describe
from tests.catalogue.fixture import PlannedFile


@dataclass(frozen=True)
class Tree:
    """Files under the absolute paths of their own host; made anew for each state."""

    folder: Path

    def place_of(self, path: str) -> Path:
        """Where a path of the service lies on this machine."""
        return Path(f"{self.folder}{path}")

    def as_checks_see_it(self) -> RestoredFiles:
        """Show the tree as it is now in the way a drill does."""
        seen = {path: describe(path, below=str(self.folder)) for path in self.paths()}
        held = {path: entry for path, entry in seen.items() if entry is not None}
        return RestoredFiles(self.folder, held)

    def paths(self) -> list[str]:
        """Return every path of the tree, sorted."""
        prefix = len(str(self.folder))
        return sorted(str(path)[prefix:] for path in self.folder.rglob("*"))

    def fill(self, files: Mapping[str, PlannedFile]) -> None:
        """Put the tree into a state, whatever was in it."""
        shutil.rmtree(self.folder, ignore_errors=True)
        self.folder.mkdir(parents=True)
        self.change(files)

    def change(self, files: Mapping[str, PlannedFile | None]) -> None:
        """Write or remove some files.

        Raises:
            Trouble: something that does not exist is to be removed.
        """
        for path, planned in files.items():
            place = self.place_of(path)
            if planned is None:
                self._remove(path)
                continue
            (place if planned.content is None else place.parent).mkdir(parents=True, exist_ok=True)
            if planned.content is not None:
                place.write_bytes(planned.content)
        self._set_times(files)

    def _set_times(self, files: Mapping[str, PlannedFile | None]) -> None:
        for path, planned in files.items():
            if planned is not None:
                written = planned.mtime.timestamp()
                os.utime(self.place_of(path), (written, written))

    def _remove(self, path: str) -> None:
        place = self.place_of(path)
        if place.is_dir():
            shutil.rmtree(place)
        elif place.exists():
            place.unlink()
        else:
            raise Trouble(f"{path} is to be removed and is not in the fixture")
