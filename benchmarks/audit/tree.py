"""A tree of a million small files: 100 to a folder, names as applications give them."""

from __future__ import annotations

import os
from pathlib import Path

FILES_IN_A_FOLDER = 100
FOLDERS_IN_A_FOLDER = 100
CONTENT = b"what somebody wrote\n"


def grow(top: Path, files: int) -> None:
    """Make the files, unless they are there already from an earlier run.

    Args:
        top: the folder to fill.
        files: how many; whole folders only, so a hundredth of it is made of folders.
    """
    done = top / f"grown-{files}"
    if done.exists():
        return
    for number in range(files // FILES_IN_A_FOLDER):
        group, own = divmod(number, FOLDERS_IN_A_FOLDER)
        folder = top / f"group-{group:04d}" / f"folder-{own:03d}"
        folder.mkdir(parents=True, exist_ok=True)
        for name in range(FILES_IN_A_FOLDER):
            file = os.open(
                f"{folder}/attachment.{name:02d}-of-{number}.txt", os.O_CREAT | os.O_WRONLY
            )
            os.write(file, CONTENT)
            os.close(file)
    done.touch()
