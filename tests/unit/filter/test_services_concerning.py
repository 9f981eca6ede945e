"""A host learns of the services that it runs or drills, and of no others."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import jinja2
import yaml
from ansible.plugins.filter.core import to_nice_json

from plugins.filter.services_concerning import services_concerning


def service(name: str, host: str, drill_host: str) -> dict[str, Any]:
    return {
        "service_name": name,
        "service_host": host,
        "service_drill_host": drill_host,
        "service_contract": {"name": name},
        "ansible_user": "root",
    }


HOSTVARS = {
    "website": service("website", "nick", "judy"),
    "shop": service("shop", "anna", "judy"),
    "forum": service("forum", "anna", "otto"),
    "nick": {"ansible_host": "192.0.2.1"},
}
SERVICES = ["website", "shop", "forum"]


def test_a_host_knows_what_runs_on_it_and_what_it_drills() -> None:
    assert list(services_concerning(SERVICES, HOSTVARS, "nick")) == ["website"]
    assert list(services_concerning(SERVICES, HOSTVARS, "judy")) == ["website", "shop"]
    assert services_concerning(SERVICES, HOSTVARS, "mia") == {}


def test_only_what_makes_a_service_travels() -> None:
    assert services_concerning(SERVICES, HOSTVARS, "nick")["website"] == {
        "service_name": "website",
        "service_host": "nick",
        "service_drill_host": "judy",
        "service_contract": {"name": "website"},
    }


def test_every_name_survives_the_way_into_a_host_s_inventory() -> None:
    """Ansible reads what looks like JSON as YAML, which knows no pairs of surrogates."""
    template = Path("roles/runner/templates/inventory/services.yml.j2").read_text(encoding="utf-8")
    environment = jinja2.Environment(autoescape=False)  # noqa: S701 (it writes YAML, no page)
    environment.filters["to_nice_json"] = to_nice_json
    services = {"cloud": {"service_contract": {"paths": ["/srv/\U0001f4c1", "/srv/B\u00fccher"]}}}
    written = environment.from_string(template).render(
        ansible_managed="made by Ansible", runner_services=services
    )
    assert yaml.safe_load(written) == {"services": {"hosts": services}}
