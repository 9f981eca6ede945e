# Copyright: (c) The Probealarm contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What each kind of check looks at and how far it lets things go, in a few words."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from docs.generate.markdown import code, prose
from docs.generate.values import each, shown
from plugins.module_utils.declaration.rules import CHECK_KINDS

Keys = Mapping[str, Any]


def looks_at(keys: Keys) -> str:
    """Name the stores that are asked and the files that are looked at."""
    return ", ".join(_subjects(keys))


def _subjects(keys: Keys) -> Iterator[str]:
    for store in ("store", "other_store"):
        if store in keys and not (store == "other_store" and keys[store] == keys.get("store")):
            yield f"store {shown(keys[store], code)}"
    for pattern in each(keys.get("files", ())):
        yield shown(pattern, code)
    if "lines" in keys:
        yield shown(keys["lines"]["file"], code)
    for place in ("file", "below", "keys"):
        if place in keys and "files" not in keys:
            yield shown(keys[place], code)


def threshold(keys: Keys) -> str:
    """Say what is right, in the unit that is counted."""
    kind, unit = str(keys["kind"]), shown(keys.get("unit", ""), prose)
    if kind in ("number", "file_number"):
        return _bounds(keys, unit)
    if kind == "no_rows":
        most = _value(keys, "at_most")
        return f"no {unit}" if most == "0" else f"at most {most} {unit}"
    words = {
        "freshness": f"at most {_value(keys, 'at_most_behind')} older than the snapshot",
        "files_fresh": f"at most {_value(keys, 'at_most_behind')} older than the snapshot",
        "unchanged": f"{unit} as in the last proven snapshot",
        "never_falls": f"no fewer {unit} than in the last proven snapshot",
        "file_holds": "found in every such file",
        "file_lacks": "found in no such file",
        "dkim_keys": "every key",
    }
    return words.get(kind, f"all {unit}") + _tolerated(keys)


def _bounds(keys: Keys, unit: str) -> str:
    bounds = [
        f"{words} {_value(keys, key)}"
        for key, words in (("at_least", "at least"), ("at_most", "at most"))
        if key in keys
    ]
    return f"{' and '.join(bounds)} {unit}"


def _tolerated(keys: Keys) -> str:
    percent = _value(keys, "tolerance_percent")
    return "" if percent in ("", "0") else f", {percent} % may be wrong"


def _value(keys: Keys, name: str) -> str:
    """Return what is written, else what the schema says."""
    if name in keys:
        return shown(keys[name], str)
    key = CHECK_KINDS[str(keys["kind"])].keys.get(name)
    return "" if key is None or key.default is None else str(key.default)
