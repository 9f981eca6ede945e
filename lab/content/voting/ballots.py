"""Initiatives and the votes on them; closed ballots never change again."""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from ..moments import soon_after
from ..tables import Row, Table, Value, table
from ..words import headline, paragraph, sentence
from .members import Member

NO, YES, ABSTAIN = 0, 1, 2
OPEN_STATES = ("v", "s", "d", "v", "e", "p", "i", "v")
VOTING_DAYS = 14
AREAS = ("Mitbestimmung", "Transparenz und Lobbyismus", "Nachhaltigkeit", "Zukunft aktiv gestalten",
         "Gerechtigkeit und Verantwortung füreinander")  # fmt: skip
REASONS = ("ist nicht konkret genug.", "ist nicht wichtig genug.", "lässt sich nicht vertreten.")


@dataclass(frozen=True)
class Vote:
    """One member's voice."""

    member: int
    value: int
    cast: datetime


@dataclass(frozen=True)
class Ballot:
    """An initiative and what was voted on it."""

    id: int
    title: str
    state: str
    created: datetime
    voting_from: datetime | None
    closed: date | None
    eligible: int | None
    votes: tuple[Vote, ...]


def hold(
    chance: random.Random, count: int, members: Sequence[Member], now: datetime
) -> list[Ballot]:
    """Hold ``count`` ballots: the first three quarters are closed, the others under way."""
    closed = count * 3 // 4
    first = members[len(members) // 20].joined
    step = (now - timedelta(days=VOTING_DAYS * 3) - first) / max(closed, 1)
    return [
        _closed(chance, number, first + step * number, members)
        if number <= closed
        else _open(chance, number, members, now)
        for number in range(1, count + 1)
    ]


def _closed(
    chance: random.Random, number: int, created: datetime, members: Sequence[Member]
) -> Ballot:
    start = created + timedelta(days=1)
    end = start + timedelta(days=VOTING_DAYS)
    eligible = [each.id for each in members if each.joined < start]
    votes = _cast(chance, eligible, start, end)
    accepted = sum(v.value == YES for v in votes) > sum(v.value == NO for v in votes)
    return Ballot(number, headline(chance), "a" if accepted else "r", created, start, end.date(),
                  len(eligible), votes)  # fmt: skip


def _open(chance: random.Random, number: int, members: Sequence[Member], now: datetime) -> Ballot:
    state = OPEN_STATES[number % len(OPEN_STATES)]
    created = now - timedelta(days=chance.uniform(20, 90))
    if state != "v":
        return Ballot(number, headline(chance), state, created, None, None, None, ())
    start = now - timedelta(days=chance.uniform(2, VOTING_DAYS - 1))
    votes = _cast(chance, [each.id for each in members if each.joined < start], start, now)
    return Ballot(number, headline(chance), state, created, start, None, None, votes)


def _cast(
    chance: random.Random, eligible: Sequence[int], start: datetime, end: datetime
) -> tuple[Vote, ...]:
    """Let one to two thirds of the eligible vote; the last does so minutes before ``end``."""
    weights = (chance.uniform(0.2, 0.5), chance.uniform(0.3, 0.7), 0.08)
    voters = chance.sample(eligible, int(len(eligible) * chance.uniform(0.33, 0.66)))
    days = (end - start).total_seconds() / 86_400
    moments = [soon_after(chance, start, end, days=days) for _ in voters]
    moments[-1:] = [end - timedelta(minutes=2)] if voters else []
    values = chance.choices((NO, YES, ABSTAIN), weights, k=len(voters))
    return tuple(map(Vote, voters, values, moments))


def tables(chance: random.Random, ballots: Sequence[Ballot]) -> Iterator[Table]:
    """Hand over initiatives and votes."""
    texts = "summary problem forderung kosten fin_vorschlag arbeitsweise init_argument"
    yield table(
        "initproc_initiative",
        "id title subtitle state created_at changed_at einordnung ebene bereich went_public_at "
        f"went_to_discussion_at went_to_voting_at was_closed_at eligible_voters {texts}",
        [_initiative(chance, ballot, len(texts.split())) for ballot in ballots],
    )
    cast = sorted(
        ((vote, ballot.id) for ballot in ballots for vote in ballot.votes),
        key=lambda each: (each[0].cast, each[0].member, each[1]),
    )
    yield table(
        "initproc_vote", "id created_at changed_at user_id initiative_id value reason",
        [
            (number, vote.cast, vote.cast, vote.member, ballot, vote.value,
             chance.choice(REASONS) if vote.value == NO and chance.random() < 0.4 else "")
            for number, (vote, ballot) in enumerate(cast, start=1)
        ],
    )  # fmt: skip


def _initiative(chance: random.Random, ballot: Ballot, texts: int) -> Row:
    day = ballot.created.date()
    changed = max([ballot.created, *(vote.cast for vote in ballot.votes)])
    written: list[Value] = [paragraph(chance) for _ in range(texts)]
    return (
        ballot.id, ballot.title, sentence(chance), ballot.state, ballot.created, changed,
        "initiative", "Bund", chance.choice(AREAS), day, day,
        ballot.voting_from.date() if ballot.voting_from else None, ballot.closed, ballot.eligible,
        *written,
    )  # fmt: skip
