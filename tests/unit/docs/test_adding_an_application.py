"""docs/adding-an-application.md can be typed along: what it builds up is a profile that holds."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any, cast

import pytest

from plugins.module_utils.declaration.load import Inventory, load_services
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
from tests.catalogue.profiles import Trial
from tests.catalogue.servers import Servers

ROOT = Path(__file__).parents[3]
PAGE = (ROOT / "docs/adding-an-application.md").read_text(encoding="utf-8")
PROFILE, FIXTURE, DECLARATION = FILES = (
    "catalogue/gitea.yml",
    "tests/catalogue/gitea.yml",
    "inventories/production/services.probealarm.yml",
)
NO_SERVERS = cast("Servers", None)  # SQLite is a file and needs none


@pytest.fixture(name="typed", scope="module")
def _typed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Type along: write each block to the file it names, one after the other."""
    root = tmp_path_factory.mktemp("typed")
    for block in re.findall(r"```yaml\n(.*?)```", PAGE, re.DOTALL):
        name = block.partition("\n")[0].removeprefix("# ")
        assert name in FILES, f"a block begins with {name!r}; name one of {', '.join(FILES)}"
        file = root / name
        file.parent.mkdir(parents=True, exist_ok=True)
        with file.open("a", encoding="utf-8") as stream:
            stream.write(block)
    return root


@pytest.fixture(name="trial", scope="module")
def _trial(typed: Path) -> Trial:
    return Trial((typed / PROFILE).parent, (typed / FIXTURE).parent, "gitea", None)


@pytest.fixture(name="bench", scope="module")
def _bench(trial: Trial, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Bench]:
    with Bench(trial, NO_SERVERS, tmp_path_factory.mktemp("bench")).set_up() as bench:
        yield bench


def test_its_application_is_not_in_the_catalogue() -> None:
    assert not (ROOT / PROFILE).exists(), "choose another example; this one need not be added"


def test_the_declaration_loads(typed: Path) -> None:
    inventory = Inventory(hosts=("judy", "nick"), groups=("all",))
    services = load_services(typed / DECLARATION, (typed / PROFILE).parent, inventory)
    assert [service.name for service in services] == ["forge"]


def test_the_profile_has_every_section_that_the_page_speaks_of(trial: Trial) -> None:
    sections = {"stores", "secrets", "quiesce", "checks", "probes", "side_effects"}
    assert sections | {"exports", "after_restore"} <= trial.contract().keys()


def test_the_good_state_raises_no_objection(bench: Bench) -> None:
    assert bench.objections() == []
    assert [*objections_to_tables(bench), *objections_to_files(bench)] == []


def test_every_rule_is_broken_and_caught_alone(bench: Bench) -> None:
    assert list(unbroken_rules(bench.rules, bench.fixture, None)) == []
    for rule, damages in bench.fixture.broken.items():
        for damage in damages:
            assert bench.faults_of(rule, damage) == []


def test_everything_else_that_the_tests_of_the_catalogue_ask_for(bench: Bench) -> None:
    contract: dict[str, Any] = bench.contract
    findings = [
        *tables_nobody_misses(bench),
        *files_nobody_misses(bench),
        *superfluous_tables(bench),
        *superfluous_files(bench),
        *unanswered_probes(contract, bench.fixture),
        *failing_side_effects(bench),
    ]
    findings += [one for export in contract["exports"] for one in failing_export(bench, export)]
    for probe in contract["probes"]:
        findings += misjudged_answers(probe, bench.fixture)
    assert findings == []
