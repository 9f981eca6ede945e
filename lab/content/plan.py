"""What is to be made: the seed, the sizes and the moment that counts as now."""

from __future__ import annotations

import dataclasses
import random
from dataclasses import dataclass, field
from datetime import datetime

VERSION = 1
"""Raised whenever the same seed and sizes give other content, so that filled labs are refilled."""


@dataclass(frozen=True)
class Sizes:
    """How much of everything; each field is an option of the command line."""

    contacts: int = 50_000
    """Contacts of the newsletter; segments, consent and submissions grow with them."""
    deliveries: int = 60_000
    """Rows of the newsletter's e-mail statistics."""
    posts: int = 200
    """Published posts of the website."""
    images: int = 60
    """Pictures uploaded to the website."""
    comments: int = 240
    """Comments under the website's posts."""
    voters: int = 600
    """Members who may vote."""
    ballots: int = 48
    """Initiatives in the voting application; three out of four are closed."""
    messages: int = 150
    """Letters delivered to the mailboxes."""


@dataclass(frozen=True)
class Plan:
    """One filling: the same seed, sizes and ``now`` (UTC, whole seconds) give the same content."""

    seed: int
    now: datetime
    sizes: Sizes = field(default_factory=Sizes)

    def chance(self, subject: str) -> random.Random:
        """Give ``subject`` randomness of its own, so that subjects do not disturb each other."""
        return random.Random(f"{self.seed}/{subject}")

    def fingerprint(self) -> dict[str, int]:
        """Name everything but the time that decides the content."""
        return {"version": VERSION, "seed": self.seed, **dataclasses.asdict(self.sizes)}
