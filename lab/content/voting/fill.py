"""Put the voting application where the role left an empty database."""

from __future__ import annotations

from collections.abc import Mapping
from importlib.resources import files
from string import Template

from ..clients import PostgreSQL
from ..plan import Plan
from ..settings import VotingPlace
from . import checkout, content

LATER = "DEFERRABLE INITIALLY DEFERRED"
RESPONSE = f"""
  id serial PRIMARY KEY,
  likes_count integer NOT NULL,
  comments_count integer NOT NULL,
  created_at timestamptz NOT NULL,
  changed_at timestamptz NOT NULL,
  user_id integer NOT NULL REFERENCES auth_user (id) {LATER},
  initiative_id integer REFERENCES initproc_initiative (id) {LATER},
  solution_id integer REFERENCES initproc_solution (id) {LATER}"""


def schema() -> str:
    """Write the statements for all tables."""
    text = files(__package__).joinpath("schema.sql").read_text(encoding="utf-8")
    return Template(text).substitute(later=LATER, response=RESPONSE)


def start_statement(owner: str) -> str:
    """Write what drops the application's old objects and makes the new ones the owner's."""
    return (
        "SET client_min_messages = warning;\nSET TIME ZONE 'UTC';\n"
        f"DROP OWNED BY {owner} CASCADE;\n"
        f"CREATE SCHEMA IF NOT EXISTS public AUTHORIZATION {owner};\nSET ROLE {owner};\n"
    )


def sequence_statement(table: str) -> str:
    """Write what lets the table's own numbers go on after the rows that brought theirs."""
    return (
        f"SELECT setval(pg_get_serial_sequence('{table}', 'id'), COALESCE(MAX(id), 1)) "
        f"FROM {table} \\g /dev/null\n"
    )


def fill(plan: Plan, place: VotingPlace) -> Mapping[str, int]:
    """Fill database and checkout anew and return the rows of each table and the number of files.

    Raises:
        FillError: PostgreSQL or git refused something.
    """
    people = content.voters(plan)
    rows = {}
    with PostgreSQL(place.database, place.port) as server:
        server.say(start_statement(place.owner) + schema())
        for table in content.tables(plan, people):
            rows[table.name] = server.load(table)
            if table.name != "django_session":
                server.say(sequence_statement(table.name))
        server.say("RESET ROLE;\nANALYZE;\n")
    return {**rows, "files": checkout.write(place, people, plan.now)}
