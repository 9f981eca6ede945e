# Copyright: (c) The Probealarm contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A draft of services.probealarm.yml: what was recognised, and questions where only people know.

It never holds a secret: what is written are names of databases, paths, ports and containers.
"""

from __future__ import annotations

import json
import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from textwrap import wrap

from .candidates import Candidate, ContainerOf
from .words import how_sure

WIDTH = 110
QUESTION = "QUESTION: "
SQLITE_FILES = ("", "-wal", "-shm", "-journal")
USUAL_OBJECTIVES = "{rpo: 24h, rto: 4h}"
DRILL_HOST_QUESTION = (
    "Which second machine tries out the snapshots? It must stand in the inventory."
)
OBJECTIVES_QUESTION = "How much work may be lost, and how soon must it be back?"
LOGINS = {
    "mariadb": {"user": "root", "password_variable": "MARIADB_ROOT_PASSWORD"},
    "postgresql": {"user": "postgres"},
}
"""Who logs in to a server in a container, as the official images have it."""

_PLAIN = re.compile(r"[A-Za-z_/][A-Za-z0-9_./-]*")
_WORDS = frozenset(["true", "false", "yes", "no", "on", "off", "null", "y", "n"])

HEAD = (
    "A draft, made by playbooks/discover.yml. It says what was recognised, and how sure that is."
    " Answer the questions and take them out, give the services the names by which people call"
    " them, and put it beside hosts.yml as services.probealarm.yml. docs/declaration.md explains"
    " every key."
)


@dataclass(frozen=True)
class Proposal:
    """A service with a name, on its host; ``refused`` says why it cannot be declared like this."""

    name: str
    host: str
    candidate: Candidate
    refused: tuple[str, ...] = ()


@dataclass(frozen=True)
class Machines:
    """Which machines a draft speaks of.

    Attributes:
        drill_host: tries the snapshots.
        is_chosen: whether somebody has named it, and the inventory knows it.
        other: tries the snapshots of services on ``drill_host`` itself; empty where there is none.
    """

    drill_host: str
    is_chosen: bool = False
    other: str = ""


def with_names(
    found: Mapping[str, Sequence[Candidate]], unavailable: Collection[str]
) -> Iterator[Proposal]:
    """Give every candidate a name; a service becomes an inventory host, so none may have it yet."""
    names = set(unavailable)
    for host, candidates in found.items():
        for candidate in candidates:
            name = _free_name(candidate, host, names)
            names.add(name)
            yield Proposal(name, host, candidate)


def _free_name(candidate: Candidate, host: str, names: Collection[str]) -> str:
    further = candidate.settings.get("database.name") or candidate.settings.get("path", "")
    further = re.sub(r"[^a-z0-9]+", "-", further.rpartition("/")[2].lower()).strip("-")
    stems = [candidate.stem, f"{candidate.stem}-{further}".rstrip("-"), f"{candidate.stem}-{host}"]
    plain = [re.sub(r"[^a-z0-9-]", "-", stem.lower())[:58] for stem in stems]
    free = [stem for stem in plain if stem not in names]
    if free:
        return free[0]
    return next(name for n in range(2, 10_000) if (name := f"{plain[0]}-{n}") not in names)


def draft(
    proposals: Iterable[Proposal], notes: Mapping[str, Sequence[str]], machines: Machines
) -> str:
    """Write the draft; ``notes`` are questions about each host that became no service."""
    lines = ["---", *_comment(HEAD)]
    lines += ["plugin: probealarm.recovery.services", ""]
    if not machines.is_chosen:
        lines += _comment(f"{QUESTION}{DRILL_HOST_QUESTION}")
    lines += [f"drill_host: {_scalar(machines.drill_host)}", "", "services:"]
    for proposal in proposals:
        lines += [*_service(proposal, machines), ""]
    for host, questions in notes.items():
        if questions:
            lines += _comment(f"What else was seen on {host}:")
            lines += [line for text in questions for line in _comment(f"- {QUESTION}{text}")]
    return "\n".join(lines).rstrip() + "\n"


def _service(proposal: Proposal, machines: Machines) -> Iterator[str]:
    candidate = proposal.candidate
    about = [f"{candidate.title} ({how_sure(candidate.score)}):"]
    about += [f"- {reason}" for reason in candidate.reasons]
    about += [f"{QUESTION}{question}" for question in candidate.questions]
    about += [f"{QUESTION}This is refused. What is right? {why}" for why in proposal.refused]
    for text in about:
        yield from (f"  {line}" for line in _comment(text))
    off = "# " if proposal.refused else ""
    for line in _keys(proposal, machines):
        yield f"  {off}{line}"


def _keys(proposal: Proposal, machines: Machines) -> Iterator[str]:
    candidate = proposal.candidate
    yield f"{proposal.name}:"
    yield f"  profile: {candidate.profile}"
    yield f"  host: {_scalar(proposal.host)}"
    if proposal.host == machines.drill_host:
        yield f"  drill_host: {_scalar(machines.other or proposal.host)}"
    yield f"  objectives: {USUAL_OBJECTIVES} # {QUESTION}{OBJECTIVES_QUESTION}"
    groups: dict[str, dict[str, str]] = {}
    for name, value in candidate.settings.items():
        written = value if name in candidate.numbers else _scalar(value)
        group, _, key = name.rpartition(".")
        if group:
            groups.setdefault(group, {})[key] = written
        else:
            yield f"  {name}: {written}"
    for group, entries in groups.items():
        inside = ", ".join(f"{key}: {value}" for key, value in entries.items())
        yield f"  {group}: {{{inside}}}"
    stores = list(_stores(candidate))
    if stores:
        yield "  stores:"
        yield from (f"    {line}" for line in stores)


def _stores(candidate: Candidate) -> Iterator[str]:
    if candidate.container:
        yield from _container(candidate.container)
    if candidate.extra_paths or candidate.sqlite:
        yield f"{candidate.files_store}:"
    if candidate.extra_paths:
        yield "  paths:"
        yield from (f"    - {_scalar(path)}" for path in candidate.extra_paths)
    if candidate.sqlite:
        yield "  regenerable:"
        for path in candidate.sqlite:
            for ending in SQLITE_FILES:
                yield f"    - path: {_scalar(path + ending)}"
                yield "      reason: A SQLite database, which is saved as a store of its own"
    for number, path in enumerate(candidate.sqlite, start=1):
        yield f"database{'' if number == 1 else f'-{number}'}:"
        yield "  kind: sqlite"
        yield f"  path: {_scalar(path)}"
        yield '  irreplaceable: ["*"] # nobody has said which tables could be done without'


def _container(where: ContainerOf) -> Iterator[str]:
    box = where.container
    names = {"runtime": box.runtime}
    names |= (
        {"project": box.project, "service": box.service}
        if box.project and box.service
        else {"name": box.name}
    )
    inside = ", ".join(f"{key}: {_scalar(value)}" for key, value in names.items())
    yield f"{where.store}:"
    yield f"  container: {{{inside}}}"
    yield f"  # {QUESTION}Who logs in, and which variable of the container holds the password?"
    login = {**LOGINS[where.engine]}
    login |= {"user": box.account} if box.account else {}
    login |= {"password_variable": box.password_variable} if box.password_variable else {}
    yield from (f"  {key}: {_scalar(value)}" for key, value in login.items())


def _comment(text: str) -> list[str]:
    """Write a text as comment lines; nothing in it can end the comment."""
    plain = "".join(sign if sign.isprintable() else " " for sign in text)
    further = "  " if plain.startswith("- ") else ""
    return [
        f"# {line}"
        for line in wrap(plain, WIDTH - 2, subsequent_indent=further, break_on_hyphens=False)
    ]


def _scalar(text: str) -> str:
    """Write a text so that YAML reads exactly this text."""
    if _PLAIN.fullmatch(text) and text.lower() not in _WORDS:
        return text
    return json.dumps(text)
