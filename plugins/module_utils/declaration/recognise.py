# Copyright: (c) The Probealarm contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The key ``recognise`` of a profile: how the application is known on a server nobody declared.

Tables and required files tell most of it, and a profile says these anyway. Here stands what they
leave open: what its directory looks like, and where its configuration names the database.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from .scalars import Text
from .schema import Key, ListOf, MapOf, Record
from .vocabulary import EXPRESSION

FOUND = "found"
"""The placeholder that stands for the directory that was found."""

_PLACEHOLDER = re.compile(r"\{([A-Za-z][A-Za-z0-9_.-]*)\}")


def _expression_objection(expression: str) -> str:
    objection = EXPRESSION.objection(expression)
    if objection:
        return objection
    groups = re.compile(expression, re.MULTILINE).groups
    return "" if groups == 1 else f"has {groups} groups; one in ( ) holds what is read"


def _relative_objection(path: str) -> str:
    if {"", ".", ".."} & set(path.split("/")):
        return "is not written plainly; write it without /./, /../ and / at either end"
    return ""


_RELATIVE = Text(
    "a path below the directory that is looked for, without / at its start",
    re.compile(r"[^\x00-\x1f\x7f\\{}$*?\[/][^\x00-\x1f\x7f\\{}$*?\[]{0,999}"),
    _relative_objection,
)
_WITH_PLACEHOLDERS = Text(
    "a path that starts with / or a placeholder, such as {found}/config.php",
    re.compile(r"(/|\{[a-z][a-z0-9_.]*\})[^\x00-\x1f\x7f\\$*?\[]{0,999}"),
)
_SETTING = Text("the name of a setting", re.compile(r"[a-z][a-z0-9_]*(\.[a-z][a-z0-9_]*)?"))
_READ = Text(EXPRESSION.meaning, EXPRESSION.pattern, _expression_objection)

RECOGNISE = Record(
    "what it is recognised by",
    {
        "trees": Key(
            ListOf(
                Record(
                    "a tree",
                    {
                        "files": Key(
                            ListOf(_RELATIVE, at_least=1),
                            "files: what lies in its directory, the surest sign first",
                            required=True,
                        ),
                        "settings": Key(
                            MapOf("a mapping of settings", _SETTING, _WITH_PLACEHOLDERS),
                            "what the settings are then; {found} is the directory",
                            default={},
                        ),
                    },
                )
            ),
            "the forms in which its directory is met",
            default=(),
        ),
        "read": Key(
            MapOf(
                "a mapping of settings",
                _SETTING,
                Record(
                    "what is read",
                    {
                        "file": Key(_WITH_PLACEHOLDERS, "file: where it stands", required=True),
                        "pattern": Key(_READ, "pattern: its group is the value", required=True),
                    },
                ),
            ),
            "which settings stand in the application's own configuration",
            default={},
        ),
    },
)


@dataclass(frozen=True)
class Tree:
    """One form of an application's directory.

    Attributes:
        files: relative paths, the surest sign first; without it the others are not looked for.
        settings: templates by the names of settings.
    """

    files: tuple[str, ...]
    settings: Mapping[str, str]


@dataclass(frozen=True)
class Reads:
    """Where a setting's value stands: a template of a path, and a pattern with one group."""

    setting: str
    file: str
    pattern: str


@dataclass(frozen=True)
class Recognition:
    """What a profile says under ``recognise``."""

    trees: tuple[Tree, ...] = ()
    reads: tuple[Reads, ...] = ()

    @classmethod
    def of(cls, values: Mapping[str, Any]) -> Recognition:
        """Take over what :data:`RECOGNISE` has read."""
        return cls(
            trees=tuple(Tree(tuple(tree["files"]), tree["settings"]) for tree in values["trees"]),
            reads=tuple(
                Reads(setting, each["file"], each["pattern"])
                for setting, each in values["read"].items()
            ),
        )

    def problems(self, settings: Collection[str]) -> Iterator[tuple[tuple[str, ...], str, str]]:
        """Yield keys, what is wrong and the name seen, for settings that the profile has not."""
        for number, tree in enumerate(self.trees, start=1):
            for name, template in tree.settings.items():
                keys = ("trees", str(number), "settings", name)
                yield from _strangers(keys, (name, *_names(template)), {*settings, FOUND})
        for each in self.reads:
            names = (each.setting, *_names(each.file))
            yield from _strangers(("read", each.setting), names, settings)


def _names(template: str) -> list[str]:
    return _PLACEHOLDER.findall(template)


def _strangers(
    keys: tuple[str, ...], names: Collection[str], known: Collection[str]
) -> Iterator[tuple[tuple[str, ...], str, str]]:
    for name in names:
        if name not in known:
            yield keys, "names no setting of this profile", name
