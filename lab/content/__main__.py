"""The verbs: ``pack`` on the machine that steers, the others on nick."""

from __future__ import annotations

import argparse
import dataclasses
import json
import sys
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

from . import archive
from .errors import FillError
from .filling import SERVICES, fill, fills
from .living import Day, live
from .marks import Marks
from .newsletter import incident
from .plan import Plan, Sizes
from .settings import Settings

MARKS = Path("/usr/local/lib/lab-content")


def at_least_one(text: str) -> int:
    """Take a size from the command line.

    Raises:
        ValueError: it is no number, or smaller than one.
    """
    if (size := int(text)) < 1:
        raise ValueError
    return size


def parser() -> argparse.ArgumentParser:
    """Describe the command line; every size is an option."""
    top = argparse.ArgumentParser(prog="python3 -m lab.content", description=__doc__)
    verbs = top.add_subparsers(dest="verb", required=True)
    pack = verbs.add_parser("pack", help="write the archive that travels to nick")
    pack.add_argument("archive", type=Path)
    filler = verbs.add_parser("fill", help="fill all services that do not hold this content yet")
    filler.add_argument("--settings", type=Path, required=True, help="JSON: where services live")
    filler.add_argument("--seed", type=int, default=1)
    filler.add_argument("--again", action="store_true", help="fill also what was filled before")
    filler.add_argument("--only", action="append", choices=SERVICES, help="leave the others alone")
    for size in dataclasses.fields(Sizes):
        filler.add_argument(f"--{size.name}", type=at_least_one, default=size.default)
    living = verbs.add_parser("live", help="let days go by: a little more of everything")
    living.add_argument("--settings", type=Path, required=True, help="JSON: where services live")
    living.add_argument("--days", type=int, default=1)
    trouble = verbs.add_parser("incident", help="delete Mautic's folder and run its installer")
    trouble.add_argument("--settings", type=Path, required=True, help="JSON: where services live")
    return top


def main(arguments: Sequence[str]) -> int:
    """Run one verb and return the exit status."""
    given = parser().parse_args(arguments)
    try:
        if given.verb == "pack":
            print("changed" if archive.write(given.archive) else "unchanged")
            return 0
        settings = Settings.load(given.settings)
        now = datetime.now(UTC).replace(microsecond=0)
        if given.verb == "fill":
            return run_fill(given, settings, now)
        if given.verb == "live":
            plan = Plan(int(now.timestamp()), now, Day().sizes(given.days))
            print(json.dumps(live(plan, settings, given.days)))
        else:
            incident.cause(settings.newsletter, now)
        return 0
    except FillError as error:
        print(error, file=sys.stderr)
        return 1


def run_fill(given: argparse.Namespace, settings: Settings, now: datetime) -> int:
    """Fill, print one line of JSON a service that was filled, and complain about every other."""
    sizes = Sizes(**{each.name: getattr(given, each.name) for each in dataclasses.fields(Sizes)})
    plan = Plan(given.seed, now, sizes)
    status = 0
    wanted = {
        service: one
        for service, one in fills(plan, settings).items()
        if service in (given.only or SERVICES)
    }
    for outcome in fill(plan, wanted, Marks(MARKS), again=given.again):
        if outcome.objection:
            print(f"{outcome.service}: {outcome.objection}", file=sys.stderr)
            status = 1
            continue
        print(json.dumps(dataclasses.asdict(outcome), ensure_ascii=False))
    return status


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
