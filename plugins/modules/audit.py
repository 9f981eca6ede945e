#!/usr/bin/python
# Copyright: (c) The Probealarm contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: audit
short_description: Find state on a host that no snapshot holds and nobody claims
description:
  - Runs on the host that services run on. Starts from what lives there (database servers,
    containers and their volumes, mounted file systems, every file), never from the declaration, and
    compares it with the contents of the newest snapshots in the store.
  - Every piece of state is C(saved) (by which store, in which snapshot), C(exempt) (with a reason)
    or C(unclaimed), with the lines to add to the declaration. Beside that there are alarms, for
    example about a declared store that the newest snapshot lacks.
  - Finding something is no failure of the module, so that the outcome can be shown as a whole;
    C(is_good) says whether anything needs somebody, and the playbook C(audit) fails by it.
  - Reads only, at the lowest priority. The result stays in C(/var/lib/probealarm/audit) and goes to
    the store, where the host that judges reads it.
version_added: 1.1.0
author: The Probealarm contributors (@probealarm)
options:
  host:
    description: What the inventory calls this host.
    type: str
    required: true
  contracts:
    description: The contracts of all services that run on this host;
      P(probealarm.recovery.services#inventory) emits each as C(service_contract).
    type: list
    elements: dict
    required: true
  show:
    description: What the table shows. C(unclaimed) is what needs an answer; C(all) adds what is
      saved and what is exempt.
    type: str
    choices: [unclaimed, all]
    default: unclaimed
  configuration:
    description: Where this host keeps its settings for snapshots; the role C(snapshots) writes it.
    type: path
    default: /etc/probealarm/snapshots.json
attributes:
  idempotent:
    description: Changes nothing on the host but its own result; each audit is sent.
    support: full
  check_mode:
    description: Is skipped, because the result would be sent.
    support: none
  diff_mode:
    description: Changes nothing that could be compared.
    support: none
requirements:
  - restic 0.17 or newer
seealso:
  - module: probealarm.recovery.audit_check
  - module: probealarm.recovery.snapshot
"""

EXAMPLES = r"""
- name: Audit the host on which the newsletter runs
  probealarm.recovery.audit:
    host: "{{ inventory_hostname }}"
    contracts: "{{ [hostvars['newsletter'].service_contract] }}"
"""

RETURN = r"""
is_good:
  description: Whether nothing is unclaimed and there is no alarm.
  returned: success
  type: bool
  sample: true
summary:
  description: The outcome in one sentence.
  returned: success
  type: str
  sample: "nick: nothing is unclaimed. 21 places saved, 17 exempt, of 20,802 names."
table:
  description: The outcome for a terminal, 120 columns wide.
  returned: success
  type: str
  sample: "nick: nothing is unclaimed. ..."
result:
  description: Findings, alarms and figures, as they are kept and sent.
  returned: success
  type: dict
  sample: {"format": 1, "host": "nick", "counts": {"unclaimed": 0, "alarms": 0}}
unsent:
  description: Why the result has not reached the store; empty when it has.
  returned: success
  type: str
  sample: ""
"""

from datetime import UTC, datetime

from ansible.module_utils.basic import AnsibleModule

from ..module_utils.audit.procedure import audit
from ..module_utils.errors import Trouble
from ..module_utils.host import LocalHost
from ..module_utils.report.audit import audit_table, headline
from ..module_utils.settings import SnapshotSettings, read_settings


def main() -> None:
    """Translate between Ansible and the library."""
    module = AnsibleModule(
        argument_spec={
            "host": {"type": "str", "required": True},
            "contracts": {"type": "list", "elements": "dict", "required": True},
            "show": {"type": "str", "choices": ["unclaimed", "all"], "default": "unclaimed"},
            "configuration": {"type": "path", "default": "/etc/probealarm/snapshots.json"},
        },
    )
    name, contracts = module.params["host"], module.params["contracts"]
    try:
        settings = read_settings(SnapshotSettings, module.params["configuration"], "snapshots")
        done = audit(LocalHost(), name, contracts, settings, clock=lambda: datetime.now(UTC))
    except Trouble as trouble:
        module.fail_json(msg=f"{name} was not audited: {trouble}")
    everything = module.params["show"] == "all"
    if done.unsent:
        module.warn(done.unsent)
    module.exit_json(
        changed=False,
        is_good=done.result.is_good,
        summary=headline(done.result),
        table=audit_table(done.result, now=datetime.now(UTC), everything=everything),
        result=done.result.as_json(),
        unsent=done.unsent,
    )


if __name__ == "__main__":
    main()
