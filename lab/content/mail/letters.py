"""Letters as people write them to a small organisation, some with attachments."""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime

from ..documents import pdf
from ..moments import growing
from ..people import Person, invent
from ..pictures import png
from ..words import headline, paragraph, sentence

MONTHS_BACK_DAYS = 270.0


def write(
    chance: random.Random, count: int, mailboxes: Sequence[str], now: datetime
) -> Iterator[EmailMessage]:
    """Write ``count`` letters to ``mailboxes``, oldest first; every third brings something."""
    previous: dict[str, str] = {}
    for number, sent in enumerate(growing(chance, count, now, days=MONTHS_BACK_DAYS), start=1):
        mailbox = mailboxes[int(chance.random() ** 1.3 * len(mailboxes))]
        message = _letter(chance, number, mailbox, sent.replace(tzinfo=UTC))
        if mailbox in previous and chance.random() < 0.25:
            message["In-Reply-To"] = message["References"] = previous[mailbox]
        previous[mailbox] = message["Message-ID"]
        _give_boundaries(message, number)
        yield message


def _letter(chance: random.Random, number: int, mailbox: str, sent: datetime) -> EmailMessage:
    person = invent(chance, number)
    tongue = "en" if chance.random() < 0.15 else "de"
    message = EmailMessage(policy=SMTP)
    message["From"] = f"{person.name} <{person.email}>"
    message["To"] = mailbox
    if chance.random() < 0.2:
        message["Cc"] = f"gruppe{number % 7}@example.net"
    message["Subject"] = headline(chance, tongue) + (" 🌻" if chance.random() < 0.1 else "")
    message["Date"] = format_datetime(sent)
    message["Message-ID"] = f"<{number}.{chance.getrandbits(64):016x}@example.net>"
    body = "\n\n".join(paragraph(chance, tongue) for _ in range(chance.randint(1, 4)))
    message.set_content(f"{body}\n\nViele Grüße\n{person.name}\n")
    if chance.random() < 0.3:
        message.add_alternative(f"<html><body><p>{body}</p></body></html>", subtype="html")
    if number % 3 == 0:
        _attach(chance, message, person)
    return message


def _attach(chance: random.Random, message: EmailMessage, person: Person) -> None:
    kind = chance.choice(("pdf", "png", "csv"))
    if kind == "pdf":
        text = [headline(chance), *(paragraph(chance) for _ in range(6)), person.name]
        message.add_attachment(pdf(text), "application", "pdf", filename="Protokoll März.pdf")
    elif kind == "png":
        message.add_attachment(png(chance, 400, 300), "image", "png", filename="Foto.png")
    else:
        rows = "".join(f"{number};{sentence(chance)}\r\n" for number in range(40))
        message.add_attachment(rows, "csv", filename="Übersicht.csv")


def _give_boundaries(message: EmailMessage, number: int) -> None:
    """Replace the boundaries that Python would draw from randomness of its own."""
    for depth, part in enumerate(message.walk()):
        if part.is_multipart():
            part.set_boundary(f"=_letter-{number}-{depth}")
