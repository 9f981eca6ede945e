#!/usr/bin/python
# Copyright: (c) The Probealarm contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: off_site_copy
short_description: Bring every copy of the store at another place up to date
description:
  - Runs on the host that keeps the store. Copies all snapshots that a copy lacks, and looks
    whether all of them arrived. The copy has a key and credentials of its own, which stand in files
    for root alone (role C(store), C(store_off_site)).
  - The first run makes the repository. A repository that was there at the last copy and is gone is
    not made anew, the task fails.
  - Each copy is a record in the ledger. The task fails when one of them failed; the others are made
    all the same. Without any copy in the settings it does nothing.
version_added: 1.1.0
author: The Probealarm contributors (@probealarm)
options:
  configuration:
    description: Where this host keeps the settings of its store; the role C(store) writes it.
    type: path
    default: /etc/probealarm/store.json
attributes:
  idempotent:
    description: A second run copies nothing; each run is recorded.
    support: full
  check_mode:
    description: Says that something would be copied, and copies nothing.
    support: full
  diff_mode:
    description: A copy leaves nothing behind that could differ.
    support: none
requirements:
  - restic 0.17 or newer
seealso:
  - module: probealarm.recovery.store_check
"""

EXAMPLES = r"""
- name: Copy the store off site
  probealarm.recovery.off_site_copy:
"""

RETURN = r"""
summary:
  description: One sentence a copy.
  returned: always, except in check mode
  type: list
  elements: str
  sample: ["copy elsewhere of nick: 5 snapshots copied, 140 are there now"]
records:
  description: The copies as they stand in the ledger.
  returned: always, except in check mode
  type: list
  elements: dict
  sample: [{"kind": "copy", "host": "nick", "store": "elsewhere", "result": "done", "copied": 5}]
"""

from datetime import UTC, datetime

from ansible.module_utils.basic import AnsibleModule

from ..module_utils.errors import Trouble
from ..module_utils.host import LocalHost
from ..module_utils.settings import StoreSettings, read_settings
from ..module_utils.upkeep.copying import copy_off_site, sentence_of


def main() -> None:
    """Translate between Ansible and the library."""
    module = AnsibleModule(
        argument_spec={
            "configuration": {"type": "path", "default": "/etc/probealarm/store.json"},
        },
        supports_check_mode=True,
    )
    try:
        settings = read_settings(StoreSettings, module.params["configuration"], "store")
        if module.check_mode:
            module.exit_json(changed=bool(settings.off_site))
        records = copy_off_site(LocalHost(), settings, clock=lambda: datetime.now(UTC))
    except Trouble as trouble:
        module.fail_json(msg=str(trouble))
    told = {
        "summary": [sentence_of(record) for record in records],
        "records": records,
        "changed": any(record["copied"] for record in records),
    }
    if bad := [sentence_of(record) for record in records if record["result"] == "failed"]:
        module.fail_json(msg="; ".join(bad), **told)
    module.exit_json(**told)


if __name__ == "__main__":
    main()
