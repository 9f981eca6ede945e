# Copyright: (c) The Probealarm contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Containers of podman and docker: find the one that a store names, and use its image once more.

What both runtimes answer alike is asked: ``ps`` for numbers, ``inspect`` for everything else. Names
are compared here, because the filters of ``ps`` match parts of names.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ..errors import Trouble
from ..host import Call, Finished, Host
from ..stores import Container

PROJECT_LABELS = ("com.docker.compose.project", "io.podman.compose.project")
SERVICE_LABELS = ("com.docker.compose.service", "io.podman.compose.service")
"""docker compose sets the first of each; podman-compose the first, the second, or both, as its
version goes (podman_compose.py, ``container_to_args``)."""
ONE_OFF_LABEL = "com.docker.compose.oneoff"
"""``True`` for what ``docker compose run`` started beside the service."""


@dataclass(frozen=True)
class Found:
    """A container that runs.

    Attributes:
        image: the number of its image; empty for one that runs from a plain folder.
    """

    runtime: str
    number: str
    name: str
    image: str


@dataclass(frozen=True)
class Image:
    """An image that is on the host already, and the one program of it that is wanted."""

    runtime: str
    number: str
    program: str

    def command(self, name: str, user: int | str, folder: Path, inside: str) -> list[str]:
        """The command that runs the program, cut off from every network; its arguments follow.

        Args:
            name: of the container, which is gone when the program ends.
            user: what it runs as; a number need not be known in the image.
            folder: what it may write to, and nothing else.
            inside: where it sees that folder.
        """
        return [
            *(self.runtime, "run", "--rm", "--pull=never", f"--name={name}"),
            *("--network=none", "--read-only", "--cap-drop=all", "--userns=host"),
            *("--security-opt=no-new-privileges", "--oom-score-adj=1000"),
            *(f"--user={user}:{user}", f"--volume={folder}:{inside}"),
            *(f"--entrypoint={self.program}", self.number),
        ]

    def removal(self, name: str) -> list[str]:
        """The command that removes a container of it; fails where there is none."""
        return [self.runtime, "rm", "--force", "--volumes", name]


def find(host: Host, wanted: Container) -> Found:
    """Find the one container that runs under a name or for a compose service.

    Raises:
        Trouble: there is none, more than one, or it does not run; or the runtime does not answer.
    """
    seen = list(_candidates(host, wanted))
    running = [entry for entry in seen if entry["State"]["Status"] == "running"]
    if len(running) == 1:
        (one,) = running
        return Found(wanted.runtime, one["Id"], _name(one), one.get("Image") or "")
    if running:
        raise Trouble(
            f"{wanted.runtime} runs {len(running)} containers for {_described(wanted)} "
            f"({_listed(running)}), and only one can be the server of the store. Say its name in "
            "container.name instead."
        )
    if seen:
        raise Trouble(
            f"{_described(wanted)} of {wanted.runtime} does not run ({_listed(seen)}), and a "
            "database in it can only be dumped while it does. Start it, and back up again."
        )
    raise Trouble(
        f"{wanted.runtime} on this host has no {_described(wanted)}. Compare with what "
        f"{wanted.runtime} ps --all shows to root, and correct container in "
        "services.probealarm.yml. What another account runs without root is out of root's sight."
    )


def _described(wanted: Container) -> str:
    if wanted.name:
        return f"container {wanted.name}"
    return f"service {wanted.service} in a compose project {wanted.project}"


def _candidates(host: Host, wanted: Container) -> Iterator[Mapping[str, Any]]:
    filters = (
        [f"name={wanted.name}"]
        if wanted.name
        else [f"label={label}={wanted.project}" for label in PROJECT_LABELS]
    )
    numbers: list[str] = []
    for entry in filters:
        argv = ["ps", "--all", "--quiet", "--no-trunc", "--filter", entry]
        numbers += _asked(host, wanted.runtime, argv).output.split()
    if not numbers:
        return
    unique = list(dict.fromkeys(numbers))
    done = _asked(host, wanted.runtime, ["inspect", "--type=container", *unique])
    try:
        for entry in json.loads(done.output):
            if _fits(entry, wanted):
                yield entry
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise Trouble(
            f"{wanted.runtime} inspect did not answer as podman and docker do "
            f"({type(error).__name__}: {error}). Ask it yourself about {_described(wanted)}."
        ) from None


def _fits(entry: Mapping[str, Any], wanted: Container) -> bool:
    if not isinstance(entry["State"]["Status"], str) or not isinstance(entry["Id"], str):
        raise ValueError("no state or no number")
    if wanted.name:
        return _name(entry) == wanted.name
    labels = entry["Config"]["Labels"] or {}
    return (
        any(labels.get(label) == wanted.project for label in PROJECT_LABELS)
        and any(labels.get(label) == wanted.service for label in SERVICE_LABELS)
        and labels.get(ONE_OFF_LABEL) != "True"
    )


def _name(entry: Mapping[str, Any]) -> str:
    """Docker writes a slash before each name."""
    return str(entry["Name"]).removeprefix("/")


def _listed(entries: Sequence[Mapping[str, Any]]) -> str:
    return ", ".join(f"{_name(entry)} is {entry['State']['Status']}" for entry in entries)


def _asked(host: Host, runtime: str, argv: Sequence[str]) -> Finished:
    try:
        done = host.run(Call(argv=[runtime, *argv]))
    except Trouble:
        raise Trouble(
            f"{runtime} is not installed on this host. Correct container.runtime in "
            "services.probealarm.yml, or the host of the service."
        ) from None
    if done.status != 0:
        raise Trouble(
            f"{runtime} does not answer ({runtime} {argv[0]} said: {done.last_words}). See that it "
            "works for root on this host."
        )
    return done
