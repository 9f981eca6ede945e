# Copyright: (c) The Probealarm contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Start nothing after a backup that somebody had stopped before it.

Only what systemd can be asked about is known: a step ``systemctl stop UNIT`` and its counterpart
``systemctl start UNIT``. A maintenance page that a person put up is taken down by a step that takes
such pages down; a program that could tell whose page it is would have to know the application.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace

from ..contract import Quiesce, Step
from ..host import Host
from ..tools import systemd

STOPS, STARTS = frozenset({"stop"}), frozenset({"start", "restart"})


def without_what_stood(host: Host, quiesce: Quiesce) -> Quiesce:
    """Leave out of the steps that let a service go on what does not run now, before it is held."""
    stopped = [unit for step in quiesce.hold for unit in _units(step, STOPS)]
    standing = systemd.standing(host, stopped) if stopped else frozenset[str]()
    return replace(quiesce, resume=tuple(_without(quiesce.resume, standing)))


def _without(steps: Iterable[Step], standing: frozenset[str]) -> Iterator[Step]:
    for step in steps:
        units = _units(step, STARTS)
        if not standing.intersection(units):
            yield step
        elif not standing.issuperset(units):
            yield replace(step, run=tuple(word for word in step.run if word not in standing))


def _units(step: Step, verbs: frozenset[str]) -> tuple[str, ...]:
    """Name the units of a plain ``systemctl`` step of root; of any other, nothing is known."""
    program, *words = step.run
    plain = [word for word in words if not word.startswith("-")]
    is_of_root = not step.user and "--user" not in words
    if program.rpartition("/")[2] != "systemctl" or not is_of_root or plain[:1] == []:
        return ()
    return tuple(plain[1:]) if plain[0] in verbs else ()
