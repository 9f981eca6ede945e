"""What can be wrong with a fixture or a profile, found on the bench; each finding is a sentence."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Sequence
from fnmatch import fnmatchcase
from typing import Any

import jmespath

from plugins.module_utils.checks.probes import Expectation
from plugins.module_utils.errors import Trouble
from plugins.module_utils.stores import DatabaseStore
from tests.catalogue.absences import plain_names
from tests.catalogue.bench import Bench
from tests.catalogue.fixture import Engine, Fixture
from tests.catalogue.profiles import Contract


def unbroken_rules(rules: Sequence[str], fixture: Fixture, engine: Engine) -> Iterator[str]:
    """Yield every rule that no damage breaks, and every damage to a rule that does not exist."""
    for rule in rules:
        if not any(damage.applies_to(engine) for damage in fixture.broken.get(rule, ())):
            yield f"no damage in broken: breaks the rule {rule}"
    for rule in fixture.broken:
        if rule not in rules:
            yield f"broken: names {rule}, and the profile has no such rule"
    for rule, damages in fixture.broken.items():
        for name in {name for damage in damages for name in damage.also} - set(rules):
            yield f"broken.{rule}: also names {name}, and the profile has no such rule"


def unanswered_probes(contract: Contract, fixture: Fixture) -> Iterator[str]:
    """Yield every probe without answers, and all answers to a probe that does not exist."""
    probes = {probe["name"] for probe in contract.get("probes", ())}
    for name in sorted(probes - set(fixture.answers)):
        yield f"answers: has none for the probe {name}"
    for name in sorted(set(fixture.answers) - probes):
        yield f"answers: names {name}, and the profile has no such probe"


def misjudged_answers(probe: dict[str, Any], fixture: Fixture) -> Iterator[str]:
    """Yield good answers that a probe refuses and bad ones that it takes for good."""
    expected = Expectation.of(probe)
    for expression in expected.json:
        try:
            jmespath.compile(expression)
        except ValueError as error:
            yield f"{expression} is no JMESPath expression: {error}"
            return
    answers = fixture.answers[probe["name"]]
    for objection in expected.objections(answers.good, jmespath.search):
        yield f"the good answer is refused: {objection}"
    for number, answer in enumerate(answers.bad):
        if not list(expected.objections(answer, jmespath.search)):
            yield f"bad[{number}] is taken for a good answer"


def superfluous_tables(bench: Bench) -> Iterator[str]:
    """Yield tables and columns of the fixture that no rule of the profile names.

    A fixture that holds more than the rules need hides that a rule has lost its subject.
    """
    words = {word.casefold() for word in _words(_parts_with_names(bench.contract))}
    for store, copy in bench.judged_stores():
        patterns = _telling_patterns(store)
        for table, columns in copy.columns().items():
            if any(fnmatchcase(table, pattern) for pattern in patterns):
                continue  # named by the application as it goes along, and so are its columns
            if table.casefold() not in words:
                yield f"{store.name}: no rule names the table {table}"
            elif len(columns) > 1:  # a table needs one column, whatever it is called
                for column in columns:
                    if column.casefold() not in words:
                        yield f"{store.name}: no rule names the column {table}.{column}"


def superfluous_files(bench: Bench) -> Iterator[str]:
    """Yield files of the fixture that no rule of the profile can have in view."""
    contract = bench.contract
    required = [store.get("required") for store in contract["stores"]]
    parts = [contract.get(name) for name in ("checks", "secrets", "side_effects")]
    places = [text for text in _texts([required, *parts]) if text.startswith("/")]
    keys = [check["keys"] for check in contract.get("checks", ()) if check["kind"] == "dkim_keys"]
    places += [f"{pattern.removesuffix('.private')}.txt" for pattern in keys]
    saved = [path for store in contract["stores"] for path in store.get("paths", ())]
    places += [path for path in saved if not any(_is_in_view(place, path) for place in places)]
    for path in bench.fixture.files:
        is_above = any(place.startswith(f"{path}/") or place == path for place in [*places, *saved])
        if not is_above and not any(_is_in_view(path, place) for place in places):
            yield f"no rule has the file {path} in view"


def failing_side_effects(bench: Bench) -> Iterator[str]:
    """Run every statement that blocks a side effect; yield those that the good state refuses."""
    for effect in bench.contract.get("side_effects", ()):
        for block in effect["block"]:
            if "statement" in block:
                store, sql = block["statement"]["store"], block["statement"]["sql"]
                with bench.changing(store):
                    try:
                        bench.do(store, sql)
                    except AssertionError as refusal:
                        yield f"{effect['name']}: {refusal}"


def failing_export(bench: Bench, export: dict[str, Any]) -> Iterator[str]:
    """Run an export; yield how its answer is not the declared one."""
    try:
        columns, rows = bench.copies[export["store"]].export(export["query"])
    except Trouble as refusal:
        yield f"the query is refused: {refusal}"
        return
    declared = list(export["columns"])
    if columns != declared:
        yield f"the query gives the columns {columns}, declared are {declared}"
    if not rows:
        yield "the good state has no row for it"
    if (person := export.get("person")) and person not in declared:
        yield f"person names {person}, which is no column"
    if missing := [name for name in export["key"] if name not in columns]:
        yield f"key names {missing}, which the query does not give"
        return
    places = [columns.index(name) for name in export["key"]]
    keys = [tuple(row[place] for place in places) for row in rows]
    if any(None in key for key in keys):
        yield "a row has no key"
    if len(set(keys)) != len(keys):
        yield "two rows have the same key"


def _parts_with_names(contract: Contract) -> Any:
    """Return everything of a contract in which a table or a column may be named."""
    named = ("checks", "secrets", "exports", "side_effects")
    return [[s.get("irreplaceable") for s in contract["stores"]], *map(contract.get, named)]


def _telling_patterns(store: DatabaseStore) -> list[str]:
    """Return the patterns that tell some tables from others; ``*`` covers whatever there is."""
    plain = plain_names(store)
    patterns = [name for name in store.irreplaceable if name not in plain]
    return [
        pattern
        for pattern in patterns
        if not plain or not all(fnmatchcase(name, pattern) for name in plain)
    ]


def _is_in_view(path: str, place: str) -> bool:
    below = place.rstrip("/")
    return f"{path}/".startswith(f"{below}/") or fnmatchcase(path, place)


def _words(value: Any) -> set[str]:
    return set(re.findall(r"\w+", json.dumps(value, ensure_ascii=False).replace("\\", " ")))


def _texts(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for item in value.values():
            yield from _texts(item)
    elif isinstance(value, list):
        for item in value:
            yield from _texts(item)
