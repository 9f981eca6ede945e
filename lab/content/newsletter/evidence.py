"""What proves how somebody came to be on the list: submissions, addresses, the logs."""

from __future__ import annotations

import json
import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from ..moments import growing
from ..php import serialised
from ..tables import Row, Table, table
from ..words import sentence
from . import schema
from .contacts import Contact

TEXT = "LONGTEXT"


@dataclass(frozen=True)
class Form:
    """One form of the website and the columns of its results' table."""

    id: int
    alias: str
    name: str
    fields: tuple[str, ...]

    @property
    def results_table(self) -> str:
        """Name the dynamic table that Mautic made for it."""
        return f"form_results_{self.id}_{self.alias}"

    def create_statement(self) -> str:
        """Write the statement that makes the dynamic table."""
        return schema.form_results(self.id, self.alias, dict.fromkeys(self.fields, TEXT))


FORMS = (
    Form(1, "newsletter", "Newsletter bestellen", ("email", "vorname", "einwilligung")),
    Form(2, "mitmachen", "Mitmachen", ("email", "name", "ort", "wobei_ich_helfe")),
    Form(3, "spende", "Spendenquittung", ("email", "betrag", "nachricht")),
)


def address(chance: random.Random) -> str:
    """Invent an IP address from the ranges that are kept for documentation."""
    if chance.random() < 0.3:
        return f"2001:db8:{chance.randrange(65536):x}::{chance.randrange(65536):x}"
    return f"{chance.choice(('192.0.2', '198.51.100', '203.0.113'))}.{chance.randrange(1, 255)}"


def forms(chance: random.Random, founded: datetime) -> Iterator[Table]:
    """Hand over the forms, their fields and what happens when one is sent."""
    yield table(
        "forms",
        "id is_published date_added name description alias cached_html post_action form_type",
        [
            (form.id, 1, founded, form.name, sentence(chance), form.alias,
             f'<form id="mauticform_{form.alias}"></form>', "message", "standalone")
            for form in FORMS
        ],
    )  # fmt: skip
    yield table(
        "form_fields",
        "form_id label show_label alias type is_custom is_required field_order properties "
        "save_result mapped_object mapped_field",
        [
            (form.id, name.title(), 1, name, "email" if name == "email" else "text", 0,
             name == "email", order, "a:0:{}", 1, "contact", "email" if name == "email" else None)
            for form in FORMS
            for order, name in enumerate(form.fields, start=1)
        ],
    )  # fmt: skip
    yield table(
        "form_actions", "form_id name type action_order properties",
        [(form.id, "In Segment", "lead.changelist", 1, serialised({"addToLists": [1]}))
         for form in FORMS],
    )  # fmt: skip


def submissions(
    chance: random.Random, contacts: Sequence[Contact], addresses: int
) -> Iterator[Table]:
    """Hand over a submission for one contact in twelve, and its row in the form's own table."""
    senders = contacts[::-12][::-1]
    made: list[tuple[int, Form, Contact, datetime]] = [
        (number, FORMS[min(int(chance.expovariate(1)), 2)], contact, contact.added)
        for number, contact in enumerate(senders, start=1)
    ]
    yield table(
        "form_submissions", "id form_id ip_id lead_id tracking_id date_submitted referer",
        [
            (number, form.id, chance.randint(1, addresses), contact.id,
             f"{chance.getrandbits(80):020x}", when, f"https://example.org/{form.alias}")
            for number, form, contact, when in made
        ],
    )  # fmt: skip
    for form in FORMS:
        yield table(
            form.results_table, " ".join(("submission_id", "form_id", *form.fields)),
            [
                (number, form.id, *(_answer(chance, name, contact) for name in form.fields))
                for number, its, contact, _ in made if its is form
            ],
        )  # fmt: skip


def _answer(chance: random.Random, name: str, contact: Contact) -> str:
    person = contact.person
    return {
        "email": person.email,
        "vorname": person.first_name,
        "name": person.name,
        "ort": person.city,
        "einwilligung": "Ja, ich möchte Post bekommen ✅",
        "betrag": f"{chance.randint(5, 300)},00 €",
    }.get(name) or sentence(chance)


def logs(
    chance: random.Random, contacts: Sequence[Contact], now: datetime, addresses: int
) -> Iterator[Table]:
    """Hand over the addresses that were seen, and the logs of changes."""
    ids = [contact.id for contact in contacts]
    yield table(
        "ip_addresses", "id ip_address ip_details",
        [(number, address(chance), "a:0:{}") for number in range(1, addresses + 1)],
    )  # fmt: skip
    yield table(
        "lead_ips_xref", "lead_id ip_id",
        sorted({(chance.choice(ids), chance.randint(1, addresses)) for _ in range(len(ids) // 8)}),
    )  # fmt: skip
    yield audit(chance, ids, growing(chance, len(ids) // 6, now))
    yield table(
        "lead_event_log",
        "lead_id user_id user_name bundle object action object_id date_added properties",
        [
            (chance.choice(ids), 1, "Mira Okafor", "lead", "segment",
             chance.choice(("added", "removed")), chance.randint(1, 8), when,
             json.dumps({"object_description": sentence(chance)}, ensure_ascii=False))
            for when in growing(chance, len(ids) // 8, now)
        ],
    )  # fmt: skip


def audit(chance: random.Random, ids: Sequence[int], moments: Sequence[datetime]) -> Table:
    """Log one change of some contact at each of ``moments``."""
    return table(
        "audit_log",
        "user_id user_name bundle object object_id action details date_added ip_address",
        (_change(chance, ids, when) for when in moments),
    )


def _change(chance: random.Random, ids: Sequence[int], when: datetime) -> Row:
    action = chance.choice(("update", "update", "create", "identified", "ipadded"))
    details = {"fields": {"city": ["", chance.choice(("Köln", "Görlitz", "Münster"))]}}
    return (
        1, "Mira Okafor", "lead", "lead", chance.choice(ids), action, serialised(details), when,
        address(chance),
    )  # fmt: skip
