# Copyright: (c) The Probealarm contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The checks of a contract in a drill: which are judged, and what they found together."""

from __future__ import annotations

import signal
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from datetime import date
from types import FrameType

from ..checks.evidence import Check, Evidence, Finding, Json, Question
from ..contract import Contract
from ..errors import Unproven
from ..text import count

LONGEST_SECONDS = 120
"""One check that takes longer ends the drill: it must come to a verdict."""


@dataclass
class CheckFindings:
    """What all checks of a drill found.

    Attributes:
        judged: how many were judged, well or not.
        facts: what the next drill compares with, by check.
        notes: what limits the judgement.
    """

    judged: int = 0
    objections: list[str] = field(default_factory=list)
    facts: dict[str, Json] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)


def questions_to(checks: Iterable[Check], store: str) -> tuple[Question, ...]:
    """Gather what checks ask one store, each question once."""
    asked = (question for check in checks for question in check.questions())
    return tuple(dict.fromkeys(question for question in asked if question.store == store))


def judge_checks(
    contract: Contract, evidence: Evidence, came_back: Collection[str], *, on: date
) -> CheckFindings:
    """Judge every check that is not exempt and whose stores came back.

    Of a store that did not come back the drill says so anyway; that its rules do not hold either
    is no news. An exempt check keeps its fact, so that what it saw on the last day of the
    exemption is what later drills compare with, and not whatever the first of them finds.
    """
    found = CheckFindings()
    exempt = {exemption.check for exemption in contract.exemptions_on(on)}
    missing: dict[str, int] = {}
    for check in contract.checks:
        lost = {question.store for question in check.questions()} - set(came_back)
        if lost:
            missing[min(lost)] = missing.get(min(lost), 0) + 1
            continue
        finding = _judged(check, evidence)
        if finding.fact is not None:
            found.facts[check.name] = finding.fact
        if check.name in exempt:
            continue
        found.judged += not finding.is_empty
        found.objections += finding.objections
        if finding.note:
            found.notes.append(finding.note)
    for store, number in missing.items():
        found.notes.append(
            f"{count(number, 'check')} not judged, because store {store} did not come back"
        )
    titles = {check.name: check.title for check in contract.checks}
    for exemption in contract.exemptions_on(on):
        what = (
            titles.get(exemption.check) or exemption.check or f"loss of rows in {exemption.table}"
        )
        found.notes.append(
            f"{what}: not judged until "
            f"{exemption.expires.isoformat()}, {exemption.owner} answers for it "
            f"({exemption.reason})"
        )
    return found


def _judged(check: Check, evidence: Evidence) -> Finding:
    """Judge within a time: some regular expressions take for ever on some texts.

    Raises:
        Unproven: it took longer.
    """

    def too_long(_signal: int, _frame: FrameType | None) -> None:
        raise Unproven(
            f"{check.title}: judging it took longer than {LONGEST_SECONDS} s. Look at its regular "
            "expression: a group that repeats what repeats, such as (a+)+, takes for ever."
        )

    previous = signal.signal(signal.SIGALRM, too_long)
    signal.setitimer(signal.ITIMER_REAL, LONGEST_SECONDS)
    try:
        return check.judge(evidence)
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, previous)
