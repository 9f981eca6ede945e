"""The lab's verbs: what the Makefile calls."""

from __future__ import annotations

import argparse
import sys

from lab.clean import clean
from lab.errors import LabError
from lab.main_job import drill, prepare, show_report
from lab.places import Places
from lab.progress import Progress, complain
from lab.suite import run_tests

VERBS = {
    "drill": "the main job: set up, fill, back up, drill, report",
    "prepare": "install what is missing and build the lab image",
    "up": "prepare, then start nick and judy",
    "report": "fetch and print the newest report",
    "destroy": "remove this lab's containers, volumes and network",
    "test": "run the tests, all or the paths that follow",
    "clean": "remove everything that drill and test made",
}


def main(arguments: list[str]) -> int:
    """Run one verb and return the exit status."""
    parser = argparse.ArgumentParser(prog="python3 -m lab", description=__doc__)
    verbs = "; ".join(f"{verb}: {what}" for verb, what in VERBS.items())
    parser.add_argument("verb", choices=VERBS, help=verbs)
    parser.add_argument("paths", nargs="*", help="for test: which tests")
    given = parser.parse_args(arguments)
    try:
        places = Places.of_this_checkout()
        if given.verb == "test":
            return run_tests(places, Progress(places.logs), given.paths)
        run(given.verb, places, Progress(places.logs))
    except LabError as error:
        complain(str(error))
        return 1
    except KeyboardInterrupt:
        complain("Stopped. What was made so far stays; make drill goes on from there.")
        return 130
    return 0


def run(verb: str, places: Places, progress: Progress) -> None:
    """Carry out one verb.

    Raises:
        LabError: it could not be done.
    """
    if verb == "drill":
        drill(places, progress)
    elif verb == "report":
        show_report(places, progress)
    elif verb == "clean":
        clean(places, progress)
    else:
        lab = prepare(places, progress)
        if verb == "up":
            lab.up(progress)
        elif verb == "destroy":
            lab.destroy()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
