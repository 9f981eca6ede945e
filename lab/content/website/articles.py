"""What stands on the website: articles in two languages, pictures, remarks."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from ..moments import growing, soon_after
from ..people import EMOJI, invent
from ..pictures import png
from ..plan import Plan
from ..words import headline, paragraph, sentence

CATEGORIES = ("Umwelt", "Verkehr", "Bildung", "Europa", "Aus den Ortsgruppen", "English")
EDITOR = {"login": "zoe", "email": "zoe@example.org", "name": "Zoë Lindström"}
PICTURE_SIZES = ((480, 300), (400, 260), (640, 400))


@dataclass(frozen=True)
class Picture:
    """One uploaded picture: PNG as it is, or JPEG, into which the website's program turns it."""

    name: str
    title: str
    post: int
    png: bytes


def _articles(chance: random.Random, count: int, now: datetime) -> list[dict[str, object]]:
    made: list[dict[str, object]] = []
    for number, published in enumerate(growing(chance, count, now), start=1):
        tongue = "en" if number % 5 == 0 else "de"
        parts = [paragraph(chance, tongue) for _ in range(chance.randint(2, 6))]
        mood = f" {chance.choice(EMOJI)}" if chance.random() < 0.1 else ""
        made.append({
            "title": headline(chance, tongue) + mood,
            "content": "\n\n".join(f"<!-- wp:paragraph -->\n<p>{part}</p>\n<!-- /wp:paragraph -->"
                                   for part in parts),
            "excerpt": sentence(chance, tongue),
            "date": f"{published:%Y-%m-%d %H:%M:%S}",
            "category": CATEGORIES[-1] if tongue == "en" else chance.choice(CATEGORIES[:-1]),
            "tags": chance.sample(("demokratie", "köln", "klima", "haushalt", "wahl"), 2),
            "by_editor": chance.random() < 0.6,
        })  # fmt: skip
    return made


def _remarks(chance: random.Random, plan: Plan) -> list[dict[str, object]]:
    made: list[dict[str, object]] = []
    for number, written in enumerate(growing(chance, plan.sizes.comments, plan.now), start=1):
        person = invent(chance, number)
        made.append({
            "post": chance.randrange(plan.sizes.posts),
            "author": person.name,
            "email": person.email,
            "content": f"{sentence(chance)} {chance.choice(('', '👍', 'Grüße!'))}".strip(),
            "date": f"{soon_after(chance, written, plan.now, days=1):%Y-%m-%d %H:%M:%S}",
            "approved": chance.random() < 0.92,
        })  # fmt: skip
    return made


def writing(plan: Plan) -> dict[str, object]:
    """Gather everything but the pictures, as the website's program reads it."""
    chance = plan.chance("website")
    return {
        "editor": EDITOR,
        "categories": CATEGORIES,
        "posts": _articles(chance, plan.sizes.posts, plan.now),
        "comments": _remarks(chance, plan) if plan.sizes.posts else [],
    }


def pictures(plan: Plan) -> Sequence[Picture]:
    """Paint the pictures; every second one is to become a JPEG."""
    chance = plan.chance("pictures")
    return [
        Picture(
            name=f"bild-{number:03}.{'jpg' if number % 2 else 'png'}",
            title=f"{headline(chance)} ({number})",
            post=chance.randrange(max(plan.sizes.posts, 1)),
            png=png(chance, *PICTURE_SIZES[number % len(PICTURE_SIZES)]),
        )
        for number in range(1, plan.sizes.images + 1)
    ]
