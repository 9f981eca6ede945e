"""Profiles and their fixtures, found without judging them: what to try, and its contract."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator, Mapping
from copy import deepcopy
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from plugins.module_utils.declaration.load import PLUGIN_NAME, Inventory, load_services
from tests.catalogue.fixture import ENGINES, Engine, Fixture, FixtureError, read_fixture

SERVICE = "tried"
OBJECTIVES = {"rpo": "24h", "rto": "1h"}
Contract = dict[str, Any]


@dataclass(frozen=True)
class Trial:
    """One profile on one engine.

    Attributes:
        catalogue: the folder of profiles.
        fixtures: the folder of their fixtures.
    """

    catalogue: Path
    fixtures: Path
    profile: str
    engine: Engine

    def __str__(self) -> str:
        return f"{self.profile}-{self.engine}" if self.engine else self.profile

    def fixture(self) -> Fixture:
        """Read the fixture.

        Raises:
            FixtureError: there is none, or something in it is not understood.
        """
        return read_fixture(self.fixtures / f"{self.profile}.yml")

    def contract(self) -> Contract:
        """Return what a declaration with the fixture's ``service`` comes to.

        Raises:
            DeclarationError: the declaration or its profile has errors.
            FixtureError: the fixture cannot be read.
        """
        service = _for_engine(deepcopy(dict(self.fixture().service)), self.engine)
        if self.engine is not None:
            _set(service, engine_setting(self._document()) or "", self.engine)
        general = {"profile": self.profile, "host": "nick", "objectives": OBJECTIVES}
        declaration = {
            "plugin": PLUGIN_NAME,
            "drill_host": "judy",
            "services": {SERVICE: {**general, **service}},
        }
        with tempfile.TemporaryDirectory() as folder:
            file = Path(folder) / "services.probealarm.yml"
            file.write_text(yaml.safe_dump(declaration, sort_keys=False), encoding="utf-8")
            inventory = Inventory(hosts=("judy", "nick"), groups=("all", "services"))
            services = load_services(file, self.catalogue, inventory)
        return services[0].contract()

    def _document(self) -> Mapping[str, Any]:
        text = (self.catalogue / f"{self.profile}.yml").read_text(encoding="utf-8")
        found = yaml.safe_load(text)
        return found if isinstance(found, dict) else {}


def trials(catalogue: Path, fixtures: Path) -> Iterator[Trial]:
    """Yield every profile, on every engine that it runs on."""
    for file in sorted(catalogue.glob("*.yml")):
        alone = Trial(catalogue, fixtures, file.stem, None)
        try:
            chooses = engine_setting(alone._document()) is not None
        except yaml.YAMLError:
            chooses = False  # loading the declaration tells what is wrong
        if chooses:
            yield from (Trial(catalogue, fixtures, file.stem, engine) for engine in ENGINES)
        else:
            yield alone


def fixtures_without_a_profile(catalogue: Path, fixtures: Path) -> list[str]:
    """Return fixtures that nothing tries."""
    return sorted(
        {f.stem for f in fixtures.glob("*.yml")} - {f.stem for f in catalogue.glob("*.yml")}
    )


def engine_setting(profile: Mapping[str, Any]) -> str | None:
    """Name the setting by which a profile's engine is chosen."""
    settings = profile.get("settings") or {}
    for name, setting in settings.items():
        if isinstance(setting, dict) and setting.get("type") == "engine":
            return str(name)
    return None


def _set(service: dict[str, Any], setting: str, value: str) -> None:
    *above, last = setting.split(".")
    for name in above:
        service = service.setdefault(name, {})
    if last in service:
        raise FixtureError(f"service.{setting} is set by the tests: every engine is tried")
    service[last] = value


def _for_engine(value: Any, engine: Engine) -> Any:
    """Choose among values by engine, as a profile writes them."""
    if isinstance(value, dict):
        if engine is not None and value and value.keys() <= set(ENGINES):
            return value.get(engine)
        chosen = {key: _for_engine(item, engine) for key, item in value.items()}
        return {key: item for key, item in chosen.items() if item is not None}
    return value
