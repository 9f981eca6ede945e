# Copyright: (c) The Probealarm contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The part of the page that tells how the repositories stand."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from html import escape

from ..upkeep.standings import StoreStanding
from .stores import COLUMNS, UNSEEN, cells, concerned, said_of
from .words import printable

#: The colour of a state and its word.
BADGES = {
    "broken": ("broken", "needs somebody"),
    "late": ("unproven", "frozen"),
    "proven": ("proven", "in order"),
}


def stores_that_need_somebody(standings: Sequence[StoreStanding]) -> Iterator[str]:
    """Yield what is wrong, where something is."""
    bad = concerned(standings)
    if not bad:
        return
    yield "<section><h2>What the stores need</h2>"
    for standing in bad:
        yield f"<h3>{escape(printable(standing.name))} {_badge(standing)}</h3><ul>"
        yield from (f"<li>{escape(reason)}</li>" for reason in said_of(standing))
        yield "</ul>"
    yield "</section>"


def overview_of_stores(standings: Sequence[StoreStanding], now: datetime) -> Iterator[str]:
    """Yield the table; the roles repeat what it is, because on a phone its rows become blocks."""
    if not standings:
        return
    yield '<section><h2 id="stores">Every store</h2>'
    yield '<table role="table" aria-labelledby="stores"><thead role="rowgroup"><tr role="row">'
    yield from (f'<th role="columnheader" scope="col">{column}</th>' for column in COLUMNS)
    yield '</tr></thead><tbody role="rowgroup">'
    for standing in standings:
        name, *others = cells(standing, now=now)
        yield '<tr role="row">'
        yield f'<th role="rowheader" scope="row">{escape(name)} {_badge(standing)}</th>'
        yield from (
            f'<td role="cell" data-column="{column}">{escape(cell)}</td>'
            for column, cell in zip(COLUMNS[1:], others, strict=True)
        )
        yield "</tr>"
    yield f"</tbody></table><p><small>{UNSEEN}</small></p></section>"


def _badge(standing: StoreStanding) -> str:
    colour, word = BADGES[standing.state]
    return f'<strong class="verdict {colour}">{word}</strong>'
