# Copyright: (c) The Probealarm contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""systemd on the host: transient units with limits, a private network, and a certain end."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from ..errors import Unproven
from ..host import Call, Host

STANDING = frozenset({"inactive", "failed", "deactivating"})
"""What ``systemctl is-active`` says of a unit that somebody stopped, or that ended."""


@dataclass(frozen=True)
class Unit:
    """A transient service.

    Attributes:
        properties: as ``systemd-run --property`` takes them (man systemd.exec, systemd.service).
    """

    name: str
    argv: Sequence[str]
    properties: Sequence[str]


def start(host: Host, unit: Unit) -> None:
    """Start a unit and come back once its program runs.

    Raises:
        Unproven: systemd did not start it.
    """
    done = host.run(
        Call(
            argv=[
                *("systemd-run", "--quiet", "--collect", f"--unit={unit.name}"),
                *(f"--property={entry}" for entry in unit.properties),
                *("--", *unit.argv),
            ]
        )
    )
    if done.status != 0:
        raise Unproven(f"the unit {unit.name} cannot be started: {done.last_words}")


def stop(host: Host, name: str) -> None:
    """Stop a unit; one that is gone already is fine."""
    host.run(Call(argv=["systemctl", "stop", name]))


def is_loaded(host: Host, name: str) -> bool:
    """Tell whether systemd still knows a unit as anything but gone."""
    done = host.run(Call(argv=["systemctl", "show", "--property=ActiveState", "--value", name]))
    return done.output.strip() not in {"inactive", ""}


def standing(host: Host, names: Sequence[str]) -> frozenset[str]:
    """Tell which of some units do not run and are not about to; patterns count as running."""
    plain = [name for name in names if not set(name) & set("*?[")]
    done = host.run(Call(argv=["systemctl", "is-active", "--", *plain]))
    states = done.output.split()
    if len(states) != len(plain):
        return frozenset()
    return frozenset(name for name, state in zip(plain, states, strict=True) if state in STANDING)
