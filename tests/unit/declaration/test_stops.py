"""What does not load, or declares nothing, stops every playbook that people and timers run."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.unit.declaration.site import ROOT, Site

WITHOUT_SERVICES = {"refuse_nothing.yml", "discover.yml"}  # the latter makes the declaration
PLAYBOOKS = sorted(
    path.name for path in (ROOT / "playbooks").glob("*.yml") if path.name not in WITHOUT_SERVICES
)


@pytest.mark.parametrize("playbook", PLAYBOOKS)
def test_a_declaration_that_does_not_load_stops_it(tmp_path: Path, playbook: str) -> None:
    site = Site.made_in(tmp_path)
    site.write("services.probealarm.yml", "plugin: probealarm.recovery.services\nservice: {}\n")
    done = site.run("playbook", "-i", "inventory", str(ROOT / "playbooks" / playbook))
    assert done.returncode != 0
    assert "PLAY [" not in done.stdout
    assert "the nearest valid key is services" in done.stdout + done.stderr


@pytest.mark.parametrize("playbook", PLAYBOOKS)
def test_an_inventory_without_services_stops_it(tmp_path: Path, playbook: str) -> None:
    site = Site.made_in(tmp_path)
    (site.directory / "inventory" / "services.probealarm.yml").unlink()
    done = site.run("playbook", "-i", "inventory", str(ROOT / "playbooks" / playbook))
    assert done.returncode != 0
    assert "No service is declared" in done.stdout + done.stderr
