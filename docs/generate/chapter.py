# Copyright: (c) The Probealarm contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""One profile as a chapter of docs/catalogue.md."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from docs.generate import running, stores
from docs.generate.checks import looks_at, threshold
from docs.generate.markdown import bullets, code, codes, prose, table
from docs.generate.values import each, entries, plain, section, shown
from plugins.module_utils.declaration.profile import Profile

Sections = Mapping[str, Any]


def chapter(profile: Profile) -> Iterator[str]:
    """Yield the lines about a profile."""
    sections: Sections = {name: section(node) for name, node in profile.sections.items()}
    yield f"## `{profile.name}`"
    yield ""
    yield f"{prose(profile.title)}."
    yield ""
    yield from _under("What a service says", _settings(profile))
    yield from _under("Stores", stores.stores(sections["stores"]))
    yield from _under("Recognised by", bullets(_recognised(profile)))
    yield from _under("Traps", bullets(f"{prose(text)}" for text in profile.traps.values()))
    yield from _under("Secrets", _secrets(sections))
    yield from _under("Checks", _checks(sections))
    yield from _under("Held still while it is saved", _quiesce(sections))
    yield from _under("Probes", running.probes(sections.get("probes", {})))
    yield from _under("Side effects", running.side_effects(sections.get("side_effects", {})))
    yield from _under("Exports", _exports(sections))
    steps = sections.get("after_restore", {})
    yield from _under("After a restore", running.after_restore(steps))
    yield from _under("Rhythm", bullets(_rhythm(sections)))
    yield from _under("Sources", bullets(prose(text) for text in profile.sources))


def _under(head: str, lines: Iterator[str]) -> Iterator[str]:
    """Yield lines below a head, and no head where there are none."""
    first = next(lines, None)
    if first is not None:
        yield from (f"### {head}", "", first)
        yield from lines


def _settings(profile: Profile) -> Iterator[str]:
    yield from table(
        ("setting", "default", "what it is"),
        (
            (
                code(setting.name),
                "**required**" if setting.default is None else shown(plain(setting.default), code),
                prose(setting.help),
            )
            for setting in profile.settings.values()
        ),
    )


def _recognised(profile: Profile) -> Iterator[str]:
    """Say what the profile adds to its tables and required files."""
    for tree in profile.recognition.trees:
        yield f"a directory with {codes(tree.files)}"
    for read in profile.recognition.reads:
        yield f"{code(read.setting)}, which is read in {code(read.file)}"


def _secrets(sections: Sections) -> Iterator[str]:
    yield from table(
        ("secret", "what it is", "where", "lost without it"),
        (
            (
                code(name),
                shown(keys["title"], prose),
                shown(keys["file"], code) if "file" in keys else f"store {code(keys['store'])}",
                shown(keys["lost_without"], prose),
            )
            for name, keys, _ in entries(sections.get("secrets", {}))
        ),
    )


def _checks(sections: Sections) -> Iterator[str]:
    rows = []
    for name, keys, engine in entries(sections.get("checks", {})):
        title = shown(keys["title"], prose) + (f" (with {engine})" if engine else "")
        kind = shown(keys["kind"], code)
        rows.append((code(name), title, kind, looks_at(keys), threshold(keys)))
    yield from table(("check", "holds when all is well", "kind", "looks at", "threshold"), rows)


def _quiesce(sections: Sections) -> Iterator[str]:
    if "quiesce" in sections:
        yield from running.quiesce(sections["quiesce"])


def _exports(sections: Sections) -> Iterator[str]:
    for name, keys, engine in entries(sections.get("exports", {})):
        only = f" With {engine} only." if engine else ""
        person = f", a person is known by {shown(keys['person'], code)}" if "person" in keys else ""
        key = codes(shown(column, str) for column in each(keys["key"]))
        yield f"**{code(name)}**: {shown(keys['holds'], prose)}.{only} Key {key}{person}."
        yield ""
        yield from table(
            ("column", "meaning"),
            ((code(column), shown(text, prose)) for column, text in keys["columns"].items()),
        )


def _rhythm(sections: Sections) -> Iterator[str]:
    for level, duration in sections.get("rhythm", {}).items():
        yield f"{level} every {shown(duration, str)}"
