# Copyright: (c) The Probealarm contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The nearest valid name to one that does not exist: most unknown names are typing errors."""

from __future__ import annotations

import difflib
from collections.abc import Collection


def nearest(name: str, valid: Collection[str]) -> str:
    """Return the valid name that was probably meant, or an empty string.

    Hyphens, underscores and case are compared as equal. A dotted name is also found by its last
    part, so that ``rpo`` one level too high leads to ``objectives.rpo``.
    """
    plain: dict[str, str] = {}
    for candidate in sorted(valid, key=lambda known: known.count("."), reverse=True):
        plain[_plain(candidate.rpartition(".")[2])] = candidate
    for candidate in valid:
        plain[_plain(candidate)] = candidate
    matches = difflib.get_close_matches(_plain(name), plain, n=1, cutoff=0.6)
    return plain[matches[0]] if matches else ""


def nearest_hint(name: str, valid: Collection[str], what: str = "key") -> str:
    """Return half a sentence that leads from a wrong name to the right one."""
    if not valid:
        return f"no {what} is known here"
    found = nearest(name, valid)
    if found:
        return f"the nearest valid {what} is {found}"
    names = [known for known in valid if "." not in known] or list(valid)
    shown = ", ".join(sorted(names)[:20])
    return f"valid: {shown}" + (", ..." if len(names) > 20 else "")


def _plain(name: str) -> str:
    return name.lower().replace("-", "_")
