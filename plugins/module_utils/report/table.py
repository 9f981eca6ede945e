# Copyright: (c) The Probealarm contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The report for a terminal: one row a service, and why a service is not proven."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from itertools import islice
from textwrap import wrap

from ..text import count, show_bytes
from ..upkeep.standings import StoreStanding
from . import stores
from .standing import Standing
from .words import UNKNOWN, duration, headline, objections, printable

WIDTH = 120
HEADINGS = (
    "service",
    "level",
    "verdict",
    "tables / rows",
    "files / bytes",
    "checks",
    "age (objective)",
    "restore (objective)",
)
_GAP = "  "
_SHORTEST_NAME = len(HEADINGS[0])
_REASONS_SHOWN = 10


def text_table(
    records: Iterable[Mapping[str, object]],
    repositories: Sequence[StoreStanding] = (),
    *,
    made_at: datetime | None = None,
) -> str:
    """Lay out the standings in at most 120 columns, without a line end at the end.

    ``made_at`` is from when the ages of ``repositories`` count.

    Raises:
        ValueError: a record is not what ``Standing.of`` takes.
    """
    standings = [Standing.of(record) for record in records]
    blocks = ["\n".join(_rows(standings))] if standings else []
    blocks += ["\n".join(_why(standing)) for standing in standings if standing.needs_somebody]
    if repositories and made_at:
        blocks.append("\n".join(stores.lines(repositories, now=made_at)))
        blocks += ["\n".join(_why_store(one)) for one in stores.concerned(repositories)]
    last = headline(standings) + stores.sentence(repositories)
    return "\n\n".join([*blocks, "\n".join(wrap(last, WIDTH))])


def _why_store(standing: StoreStanding) -> Iterator[str]:
    what = "needs somebody" if standing.faults else "keeps everything for now"
    yield from wrap(f"The store {printable(standing.name)} {what}:", WIDTH)
    for reason in stores.few(stores.said_of(standing)):
        yield from wrap(reason, WIDTH, initial_indent="  - ", subsequent_indent="    ")


def _rows(standings: Sequence[Standing]) -> Iterator[str]:
    rows = [_cells(standing) for standing in standings]
    widths = [max(len(cell) for cell in column) for column in zip(HEADINGS, *rows, strict=True)]
    others = sum(widths[1:]) + len(_GAP) * (len(widths) - 1)
    widths[0] = min(widths[0], max(_SHORTEST_NAME, WIDTH - others))
    yield _line(HEADINGS, widths)
    yield _line(["-" * width for width in widths], widths)
    for row in rows:
        yield _line(row, widths)


def _line(cells: Sequence[str], widths: Sequence[int]) -> str:
    name, *rest = cells
    if len(name) > widths[0]:
        name = name[: widths[0] - 3] + "..."
    padded = (cell.ljust(width) for cell, width in zip([name, *rest], widths, strict=True))
    return _GAP.join(padded).rstrip()


def _cells(standing: Standing) -> tuple[str, ...]:
    return (
        printable(standing.service),
        printable(standing.level or UNKNOWN),
        standing.verdict if standing.is_proven else standing.verdict.upper(),
        f"{_number(standing.tables_compared)} / {_number(standing.rows_compared)}",
        f"{_number(standing.files_compared)} / {_size(standing.bytes_compared)}",
        _number(standing.checks_judged),
        f"{duration(standing.age_seconds)} ({duration(standing.rpo_seconds)})",
        f"{duration(standing.restore_seconds)} ({duration(standing.rto_seconds)})",
    )


def _number(value: int | None) -> str:
    return UNKNOWN if value is None else count(value)


def _size(value: int | None) -> str:
    return UNKNOWN if value is None else show_bytes(value)


def _why(standing: Standing) -> Iterator[str]:
    but = ", but misses an objective" if standing.is_proven else ""
    yield from wrap(f"{printable(standing.service)} is {standing.verdict}{but}:", WIDTH)
    reasons = list(objections(standing))
    for reason in islice(reasons, _REASONS_SHOWN):
        yield from wrap(reason, WIDTH, initial_indent="  - ", subsequent_indent="    ")
    if len(reasons) > _REASONS_SHOWN:
        left = count(len(reasons) - _REASONS_SHOWN, "further reason")
        yield f"  - and {left}, which the page and the ledger list."
