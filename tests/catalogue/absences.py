"""What must be there is missed when it is not: irreplaceable tables and required files."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from fnmatch import fnmatchcase

from plugins.module_utils.contract import Contract
from plugins.module_utils.drill.comparison import FilesSeen
from plugins.module_utils.drill.judgement import WILDCARDS, about_contract, about_required_files
from plugins.module_utils.manifest import Measure
from plugins.module_utils.stores import DatabaseStore
from tests.catalogue.bench import Bench
from tests.catalogue.fixture import Damage


def objections_to_tables(bench: Bench) -> Iterator[str]:
    """Yield what a drill says of the irreplaceable tables of the state as it is."""
    for store, copy in bench.judged_stores():
        yield from _about(store, copy.measure())


def objections_to_files(bench: Bench) -> Iterator[str]:
    """Yield what a drill says of the required files of the state as it is."""
    seen = FilesSeen(paths=set(bench.tree.paths()))
    for store in Contract.of(bench.contract).files:
        yield from (objection.reason for objection in about_required_files(store, seen))


def tables_nobody_misses(bench: Bench) -> Iterator[str]:
    """Drop every plain irreplaceable table; yield those that no objection names.

    All are dropped from the server at once, and each alone from the measure of the good state.
    """
    for store, copy in bench.judged_stores():
        plain = plain_names(store)
        good = copy.measure()
        for name in plain:
            rest = {table: held for table, held in good.tables.items() if not _is(table, name)}
            said = _about(store, replace(good, tables=rest))
            if len(rest) == len(good.tables) or not _names(said, name):
                yield f"{store.name}: {name} can go unnoticed"
        with bench.changing(store.name):
            for name in plain:
                if any(_is(table, name) for table in good.tables):
                    copy.drop(name)
            said = _about(store, copy.measure())
        for name in plain:
            if not _names(said, name):
                yield f"{store.name}: {name} was dropped, which went unnoticed"


def files_nobody_misses(bench: Bench) -> Iterator[str]:
    """Remove the files of every required pattern; yield the patterns that stay silent."""
    for store in Contract.of(bench.contract).files:
        for pattern in store.required:
            paths = [path for path in bench.tree.paths() if fnmatchcase(path, pattern)]
            outer = [path for path in paths if not any(path.startswith(f"{p}/") for p in paths)]
            with bench.damaged(Damage("the files are gone", {}, dict.fromkeys(outer), ())):
                said = list(objections_to_files(bench))
            if not paths or not _names(said, pattern):
                yield f"{store.name}: {pattern} can go unnoticed"


def plain_names(store: DatabaseStore) -> list[str]:
    """Return the irreplaceable names that are no patterns: each must exist."""
    return [name for name in store.irreplaceable if not WILDCARDS.intersection(name)]


def _about(store: DatabaseStore, held: Measure) -> list[str]:
    return [objection.reason for objection in about_contract(store, held)]


def _names(said: Sequence[str], what: str) -> bool:
    return any(f" {what} " in f"{reason} ".replace(",", " ") for reason in said)


def _is(table: str, name: str) -> bool:
    return table in {name, f"public.{name}"}
