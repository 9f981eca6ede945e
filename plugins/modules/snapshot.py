#!/usr/bin/python
# Copyright: (c) The Probealarm contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: snapshot
short_description: Take one snapshot of one service
description:
  - Runs on the protected host. Dumps and measures every database of the service in one view of its
    rows, lists and hashes its files, and pushes all of it with its manifest as one restic snapshot
    to the store.
  - A service whose contract says how it is held still (C(quiesce)) is held from the first dump to
    the end of saving, so that rows and the files they speak of are of one moment. It goes on
    whatever happens, also when this module is killed, when the host goes down, and when
    C(at_most) is over; the module then fails. Steps that let it go on may run more than once.
  - Each attempt, good or bad, is recorded in the ledger of the host.
  - All or nothing. When anything fails, no snapshot is made that could be mistaken for a good one,
    and earlier snapshots are untouched.
version_added: 1.0.0
author: The Probealarm contributors (@probealarm)
options:
  contract:
    description: What the service consists of; P(probealarm.recovery.services#inventory) emits it
      as C(service_contract).
    type: dict
    required: true
  configuration:
    description: Where this host keeps its settings for snapshots; the role C(snapshots) writes it.
    type: path
    default: /etc/probealarm/snapshots.json
attributes:
  idempotent:
    description: Every run takes one more snapshot.
    support: none
  check_mode:
    description: Says that a snapshot would be taken, and takes none.
    support: full
  diff_mode:
    description: A snapshot changes nothing that has a before and an after.
    support: none
requirements:
  - restic 0.17 or newer
  - the command line clients of the databases that the service uses
seealso:
  - module: probealarm.recovery.drill
"""

EXAMPLES = r"""
- name: Take a snapshot of the newsletter on the host it runs on
  probealarm.recovery.snapshot:
    contract: "{{ service_contract }}"
  delegate_to: "{{ service_host }}"
"""

RETURN = r"""
snapshot:
  description: The beginning of the snapshot's id; empty in check mode.
  returned: success
  type: str
  sample: 8c8f89d9
summary:
  description: One sentence about what was saved.
  returned: success
  type: str
  sample: "newsletter: 38 tables with 512,000 rows and 120 files (34.1 MiB) in snapshot 8c8f89d9"
commits_held_seconds:
  description: How long writers of a MariaDB database waited while dump and manifest opened their
    view, by store.
  returned: success
  type: dict
  sample: {"database": 0.112}
held_still_seconds:
  description: How long the service was held still; 0 for one that goes on while it is copied.
  returned: success
  type: float
  sample: 41.7
seconds:
  description: How long each step took, in seconds.
  returned: success
  type: dict
  sample: {"save with restic": 2.1}
"""

from datetime import UTC, datetime

from ansible.module_utils.basic import AnsibleModule

from ..module_utils.contract import Contract
from ..module_utils.errors import Trouble
from ..module_utils.host import LocalHost
from ..module_utils.settings import SnapshotSettings, read_settings
from ..module_utils.snapshot.attempt import attempt


def main() -> None:
    """Translate between Ansible and the library."""
    module = AnsibleModule(
        argument_spec={
            "contract": {"type": "dict", "required": True},
            "configuration": {"type": "path", "default": "/etc/probealarm/snapshots.json"},
        },
        supports_check_mode=True,
    )
    try:
        contract = Contract.of(module.params["contract"])
        if module.check_mode:
            module.exit_json(changed=True, snapshot="", summary=f"would back up {contract.name}")
        settings = read_settings(SnapshotSettings, module.params["configuration"], "snapshots")
        taken = attempt(LocalHost(), contract, settings, clock=lambda: datetime.now(UTC))
    except Trouble as trouble:
        module.fail_json(msg=str(trouble))
    module.exit_json(
        changed=True,
        snapshot=taken.snapshot.short,
        summary=taken.summary(),
        commits_held_seconds={
            database.store: database.commits_held_seconds for database in taken.manifest.databases
        },
        held_still_seconds=taken.held_still_seconds,
        seconds=taken.seconds,
    )


if __name__ == "__main__":
    main()
