# Copyright: (c) The Probealarm contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A plan for a terminal: what goes, what stays, and why."""

from __future__ import annotations

from textwrap import wrap

from ..text import count, show_bytes
from .judgement import Plan
from .past import Past

WIDTH = 120
HEADINGS = ("snapshot", "taken (UTC)", "size", "last drill", "", "why")


def plan_table(service: str, plan: Plan, past: Past) -> str:
    """Lay out a plan, newest snapshot first, without a line end at the end."""
    rows = [HEADINGS]
    for fate in plan.fates:
        drilled = past.drills.get(fate.snapshot.short)
        rows.append(
            (
                fate.snapshot.short,
                f"{fate.snapshot.taken_at:%Y-%m-%d %H:%M}",
                show_bytes(fate.snapshot.bytes),
                drilled.verdict if drilled else "-",
                "stays" if fate.stays else "GOES",
                fate.why,
            )
        )
    widths = [max(len(cell) for cell in column) for column in zip(*rows, strict=True)]
    lines = [
        "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip()
        for row in rows
    ]
    going, staying = len(plan.going), len(plan.staying)
    lines += ["", f"{service}: {count(going, 'snapshot')} would go, {count(staying)} stay."]
    for reason in plan.frozen:
        lines += wrap(f"Frozen: {reason}.", WIDTH)
    return "\n".join(lines)
