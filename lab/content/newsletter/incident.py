"""What happened to the organisation, done again: a deleted folder, then an obliging installer.

Mautic takes itself for "not installed" when its ``local.php`` is gone, and its installer, told not
to keep old tables, drops every table that belongs to one of its entities before it makes them anew.
What is not an entity's stays behind: the forms' result tables (now without forms), a view, a
procedure. Source: mautic/mautic, InstallBundle/Helper/SchemaHelper.php, dropExistingSchema().
"""

from __future__ import annotations

import secrets
import shutil
import tempfile
from datetime import datetime
from pathlib import Path

from ..clients import MariaDB
from ..settings import NewsletterPlace
from ..tables import Table, table
from . import fields, files, house, schema
from .fill import QUICKLY


def cause(place: NewsletterPlace, now: datetime) -> None:
    """Delete the application's folder and reinstall it over the database that is still there.

    Raises:
        FillError: MariaDB refused something.
    """
    for found in Path(place.path).iterdir():
        shutil.rmtree(found) if found.is_dir() else found.unlink()
    with (
        tempfile.TemporaryDirectory(prefix="newsletter-") as folder,
        MariaDB(place.database, place.socket, Path(folder)) as server,
    ):
        server.say(QUICKLY)
        for name in schema.names():
            server.say(f"DROP TABLE IF EXISTS {name};\n")
        server.say(schema.tables(fields.CORE_FIELDS))
        for each in fresh_rows(now):
            server.load(each)
        server.say(schema.sql("indexes"))
    files.write_local_php(place, secrets.token_hex(32))


def fresh_rows(now: datetime) -> list[Table]:
    """Give what a new Mautic starts with: a role, the user of whoever installs it, core fields."""
    password = house.password_hash(secrets.token_bytes(32))
    return [
        table(
            "roles", "id is_published date_added name description is_admin readable_permissions",
            [(1, 1, now, "Administrator", "Full system access", 1, "a:0:{}")],
        ),
        table(
            "users",
            "id role_id is_published date_added username password first_name last_name email",
            [(1, 1, 1, now, "admin", password, "Admin", "Admin", "admin@example.org")],
        ),
        table("lead_fields", fields.FIELD_COLUMNS, fields.rows(fields.CORE_FIELDS)),
    ]  # fmt: skip
