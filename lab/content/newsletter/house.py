"""Mautic's furniture: users, roles, topics, segments, campaigns, plugins; few rows, all needed."""

from __future__ import annotations

import hashlib
import random
from collections.abc import Iterator
from datetime import datetime, timedelta

from ..people import STREETS, invent
from ..php import serialised
from ..tables import Table, table
from ..words import headline, paragraph, sentence
from . import fields
from .contacts import REGIONS

STAFF = ("mira.okafor", "jörg.schäfer", "zoë.lindström")
TOPIC_NAMES = ("Umwelt", "Verkehr", "Bildung", "Europa", "Transparenz", "Vielfalt")
SEGMENTS = ("Alle Abonnent*innen", "Mitglieder", "Spender*innen", *REGIONS)
TAGS = ("Stammtisch", "Wahlkampf", "Presse", "Übersetzung", "Fahrdienst", "Kuchen 🍰")
PERMISSIONS = ("lead:leads", "email:emails", "form:forms", "asset:assets", "category:categories")


def password_hash(secret: bytes) -> str:
    """Write what looks like a bcrypt hash and matches no password anybody knows."""
    return "$2y$13$" + hashlib.sha256(secret).hexdigest()[:53]


def access(chance: random.Random, founded: datetime, now: datetime) -> Iterator[Table]:
    """Give Mautic its roles, permissions and users."""
    yield table(
        "roles", "id is_published date_added name description is_admin readable_permissions",
        [
            (1, 1, founded, "Administrator", "Full system access", 1, "a:0:{}"),
            (2, 1, founded, "Redaktion", "Schreibt und verschickt", 0,
             serialised({"lead:leads": ["full"], "email:emails": ["full"]})),
        ],
    )  # fmt: skip
    yield table(
        "permissions", "role_id bundle name bitwise",
        [(2, *each.split(":"), 1024) for each in PERMISSIONS],
    )  # fmt: skip
    yield table(
        "users",
        "id role_id is_published date_added username password first_name last_name email position "
        "timezone locale last_login last_active preferences signature",
        [
            (
                number, 1 if number == 1 else 2, 1, founded, f"user{number}",
                password_hash(chance.randbytes(32)), *(part.title() for part in name.split(".")),
                f"user{number}@example.org", "Redaktion", "Europe/Berlin", "de_DE", now, now,
                "a:0:{}", "Herzliche Grüße",
            )
            for number, name in enumerate(STAFF, start=1)
        ],
    )  # fmt: skip
    yield table(
        "oauth2_clients",
        "role_id name random_id secret redirect_uris allowed_grant_types",
        [
            (2, "Sammelformular", chance.randbytes(25).hex(), chance.randbytes(25).hex(),
             serialised(["https://sammeln.example.org/"]), serialised(["client_credentials"])),
        ],
    )  # fmt: skip


def furniture(chance: random.Random, founded: datetime, now: datetime) -> Iterator[Table]:
    """Give Mautic its topics, segments, fields, tags and stages."""
    yield table(
        "categories", "id is_published date_added title alias color bundle",
        [
            (number, 1, founded, title, title.lower(), f"#{chance.randrange(16**6):06x}", "global")
            for number, title in enumerate(TOPIC_NAMES, start=1)
        ],
    )  # fmt: skip
    yield table(
        "stages", "id is_published date_added name weight",
        [
            (number, 1, founded, name, number * 10)
            for number, name in enumerate(("Neu", "Interessiert", "Aktiv", "Vorstand"), start=1)
        ],
    )  # fmt: skip
    yield table("lead_fields", fields.FIELD_COLUMNS, fields.rows())
    yield table(
        "lead_lists",
        "id is_published date_added name alias public_name filters is_global "
        "is_preference_center last_built_date",
        [
            (number, 1, founded, name, f"segment-{number}", name, _filters(number, name), 1, 1, now)
            for number, name in enumerate(SEGMENTS, start=1)
        ],
    )
    yield table("lead_tags", "id tag", enumerate(TAGS, start=1))
    yield from _organisations(chance, founded)


def _filters(number: int, name: str) -> str:
    if number == 1:
        return "a:0:{}"
    column = {2: "membership", 3: "donor"}.get(number, "regional_group")
    rule = {"glue": "and", "field": column, "object": "lead", "type": "text", "filter": name,
            "operator": "="}  # fmt: skip
    return serialised([rule])


def _organisations(chance: random.Random, founded: datetime) -> Iterator[Table]:
    people = [invent(chance, number) for number in range(40)]
    yield table(
        "companies",
        "id is_published date_added companyname companyemail companycity companyaddress1 "
        "companynumber_of_employees",
        [
            (number, 1, founded + timedelta(days=number), f"Bäckerei {each.last_name} {number}",
             f"office{number}@example.net", each.city, f"{chance.choice(STREETS)} {number}",
             chance.randint(1, 90))
            for number, each in enumerate(people, start=1)
        ],
    )  # fmt: skip


def automation(chance: random.Random, founded: datetime, now: datetime) -> Iterator[Table]:
    """Give Mautic its campaigns, pages, plugins, reports and messages."""
    yield table(
        "campaigns", "id is_published date_added name description canvas_settings allow_restart",
        [
            (number, 1, founded, f"Willkommen {number}", sentence(chance), "a:0:{}", 0)
            for number in (1, 2)
        ],
    )  # fmt: skip
    yield table(
        "campaign_events",
        "id campaign_id name type event_type event_order properties trigger_mode channel "
        "channel_id failed_count",
        [
            (number, 1 + number % 2, headline(chance), "email.send", "action", number,
             serialised({"email": number}), "immediate", "email", number, 0)
            for number in range(1, 5)
        ],
    )  # fmt: skip
    yield table(
        "pages",
        "id is_published date_added title alias content hits unique_hits variant_hits revision "
        "is_preference_center lang variant_settings custom_html",
        [
            (number, 1, founded, headline(chance), f"seite-{number}", "a:0:{}", number * 40,
             number * 31, 0, 1, number == 1, "de", "a:0:{}", f"<p>{paragraph(chance)}</p>")
            for number in range(1, 7)
        ],
    )  # fmt: skip
    greeting = "Liebe*r {contactfield=firstname} 🌻"
    yield table(
        "dynamic_content", "is_published date_added name sent_count content lang filters slot_name",
        [(1, founded, "Anrede", 4711, greeting, "de", "a:0:{}", "gruß")],
    )  # fmt: skip
    yield table("messages", "is_published date_added name", [(1, founded, "Sommerfest ☀️")])
    yield table(
        "reports",
        "is_published date_added name system source columns filters table_order graphs "
        "is_scheduled",
        [
            (1, founded, name, 1, "leads", serialised(["l.email"]), "a:0:{}", "a:0:{}", "a:0:{}", 0)
            for name in ("Neue Kontakte", "Abmeldungen", "Öffnungen")
        ],
    )
    yield table(
        "plugins", "id name description is_missing bundle version author",
        [(1, "Example Donations", "Spenden", 0, "ExampleDonationsBundle", "1.4", "Zoë Lindström")],
    )  # fmt: skip
    keys = {"api": f"{chance.randbytes(48).hex()}|{chance.randbytes(16).hex()}"}
    yield table(
        "plugin_integration_settings",
        "plugin_id name is_published supported_features api_keys feature_settings",
        [(1, "Donations", 1, "a:0:{}", serialised(keys), serialised({"since": str(now.date())}))],
    )
