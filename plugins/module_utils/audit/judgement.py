# Copyright: (c) The Probealarm contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""From what was seen to what is said: findings, each with its state, and alarms.

Pure: everything that was seen, saved and declared comes in as values, and the time as well.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from .claims import Claims, DatabaseExemption, Exemption, Patterns, is_within
from .database_stores import subject_of
from .facts import Place, Unread
from .finding import Alarm, Finding
from .judge_databases import DatabasesJudged
from .judge_paths import Knowledge, Seen, findings_of_paths
from .judge_stores import alarms_of_stores
from .path_rules import Judged

MOST_UNREAD = 20


@dataclass(frozen=True)
class Said:
    """The outcome of an audit."""

    findings: tuple[Finding, ...]
    alarms: tuple[Alarm, ...]

    @property
    def unclaimed(self) -> tuple[Finding, ...]:
        """What nobody claims."""
        return tuple(one for one in self.findings if one.state == "unclaimed")

    @property
    def is_good(self) -> bool:
        """Nothing is unclaimed, and nothing needs a look."""
        return not self.unclaimed and not self.alarms


def judge(
    seen: Seen,
    paths: Judged,
    databases: DatabasesJudged,
    known: Knowledge,
    *,
    now: datetime,
) -> Said:
    """Say everything, the largest and freshest of what is unclaimed first."""
    findings = [
        *_of_databases(seen, databases, known),
        *findings_of_paths(seen, paths, known),
    ]
    skipped = _skipped(seen, known.claims)
    exempt = {*filter(None, skipped.values())}
    alarms = [
        *alarms_of_stores(known.claims, known.held, paths, databases, now=now),
        *databases.alarms,
        *seen.alarms,
        *_about_exemptions(known.claims, {*paths.exempt, *databases.used, *exempt}),
        *_about_places([place for place, why in skipped.items() if why is None]),
        *_about_unread(seen.unread),
    ]
    return Said(tuple(sorted(findings, key=_order)), tuple(alarms))


def _order(finding: Finding) -> tuple[int, int, float, str]:
    states = ("unclaimed", "saved", "exempt")
    fresh = finding.changed.timestamp() if finding.changed else 0.0
    return states.index(finding.state), -finding.bytes, -fresh, finding.subject


def _of_databases(seen: Seen, judged: DatabasesJudged, known: Knowledge) -> Iterator[Finding]:
    by_subject = {subject_of(one): one for one in seen.databases}
    for finding in judged.findings:
        database = by_subject.get(finding.subject)
        if finding.state == "unclaimed" and database is not None and not finding.hint:
            yield replace(finding, hint=known.hints.for_database(database))
        else:
            yield finding


def _skipped(seen: Seen, claims: Claims) -> dict[Place, Exemption | None]:
    """Give the places that were not looked at and could hold state, with what exempts them.

    Nothing exempts a place where something is declared.
    """
    patterns = Patterns(claims.exemptions)
    found = [place for place in seen.places if place.skipped and place.is_state]
    declared = [claim.path for claim in claims.paths]
    return {
        place: None
        if any(is_within(path, place.path) for path in declared)
        else patterns.covering(place.path)
        for place in found
    }


def _about_exemptions(
    claims: Claims, used: Collection[DatabaseExemption | Exemption]
) -> Iterator[Alarm]:
    for exemption in claims.expired:
        subject, service = _named(exemption)
        yield Alarm(
            "expired exemption",
            subject,
            f"the exemption of {subject} in {service} ran out on {exemption.expires}: "
            f"{exemption.reason} ({exemption.owner}). Look whether that is still right, then give "
            "it a new day or take it out.",
        )
    declared: list[DatabaseExemption | Exemption] = [*claims.exemptions, *claims.databases]
    for one in declared:
        if one not in used:
            subject, service = _named(one)
            yield Alarm(
                "idle exemption",
                subject,
                f"the exemption of {subject} in {service} exempts nothing that this host has: it "
                "is gone, saved by now, or written differently. Take it out, so that it hides "
                "nothing later.",
            )


def _named(exemption: DatabaseExemption | Exemption) -> tuple[str, str]:
    if isinstance(exemption, DatabaseExemption):
        return f"database {exemption.database}", exemption.service
    return exemption.pattern, exemption.origin


def _about_places(places: Iterable[Place]) -> Iterator[Alarm]:
    for place in places:
        yield Alarm(
            "skipped",
            place.path,
            f"{place.path} ({place.type} from {place.source}) was not looked at: "
            f"{place.skipped}. What lies there, nobody can say.",
        )


def _about_unread(unread: Sequence[Unread]) -> Iterator[Alarm]:
    for one in unread[:MOST_UNREAD]:
        yield Alarm(
            "unreadable",
            one.path,
            f"{one.path} could not be looked at: {one.reason}. What is in there is neither known "
            "nor saved.",
        )
    if len(unread) > MOST_UNREAD:
        left = len(unread) - MOST_UNREAD
        yield Alarm("unreadable", "", f"{left} further places could not be looked at.")
