"""Days that go by: a little more of everything, added to what is there."""

from __future__ import annotations

import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from . import clients
from .mail.fill import deliver
from .newsletter import content as newsletter
from .plan import Plan, Sizes
from .settings import NewsletterPlace, Settings, VotingPlace
from .website.fill import write as write_website


@dataclass(frozen=True)
class Day:
    """What an ordinary day brings."""

    contacts: int = 40
    posts: int = 1
    images: int = 1
    comments: int = 3
    messages: int = 6
    votes: int = 25

    def sizes(self, days: int) -> Sizes:
        """Say how much ``days`` of these bring; voters and ballots stay as they are."""
        return Sizes(
            contacts=self.contacts * days,
            deliveries=0,
            posts=self.posts * days,
            images=self.images * days,
            comments=self.comments * days,
            voters=0,
            ballots=0,
            messages=self.messages * days,
        )


def live(plan: Plan, settings: Settings, days: int) -> Mapping[str, object]:
    """Let ``days`` go by; ``plan`` says how much they bring.

    Raises:
        FillError: a service refused something.
    """
    return {
        "newsletter": _newsletter(plan, settings.newsletter, days),
        "website": write_website(plan, settings.website, anew=False),
        "voting": _voting(settings.voting, Day().votes * days),
        "mail": deliver(plan, settings.mail),
    }


def _newsletter(plan: Plan, place: NewsletterPlace, days: int) -> Mapping[str, int]:
    with tempfile.TemporaryDirectory(prefix="newsletter-") as folder:
        with clients.MariaDB(place.database, place.socket, Path(folder)) as server:
            server.say("SELECT COALESCE(MAX(id), 0) + 1 AS next FROM leads;\n")
        first = int(server.said.split()[-1])
        with clients.MariaDB(place.database, place.socket, Path(folder)) as server:
            tables = newsletter.later(plan, first, days=days)
            return {table.name: server.load(table) for table in tables}


def _voting(place: VotingPlace, votes: int) -> int:
    """Let members vote who have not yet, where a ballot is open; who it is depends on nothing."""
    with clients.PostgreSQL(place.database, place.port) as server:
        server.say(
            "WITH given AS (INSERT INTO initproc_vote\n"
            "  (created_at, changed_at, user_id, initiative_id, value, reason)\n"
            "SELECT now(), now(), member.id, ballot.id, (member.id + ballot.id) % 3, ''\n"
            "  FROM auth_user member, initproc_initiative ballot\n"
            " WHERE ballot.state = 'v' AND ballot.was_closed_at IS NULL\n"
            "   AND NOT EXISTS (SELECT FROM initproc_vote\n"
            "                    WHERE user_id = member.id AND initiative_id = ballot.id)\n"
            f" ORDER BY md5(member.id || '/' || ballot.id) LIMIT {votes} RETURNING 1)\n"
            "SELECT 'given', count(*) FROM given \\g (format=unaligned tuples_only=on)\n"
        )
    return int(server.said.rpartition("|")[2])
