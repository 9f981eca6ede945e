#!/usr/bin/python
# Copyright: (c) The Probealarm contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: standing_info
short_description: Tell where every service and every store stands, from the ledger
description:
  - Runs on the host that drills. Reads the ledger and gives the newest drill of every service that
    is declared; a service that was never drilled is C(unproven).
  - On a host that keeps a store, tells as well of every repository and every copy off site when it
    was checked, how much of its data was read within a month, when it was pruned and copied, when
    it was last drilled, and why pruning is frozen. What was not done in time is red; the role
    C(store) says what in time is.
  - Below stands what the newest audit of each protected host found, and which services were not
    drilled to C(L4) inside their rhythm.
  - A ledger that was changed after it was written fails the task.
version_added: 1.0.0
author: The Probealarm contributors (@probealarm)
options:
  contracts:
    description: The contracts of the services to tell about.
    type: list
    elements: dict
    required: true
  audit_within_hours:
    description: How old the newest audit of a host may be.
    type: float
    default: 36
  configuration:
    description: Where this host keeps its settings for drills; the role C(drills) writes it.
    type: path
    default: /etc/probealarm/drills.json
  store_configuration:
    description: Where this host keeps the settings of its store; the role C(store) writes it. A
      host without this file keeps none.
    type: path
    default: /etc/probealarm/store.json
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
  - module: probealarm.recovery.drill
"""

EXAMPLES = r"""
- name: Read where the services stand
  probealarm.recovery.standing_info:
    contracts: "{{ groups['services'] | map('extract', hostvars, 'service_contract') | list }}"
  delegate_to: judy
  run_once: true
  register: standing
"""

RETURN = r"""
table:
  description: The table for a terminal, 120 columns wide.
  returned: success
  type: str
  sample: "service     level  verdict ..."
page:
  description: The report as one self-contained HTML page.
  returned: success
  type: str
  sample: "<!DOCTYPE html> ..."
standings:
  description: One record a service, as in the ledger, with the age of the snapshot as of now.
  returned: success
  type: list
  elements: dict
  sample: [{"service": "newsletter", "verdict": "proven"}]
audits:
  description: What the newest audits say that needs somebody, a sentence each.
  returned: success
  type: list
  elements: str
  sample: []
stores:
  description: Each repository, with its name, its C(state) (C(proven) is green, C(late) yellow,
    C(broken) red), and C(reasons).
  returned: success
  type: list
  elements: dict
  sample: [{"name": "nick", "state": "late", "reasons": ["pruning of newsletter is frozen: ..."]}]
"""

from datetime import UTC, datetime
from pathlib import Path

from ansible.module_utils.basic import AnsibleModule

from ..module_utils.audit.arrival import WITHIN_HOURS, Wanted, all_objections
from ..module_utils.contract import Contract
from ..module_utils.errors import Trouble
from ..module_utils.host import LocalHost
from ..module_utils.ledger import Ledger
from ..module_utils.report.audits import below_table, in_page
from ..module_utils.report.page import html_page
from ..module_utils.report.table import text_table
from ..module_utils.settings import DrillSettings, StoreSettings, read_settings
from ..module_utils.standings import standings_of
from ..module_utils.upkeep.standings import store_standings


def main() -> None:
    """Translate between Ansible and the library."""
    module = AnsibleModule(
        argument_spec={
            "contracts": {"type": "list", "elements": "dict", "required": True},
            "audit_within_hours": {"type": "float", "default": WITHIN_HOURS},
            "configuration": {"type": "path", "default": "/etc/probealarm/drills.json"},
            "store_configuration": {"type": "path", "default": "/etc/probealarm/store.json"},
        },
        supports_check_mode=True,
    )
    now = datetime.now(UTC)
    try:
        contracts = [Contract.of(merged) for merged in module.params["contracts"]]
        settings = read_settings(DrillSettings, module.params["configuration"], "drills")
        records = list(Ledger(Path(settings.ledger)).records())
        standings = list(standings_of(records, contracts, now=now))
        wish = Wanted(module.params["contracts"], module.params["audit_within_hours"])
        audits = list(all_objections(LocalHost(), settings, wish, records, now=now))
        stores = []
        if Path(module.params["store_configuration"]).exists():
            kept = read_settings(StoreSettings, module.params["store_configuration"], "store")
            of_store = records
            if kept.ledger != settings.ledger:
                of_store = list(Ledger(Path(kept.ledger)).records())
            stores = store_standings(of_store, contracts, kept, now=now)
    except Trouble as trouble:
        module.fail_json(msg=str(trouble))
    module.exit_json(
        changed=False,
        table=below_table(text_table(standings, stores, made_at=now), audits),
        page=in_page(html_page(standings, stores, made_at=now), audits),
        standings=standings,
        audits=audits,
        stores=[
            {"name": one.name, "state": one.state, "reasons": [*one.faults, *one.frozen]}
            for one in stores
        ],
    )


if __name__ == "__main__":
    main()
