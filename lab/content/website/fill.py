"""Put the website's content where the role left an empty WordPress."""

from __future__ import annotations

import json
import shutil
import subprocess
import tempfile
from collections.abc import Mapping
from importlib.resources import files
from pathlib import Path

from ..errors import FillError
from ..plan import Plan
from ..settings import WebsitePlace
from . import articles

USER = "www-data"


def fill(plan: Plan, place: WebsitePlace) -> Mapping[str, int]:
    """Fill the website anew and return how many posts, images, comments and users it has.

    Raises:
        FillError: WordPress refused something, or holds another number of posts or images.
    """
    counted = write(plan, place, anew=True)
    wanted = {"posts": plan.sizes.posts, "images": plan.sizes.images}
    if any(counted[what] != count for what, count in wanted.items()):
        raise FillError(f"WordPress holds {counted} now, and it should be {wanted}.")
    return counted


def write(plan: Plan, place: WebsitePlace, *, anew: bool) -> Mapping[str, int]:
    """Add the plan's content, ``anew`` in place of what is there, and return what there is then.

    Raises:
        FillError: WordPress refused something.
    """
    with tempfile.TemporaryDirectory(prefix="website-") as name:
        folder = Path(name)
        pictures = articles.pictures(plan)
        for picture in pictures:
            (folder / picture.name).write_bytes(picture.png)
        program = folder / "website.php"
        program.write_bytes(files(__package__).joinpath("website.php").read_bytes())
        for path in (folder, *folder.iterdir()):
            shutil.chown(path, USER, USER)
        given = {
            "host": place.host,
            "wordpress": place.wordpress,
            "anew": anew,
            "writing": articles.writing(plan),
            "pictures": [
                {"name": each.name, "title": each.title, "post": each.post} for each in pictures
            ],
            "folder": name,
        }
        return _run(program, given)


def _run(program: Path, given: Mapping[str, object]) -> dict[str, int]:
    ended = subprocess.run(
        ["runuser", "-u", USER, "--", "php", str(program)],
        input=json.dumps(given), capture_output=True, text=True, check=False,
    )  # fmt: skip
    if ended.returncode:
        raise FillError(f"the website's program failed: {(ended.stderr + ended.stdout).strip()}")
    try:
        counted: dict[str, int] = json.loads(ended.stdout)
    except ValueError as error:
        raise FillError(f"the website's program said {ended.stdout[:500]!r}") from error
    return counted
