"""The letters that were written, and who was sent which and read it."""

from __future__ import annotations

import hashlib
import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from ..moments import growing
from ..tables import Row, Table, table
from ..words import headline, paragraph
from .contacts import EVERYBODY, Contact

LETTERS = 24

STATISTICS_COLUMNS = (
    "email_id lead_id list_id ip_id copy_id email_address date_sent is_read is_failed "
    "viewed_in_browser date_read tracking_hash retry_count source source_id open_count last_opened"
)


@dataclass(frozen=True)
class Letter:
    """One mass mailing."""

    id: int
    sent: datetime
    subject: str
    body: str

    @property
    def copy_id(self) -> str:
        """Name the letter's copy by its content, as Mautic does."""
        return hashlib.md5(self.body.encode(), usedforsecurity=False).hexdigest()


def write_letters(chance: random.Random, now: datetime, *, first: int = 1) -> list[Letter]:
    """Write ``LETTERS`` letters, the last one sent minutes before ``now``."""
    return [
        Letter(number, sent, headline(chance), f"<h1>Liebe*r 🌻</h1><p>{paragraph(chance)}</p>" * 3)
        for number, sent in enumerate(growing(chance, LETTERS, now), start=first)
    ]


def letter_tables(
    chance: random.Random, letters: Sequence[Letter], deliveries: int
) -> Iterator[Table]:
    """Hand over the letters, whom they went to and the copies that prove what was written."""
    each = deliveries // max(len(letters), 1)
    yield table(
        "emails",
        "id category_id is_published date_added created_by_user name subject from_address "
        "from_name content utm_tags plain_text custom_html email_type read_count sent_count "
        "variant_sent_count variant_read_count revision lang variant_settings dynamic_content "
        "headers public_preview",
        [
            (
                letter.id, 1 + letter.id % 6, 1, letter.sent, "Mira Okafor",
                f"Rundbrief {letter.id}", letter.subject, "info@example.org", "Beispielverein",
                "a:0:{}", "a:0:{}", paragraph(chance), letter.body, "list", each // 3, each, 0, 0,
                1 + letter.id % 3, "de", "a:0:{}", "a:0:{}", "[]", 0,
            )
            for letter in letters
        ],
    )  # fmt: skip
    yield table(
        "email_list_xref", "email_id leadlist_id", [(letter.id, EVERYBODY) for letter in letters]
    )
    yield table(
        "email_copies", "id date_created body subject",
        [(letter.copy_id, letter.sent, letter.body, letter.subject) for letter in letters],
    )  # fmt: skip


def statistics(
    chance: random.Random, letters: Sequence[Letter], readers: Sequence[Contact], count: int
) -> Iterator[Row]:
    """Yield ``count`` deliveries, in the order of ``STATISTICS_COLUMNS``, oldest letter first."""
    for letter in letters:
        known = [reader for reader in readers if reader.added <= letter.sent] or list(readers[:1])
        share = count // len(letters) + (count % len(letters) if letter is letters[-1] else 0)
        for number in range(share):
            reader = known[number % len(known) if len(known) <= share else _pick(chance, known)]
            yield _delivery(chance, letter, reader)


def _pick(chance: random.Random, known: Sequence[Contact]) -> int:
    return int(chance.random() * len(known))


def _delivery(chance: random.Random, letter: Letter, reader: Contact) -> Row:
    failed = chance.random() < 0.02
    read = not failed and chance.random() < 0.33
    when = letter.sent + timedelta(seconds=chance.randrange(50))
    opened = when + timedelta(seconds=int(chance.expovariate(1 / 40_000))) if read else None
    return (
        letter.id, reader.id, EVERYBODY, None, letter.copy_id, reader.person.email, when, read,
        failed, 0, opened, f"{chance.getrandbits(88):022x}", int(failed), "campaign.event", 1,
        1 if read else 0, opened,
    )  # fmt: skip
