"""All services at once: what waits for a database lets the others work."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

from .errors import FillError
from .mail.fill import fill as fill_mail
from .marks import Marks
from .newsletter.fill import fill as fill_newsletter
from .plan import Plan
from .settings import Settings
from .voting.fill import fill as fill_voting
from .website.fill import fill as fill_website

SERVICES = ("newsletter", "website", "mail", "voting")
"""What takes longest comes first."""

Fill = Callable[[], Mapping[str, int]]


@dataclass(frozen=True)
class Outcome:
    """What became of one service: filled with ``counts``, or refused with an ``objection``."""

    service: str
    counts: Mapping[str, int]
    seconds: float
    objection: str = ""


def fills(plan: Plan, settings: Settings) -> dict[str, Fill]:
    """Give what fills each of ``SERVICES``, in their order."""
    ways: tuple[Fill, ...] = (
        lambda: fill_newsletter(plan, settings.newsletter),
        lambda: fill_website(plan, settings.website),
        lambda: fill_mail(plan, settings.mail),
        lambda: fill_voting(plan, settings.voting),
    )
    return dict(zip(SERVICES, ways, strict=True))


def fill(plan: Plan, fills: Mapping[str, Fill], marks: Marks, *, again: bool) -> Iterator[Outcome]:
    """Fill every service that does not hold the plan's content yet, or all ``again``."""
    fingerprint = plan.fingerprint()
    waiting = [name for name in fills if again or not marks.holds(name, fingerprint)]

    def one(service: str) -> Outcome:
        start = time.monotonic()
        marks.remove(service)
        try:
            counts = fills[service]()
        except FillError as error:
            return Outcome(service, {}, time.monotonic() - start, str(error))
        marks.put(service, fingerprint)
        return Outcome(service, counts, time.monotonic() - start)

    with ThreadPoolExecutor(max_workers=len(fills)) as pool:
        yield from pool.map(one, waiting)
