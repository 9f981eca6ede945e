"""All rows of the voting application, table by table."""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta

from ..plan import Plan
from ..tables import Table, table
from ..words import headline, sentence
from . import ballots, debate, members
from .members import Member

MIGRATIONS = {
    "contenttypes": ("0001_initial", "0002_remove_content_type_name"),
    "auth": ("0001_initial", "0012_alter_user_first_name_max_length"),
    "account": ("0001_initial", "0007_emailconfirmation_sent", "0008_auto_20210102_1840"),
    "avatar": ("0001_initial", "0003_auto_20170827_1345"),
    "initadmin": ("0001_initial", "0002_userconfig", "0003_last_activity", "0004_party_members"),
    "initproc": ("0001_initial", "0016_vote_reason", "0034_agora", "0036_resistance",
                 "0037_anonymize_avatars", "0044_auto_20210102_1829",
                 "0045_agora_team_and_permission"),
    "pinax_notifications": ("0001_initial", "0003_auto_20210102_1840"),
    "reversion": ("0001_initial", "0001_squashed_0004_auto_20160611_1202"),
    "sessions": ("0001_initial",),
    "sites": ("0001_initial", "0002_alter_domain_unique"),
}  # fmt: skip
"""Some names that no repository holds are among them, as makemigrations in production leaves."""

FOUNDED = datetime(2017, 3, 14, 9, 30, tzinfo=UTC)
"""When the platform was set up; the same for every fill, as on a real one."""


def voters(plan: Plan) -> list[Member]:
    """Give the members of this plan."""
    return members.join(plan.chance("members"), plan.sizes.voters, plan.now)


def tables(plan: Plan, people: Sequence[Member]) -> Iterator[Table]:
    """Yield every table that has rows."""
    yield from _django(plan.chance("django"), plan.now)
    yield from members.tables(plan.chance("accounts"), people, plan.now)
    held = ballots.hold(plan.chance("ballots"), plan.sizes.ballots, people, plan.now)
    yield from ballots.tables(plan.chance("texts"), held)
    yield from debate.issues(plan.chance("agora"), people, plan.now)
    yield from debate.tables(plan.chance("debate"), held, people, plan.now)
    yield from _post(plan.chance("post"), people, plan.now)


def _django(chance: random.Random, now: datetime) -> Iterator[Table]:
    yield table(
        "django_migrations", "app name applied",
        [(app, name, FOUNDED) for app, names in MIGRATIONS.items() for name in names],
    )  # fmt: skip
    yield table(
        "django_site", "id domain name", [(1, "abstimmen.example.org", "Plenum der Beweger*innen")]
    )
    yield table(
        "django_session", "session_key session_data expire_date",
        [
            (chance.randbytes(16).hex(), chance.randbytes(60).hex(), now + timedelta(days=number))
            for number in range(1, 13)
        ],
    )  # fmt: skip
    for name, column, value in (
        ("initproc_quorum", "quorum", 30),
        ("initproc_issuesupportersquorum", "value", 5),
        ("initproc_issuevotersquorum", "value", 10),
    ):
        yield table(name, f"created_at {column}", [(FOUNDED, value), (now, value + 1)])


def _post(chance: random.Random, people: Sequence[Member], now: datetime) -> Iterator[Table]:
    yield table(
        "pinax_notifications_noticetype", "id label display description default",
        [(1, "init_vote", "Abstimmung 🗳️", "Eine Abstimmung hat begonnen", 2)],
    )  # fmt: skip
    yield table(
        "pinax_notifications_noticesetting", "medium send notice_type_id user_id",
        [("1", each.id % 4 > 0, 1, each.id) for each in people[:100]],
    )  # fmt: skip
    yield table(
        "notifications_notification",
        "level unread actor_object_id verb description timestamp public deleted emailed "
        "actor_content_type_id recipient_id",
        [
            ("info", each.id % 2 == 0, "1", "hat abgestimmt", sentence(chance),
             now - timedelta(hours=each.id), True, False, True, 3, each.id)
            for each in people[:200]
        ],
    )  # fmt: skip
    yield table(
        "mailer_messagelog",
        "message_data when_added priority when_attempted result log_message message_id",
        [
            (chance.randbytes(200).hex(), at, 2, at, "1", "", f"<{number}@abstimmen.example.org>")
            for number in range(60)
            for at in [now - timedelta(hours=number)]
        ],
    )  # fmt: skip
    yield table(
        "django_admin_log",
        "action_time object_id object_repr action_flag change_message content_type_id user_id",
        [(now - timedelta(days=number), str(number), headline(chance), 2, "[]", 4, 1)
         for number in range(1, 40)],
    )  # fmt: skip
