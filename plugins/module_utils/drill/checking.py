# Copyright: (c) The Probealarm contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The checks of a contract in a drill: which are judged, and what they found together."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date

from ..checks.evidence import Check, Evidence, Json, Question
from ..contract import Contract, Exemption
from ..text import count


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


def wanted_checks(contract: Contract, on: date) -> tuple[Check, ...]:
    """Leave out the checks that are exempt on a day."""
    exempt = {exemption.check for exemption in _in_force(contract, on)}
    return tuple(check for check in contract.checks if check.name not in exempt)


def judge_checks(
    contract: Contract, evidence: Evidence, came_back: Collection[str], *, on: date
) -> CheckFindings:
    """Judge every check that is not exempt and whose stores came back.

    Of a store that did not come back the drill says so anyway; that its rules do not hold either
    is no news.
    """
    found = CheckFindings()
    missing: dict[str, int] = {}
    for check in wanted_checks(contract, on):
        lost = {question.store for question in check.questions()} - set(came_back)
        if lost:
            missing[min(lost)] = missing.get(min(lost), 0) + 1
            continue
        finding = check.judge(evidence)
        found.judged += 1
        found.objections += finding.objections
        if finding.fact is not None:
            found.facts[check.name] = finding.fact
        if finding.note:
            found.notes.append(finding.note)
    for store, number in missing.items():
        found.notes.append(
            f"{count(number, 'check')} not judged, because store {store} did not come back"
        )
    titles = {check.name: check.title for check in contract.checks}
    for exemption in _in_force(contract, on):
        found.notes.append(
            f"{titles.get(exemption.check, exemption.check)}: not judged until "
            f"{exemption.expires.isoformat()}, {exemption.owner} answers for it "
            f"({exemption.reason})"
        )
    return found


def _in_force(contract: Contract, on: date) -> Iterator[Exemption]:
    """Yield the exemptions that have not run out; the day they expire is the last."""
    yield from (exemption for exemption in contract.exemptions if on <= exemption.expires)
