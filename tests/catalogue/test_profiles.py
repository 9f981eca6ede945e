"""Each rule of each profile holds in the good state, and catches the damage it is there for."""

from __future__ import annotations

import functools
from collections.abc import Iterator
from contextlib import ExitStack, suppress
from pathlib import Path
from typing import Any

import pytest

from plugins.module_utils.declaration.faults import DeclarationError
from tests.catalogue.absences import (
    files_nobody_misses,
    objections_to_files,
    objections_to_tables,
    tables_nobody_misses,
)
from tests.catalogue.bench import Bench
from tests.catalogue.faults import (
    failing_export,
    failing_side_effects,
    misjudged_answers,
    superfluous_files,
    superfluous_tables,
    unanswered_probes,
    unbroken_rules,
)
from tests.catalogue.fixture import Damage, Fixture, FixtureError
from tests.catalogue.profiles import (
    Contract,
    Trial,
    fixtures_without_a_profile,
    trials,
)
from tests.catalogue.servers import Servers

HERE = Path(__file__).parent
CATALOGUE = HERE.parents[1] / "catalogue"
TRIALS = tuple(trials(CATALOGUE, HERE))


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Make a case of every trial, damage, probe and export, so that a failure names it."""
    names = set(metafunc.fixturenames)
    if "damage" in names:
        _parametrize(metafunc, ("trial", "rule", "damage"), _damages())
    elif "probe" in names:
        _parametrize(metafunc, ("trial", "probe"), _entries("probes"))
    elif "export" in names:
        _parametrize(metafunc, ("trial", "export"), _entries("exports"))
    elif "bench" in names:
        _parametrize(metafunc, ("trial",), ((trial,) for trial, _, _ in _readable()))
    elif "trial" in names:
        _parametrize(metafunc, ("trial",), ((trial,) for trial in TRIALS))


def _parametrize(
    metafunc: pytest.Metafunc, names: tuple[str, ...], cases: Iterator[tuple[Any, ...]]
) -> None:
    params = [pytest.param(*case, id="-".join(_name_of(part) for part in case)) for case in cases]
    metafunc.parametrize(names, params)


def _name_of(part: Any) -> str:
    if isinstance(part, Damage):
        return part.sentence
    return str(part["name"]) if isinstance(part, dict) else str(part)


def _damages() -> Iterator[tuple[Trial, str, Damage]]:
    for trial, fixture, _ in _readable():
        for rule, damages in fixture.broken.items():
            for damage in damages:
                if damage.applies_to(trial.engine):
                    yield trial, rule, damage


def _entries(section: str) -> Iterator[tuple[Trial, dict[str, Any]]]:
    for trial, _, contract in _readable():
        yield from ((trial, entry) for entry in contract.get(section, ()))


@functools.cache
def _readable() -> tuple[tuple[Trial, Fixture, Contract], ...]:
    """Return what can be read; what cannot fails test_the_declaration_loads."""
    return tuple(_read())


def _read() -> Iterator[tuple[Trial, Fixture, Contract]]:
    for trial in TRIALS:
        with suppress(FixtureError, DeclarationError):
            yield trial, trial.fixture(), trial.contract()


class _Benches:
    """Keeps the good state of one trial until another is wanted."""

    def __init__(self, servers: Servers, folder: Path) -> None:
        self._servers = servers
        self._folder = folder
        self._trial: Trial | None = None
        self._bench: Bench | None = None
        self._stack = ExitStack()

    def of(self, trial: Trial) -> Bench:
        if self._bench is None or trial != self._trial:
            self.clear()
            self._trial = trial
            made = Bench(trial, self._servers, self._folder / str(trial))
            self._bench = self._stack.enter_context(made.set_up())
        return self._bench

    def clear(self) -> None:
        self._bench = None
        self._stack.close()


@pytest.fixture(scope="module")
def benches(servers: Servers, tmp_path_factory: pytest.TempPathFactory) -> Iterator[_Benches]:
    kept = _Benches(servers, tmp_path_factory.mktemp("catalogue"))
    yield kept
    kept.clear()


@pytest.fixture
def bench(benches: _Benches, trial: Trial) -> Bench:
    return benches.of(trial)


def test_every_fixture_is_of_a_profile() -> None:
    assert fixtures_without_a_profile(CATALOGUE, HERE) == []


def test_the_declaration_loads(trial: Trial) -> None:
    fault = ""
    try:
        trial.contract()
    except (FixtureError, DeclarationError) as error:
        fault = str(error)
    if fault:
        pytest.fail(fault, pytrace=False)


def test_the_good_state_raises_no_objection(bench: Bench) -> None:
    assert bench.objections() == []
    assert [*objections_to_tables(bench), *objections_to_files(bench)] == []


def test_every_rule_is_broken_and_every_probe_answered(bench: Bench, trial: Trial) -> None:
    faults = list(unbroken_rules(bench.rules, bench.fixture, trial.engine))
    assert [*faults, *unanswered_probes(bench.contract, bench.fixture)] == []


def test_the_damage_is_caught_by_its_rule_alone(bench: Bench, rule: str, damage: Damage) -> None:
    assert bench.faults_of(rule, damage) == []


def test_every_irreplaceable_table_is_missed(bench: Bench) -> None:
    assert list(tables_nobody_misses(bench)) == []


def test_every_required_file_is_missed(bench: Bench) -> None:
    assert list(files_nobody_misses(bench)) == []


def test_the_fixture_holds_only_what_rules_name(bench: Bench) -> None:
    assert [*superfluous_tables(bench), *superfluous_files(bench)] == []


def test_every_side_effect_can_be_blocked(bench: Bench) -> None:
    assert list(failing_side_effects(bench)) == []


def test_the_export_gives_what_it_declares(bench: Bench, export: dict[str, Any]) -> None:
    assert list(failing_export(bench, export)) == []


def test_the_probe_tells_good_answers_from_bad(trial: Trial, probe: dict[str, Any]) -> None:
    fixture = trial.fixture()
    assert probe["name"] in fixture.answers, f"answers: has none for the probe {probe['name']}"
    assert list(misjudged_answers(probe, fixture)) == []
