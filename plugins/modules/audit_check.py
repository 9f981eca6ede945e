#!/usr/bin/python
# Copyright: (c) The Probealarm contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: audit_check
short_description: Alarm when audits do not arrive, or say that something is unclaimed
description:
  - Runs on the host that drills. Reads the newest audit of each protected host from the store, and
    the drills of each service from the ledger.
  - Fails when no audit arrived in time, when the newest one found unclaimed state or gave an alarm,
    and when a service has no proven drill of level C(L4) inside the rhythm of its contract.
version_added: 1.1.0
author: The Probealarm contributors (@probealarm)
options:
  contracts:
    description: The contracts of the services that this host drills.
    type: list
    elements: dict
    required: true
  within_hours:
    description: How old the newest audit of a host may be.
    type: float
    default: 36
  configuration:
    description: Where this host keeps its settings for drills; the role C(drills) writes it.
    type: path
    default: /etc/probealarm/drills.json
attributes:
  idempotent:
    description: Changes nothing.
    support: full
  check_mode:
    description: Reads only.
    support: full
  diff_mode:
    description: Changes nothing.
    support: none
seealso:
  - module: probealarm.recovery.audit
  - module: probealarm.recovery.standing_info
"""

EXAMPLES = r"""
- name: Alarm when an audit is missing or red
  probealarm.recovery.audit_check:
    contracts: "{{ groups['services'] | map('extract', hostvars, 'service_contract') | list }}"
  delegate_to: judy
  run_once: true
"""

RETURN = r"""
reasons:
  description: What needs somebody, a sentence each.
  returned: always, unless the ledger cannot be read
  type: list
  elements: str
  sample: ["no audit of nick ever arrived. ..."]
"""

from datetime import UTC, datetime
from pathlib import Path

from ansible.module_utils.basic import AnsibleModule

from ..module_utils.audit.arrival import WITHIN_HOURS, Wanted, all_objections
from ..module_utils.errors import Trouble
from ..module_utils.host import LocalHost
from ..module_utils.ledger import Ledger
from ..module_utils.settings import DrillSettings, read_settings


def main() -> None:
    """Translate between Ansible and the library."""
    module = AnsibleModule(
        argument_spec={
            "contracts": {"type": "list", "elements": "dict", "required": True},
            "within_hours": {"type": "float", "default": WITHIN_HOURS},
            "configuration": {"type": "path", "default": "/etc/probealarm/drills.json"},
        },
        supports_check_mode=True,
    )
    wanted = Wanted(module.params["contracts"], module.params["within_hours"])
    try:
        settings = read_settings(DrillSettings, module.params["configuration"], "drills")
        records = Ledger(Path(settings.ledger)).records()
        now = datetime.now(UTC)
        reasons = list(all_objections(LocalHost(), settings, wanted, records, now=now))
    except Trouble as trouble:
        module.fail_json(msg=str(trouble))
    if reasons:
        module.fail_json(msg="; ".join(reasons), reasons=reasons)
    module.exit_json(changed=False, reasons=reasons)


if __name__ == "__main__":
    main()
