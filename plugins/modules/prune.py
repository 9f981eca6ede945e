#!/usr/bin/python
# Copyright: (c) The Probealarm contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: prune
short_description: Remove old snapshots of one service from the store, guarded by its drills
description:
  - Runs on the host that keeps the store, as the only one that can. Keeps all snapshots of some
    days, then one a day, a week and a month; the proven one where there is one. The role C(store)
    says how long.
  - The newest three snapshots stay, and the newest proven one of each level of the ladder, and
    what is younger than the objective of the service.
  - Pruning is C(frozen), and the task fails, while the newest snapshot is not proven, was not
    drilled yet, is older than the objective or from the future, and after a collapse, which is a
    snapshot that holds far fewer bytes, files or rows than the one before
    (C(largest_loss_percent) of each store).
  - A copy off site is pruned by the same rules and by keep rules of its own, and only while the
    last drill that restored from that copy was C(proven). What it lets go is not copied again.
  - Every pruning is a record in the ledger. A backup may run meanwhile; it is waited for.
version_added: 1.1.0
author: The Probealarm contributors (@probealarm)
options:
  contract:
    description: What the service is held to; P(probealarm.recovery.services#inventory) emits it
      as C(service_contract).
    type: dict
    required: true
  dry_run:
    description: Only tell what would go, and why the rest stays. Check mode does the same.
    type: bool
    default: false
  accepted_loss:
    description: The beginning of the id of a snapshot that holds far less than the one before, for
      a reason that people know and accept. Pruning no longer freezes because of it; that goes to
      the ledger.
    type: str
    default: ""
  copy:
    description: The name of a copy off site (C(store_off_site) of role C(store)) to prune instead
      of the store on this host.
    type: str
    default: ""
  configuration:
    description: Where this host keeps the settings of its store; the role C(store) writes it.
    type: path
    default: /etc/probealarm/store.json
attributes:
  idempotent:
    description: A second run finds nothing to remove; each run is recorded.
    support: full
  check_mode:
    description: Judges, removes nothing, records nothing, and does not fail when frozen.
    support: full
  diff_mode:
    description: The returned table tells what goes.
    support: none
requirements:
  - restic 0.17 or newer
seealso:
  - module: probealarm.recovery.drill
  - module: probealarm.recovery.store_check
"""

EXAMPLES = r"""
- name: Prune the snapshots of the newsletter
  probealarm.recovery.prune:
    contract: "{{ service_contract }}"
  delegate_to: "{{ service_drill_host }}"

- name: Show what would go, and why the rest stays
  probealarm.recovery.prune:
    contract: "{{ service_contract }}"
    dry_run: true
  delegate_to: "{{ service_drill_host }}"

- name: Prune the copy off site
  probealarm.recovery.prune:
    contract: "{{ service_contract }}"
    copy: elsewhere
  delegate_to: "{{ service_drill_host }}"
"""

RETURN = r"""
result:
  description: C(pruned), C(nothing to do), C(frozen) or C(failed); in a dry run what is planned.
  returned: always, unless the store could not be read
  type: str
  sample: frozen
reasons:
  description: Why it is frozen or failed.
  returned: always, unless the store could not be read
  type: list
  elements: str
  sample: ["the newest snapshot, 8c8f89d9 (2026-11-22 02:31 UTC), was not drilled yet"]
table:
  description: Each snapshot, what becomes of it and why, 120 columns wide.
  returned: always, unless the store could not be read
  type: str
  sample: "snapshot  taken (UTC)       size      last drill         why ..."
record:
  description: The pruning as it stands in the ledger.
  returned: always, unless the store could not be read
  type: dict
  sample: {"kind": "prune", "service": "newsletter", "result": "pruned", "kept": 31}
"""

from datetime import UTC, datetime

from ansible.module_utils.basic import AnsibleModule

from ..module_utils.contract import Contract
from ..module_utils.errors import Trouble
from ..module_utils.host import LocalHost
from ..module_utils.retention.procedure import Wish, prune
from ..module_utils.settings import StoreSettings, read_settings


def main() -> None:
    """Translate between Ansible and the library."""
    module = AnsibleModule(
        argument_spec={
            "contract": {"type": "dict", "required": True},
            "dry_run": {"type": "bool", "default": False},
            "accepted_loss": {"type": "str", "default": ""},
            "copy": {"type": "str", "default": ""},
            "configuration": {"type": "path", "default": "/etc/probealarm/store.json"},
        },
        supports_check_mode=True,
    )
    given = module.params
    wish = Wish(given["dry_run"] or module.check_mode, given["accepted_loss"], given["copy"])
    try:
        contract = Contract.of(module.params["contract"])
        settings = read_settings(StoreSettings, module.params["configuration"], "store")
        done = prune(LocalHost(), contract, settings, wish, clock=lambda: datetime.now(UTC))
    except Trouble as trouble:
        module.fail_json(msg=str(trouble))
    told = {
        "result": done.record["result"],
        "reasons": done.record["reasons"],
        "table": done.table,
        "record": done.record,
        "changed": bool(done.record["gone"]) and not module.params["dry_run"],
    }
    if done.record["result"] in {"frozen", "failed"} and not wish.dry_run:
        reasons = "; ".join(done.record["reasons"])
        what = f"{contract.name} in the copy {wish.copy}" if wish.copy else contract.name
        module.fail_json(msg=f"pruning {what}: {told['result']}: {reasons}", **told)
    module.exit_json(**told)


if __name__ == "__main__":
    main()
