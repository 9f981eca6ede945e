#!/usr/bin/python
# Copyright: (c) The Probealarm contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: discover
short_description: Look at a server for applications that the catalogue knows
description:
  - Runs on a server that nobody has declared yet, as root. Looks at the database servers that run
    there, at the names of their databases and tables, and at the names of files.
  - Opens configurations of applications that the catalogue knows, for the name and the prefix of
    their database and the like. What it gives back holds no secret and no data of people.
  - Writes nothing. The filter P(probealarm.recovery.draft_declaration#filter) makes a draft of
    C(services.probealarm.yml) from what it gives back.
version_added: 1.0.0
author: The Probealarm contributors (@probealarm)
options:
  signatures:
    description:
      - What to look for, as the filter P(probealarm.recovery.signatures#filter) makes it from the
        catalogue.
    type: list
    elements: dict
    required: true
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
  - plugin: probealarm.recovery.signatures
    plugin_type: filter
  - plugin: probealarm.recovery.draft_declaration
    plugin_type: filter
"""

EXAMPLES = r"""
- name: Look at the server
  probealarm.recovery.discover:
    signatures: "{{ playbook_dir ~ '/../catalogue' | probealarm.recovery.signatures }}"
  register: seen
"""

RETURN = r"""
seen:
  description: Names of databases, tables, files and folders, and what is remarkable about them.
  returned: success
  type: dict
  sample: {"databases": [], "trees": [], "folders": [], "sqlite": [], "unread": []}
"""

from ansible.module_utils.basic import AnsibleModule

from ..module_utils.audit.entering import enter
from ..module_utils.discovery.signatures import of_plain
from ..module_utils.discovery.survey import survey
from ..module_utils.errors import Trouble
from ..module_utils.host import LocalHost


def main() -> None:
    """Translate between Ansible and the library."""
    module = AnsibleModule(
        argument_spec={
            "signatures": {"type": "list", "elements": "dict", "required": True},
        },
        supports_check_mode=True,
    )
    try:
        signatures = of_plain(module.params["signatures"])
    except (KeyError, TypeError) as error:
        module.fail_json(
            msg=f"signatures is not what the filter signatures makes of a catalogue: {error!r}"
        )
    try:
        facts = survey(signatures, LocalHost(), enter)
    except Trouble as trouble:
        module.fail_json(msg=str(trouble))
    module.exit_json(changed=False, seen=facts.as_plain())


if __name__ == "__main__":
    main()
