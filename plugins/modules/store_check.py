#!/usr/bin/python
# Copyright: (c) The Probealarm contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: store_check
short_description: Check every repository of the store, structure and data
description:
  - Runs on the host that keeps the store. Checks the structure of every repository, of the copies
    off site too, and reads one part of the data, the one that was not read for the longest time.
    Run daily, it has read everything within as many days as there are parts (role C(store)).
  - Says when the keys that open a repository are others than at the last check.
  - This is level L1 of the ladder; each check is a record in the ledger. The task fails when a
    repository is damaged, or cannot be checked. Backups may run meanwhile.
version_added: 1.1.0
author: The Probealarm contributors (@probealarm)
options:
  configuration:
    description: Where this host keeps the settings of its store; the role C(store) writes it.
    type: path
    default: /etc/probealarm/store.json
attributes:
  idempotent:
    description: Changes no repository; each run reads another part and is recorded.
    support: partial
  check_mode:
    description: Says that the store would be checked, and does nothing.
    support: full
  diff_mode:
    description: A check changes nothing that has a before and an after.
    support: none
requirements:
  - restic 0.18 or newer
seealso:
  - module: probealarm.recovery.prune
  - module: probealarm.recovery.off_site_copy
"""

EXAMPLES = r"""
- name: Check the store
  probealarm.recovery.store_check:
"""

RETURN = r"""
summary:
  description: One sentence a repository.
  returned: always, except in check mode
  type: list
  elements: str
  sample: ["the repository of nick is whole; of its data, part 7/28 was read"]
records:
  description: The checks as they stand in the ledger.
  returned: always, except in check mode
  type: list
  elements: dict
  sample: [{"kind": "check", "host": "nick", "level": "L1", "verdict": "proven", "part": 7}]
"""

from datetime import UTC, datetime

from ansible.module_utils.basic import AnsibleModule

from ..module_utils.errors import Trouble
from ..module_utils.host import LocalHost
from ..module_utils.settings import StoreSettings, read_settings
from ..module_utils.upkeep.checking import check_store, sentence_of


def main() -> None:
    """Translate between Ansible and the library."""
    module = AnsibleModule(
        argument_spec={
            "configuration": {"type": "path", "default": "/etc/probealarm/store.json"},
        },
        supports_check_mode=True,
    )
    if module.check_mode:
        module.exit_json(changed=True)
    try:
        settings = read_settings(StoreSettings, module.params["configuration"], "store")
        records = check_store(LocalHost(), settings, clock=lambda: datetime.now(UTC))
    except Trouble as trouble:
        module.fail_json(msg=str(trouble))
    told = {"summary": [sentence_of(record) for record in records], "records": records}
    if bad := [sentence_of(record) for record in records if record["verdict"] != "proven"]:
        module.fail_json(msg="; ".join(bad), changed=True, **told)
    module.exit_json(changed=True, **told)


if __name__ == "__main__":
    main()
