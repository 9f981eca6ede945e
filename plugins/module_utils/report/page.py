# Copyright: (c) The Probealarm contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The report as one HTML page that needs nothing beside itself: no script, no font, no picture.

It opens from a mail, on a phone and on paper. Whoever stops after the first sentence knows
whether the services could be brought back; whoever reads on finds out why not.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from html import escape

from ..text import count, show_bytes
from ..upkeep.standings import StoreStanding
from . import stores
from .page_stores import overview_of_stores, stores_that_need_somebody
from .page_style import STYLE
from .standing import VERDICTS, Standing, Step
from .words import (
    LEVEL_MEANINGS,
    UNKNOWN,
    VERDICT_MEANINGS,
    duration,
    headline,
    objections,
    printable,
)

COLUMNS = ("Service", "Verdict", "Level", "Compared", "Age of the snapshot", "Time to restore")


def html_page(
    records: Iterable[Mapping[str, object]],
    repositories: Sequence[StoreStanding] = (),
    *,
    made_at: datetime,
) -> str:
    """Return the whole page; ``made_at`` is when the report was asked for, with its zone.

    Raises:
        ValueError: a record is not what ``Standing.of`` takes.
    """
    standings = [Standing.of(record) for record in records]
    first = headline(standings) + stores.sentence(repositories)
    return "\n".join(
        [
            "<!DOCTYPE html>",
            '<html lang="en">',
            "<head>",
            '<meta charset="utf-8">',
            '<meta name="viewport" content="width=device-width, initial-scale=1">',
            '<meta name="color-scheme" content="light dark">',
            f"<title>Probealarm: {_shown(first)}</title>",
            f"<style>{STYLE}</style>",
            "</head>",
            "<body>",
            *_opening(_colour(standings, repositories), first, made_at),
            "<main>",
            *_needs_somebody(standings),
            *stores_that_need_somebody(repositories),
            *_overview(standings),
            *overview_of_stores(repositories, made_at),
            *_drills(standings),
            *_words(standings),
            "</main>",
            "</body>",
            "</html>",
            "",
        ]
    )


def _colour(standings: Sequence[Standing], repositories: Sequence[StoreStanding]) -> str:
    """The colour of the page is that of what is worst on it."""
    worst = max((standing.verdict for standing in standings), key=VERDICTS.index, default="broken")
    if any(one.state == "broken" for one in repositories):
        return "broken"
    late = any(one.is_late for one in standings) or any(one.frozen for one in repositories)
    return "late" if late and worst == "proven" else worst


def _opening(colour: str, first: str, made_at: datetime) -> Iterator[str]:
    yield f'<header class="{colour}">'
    yield "<p>Probealarm: backups, restored in practice</p>"
    yield f"<h1>{_shown(first)}</h1>"
    yield f"<p>Report of {_time(made_at)}.</p>"
    yield "</header>"


def _needs_somebody(standings: Sequence[Standing]) -> Iterator[str]:
    concerned = [standing for standing in standings if standing.needs_somebody]
    if not concerned:
        return
    yield "<section><h2>What needs somebody</h2>"
    for standing in concerned:
        yield f"<h3>{_shown(standing.service)} {_badge(standing)}</h3><ul>"
        yield from (f"<li>{_shown(reason)}</li>" for reason in objections(standing))
        yield "</ul>"
    yield "</section>"


def _overview(standings: Sequence[Standing]) -> Iterator[str]:
    """Yield the table; the roles repeat what it is, because on a phone its rows become blocks."""
    if not standings:
        return
    yield '<section><h2 id="services">Every service</h2>'
    yield '<table role="table" aria-labelledby="services"><thead role="rowgroup"><tr role="row">'
    yield from (f'<th role="columnheader" scope="col">{column}</th>' for column in COLUMNS)
    yield '</tr></thead><tbody role="rowgroup">'
    for standing in standings:
        yield '<tr role="row">'
        yield f'<th role="rowheader" scope="row">{_shown(standing.service)}</th>'
        yield from (
            f'<td role="cell" data-column="{column}">{cell}</td>'
            for column, cell in zip(COLUMNS[1:], _cells(standing), strict=True)
        )
        yield "</tr>"
    yield "</tbody></table></section>"


