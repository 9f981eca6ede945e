# Copyright: (c) The Probealarm contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""An audit for a terminal: what nobody claims first, each with the lines that answer it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from textwrap import wrap

from ..audit.finding import Finding
from ..audit.result import Result
from ..file_listing import shown
from ..text import count, show_bytes, show_duration

WIDTH = 120
MOST_SHOWN = 40


def audit_table(result: Result, *, now: datetime, everything: bool = False) -> str:
    """Write the outcome, without a line end at the end.

    Args:
        result: of the audit.
        now: ages are shown from here.
        everything: show also what is saved and what is exempt.
    """
    blocks = ["\n".join(wrap(headline(result), WIDTH))]
    unclaimed = result.unclaimed
    shown_ones = unclaimed if everything else unclaimed[:MOST_SHOWN]
    blocks += ["\n".join(_unclaimed(one, now)) for one in shown_ones]
    if len(unclaimed) > len(shown_ones):
        left = count(len(unclaimed) - len(shown_ones), "smaller thing")
        blocks.append(f"And {left} more: -e audit_show=all shows all of them.")
    if result.alarms:
        said = [
            line for one in result.alarms for line in _item(shown(f"{one.kind}: {one.sentence}"))
        ]
        blocks.append("\n".join(["What else needs a look:", *said]))
    blocks.append(_rest(result, now, everything=everything))
    return "\n\n".join(blocks)


def headline(result: Result) -> str:
    """Say the outcome in one sentence."""
    counts = result.counts()
    if not result.unclaimed and not result.alarms:
        return (
            f"{result.host}: nothing is unclaimed. {count(counts['saved'], 'place')} saved, "
            f"{counts['exempt']} exempt, of {count(result.entries, 'name')}."
        )
    size = sum(one.bytes for one in result.unclaimed)
    unclaimed = (
        f"{count(counts['unclaimed'], 'thing')} ({show_bytes(size)}) would be lost with it: nobody "
        "claims them"
        if result.unclaimed
        else "nothing is unclaimed"
    )
    alarms = f"; {count(counts['alarms'], 'alarm')}" if result.alarms else ""
    return f"{result.host}: {unclaimed}{alarms}."


def _unclaimed(finding: Finding, now: datetime) -> Iterator[str]:
    changed = f", changed {_ago(finding.changed, now)}" if finding.changed else ""
    new = "NEW, " if finding.is_new else ""
    by = f", written by {finding.writer}" if finding.writer else ""
    first = shown(
        f"UNCLAIMED {finding.kind} {finding.subject} "
        f"({new}{show_bytes(finding.bytes)}{changed}{by})"
    )
    yield from wrap(first, WIDTH, subsequent_indent="    ", break_long_words=False)
    if finding.detail:
        yield from wrap(
            shown(finding.detail), WIDTH, initial_indent="    ", subsequent_indent="    "
        )
    for line in finding.hint.rstrip("\n").split("\n") if finding.hint else ():
        yield f"      {shown(line)}"


def _rest(result: Result, now: datetime, *, everything: bool) -> str:
    counts = result.counts()
    if not everything:
        return (
            f"{count(counts['saved'], 'place')} saved, {counts['exempt']} exempt; "
            "-e audit_show=all shows them all."
        )
    lines = ["Saved:"]
    for one in _of_state(result.findings, "saved"):
        age = f", {_ago(one.saved_at, now)}" if one.saved_at else ""
        lines += _item(
            f"{shown(one.subject)} ({one.kind}, {show_bytes(one.bytes)}) by {one.store} in "
            f"snapshot {one.snapshot}{age}"
        )
    lines += ["", "Exempt:"]
    for one in _of_state(result.findings, "exempt"):
        until = f", until {one.expires}" if one.expires else ""
        owner = f" ({one.owner}{until})" if one.owner else ""
        by = f" [{one.store}]" if one.store else ""
        lines += _item(shown(f"{one.subject} ({show_bytes(one.bytes)}){by}: {one.reason}{owner}"))
    return "\n".join(lines)


def _of_state(findings: Sequence[Finding], state: str) -> list[Finding]:
    return [one for one in findings if one.state == state]


def _item(text: str) -> list[str]:
    return wrap(
        text, WIDTH, initial_indent="  - ", subsequent_indent="    ", break_long_words=False
    )


def _ago(moment: datetime, now: datetime) -> str:
    seconds = (now - moment).total_seconds()
    return f"{show_duration(seconds)} ago" if seconds >= 0 else "in the future"
