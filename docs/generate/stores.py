# Copyright: (c) The Probealarm contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Where an application keeps state: what is saved, what is left out, what must be there."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from docs.generate.markdown import bullets, code, prose, table
from docs.generate.values import ByEngine, each, entries, shown
from plugins.module_utils.declaration.stores import STORE_KINDS

Keys = Mapping[str, Any]

_WHERE = ("database", "path", "socket", "port", "prefix", "user")


def stores(section: Mapping[str, Any]) -> Iterator[str]:
    """Yield the lines about all stores."""
    for name, keys, engine in entries(section):
        only = f", with {engine} only" if engine else ""
        yield f"**{code(name)}**, {_kind(keys)}{only}"
        yield ""
        yield from bullets(_facts(keys))
        yield from table(
            ("left out", "why that loses nothing"),
            (
                (shown(entry["path"], code), shown(entry["reason"], prose))
                for entry in each(keys.get("regenerable", ()))
            ),
        )


def kinds(section: Mapping[str, Any]) -> list[str]:
    """Return the kinds of the stores in words, each once."""
    return list(dict.fromkeys(_kind(keys) for _, keys, _ in entries(section)))


def _kind(keys: Keys) -> str:
    kind = keys["kind"]
    if isinstance(kind, ByEngine):
        return " or ".join(str(one) for one in kind.values.values())
    return str(kind) if kind in STORE_KINDS else "mariadb or postgresql"


def _facts(keys: Keys) -> Iterator[str]:
    for key in _WHERE:
        if key in keys:
            yield f"{key}: {shown(keys[key], code)}"
    if "container" in keys:
        parts = (f"{name} {shown(value, code)}" for name, value in keys["container"].items())
        yield f"in a container: {', '.join(parts)}"
    for key, words in (
        ("paths", "saved"),
        ("irreplaceable", "irreplaceable"),
        ("required", "in every snapshot"),
    ):
        if key in keys:
            yield f"{words}: {', '.join(shown(item, code) for item in each(keys[key]))}"
    if "largest_loss_percent" in keys:
        percent = shown(keys["largest_loss_percent"], str)
        yield f"at most {percent} % may be gone since the last proven snapshot"
    if keys.get("for_reference") == "true":
        yield "for reference: a person looks things up in it, it is never written back as a whole"
