# Copyright: (c) The Probealarm contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""How sure a recognition is, and the table that a person sees."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from textwrap import wrap
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from .draft import Proposal

WIDTH = 120
HEADINGS = ("service", "profile", "how sure", "questions", "why")
SURE, LIKELY = 0.9, 0.7
_GAP = "  "


def how_sure(score: float) -> str:
    """Say it in a word, with the number."""
    if not score:
        return "not recognised"
    word = "sure" if score >= SURE else "likely" if score >= LIKELY else "perhaps"
    return f"{word}, {score:.2f}"


def table(proposals: Sequence[Proposal]) -> list[str]:
    """Lay out the services, one after the other, in at most 120 columns."""
    rows = [HEADINGS, *(_cells(proposal) for proposal in proposals)]
    widths = [max(len(row[column]) for row in rows) for column in range(len(HEADINGS) - 1)]
    left = sum(widths) + len(_GAP) * len(widths)
    lines: list[str] = []
    for row in rows:
        cells = [cell.ljust(width) for cell, width in zip(row, widths, strict=False)]
        first, *further = list(_why(row[-1], max(WIDTH - left, 30))) or [""]
        lines.append(_GAP.join([*cells, first]).rstrip())
        lines += [" " * left + line for line in further]
    return lines


def _why(text: str, width: int) -> Iterator[str]:
    for reason in text.split("\n"):
        yield from wrap(reason, width, break_on_hyphens=False)


def _cells(proposal: Proposal) -> tuple[str, ...]:
    candidate = proposal.candidate
    questions = len(candidate.questions) + len(proposal.refused)
    sure = "refused" if proposal.refused else how_sure(candidate.score)
    return (
        proposal.name,
        candidate.profile,
        sure,
        str(questions) if questions else "-",
        "\n".join((*candidate.reasons, *proposal.refused)),
    )
