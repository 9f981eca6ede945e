"""The members who vote, and everything Django keeps about an account."""

from __future__ import annotations

import base64
import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from ..moments import growing, soon_after
from ..people import Person, invent, plain_letters
from ..pictures import png
from ..tables import Table, table

_MODELS = (
    "initiative issue solution topic vote pro contra proposal question comment moderation like "
    "supporter preference resistance veto"
)
CONTENT_TYPES = (
    "auth.permission", "auth.group", "auth.user", *(f"initproc.{name}" for name in _MODELS.split()),
)  # fmt: skip
"""Each model's number is its place in this list, from one."""
GROUPS = ("Agora Prüfteam", "Initiativen-Prüfteam", "Vorstand")


def content_type(model: str) -> int:
    """Give the number of a model such as ``initproc.pro``."""
    return CONTENT_TYPES.index(model) + 1


@dataclass(frozen=True)
class Member:
    """Somebody with an account."""

    id: int
    person: Person
    joined: datetime
    avatar: bytes | None

    @property
    def username(self) -> str:
        """The account's name."""
        return plain_letters(self.person.name)[:24] + str(self.id)

    @property
    def avatar_path(self) -> str:
        """Where the avatar lies below public/media."""
        return f"avatars/{self.id}/{self.id:08x}.png"


def join(chance: random.Random, count: int, now: datetime) -> list[Member]:
    """Let ``count`` people join over the years; one in five shows a face."""
    return [
        Member(
            number, invent(chance, number), joined, png(chance, 80, 80) if number % 5 == 0 else None
        )
        for number, joined in enumerate(growing(chance, count, now), start=1)
    ]


def _password(chance: random.Random) -> str:
    salt, digest = chance.randbytes(16).hex()[:22], base64.b64encode(chance.randbytes(32)).decode()
    return f"pbkdf2_sha256$260000${salt}${digest}"


def tables(chance: random.Random, members: Sequence[Member], now: datetime) -> Iterator[Table]:
    """Hand over the accounts and what belongs to them."""
    seen = {each.id: soon_after(chance, each.joined, now, days=900) for each in members}
    seen[members[-1].id] = now - timedelta(minutes=3)
    yield table(
        "auth_user",
        "id password last_login is_superuser username first_name last_name email is_staff "
        "is_active date_joined",
        [
            (each.id, _password(chance), seen[each.id], each.id == 1, each.username,
             each.person.first_name, each.person.last_name, each.person.email, each.id <= 3,
             each.id % 40 != 7, each.joined)
            for each in members
        ],
    )  # fmt: skip
    yield table(
        "account_account", "timezone language user_id",
        [("Europe/Berlin", "de", each.id) for each in members],
    )  # fmt: skip
    yield table(
        "account_emailaddress", "email verified primary user_id",
        [(each.person.email, True, True, each.id) for each in members],
    )  # fmt: skip
    yield table(
        "account_signupcode", "code max_uses email notes sent created use_count inviter_id",
        [
            (chance.randbytes(20).hex(), 1, f"gast{number}@example.net", "", now, now,
             number % 2, 1)
            for number in range(20)
        ],
    )  # fmt: skip
    yield table(
        "initadmin_userconfig",
        "is_diverse_mod is_female_mod last_activity is_party_member user_id",
        [(each.id % 50 == 3, each.id % 30 == 2, seen[each.id], each.id % 3 == 0, each.id)
         for each in members],
    )  # fmt: skip
    yield table(
        "initadmin_invitebatch", "created_at total_found new_added payload",
        [(now - timedelta(days=200), 120, 88, "first_name,last_name,email_address\n")],
    )  # fmt: skip
    yield table(
        "avatar_avatar", "primary avatar date_uploaded user_id",
        [(True, each.avatar_path, each.joined, each.id) for each in members if each.avatar],
    )  # fmt: skip
    yield from _permissions(members)


def _permissions(members: Sequence[Member]) -> Iterator[Table]:
    yield table(
        "django_content_type", "id app_label model",
        [(number, *name.split(".")) for number, name in enumerate(CONTENT_TYPES, start=1)],
    )  # fmt: skip
    verbs = ("add", "change", "delete", "view")
    yield table(
        "auth_permission", "name content_type_id codename",
        [
            (f"Can {verb} {name}", number, f"{verb}_{name.partition('.')[2]}")
            for number, name in enumerate(CONTENT_TYPES, start=1)
            for verb in verbs
        ],
    )  # fmt: skip
    yield table("auth_group", "id name", enumerate(GROUPS, start=1))
    yield table("auth_group_permissions", "group_id permission_id", [(1, 49), (2, 50), (3, 1)])
    yield table(
        "auth_user_groups", "user_id group_id",
        [(each.id, each.id % 3 + 1) for each in members if each.id % 25 == 0],
    )  # fmt: skip
