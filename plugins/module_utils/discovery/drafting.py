# Copyright: (c) The Probealarm contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""From facts to a draft that is known to load: it is loaded before anybody sees it."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from tempfile import TemporaryDirectory

from ..declaration.faults import DeclarationError, Fault
from ..declaration.load import Inventory, load_services
from ..errors import Trouble
from .candidates import Candidate, candidate_of
from .draft import Machines, Proposal, draft, with_names
from .facts import Facts
from .leftovers import remaining
from .matching import recognised
from .signatures import Signature

USUAL_DRILL_HOSTS = ("judy", "drill-host")
FILE_NAME = "services.probealarm.yml"


@dataclass(frozen=True)
class Surroundings:
    """What a draft is made for.

    Attributes:
        catalogue: the folder of the profiles.
        hosts: the names of all hosts of the inventory.
        groups: the names of its groups, and of whatever else no service may be called.
        drill_host: which machine tries the snapshots; empty when nobody has said.
    """

    catalogue: Path
    hosts: Collection[str]
    groups: Collection[str]
    drill_host: str = ""


@dataclass(frozen=True)
class Drafted:
    """The text of a draft, and what it proposes."""

    text: str
    proposals: tuple[Proposal, ...]


def drafted(
    facts: Mapping[str, Facts], signatures: Sequence[Signature], around: Surroundings
) -> Drafted:
    """Make a draft for the hosts that were looked at, by their names.

    Raises:
        Trouble: nothing at all was found, or no service can be declared.
    """
    found: dict[str, list[Candidate]] = {}
    notes: dict[str, list[str]] = {}
    for host, seen in facts.items():
        found[host], notes[host] = _of_host(seen, signatures)
    machines = _machines(list(facts), around)
    unavailable = {*around.hosts, *around.groups, machines.drill_host}
    proposals = list(with_names(found, unavailable))
    if not proposals:
        raise Trouble(
            f"Nothing was recognised on {', '.join(facts) or 'no host'}, and nothing was found that"
            " could be saved. Does the connection become root there?"
        )
    return _loadable(proposals, notes, machines, around)


def _of_host(facts: Facts, signatures: Sequence[Signature]) -> tuple[list[Candidate], list[str]]:
    pairs, taken = recognised(facts, signatures)
    known = [candidate_of(pair, facts) for pair in pairs]
    others, notes = remaining(facts, signatures, taken)
    return [*known, *others], notes


def _machines(looked_at: Sequence[str], around: Surroundings) -> Machines:
    others = [host for host in around.hosts if host not in looked_at]
    if around.drill_host:
        chosen = around.drill_host
    elif others:
        chosen = others[0]
    else:
        known = {*around.hosts, *around.groups}
        chosen = next(name for name in (*USUAL_DRILL_HOSTS, "drills") if name not in known)
    other = next((host for host in (*others, *looked_at) if host != chosen), "")
    return Machines(chosen, around.drill_host in around.hosts, other)


def _loadable(
    proposals: Sequence[Proposal],
    notes: Mapping[str, Sequence[str]],
    machines: Machines,
    around: Surroundings,
) -> Drafted:
    """Turn what the declaration would refuse into comments, until the rest is accepted."""
    kept = list(proposals)
    for _ in range(len(kept) + 1):
        text = draft(kept, notes, machines)
        faults = _faults(text, machines, around)
        if not faults:
            return Drafted(text, tuple(kept))
        blamed = {fault.service for fault in faults}
        sentences = {
            name: tuple(_sentence(fault) for fault in faults if fault.service == name)
            for name in blamed
        }
        if blamed.isdisjoint(each.name for each in kept if not each.refused):
            break
        kept = [replace(each, refused=each.refused + sentences.get(each.name, ())) for each in kept]
    said = dict.fromkeys(sentence for each in kept for sentence in each.refused)
    said = said or dict.fromkeys(_sentence(fault) for fault in faults)
    raise Trouble(f"No service of the draft can be declared: {'; '.join(said)}")


def _sentence(fault: Fault) -> str:
    seen = f" ({fault.seen})" if fault.seen else ""
    return f"{fault.key or 'the service'}{seen}: {fault.problem}"


def _faults(text: str, machines: Machines, around: Surroundings) -> tuple[Fault, ...]:
    inventory = Inventory({*around.hosts, machines.drill_host}, around.groups)
    with TemporaryDirectory() as folder:
        file = Path(folder) / FILE_NAME
        file.write_text(text, encoding="utf-8")
        try:
            load_services(file, around.catalogue, inventory)
        except DeclarationError as refused:
            return refused.faults
    return ()