def _cells(standing: Standing) -> tuple[str, ...]:
    return (
        _badge(standing),
        _shown(standing.level or UNKNOWN),
        f"{_compared_rows(standing)}<br>{_compared_files(standing)}{_judged(standing)}",
        _against(standing.age_seconds, standing.rpo_seconds, standing.is_too_old, "too old"),
        _against(standing.restore_seconds, standing.rto_seconds, standing.is_too_slow, "too slow"),
    )


def _badge(standing: Standing) -> str:
    return f'<strong class="verdict {standing.verdict}">{standing.verdict}</strong>'


def _compared_rows(standing: Standing) -> str:
    if standing.tables_compared is None or standing.rows_compared is None:
        return "no tables"
    return f"{count(standing.tables_compared, 'table')}, {count(standing.rows_compared, 'row')}"


def _compared_files(standing: Standing) -> str:
    if standing.files_compared is None or standing.bytes_compared is None:
        return "no files"
    return f"{count(standing.files_compared, 'file')}, {show_bytes(standing.bytes_compared)}"


def _judged(standing: Standing) -> str:
    return f"<br>{count(standing.checks_judged, 'check')}" if standing.checks_judged else ""


def _against(measured: float | None, objective: float | None, missed: bool, fault: str) -> str:
    value = duration(measured) if measured is not None else "not measured"
    goal = f"objective {duration(objective)}" if objective is not None else "no objective set"
    verdict = f' <strong class="fault">{fault}</strong>' if missed else ""
    return f"{value}{verdict}<br><small>{goal}</small>"


def _drills(standings: Sequence[Standing]) -> Iterator[str]:
    drilled = [standing for standing in standings if standing.steps or standing.notes]
    if not drilled:
        return
    yield "<section><h2>The drills, step by step</h2>"
    for standing in drilled:
        yield f"<article><h3>{_shown(standing.service)}</h3>"
        yield f"<p>{_origin(standing)}</p>"
        yield from _steps(standing.steps)
        yield from (f'<p class="note">{_shown(note)}</p>' for note in standing.notes)
        yield "</article>"
    yield "</section>"


def _origin(standing: Standing) -> str:
    snapshot = f"<code>{_shown(standing.snapshot)}</code>" if standing.snapshot else "unknown"
    taken = f", taken {_time(standing.taken_at)}" if standing.taken_at else ""
    drilled = f", drilled {_time(standing.drilled_at)}" if standing.drilled_at else ""
    return f"Snapshot {snapshot}{taken}{drilled}."


def _steps(steps: Sequence[Step]) -> Iterator[str]:
    """Yield one bar a step, as long as its share of the slowest one."""
    if not steps:
        return
    slowest = max(step.seconds for step in steps) or 1
    yield '<ol class="steps">'
    for step in steps:
        share = max(0.0, 100 * step.seconds / slowest)
        yield (
            f"<li><span>{_shown(step.name)}</span> <span>{duration(step.seconds)}</span>"
            f'<i style="width:{share:.1f}%"></i></li>'
        )
    yield "</ol>"


def _words(standings: Sequence[Standing]) -> Iterator[str]:
    yield "<section><h2>How to read this</h2><dl>"
    yield from (f"<dt>{word}</dt><dd>{meaning}</dd>" for word, meaning in VERDICT_MEANINGS.items())
    reached = sorted({standing.level for standing in standings if standing.level})
    for level in reached:
        meaning = LEVEL_MEANINGS.get(level, "a level this report does not know")
        yield f"<dt>{_shown(level)}</dt><dd>{meaning}</dd>"
    yield "</dl></section>"


def _time(moment: datetime) -> str:
    shown = moment.strftime("%d %B %Y, %H:%M %Z").lstrip("0")
    return f'<time datetime="{escape(moment.isoformat())}">{escape(shown)}</time>'


def _shown(text: str) -> str:
    return escape(printable(text))
