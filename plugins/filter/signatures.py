# Copyright: (c) The Probealarm contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

DOCUMENTATION = r"""
name: signatures
short_description: Tells what the applications of a catalogue are known by
version_added: "1.0.0"
author:
  - The Probealarm contributors
description:
  - Reads every profile of a catalogue and takes from it by which tables and files its application
    can be recognised, and where its configuration says how its database is called. The module
    M(probealarm.recovery.discover) looks for that.
positional: _input
options:
  _input:
    description: The folder of the catalogue on the machine that runs Ansible.
    type: path
    required: true
"""

EXAMPLES = r"""
- name: Look at the server
  probealarm.recovery.discover:
    signatures: "{{ playbook_dir ~ '/../catalogue' | probealarm.recovery.signatures }}"
"""

RETURN = r"""
_value:
  description: One dictionary for each application and database engine.
  type: list
  elements: dict
"""

from collections.abc import Callable
from pathlib import Path
from typing import Any

from ansible.errors import AnsibleFilterError

from ..module_utils.declaration.faults import DeclarationError
from ..module_utils.discovery.deriving import signatures_of
from ..module_utils.discovery.signatures import as_plain


def signatures(catalogue: str) -> list[dict[str, Any]]:
    """Return what the applications of a catalogue are known by, as plain types."""
    folder = Path(str(catalogue))
    if not folder.is_dir():
        raise AnsibleFilterError(f"{folder} is no folder; give the collection's folder catalogue/")
    try:
        return as_plain(signatures_of(folder))
    except DeclarationError as refused:
        raise AnsibleFilterError(str(refused)) from None


class FilterModule:
    """The filter, as Ansible looks it up."""

    def filters(self) -> dict[str, Callable[..., Any]]:
        """Name the filter."""
        return {"signatures": signatures}
