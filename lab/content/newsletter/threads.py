"""The many small ties of a contact: tags, notes, companies, merges, campaigns, clicked links."""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from datetime import datetime

from ..moments import soon_after
from ..tables import Table, table
from ..words import sentence
from .contacts import Contact
from .house import TAGS


def ties(chance: random.Random, contacts: Sequence[Contact], now: datetime) -> Iterator[Table]:
    """Hand over what ties contacts to other things."""

    def some(one_in: int) -> list[Contact]:
        return sorted(chance.sample(contacts, len(contacts) // one_in), key=lambda each: each.id)

    yield table(
        "lead_tags_xref", "lead_id tag_id",
        [(each.id, chance.randint(1, len(TAGS))) for each in some(12)],
    )  # fmt: skip
    yield table(
        "lead_notes", "lead_id is_published date_added created_by_user text type date_time",
        [
            (each.id, 1, each.added, "Zoë Lindström", sentence(chance), "general", each.added)
            for each in some(150)
        ],
    )  # fmt: skip
    yield table(
        "companies_leads", "company_id lead_id date_added is_primary",
        [(chance.randint(1, 40), each.id, each.added, 1) for each in some(40)],
    )  # fmt: skip
    yield table(
        "contact_merge_records", "contact_id date_added merged_id name",
        [(each.id, soon_after(chance, each.added, now, days=300), 10**6 + each.id,
          each.person.name) for each in some(300)],
    )  # fmt: skip
    yield table(
        "lead_utmtags",
        "lead_id date_added query referer remote_host url utm_campaign utm_medium utm_source",
        [
            (each.id, each.added, "a:0:{}", "https://example.net/", "example.net",
             "https://example.org/mitmachen", chance.choice(("sommer", "wahl", "klima")),
             "social", chance.choice(("plakat", "freunde", "zeitung")))
            for each in some(25)
        ],
    )  # fmt: skip
    welcomed = some(16)
    yield table(
        "campaign_leads",
        "campaign_id lead_id date_added manually_removed manually_added rotation",
        [(1 + each.id % 2, each.id, each.added, 0, 0, 1) for each in welcomed],
    )
    yield table(
        "campaign_lead_event_log",
        "event_id lead_id campaign_id rotation date_triggered is_scheduled system_triggered "
        "metadata channel channel_id",
        [
            (1 + (each.id + 1) % 2, each.id, 1 + each.id % 2, 1,
             soon_after(chance, each.added, now, days=2), 0, 1, "a:0:{}", "email", 1)
            for each in welcomed
        ],
    )  # fmt: skip
