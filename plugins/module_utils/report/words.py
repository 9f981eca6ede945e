# Copyright: (c) The Probealarm contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the report says in words; the table and the page only lay it out.

The first sentence is for the person who pays for the server, the reasons are for the one who
has to act on them.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from ..text import show_duration
from .standing import Standing

#: What is shown where nothing was measured.
UNKNOWN = "-"

VERDICT_MEANINGS = {
    "proven": "the backup was really restored, and all of it agreed with what the server held",
    "unproven": "the restore could not be tried; until it is, count on having no backup",
    "broken": "the backup was restored and found wanting; it would not bring the service back",
}

#: The ladder of the design: what reaching a level proves.
LEVEL_MEANINGS = {
    "L0": "nothing stateful on the server is unclaimed",
    "L1": "the store of snapshots is whole",
    "L2": "restored files equal what the server held, byte for byte",
    "L3": "the databases load into a matching server without an error",
    "L4": "rows, digests and rules across databases and files hold",
    "L5": "the application itself starts on the copy and answers",
    "L6": "the second server serves it, and hands it back",
}


def headline(standings: Sequence[Standing]) -> str:
    """Say in a few short sentences whether somebody can sleep tonight."""
    if not standings:
        return "No service is declared, so nothing is protected."
    late = [standing.service for standing in standings if standing.is_late]
    if all(standing.is_proven for standing in standings):
        return _all_proven(len(standings), late)
    sentences = [_counted(standings)] if len(standings) > 1 else []
    for verdict in ("broken", "unproven"):
        if names := [standing.service for standing in standings if standing.verdict == verdict]:
            sentences.append(f"{listed(names)} {_verb(names, 'is', 'are')} {verdict}.")
    if late:
        sentences.append(f"{listed(late)} {_verb(late, 'misses', 'miss')} an objective.")
    return " ".join(sentences)


def _counted(standings: Sequence[Standing]) -> str:
    proven = sum(standing.is_proven for standing in standings)
    return f"{proven} of {len(standings)} services {'is' if proven == 1 else 'are'} proven."


def _all_proven(total: int, late: Sequence[str]) -> str:
    subject = "The only service is" if total == 1 else f"All {total} services are"
    if late:
        return f"{subject} proven, but {listed(late)} {_verb(late, 'misses', 'miss')} an objective."
    return f"{subject} proven and within the objectives."


def objections(standing: Standing) -> Iterator[str]:
    """Yield every reason why this service needs somebody, one sentence each.

    They stand as they were recorded, without a full stop put behind them: some end with a command
    to copy, and some begin with the name of a table.
    """
    if not standing.is_proven and not standing.reasons:
        yield f"the drill recorded no reason for {standing.verdict}; run it again by hand"
    for reason in standing.reasons:
        yield printable(reason).strip()
    if standing.is_proven:
        yield from _missed_objectives(standing)


def _missed_objectives(standing: Standing) -> Iterator[str]:
    if standing.is_too_old:
        age, allowed = duration(standing.age_seconds), duration(standing.rpo_seconds)
        yield f"the snapshot is {age} old, the objective is {allowed}"
    if standing.is_too_slow:
        took, allowed = duration(standing.restore_seconds), duration(standing.rto_seconds)
        yield f"restoring took {took}, the objective is {allowed}"


def printable(text: str) -> str:
    """Return the text with everything escaped that a terminal would obey or a file not take.

    Names of files come from backups: they may hold terminal sequences, or bytes that were no
    UTF-8 (which Python keeps as lone surrogates and no page can be written with).
    """
    return "".join(
        character if character.isprintable() else character.encode("unicode_escape").decode()
        for character in text
    )


def duration(seconds: float | None) -> str:
    """Write seconds, or say that nobody measured them."""
    return UNKNOWN if seconds is None else show_duration(seconds)


def listed(names: Sequence[str]) -> str:
    """Write names as people do, with an "and" before the last one."""
    shown = [printable(name) for name in names]
    return shown[0] if len(shown) == 1 else f"{', '.join(shown[:-1])} and {shown[-1]}"


def _verb(names: Sequence[str], singular: str, plural: str) -> str:
    return singular if len(names) == 1 else plural
