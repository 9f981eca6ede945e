# Copyright: (c) The Probealarm contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The keys that a profile adds to a service: ``path``, ``database: {name: ...}`` and their like."""

from __future__ import annotations

from collections.abc import Iterator

from . import nodes
from .faults import Reading
from .profile import Profile
from .scalars import FAULTY
from .schema import Key, Record


def setting_keys(profile: Profile) -> dict[str, Key]:
    """A dot leads one level deeper: ``database.name`` is written ``database: {name: ...}``."""
    keys: dict[str, Key] = {}
    groups: dict[str, dict[str, Key]] = {}
    for setting in profile.settings.values():
        group, _, name = setting.name.rpartition(".")
        key = Key(setting.type.shape, f"{name}: {setting.help}", setting.default is None)
        (groups.setdefault(group, {}) if group else keys)[name] = key
    for group, members in groups.items():
        required = [name for name, key in members.items() if key.required]
        example = ", ".join(f"{name}: ..." for name in required)
        shape = Record(f"{group} of profile {profile.name}", members)
        keys[group] = Key(shape, f"{group}: {{{example}}}", bool(required))
    return keys


def written_settings(node: nodes.Mapping, profile: Profile) -> Iterator[tuple[str, nodes.Scalar]]:
    """Yield the sound settings; the others were objected to when the service's keys were read."""
    for setting in profile.settings.values():
        group, _, name = setting.name.rpartition(".")
        entries = node.entries
        if group:
            inner = entries[group].value if group in entries else None
            entries = inner.entries if isinstance(inner, nodes.Mapping) else {}
        value = entries[name].value if name in entries else None
        if not isinstance(value, nodes.Scalar):
            continue
        if setting.type.shape.read(value, (), Reading("")) is not FAULTY:
            yield setting.name, value
