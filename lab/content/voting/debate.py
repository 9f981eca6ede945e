"""What members say about initiatives and issues before they vote."""

from __future__ import annotations

import json
import random
from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta

from ..moments import soon_after
from ..tables import Row, Table, table
from ..words import headline, paragraph, sentence
from .ballots import Ballot
from .members import Member, content_type

INITIATIVE = content_type("initproc.initiative")


def tables(
    chance: random.Random, ballots: Sequence[Ballot], members: Sequence[Member], now: datetime
) -> Iterator[Table]:
    """Hand over supporters, arguments, comments, likes and the history of texts."""
    yield table(
        "initproc_supporter",
        "created_at ack initiator public first initiative_id user_id",
        [row for ballot in ballots for row in _supporters(chance, ballot, members)],
    )
    for kind, share in (("pro", 4), ("contra", 3), ("proposal", 2), ("question", 1)):
        yield table(
            f"initproc_{kind}",
            "likes_count comments_count created_at changed_at user_id initiative_id title text",
            [
                (chance.randint(0, 30), 1, at, at, chance.choice(members).id, ballot.id,
                 headline(chance), paragraph(chance)[:480])
                for ballot in ballots
                for at in [soon_after(chance, ballot.created, now, days=15) for _ in range(share)]
            ],
        )  # fmt: skip
    yield table(
        "initproc_moderation",
        "likes_count comments_count created_at changed_at user_id initiative_id stale vote text",
        [
            (0, 0, ballot.created, ballot.created, each.id, ballot.id, False,
             chance.choice("yyyra"), sentence(chance))
            for ballot in ballots
            for each in chance.sample(members, min(2, len(members)))
        ],
    )  # fmt: skip
    yield table(
        "initproc_comment",
        "likes_count created_at changed_at target_id text target_type_id user_id",
        [
            (chance.randint(0, 9), at, at, 1 + number % (len(ballots) * 4), sentence(chance),
             content_type("initproc.pro"), chance.choice(members).id)
            for number, at in enumerate(_spread(chance, ballots, now, 300))
        ],
    )  # fmt: skip
    yield table(
        "initproc_like", "created_at target_id target_type_id user_id",
        [
            (at, 1 + number % (len(ballots) * 4), content_type("initproc.pro"),
             members[number % len(members)].id)
            for number, at in enumerate(_spread(chance, ballots, now, len(members)))
        ],
    )  # fmt: skip
    yield from _history(ballots)


def _spread(
    chance: random.Random, ballots: Sequence[Ballot], now: datetime, count: int
) -> list[datetime]:
    return sorted(
        soon_after(chance, chance.choice(ballots).created, now, days=30) for _ in range(count)
    )


def _supporters(chance: random.Random, ballot: Ballot, members: Sequence[Member]) -> Iterator[Row]:
    for place, each in enumerate(chance.sample(members, len(members) // 12)):
        yield (
            ballot.created,
            True,
            place < 3,
            chance.random() < 0.8,
            place < 20,
            ballot.id,
            each.id,
        )


def _history(ballots: Sequence[Ballot]) -> Iterator[Table]:
    versions = [(ballot, step) for ballot in ballots for step in range(3)]
    yield table(
        "reversion_revision", "id date_created comment user_id",
        [
            (number, ballot.created + timedelta(hours=step), "Überarbeitet", 1)
            for number, (ballot, step) in enumerate(versions, start=1)
        ],
    )  # fmt: skip
    yield table(
        "reversion_version",
        "object_id format serialized_data object_repr content_type_id revision_id db",
        [
            (str(ballot.id), "json",
             json.dumps([{"pk": ballot.id, "fields": {"title": ballot.title}}], ensure_ascii=False),
             ballot.title, INITIATIVE, number, "default")
            for number, (ballot, _) in enumerate(versions, start=1)
        ],
    )  # fmt: skip


def issues(chance: random.Random, members: Sequence[Member], now: datetime) -> Iterator[Table]:
    """Hand over the agora: issues, their solutions, options, resistance and vetoes."""
    start = now - timedelta(days=400)
    numbers = range(1, 13)
    yield table(
        "initproc_topic", "id created_at topic motivation subtitle",
        [(number, start, headline(chance), paragraph(chance), "") for number in range(1, 5)],
    )  # fmt: skip
    yield table(
        "initproc_issue",
        "id title motivation level createdate changedate status went_to_voting_at was_closed_at",
        [
            (n, f"{headline(chance)[:90]} #{n}", paragraph(chance), "Bund",
             start + timedelta(days=25 * n), start + timedelta(days=25 * n + 20),
             "c" if n < 10 else "d", (start + timedelta(days=25 * n)).date() if n < 10 else None,
             (start + timedelta(days=25 * n + 14)).date() if n < 10 else None)
            for n in numbers
        ],
    )  # fmt: skip
    yield table(
        "initproc_solution",
        "id title description budget createdate changedate status issue_id user_id",
        [
            (number, f"{headline(chance)[:90]} #{number}", paragraph(chance), number * 100, start,
             start, "a", 1 + number % 12, chance.choice(members).id)
            for number in range(1, 37)
        ],
    )  # fmt: skip
    voters = members[: len(members) // 3]
    yield table(
        "initproc_resistance", "created_at changed_at value reason solution_id user_id",
        [
            (at, at, chance.randint(0, 10), "", 1 + number % 36, each.id)
            for number, each in enumerate(voters)
            for at in [soon_after(chance, start, now, days=380)]
        ],
    )  # fmt: skip
    yield table(
        "initproc_veto", "createdate reason solution_id user_id",
        [(now - timedelta(days=30), sentence(chance), 1 + number, each.id)
         for number, each in enumerate(members[:6])],
    )  # fmt: skip
    yield table(
        "initproc_option", "id text index initiative_id",
        [(number, sentence(chance), number, 1) for number in range(1, 7)],
    )  # fmt: skip
    yield table(
        "initproc_preference", "created_at changed_at value option_id user_id",
        [(start, start, chance.randint(0, 10), option, each.id)
         for each in voters[:80] for option in range(1, 7)],
    )  # fmt: skip
