# Copyright: (c) The Probealarm contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Every kind of check by its name, and the checks of a contract."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from .contents import FileHolds, FileLacks, FileNumber
from .counting import NeverFalls, NoRows, Number
from .evidence import Check
from .links import FilesHaveRows, LinesHaveFiles, RowsHaveFiles
from .mail import DkimKeys, Maildir
from .moments import FilesFresh, Freshness
from .reading import other_version, read
from .remembered import Unchanged
from .secrets import Secret
from .tables import RowsMatch, TablesExist

KINDS: Mapping[str, type[Check]] = {
    "number": Number,
    "no_rows": NoRows,
    "freshness": Freshness,
    "files_fresh": FilesFresh,
    "rows_have_files": RowsHaveFiles,
    "files_have_rows": FilesHaveRows,
    "lines_have_files": LinesHaveFiles,
    "tables_exist": TablesExist,
    "rows_match": RowsMatch,
    "unchanged": Unchanged,
    "never_falls": NeverFalls,
    "file_number": FileNumber,
    "file_holds": FileHolds,
    "file_lacks": FileLacks,
    "maildir": Maildir,
    "dkim_keys": DkimKeys,
}


def name_of_secret(name: str) -> str:
    """Return the name of the check that looks for a secret."""
    return f"secret {name}"


def checks_of(contract: Mapping[str, Any]) -> tuple[Check, ...]:
    """Make every check of a contract, and of every secret one named ``secret <name>``.

    Raises:
        Trouble: one is of an unknown kind, or its keys are not those of its kind.
    """
    return (*_checks(contract), *_secrets(contract))


def _checks(contract: Mapping[str, Any]) -> Iterator[Check]:
    engines = {store["name"]: store["kind"] for store in contract.get("stores", ())}
    for entry in contract.get("checks", ()):
        values = dict(entry)
        what = f"check {values.get('name', 'without a name')}"
        kind = KINDS.get(values.pop("kind", ""))
        if kind is None:
            raise other_version(what, f"the kind {entry.get('kind')} is unknown here")
        if kind is TablesExist:
            values["engine"] = engines.get(values.get("store"))
        yield read(kind, values, what)


def _secrets(contract: Mapping[str, Any]) -> Iterator[Check]:
    for entry in contract.get("secrets", ()):
        name = entry.get("name", "without a name")
        check = name_of_secret(name)
        yield read(Secret, {**entry, "name": check, "service": contract["name"]}, check)
