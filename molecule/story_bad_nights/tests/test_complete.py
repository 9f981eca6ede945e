"""A database with one of each kind of thing comes back whole, and what a dump leaves out is named.

The things themselves stand in ``one_of_each_mariadb.sql`` and ``one_of_each_postgresql.sql``.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from plugins.module_utils.tools import mariadb_objects, postgresql_objects
from tests import night
from tests.operator import Played, dump_tool, host, play

DECLARATION = """\
plugin: probealarm.recovery.services
drill_host: judy
services:
  whole:
    profile: files
    host: nick
    objectives: {rpo: 24h, rto: 30m}
    path: /srv/night
    stores:
      mariadb: {kind: mariadb, database: whole, irreplaceable: ["*"]}
      postgresql: {kind: postgresql, database: whole, port: 5433, irreplaceable: ["*"]}
"""
FOLDER = Path(__file__).parent
LEDGER = "/var/lib/probealarm/ledger.jsonl"
ROWS = 16
"""In all tables of both databases, as the two files fill them."""
MARIADB = "mariadb --default-character-set=utf8mb4"
PSQL = f"PGCLIENTENCODING=UTF8 {night.PSQL} --no-psqlrc --quiet --set=ON_ERROR_STOP=1"
FORGET_MARIADB = "DROP DATABASE whole; DROP USER whole_kim@localhost; DROP ROLE whole_reader"
FORGET_POSTGRESQL = "DROP DATABASE whole; DROP ROLE whole_kim; DROP ROLE whole_reader"
IN_MARIADB = """
table towns
engine of counts
engine of visits
index towns.by_name
foreign key streets.in_town
referenced by streets.in_town
check towns.is_named
partitions of weather
sequence numbers
view long_names
definer of view long_names
trigger trimmed
definer of trigger trimmed
function shout
parameters of shout
procedure forget
definer of routine forget
event tidied
definer of event tidied
role whole_reader
account whole_kim@localhost
grant to whole_reader on `whole`.*
grant to whole_kim@localhost on `whole`.`towns`
grant to whole_kim@localhost on `whole`.`shout`
role of whole_kim@localhost: `whole_reader`
default role of whole_kim@localhost: `whole_reader`
"""
IN_POSTGRESQL = """
table public.towns
column public.towns.id
column public.towns.name
kind of public.weather
kind of public.weather_of_old
constraint public.streets.streets_town_fkey
index public.towns_pkey
view public.long_names
view public.counted
extension hstore
large objects
procedure public.forget(integer)
rights on public.forget(integer)
function public.shout(text)
definition of public.shout(text)
function public.together(text)
trigger public.towns.trimmed
event trigger noticed
rule public.streets.never
row security of public.towns
policy public.towns.only_awake
type side.code
constraint of type side.code.five_digits
type side.mood
type side.span
type side.place
rights on type side.code
schema side
rights on schema side
sequence side.numbers
sequence options of side.numbers
statistics public.towns_together
default rights of whole_kim in side
rights on public.towns.name
rights on the database
settings of the database
owner of the database
role whole_kim
membership of whole_kim in whole_reader
publication told
foreign server elsewhere
comments
"""
NAMED = {"mariadb": IN_MARIADB, "postgresql": IN_POSTGRESQL}
ASKED = {"mariadb": mariadb_objects.OBJECTS, "postgresql": postgresql_objects.OBJECTS}
KIND = re.compile(r"^SELECT (?:CONCAT\()?'([a-z _]+?) ?'", re.MULTILINE)


@dataclass(frozen=True)
class Whole:
    """The service, by the inventory that declares it."""

    inventory: Path

    def drill(self) -> Played:
        """Drill its newest snapshot."""
        return play("playbooks/drill.yml", "--limit", "whole", inventory=self.inventory)


@pytest.fixture(scope="module", name="whole")
def _whole(contract: dict[str, Any], tmp_path_factory: pytest.TempPathFactory) -> Iterator[Whole]:
    """Lay down one of each, and declare the two databases in place of those of the night."""
    nick = host("nick")
    mariadb, postgresql = (
        (FOLDER / f"one_of_each_{engine}.sql").read_text(encoding="utf-8") for engine in NAMED
    )
    inventory = night.inventory(tmp_path_factory.mktemp("whole"), DECLARATION)
    try:
        nick.check_output("sh -c %s sh %s", f'printf %s "$1" | {MARIADB}', mariadb)
        nick.check_output("sh -c %s sh %s", f'printf %s "$1" | {PSQL} postgres', postgresql)
        night.declare(night.contract_of(inventory, "whole"))
        yield Whole(inventory)
    finally:
        night.declare(contract)
        nick.check_output("sh -c %s sh %s", f'printf %s "$1" | {MARIADB} --force', FORGET_MARIADB)
        forget = FORGET_POSTGRESQL.replace("; ", ";\n")
        nick.check_output("sh -c %s sh %s", f'printf %s "$1" | {PSQL} postgres', forget)


@pytest.fixture(scope="module", name="databases")
def _databases(whole: Whole) -> dict[str, dict[str, Any]]:
    """What the manifest in judy's store says of each database."""
    played = night.back_up()
    assert played.status == 0, played.output
    manifest = json.loads(
        host("judy").check_output(
            "restic --no-lock --repo %s "
            "--password-file /etc/probealarm/store/passwords/nick.password dump %s %s",
            night.STORE,
            night.saved()[-1],
            f"{night.STAGING}/whole/manifest.json",
        )
    )
    return {database["engine"]: database for database in manifest["databases"]}


