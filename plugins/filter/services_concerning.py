# Copyright: (c) The Probealarm contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

DOCUMENTATION = r"""
name: services_concerning
short_description: Picks the services that a host has work with
version_added: "1.0.0"
author:
  - The Probealarm contributors
description:
  - From all services of an inventory, picks those that run on a host and those that it drills, with
    the variables that the inventory plugin P(probealarm.recovery.services#inventory) gave them.
positional: _input, hostvars, host
options:
  _input:
    description: The names of all services, as in C(groups['services']).
    type: list
    elements: str
    required: true
  hostvars:
    description: The variables of all hosts.
    type: dict
    required: true
  host:
    description: The name of the host.
    type: str
    required: true
"""

EXAMPLES = r"""
- name: Let the host know its own services
  ansible.builtin.include_role:
    name: probealarm.recovery.runner
  vars:
    runner_services: >-
      {{ groups['services']
         | probealarm.recovery.services_concerning(hostvars, inventory_hostname) }}
"""

RETURN = r"""
_value:
  description:
    - By the name of each service its C(service_name), C(service_host), C(service_drill_host) and
      C(service_contract).
  type: dict
"""

from collections.abc import Callable, Iterable, Mapping
from typing import Any

VARIABLES = ("service_name", "service_host", "service_drill_host", "service_contract")


def services_concerning(
    services: Iterable[str], hostvars: Mapping[str, Mapping[str, Any]], host: str
) -> dict[str, dict[str, Any]]:
    """Return the variables of the services that run on a host or are drilled on it."""
    return {
        name: {variable: hostvars[name][variable] for variable in VARIABLES}
        for name in services
        if host in (hostvars[name]["service_host"], hostvars[name]["service_drill_host"])
    }


class FilterModule:
    """The filter, as Ansible looks it up."""

    def filters(self) -> dict[str, Callable[..., Any]]:
        """Name the filter."""
        return {"services_concerning": services_concerning}
