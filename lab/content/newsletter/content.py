"""All rows of the newsletter, table by table, in the order in which foreign keys want them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta

from .. import people
from ..moments import YEARS, growing
from ..plan import Plan
from ..tables import Row, Table, table
from . import contacts, evidence, files, house, mailings, threads
from .consent import Consent, reachable


def tables(plan: Plan) -> Iterator[Table]:
    """Yield every table; its rows must be read to their end before the next is asked for."""
    founded = plan.now - timedelta(days=YEARS * 365 + 30)
    yield from house.access(plan.chance("access"), founded, plan.now)
    yield from house.furniture(plan.chance("furniture"), founded, plan.now)
    yield from house.automation(plan.chance("automation"), founded, plan.now)

    made = files.assets(plan.chance("assets"))
    yield files.asset_table(plan.chance("downloads"), made, founded)

    known: list[contacts.Contact] = []
    consent = Consent(plan.chance("consent"), plan.now)
    joined = growing(plan.chance("joined"), plan.sizes.contacts, plan.now)
    newcomers = enumerate(joined, start=1)
    yield table("leads", contacts.COLUMNS, _contacts(plan, newcomers, known, consent))
    yield from consent.tables()
    yield from threads.ties(plan.chance("ties"), known, plan.now)

    addresses = max(plan.sizes.contacts // 20, 10)
    chance = plan.chance("evidence")
    yield from evidence.logs(chance, known, plan.now, addresses)
    yield from evidence.forms(chance, founded)
    yield from evidence.submissions(chance, known, addresses)

    chance = plan.chance("letters")
    letters = mailings.write_letters(chance, plan.now)
    yield from mailings.letter_tables(chance, letters, plan.sizes.deliveries)
    readers = list(reachable(known, consent))
    yield table(
        "email_stats", mailings.STATISTICS_COLUMNS,
        mailings.statistics(chance, letters, readers, plan.sizes.deliveries),
    )  # fmt: skip


def later(plan: Plan, first: int, *, days: float) -> Iterator[Table]:
    """Yield what the last ``days`` brought: contacts from ``first`` on, and their consent."""
    known: list[contacts.Contact] = []
    consent = Consent(plan.chance("consent"), plan.now)
    joined = growing(plan.chance("joined"), plan.sizes.contacts, plan.now, days=days)
    newcomers = enumerate(joined, start=first)
    yield table("leads", contacts.COLUMNS, _contacts(plan, newcomers, known, consent))
    yield from consent.tables()
    moments = growing(plan.chance("changes"), len(known), plan.now, days=days)
    yield evidence.audit(plan.chance("evidence"), [each.id for each in known], moments)


def _contacts(
    plan: Plan,
    newcomers: Iterable[tuple[int, datetime]],
    known: list[contacts.Contact],
    consent: Consent,
) -> Iterator[Row]:
    chance = plan.chance("contacts")
    for number, added in newcomers:
        person = people.invent(chance, number)
        contact = contacts.become_contact(chance, number, person, added)
        known.append(contact)
        consent.note(contact)
        yield contacts.row(chance, contact, plan.now)
