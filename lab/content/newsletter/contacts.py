"""The people of the newsletter and what they agreed to."""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from ..moments import soon_after
from ..people import CITIES, STREETS, Person
from ..tables import Row
from .fields import INTERESTS, MEMBERSHIPS

REGIONS = tuple(city for city, _, _ in CITIES)
EVERYBODY, MEMBERS, DONORS, FIRST_REGION = 1, 2, 3, 4
"""The segments' ids: one for all who asked for letters, and one for each region from the fourth."""

COLUMNS = (
    "id owner_id stage_id is_published date_added date_modified points last_active "
    "internal social_cache date_identified firstname lastname company email mobile address1 city "
    "state zipcode country preferred_locale timezone membership regional_group donor "
    "volunteer_hours birthday last_donation interests"
)


@dataclass(frozen=True)
class Contact:
    """One contact, as far as other tables need to know."""

    id: int
    person: Person
    added: datetime
    membership: str
    is_donor: bool
    region: int
    is_subscribed: bool

    def segments(self) -> Iterator[int]:
        """Name the segments this contact is in."""
        if self.is_subscribed:
            yield EVERYBODY
            if self.id % 4 == 0:
                yield FIRST_REGION + self.region
        if self.membership in MEMBERSHIPS[2:]:
            yield MEMBERS
        if self.is_donor:
            yield DONORS


def become_contact(chance: random.Random, number: int, person: Person, added: datetime) -> Contact:
    """Decide what kind of contact ``person`` is."""
    return Contact(
        id=number,
        person=person,
        added=added,
        membership=chance.choices(MEMBERSHIPS, (70, 18, 11, 1))[0],
        is_donor=chance.random() < 0.09,
        region=next(i for i, name in enumerate(REGIONS) if name == person.city),
        is_subscribed=chance.random() < 0.93,
    )


def row(chance: random.Random, contact: Contact, now: datetime) -> Row:
    """Write the contact as a row of ``leads``, in the order of ``COLUMNS``."""
    person = contact.person
    active = soon_after(chance, contact.added, now, days=700)
    lives_known = chance.random() < 0.4
    hours = round(chance.expovariate(0.2), 1) if chance.random() < 0.06 else None
    return (
        contact.id, 1 + contact.id % 3, 1 + contact.id % 4, 1, contact.added, active,
        int(chance.random() ** 3 * 200), active, "a:0:{}", "a:0:{}", contact.added,
        person.first_name, person.last_name,
        f"Büro {person.last_name} & Söhne" if chance.random() < 0.05 else None,
        person.email,
        f"+49 151 {chance.randrange(10**6, 10**7)}" if chance.random() < 0.2 else None,
        f"{chance.choice(STREETS)} {chance.randint(1, 120)}" if lives_known else None,
        person.city if lives_known else None,
        person.state if lives_known else None,
        person.zip_code if lives_known else None,
        "Germany" if lives_known else None,
        "en" if chance.random() < 0.05 else "de",
        "Europe/Berlin", contact.membership, REGIONS[contact.region], contact.is_donor, hours,
        _birthday(chance),
        soon_after(chance, contact.added, now, days=900) if contact.is_donor else None,
        "|".join(chance.sample(INTERESTS, chance.randint(1, 3))) if chance.random() < 0.3 else None,
    )  # fmt: skip


def _birthday(chance: random.Random) -> date | None:
    if chance.random() < 0.75:
        return None
    return date(1940, 1, 1) + timedelta(days=chance.randrange(65 * 365))
