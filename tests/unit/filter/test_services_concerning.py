"""A host learns of the services that it runs or drills, and of no others."""

from __future__ import annotations

from typing import Any

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
