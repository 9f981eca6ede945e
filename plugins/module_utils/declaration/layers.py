# Copyright: (c) The Probealarm contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What one layer says over another: the profile, the declaration, host_vars.

**Lists are added, single values are replaced**, so that asking for more never loses what was asked
for already. Keys of a named entry (a store, a check) are laid over one another one by one.
"""

from __future__ import annotations

from . import nodes

NOUNS = {
    "stores": "store",
    "secrets": "secret",
    "checks": "check",
    "probes": "probe",
    "side_effects": "side effect",
    "exports": "export",
    "after_restore": "step after a restore",
}
"""Sections of named entries, and what an entry is called."""

NAMED_SECTIONS = frozenset(NOUNS)

NAMES = 2
"""Levels of keys in a section of named entries: the name, and the keys of its entry."""


def laid_over(lower: nodes.Node | None, upper: nodes.Node | None, levels: int) -> nodes.Node:
    """Lay one tree over another.

    ``levels`` is how many levels of keys are laid over one another; below them a mapping is one
    value, because half of a container's name and half of another's name no container.
    """
    if lower is None or upper is None:
        found = upper if lower is None else lower
        if found is None:
            raise ValueError("there is nothing to lay over nothing")
        return found
    if isinstance(lower, nodes.Sequence) and isinstance(upper, nodes.Sequence):
        return nodes.Sequence(upper.place, (*lower.items, *upper.items))
    if levels > 0 and isinstance(lower, nodes.Mapping) and isinstance(upper, nodes.Mapping):
        entries = dict(lower.entries)
        for name, entry in upper.entries.items():
            below = lower.entries[name].value if name in lower.entries else None
            entries[name] = nodes.Entry(entry.place, laid_over(below, entry.value, levels - 1))
        return nodes.Mapping(upper.place, entries)
    return upper


def levels_of(key: str) -> int:
    """Tell how many levels of keys a key of a service has: a section of names has two.

    To hold still is one thing: a service that needs other steps for it says all of them.
    """
    if key == "probes":
        return NAMES + 1  # what is expected is added to, not replaced
    if key in NAMED_SECTIONS:
        return NAMES
    return 0 if key == "quiesce" else 1


def service_laid_over(lower: nodes.Mapping, upper: nodes.Mapping) -> nodes.Mapping:
    """Lay what host_vars say of a service over what the declaration says."""
    entries = dict(lower.entries)
    for name, entry in upper.entries.items():
        below = lower.entries[name].value if name in lower.entries else None
        entries[name] = nodes.Entry(entry.place, laid_over(below, entry.value, levels_of(name)))
    return nodes.Mapping(lower.place, entries)