@pytest.mark.parametrize("engine", NAMED)
def test_the_manifest_names_one_of_each(engine: str, databases: dict[str, dict[str, Any]]) -> None:
    objects = databases[engine]["measure"]["objects"]
    missing = [name for name in NAMED[engine].strip().splitlines() if name not in objects]
    assert not missing, sorted(objects)
    kinds = KIND.findall(ASKED[engine])
    assert len(kinds) > 15
    assert [kind for kind in kinds if not any(name.startswith(kind) for name in objects)] == []


def test_what_no_transaction_keeps_still_was_locked(databases: dict[str, dict[str, Any]]) -> None:
    assert databases["mariadb"]["locked_tables"] == ["counts", "visits"]


def test_the_character_sets_are_other_ones(databases: dict[str, dict[str, Any]]) -> None:
    made = {engine: database["measure"]["creation"] for engine, database in databases.items()}
    assert made["mariadb"] == {"character_set": "latin1", "collation": "latin1_german2_ci"}
    assert made["postgresql"]["encoding"] == "LATIN1"


@pytest.mark.usefixtures("databases")
def test_all_of_it_comes_back(whole: Whole) -> None:
    drilled = whole.drill()
    assert drilled.status == 0, drilled.output
    record = json.loads(host("judy").check_output("tail --lines=1 %s", LEDGER))
    assert (record["service"], record["verdict"], record["level"]) == ("whole", "proven", "L4")
    assert record["rows_compared"] == ROWS


@pytest.mark.parametrize(
    ("option", "named"),
    [
        ("--ignore-table=whole.long_names", "view long_names is not in it"),
        ("--ignore-table=whole.numbers", "sequence numbers is not in it"),
        ("--ignore-table=whole.counts", "table counts is not in it"),
        ("--skip-routines", "function shout is not in it; procedure forget is not in it"),
        ("--skip-events", "event tidied is not in it"),
        ("--skip-triggers", "it has 0 of 1 triggers"),
    ],
)
def test_what_a_dump_of_mariadb_leaves_out_is_named(whole: Whole, option: str, named: str) -> None:
    before = night.saved()
    with dump_tool(f'exec /usr/bin/mariadb-dump "$@" {option}'):
        said = night.fails(night.back_up())
    assert named in said
    assert night.saved() == before


def test_what_a_dump_of_postgresql_leaves_out_is_named(whole: Whole) -> None:
    less = 'exec /usr/bin/pg_dump "$@" --no-large-objects --exclude-table=long_names'
    with dump_tool(less, "pg_dump"):
        assert night.back_up().status == 0
    drilled = whole.drill()
    assert drilled.status != 0
    assert "whole is broken" in drilled.output
    assert "whole: large objects is missing" in drilled.output
    assert "whole: view public.long_names is missing" in drilled.output
