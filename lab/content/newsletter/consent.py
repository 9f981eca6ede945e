"""Who may be written to, about what and how often: the rows whose loss is hardest to mend."""

from __future__ import annotations

import random
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from ..moments import soon_after
from ..tables import Table, table
from .contacts import Contact

UNSUBSCRIBED, BOUNCED, MANUAL = 1, 2, 3
"""Mautic's reasons for not contacting somebody."""
WHY = {
    UNSUBSCRIBED: "Hat den Abmelde-Link benutzt",
    BOUNCED: "550 5.1.1 Mailbox unknown",
    MANUAL: "Wünscht ausdrücklich keine Post mehr 🙏",
}
TOPICS = range(1, 7)
"""The ids of the categories that people choose among."""


@dataclass
class Consent:
    """Rows about consent, gathered while the contacts pass by."""

    chance: random.Random
    now: datetime
    do_not_contact: list[tuple[datetime, int, int]] = field(default_factory=list)
    memberships: list[tuple[int, int, datetime, int, int]] = field(default_factory=list)
    topics: list[tuple[datetime, int, int, int]] = field(default_factory=list)
    rules: list[tuple[datetime, int, int, str]] = field(default_factory=list)

    def note(self, contact: Contact) -> None:
        """Decide what ``contact`` agreed to and objected to."""
        chance = self.chance
        for segment in contact.segments():
            left = int(segment > 1 and chance.random() < 0.02)
            joined = contact.added + timedelta(seconds=chance.randint(0, 50))
            self.memberships.append((segment, contact.id, joined, left, int(segment == 1)))
        if chance.random() < 0.07:
            reason = chance.choices((UNSUBSCRIBED, BOUNCED, MANUAL), (70, 22, 8))[0]
            when = soon_after(chance, contact.added, self.now, days=1500)
            self.do_not_contact.append((when, contact.id, reason))
        if chance.random() < 0.2:
            left = int(chance.random() < 0.1)
            self.topics.append((contact.added, contact.id, chance.choice(TOPICS), left))
        if chance.random() < 0.02:
            often = chance.choice(((1, "WEEK"), (2, "MONTH"), (1, "MONTH")))
            self.rules.append((contact.added, contact.id, *often))

    def tables(self) -> Iterable[Table]:
        """Hand over what was noted."""
        yield table(
            "lead_lists_leads", "leadlist_id lead_id date_added manually_removed manually_added",
            sorted(self.memberships),
        )  # fmt: skip
        yield table(
            "lead_donotcontact", "lead_id date_added reason channel channel_id comments",
            (
                (lead, when, reason, "email", 1 + lead % 24, WHY[reason])
                for when, lead, reason in sorted(self.do_not_contact)
            ),
        )  # fmt: skip
        yield table(
            "lead_categories", "category_id lead_id date_added manually_removed manually_added",
            ((topic, lead, when, left, 1 - left) for when, lead, topic, left in self.topics),
        )  # fmt: skip
        yield table(
            "lead_frequencyrules",
            "lead_id date_added frequency_number frequency_time channel preferred_channel",
            ((lead, when, number, time, "email", 1) for when, lead, number, time in self.rules),
        )


def reachable(contacts: Iterable[Contact], consent: Consent) -> Iterator[Contact]:
    """Leave out everybody who did not ask for letters, or objected to them."""
    objected = {lead for _, lead, _ in consent.do_not_contact}
    return (each for each in contacts if each.is_subscribed and each.id not in objected)
