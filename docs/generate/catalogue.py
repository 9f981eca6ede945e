# Copyright: (c) The Probealarm contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""docs/catalogue.md: everything the profiles say, for people who will not read YAML."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from docs.generate.chapter import chapter
from docs.generate.markdown import prose, table
from docs.generate.stores import kinds
from docs.generate.values import section
from plugins.module_utils.declaration.catalogue import Catalogue
from plugins.module_utils.declaration.faults import DeclarationError, Reading
from plugins.module_utils.declaration.profile import Profile

HEAD = """\
# The catalogue

What Probealarm knows about each application: where its state is, what may be left out, and what
holds in every good copy. It is made from the files in `catalogue/` by `make docs`; change those,
not this.

Words in braces such as `{path}` are settings of the service, see the first table of each profile.
What stands here can be refined and added to in the declaration, see
[declaration.md](declaration.md). An application that is missing:
[adding-an-application.md](adding-an-application.md).
"""


def profiles(directory: Path) -> Iterator[Profile]:
    """Yield every profile, by name.

    Raises:
        DeclarationError: a profile has errors.
    """
    catalogue = Catalogue(directory)
    for name in catalogue.names():
        reading = Reading(str(directory / f"{name}.yml"))
        profile = catalogue.profile(name, reading)
        if profile is None or reading.faults:
            raise DeclarationError(reading.file, reading.faults)
        yield profile


def document(directory: Path) -> str:
    """Return the text of the document.

    Raises:
        DeclarationError: a profile has errors.
    """
    found = list(profiles(directory))
    lines = [HEAD, *table(("profile", "application", "stores", "checks"), map(_row, found))]
    for profile in found:
        lines += chapter(profile)
    return "\n".join(lines).rstrip() + "\n"


def _row(profile: Profile) -> tuple[str, ...]:
    checks = profile.sections.get("checks")
    return (
        f"[`{profile.name}`](#{profile.name})",
        prose(profile.title),
        ", ".join(kinds(section(profile.sections["stores"]))),
        str(len(section(checks))) if checks else "",
    )
