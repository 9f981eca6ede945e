#!/usr/bin/python
# Copyright: (c) The Probealarm contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: drill
short_description: Restore one snapshot of one service into scratch space and judge it
description:
  - Runs on the host that drills. Restores a snapshot, compares every file with the manifest, loads
    every dump into a throw-away server without network, compares objects, rows and contents, asks
    what the checks of the contract ask while the servers run, and holds the result to the contract
    and to the last proven snapshot.
  - The verdict is C(proven), C(broken) (restored, found wanting) or C(unproven) (could not be
    tried). It goes to the ledger in any case. The task fails unless the verdict is C(proven).
  - Nothing of the copy stays, also when the drill is killed.
version_added: 1.0.0
author: The Probealarm contributors (@probealarm)
options:
  contract:
    description: What the snapshot is held to; P(probealarm.recovery.services#inventory) emits it
      as C(service_contract).
    type: dict
    required: true
  snapshot:
    description: C(latest), or the beginning of the id of an older snapshot, whose age is then not
      judged.
    type: str
    default: latest
  copy:
    description: The name of a copy off site to restore from (C(store_off_site) of role C(store))
      instead of the store on this host. Its drills stand in the ledger under that name and leave
      the standing of the service alone.
    type: str
    default: ""
  configuration:
    description: Where this host keeps its settings for drills; the role C(drills) writes it.
    type: path
    default: /etc/probealarm/drills.json
  store_configuration:
    description: Where this host keeps the settings of its store, for O(copy); the role C(store)
      writes it.
    type: path
    default: /etc/probealarm/store.json
attributes:
  idempotent:
    description: Every drill restores anew and is recorded.
    support: none
  check_mode:
    description: Says that a drill would be held, and holds none.
    support: full
  diff_mode:
    description: A drill leaves nothing behind that could differ.
    support: none
requirements:
  - restic 0.17 or newer
  - systemd
  - database servers of the same major versions as on the protected host
seealso:
  - module: probealarm.recovery.snapshot
  - module: probealarm.recovery.standing_info
"""

EXAMPLES = r"""
- name: Drill the newest snapshot of the newsletter
  probealarm.recovery.drill:
    contract: "{{ service_contract }}"
  delegate_to: "{{ service_drill_host }}"

- name: Drill the snapshot from before the accident
  probealarm.recovery.drill:
    contract: "{{ service_contract }}"
    snapshot: 8c8f89d9
  delegate_to: "{{ service_drill_host }}"

- name: Drill the newest snapshot that arrived off site
  probealarm.recovery.drill:
    contract: "{{ service_contract }}"
    copy: elsewhere
  delegate_to: "{{ service_drill_host }}"
"""

RETURN = r"""
record:
  description: The drill as it stands in the ledger, without the rows of each table and without
    what checks remember.
  returned: always, unless the drill could not even be recorded
  type: dict
  sample: {"service": "newsletter", "verdict": "proven", "level": "L4", "checks_judged": 12,
    "reasons": []}
"""

from datetime import UTC, datetime

from ansible.module_utils.basic import AnsibleModule

from ..module_utils.contract import Contract
from ..module_utils.drill.procedure import LATEST, drill
from ..module_utils.errors import Trouble
from ..module_utils.host import LocalHost
from ..module_utils.settings import CopyDrillSettings, DrillSettings, StoreSettings, read_settings


def main() -> None:
    """Translate between Ansible and the library."""
    module = AnsibleModule(
        argument_spec={
            "contract": {"type": "dict", "required": True},
            "snapshot": {"type": "str", "default": LATEST},
            "copy": {"type": "str", "default": ""},
            "configuration": {"type": "path", "default": "/etc/probealarm/drills.json"},
            "store_configuration": {"type": "path", "default": "/etc/probealarm/store.json"},
        },
        supports_check_mode=True,
    )
    try:
        contract = Contract.of(module.params["contract"])
        if module.check_mode:
            module.exit_json(changed=True)
        settings = read_settings(DrillSettings, module.params["configuration"], "drills")
        if copy := module.params["copy"]:
            store = read_settings(StoreSettings, module.params["store_configuration"], "store")
            settings = CopyDrillSettings.of(settings, store, copy)
        wanted = module.params["snapshot"]
        record = drill(LocalHost(), contract, settings, wanted, clock=lambda: datetime.now(UTC))
    except Trouble as trouble:
        module.fail_json(msg=str(trouble))
    for detail in ("tables", "facts"):  # the ledger keeps them; here they would bury the reasons
        del record[detail]
    if record["verdict"] != "proven":
        reasons = "; ".join(record["reasons"])
        module.fail_json(
            msg=f"{contract.name} is {record['verdict']}: {reasons}", changed=True, record=record
        )
    module.exit_json(changed=True, record=record)


if __name__ == "__main__":
    main()
