"""Put the newsletter where the role left an empty database."""

from __future__ import annotations

import tempfile
from collections.abc import Mapping
from pathlib import Path

from ..clients import MariaDB
from ..plan import Plan
from ..settings import NewsletterPlace
from . import content, files, schema
from .evidence import FORMS

QUICKLY = "SET SESSION foreign_key_checks = 0, unique_checks = 0;\n"
SILENTLY = "nowarning\n"
"""An event draws a warning wherever the event scheduler is off, as it is by default."""


def fill(plan: Plan, place: NewsletterPlace) -> Mapping[str, int]:
    """Fill database and folder anew and return the rows of each table and the number of files.

    Raises:
        FillError: MariaDB refused something, or rows did not arrive.
    """
    with (
        tempfile.TemporaryDirectory(prefix="newsletter-") as folder,
        MariaDB(place.database, place.socket, Path(folder)) as server,
    ):
        server.say(schema.sql("empty"))
        server.say(QUICKLY + schema.tables())
        server.say("".join(form.create_statement() for form in FORMS))
        rows = {table.name: server.load(table) for table in content.tables(plan)}
        server.say(schema.sql("indexes"))
        server.insist_on(rows)
        server.say(SILENTLY + schema.sql("objects"))
    return {**rows, "files": files.write(plan, place)}
