# Copyright: (c) The Probealarm contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

DOCUMENTATION = r"""
name: draft_declaration
short_description: Makes a draft of services.probealarm.yml from what was seen on servers
version_added: "1.0.0"
author:
  - The Probealarm contributors
description:
  - Holds what the module M(probealarm.recovery.discover) has seen against the catalogue, and writes
    a declaration with every service that was recognised, and how sure that is. What was not
    recognised becomes a service by a general profile, or a question in a comment.
  - The draft was loaded before it is returned. A service that the declaration would refuse stands
    in it as a comment, with the reason.
positional: _input, catalogue, groups, drill_host
options:
  _input:
    description: What was seen, by the names of the hosts.
    type: dict
    required: true
  catalogue:
    description: The folder of the catalogue on the machine that runs Ansible.
    type: path
    required: true
  groups:
    description:
      - The groups of the inventory with their hosts. No service may have the name of one of either.
    type: dict
    required: true
  drill_host:
    description: The machine that tries the snapshots; another host of the inventory without it.
    type: str
    default: ""
"""

EXAMPLES = r"""
- name: Show the draft
  ansible.builtin.debug:
    msg: >-
      {{ {'nick': look.seen}
         | probealarm.recovery.draft_declaration(playbook_dir ~ '/../catalogue', groups) }}
"""

RETURN = r"""
_value:
  description:
    - The draft as C(text), a C(table) of its services for a terminal, and C(services), each with
      C(name), C(profile), C(host), C(score), C(reasons) and C(questions).
  type: dict
"""

from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import Any

from ansible.errors import AnsibleFilterError

from ..module_utils.declaration.faults import DeclarationError
from ..module_utils.discovery.deriving import signatures_of
from ..module_utils.discovery.draft import Proposal
from ..module_utils.discovery.drafting import Surroundings, drafted
from ..module_utils.discovery.facts import Facts
from ..module_utils.discovery.words import table
from ..module_utils.errors import Trouble

SERVICES = "services"
"""The group of what is declared already."""


def draft_declaration(
    seen: Mapping[str, Mapping[str, Any]],
    catalogue: str,
    groups: Mapping[str, Iterable[str]],
    drill_host: str = "",
) -> dict[str, Any]:
    """Return the draft, its table and its services."""
    declared = set(groups.get(SERVICES, ()))
    hosts = tuple(str(host) for host in groups.get("all", ()) if host not in declared)
    taken = (*map(str, groups), *map(str, declared))
    around = Surroundings(Path(str(catalogue)), hosts, taken, str(drill_host))
    try:
        facts = {str(host): Facts.of_plain(plain) for host, plain in seen.items()}
        made = drafted(facts, signatures_of(around.catalogue), around)
    except (KeyError, TypeError) as error:
        sentence = f"this is not what the module discover has seen: {error!r}"
        raise AnsibleFilterError(sentence) from None
    except (DeclarationError, Trouble) as refused:
        raise AnsibleFilterError(str(refused)) from None
    return {
        "text": made.text,
        "table": "\n".join(table(made.proposals)),
        "services": [_plain(proposal) for proposal in made.proposals],
    }


def _plain(proposal: Proposal) -> dict[str, Any]:
    candidate = proposal.candidate
    return {
        "name": proposal.name,
        "profile": candidate.profile,
        "host": proposal.host,
        "score": candidate.score,
        "reasons": list(candidate.reasons),
        "questions": [*candidate.questions, *proposal.refused],
    }


class FilterModule:
    """The filter, as Ansible looks it up."""

    def filters(self) -> dict[str, Callable[..., Any]]:
        """Name the filter."""
        return {"draft_declaration": draft_declaration}
