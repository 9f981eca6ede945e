# Copyright: (c) The Probealarm contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What podman and Docker run and keep, asked of their own command line clients, as root.

``inspect`` of the two has one form (podman-inspect(1) and Docker's manual, "docker inspect"): what
is not in it as expected is passed over and said, and never an error. Of the variables in a
container's environment only names are kept, and the name of the PostgreSQL role: values are secret.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Literal, TypeAlias

from ..errors import Trouble
from ..host import Call, Finished, Host
from .facts import ContainerMount, ContainerSeen, VolumeSeen
from .finding import Alarm
from .limited import Limited, is_missing, took_too_long

Runtime: TypeAlias = Literal["podman", "docker"]

ANSWERS_WITHIN_SECONDS = 30
PROJECT_LABELS = ("com.docker.compose.project", "io.podman.compose.project")
SERVICE_LABELS = ("com.docker.compose.service", "io.podman.compose.service")
ACCOUNT_VARIABLES = ("POSTGRES_USER", "POSTGRESQL_USERNAME")
STORAGES: Mapping[Runtime, tuple[str, str]] = {
    "podman": ("{{.Store.GraphRoot}}", "/var/lib/containers/storage"),
    "docker": ("{{.DockerRootDir}}", "/var/lib/docker"),
}
"""How each tells where it keeps images and containers, and where that is as a rule."""
DOCKER_KEEPS = ("/var/lib/docker/containers", "/var/lib/docker/volumes")
"""Where Docker's daemon keeps what it knows (manual: "Daemon data directory")."""


class Hangs(Trouble):
    """A runtime did not answer in time, so there is one."""


@dataclass(frozen=True)
class Containers:
    """Everything that the runtimes told.

    Attributes:
        unused: volumes that no container uses: nobody writes there, and nobody looks.
        alarms: about a runtime that could not be asked.
        podman: where podman keeps images and containers, root's and that of others.
        docker: where Docker does.
    """

    seen: tuple[ContainerSeen, ...] = ()
    unused: tuple[VolumeSeen, ...] = ()
    alarms: tuple[Alarm, ...] = ()
    podman: tuple[Path, ...] = ()
    docker: tuple[Path, ...] = ()


def ask_runtimes(host: Host, has_entries: Callable[[str], bool]) -> Containers:
    """Ask podman and Docker; one that is not installed is no news.

    Args:
        host: the host as root sees it.
        has_entries: whether a folder of the host is there and not empty.
    """
    limited = Limited(host, ANSWERS_WITHIN_SECONDS)
    version = limited.run(Call(argv=["docker", "--version"]))
    is_podman = _is_podman(version)
    podman = _asked(limited, "podman", limited.run(Call(argv=["podman", "--version"])))
    docker = Containers() if is_podman else _asked(limited, "docker", version, has_entries)
    seen = (replace(one, answers_to_docker=is_podman) for one in podman.seen)
    return Containers(
        seen=(*seen, *docker.seen),
        unused=(*podman.unused, *docker.unused),
        alarms=(*podman.alarms, *docker.alarms),
        podman=podman.podman,
        docker=docker.docker,
    )


def _is_podman(version: Finished) -> bool:
    """Tell whether the command ``docker`` is podman: by Debian's podman-docker, or by a link.

    Docker writes its name with a capital letter; podman the name that it was called by.
    """
    said = version.output.strip()
    return version.status == 0 and (said.startswith("docker version ") or "podman" in said.lower())


def _asked(
    host: Limited,
    runtime: Runtime,
    version: Finished,
    has_entries: Callable[[str], bool] = lambda _: False,
) -> Containers:
    keeps_something = runtime == "docker" and any(has_entries(folder) for folder in DOCKER_KEEPS)
    try:
        if is_missing(version) and not keeps_something:
            return Containers()
        _require(runtime, version)
        return _told(host, runtime)
    except Hangs as trouble:
        return Containers(alarms=(_alarm(runtime, str(trouble)),))
    except Trouble as trouble:
        if runtime == "docker" and not keeps_something:
            return Containers()  # a client whose daemon never had a container here
        return Containers(alarms=(_alarm(runtime, str(trouble)),))


def _told(host: Limited, runtime: Runtime) -> Containers:
    """Ask a runtime that is there.

    Raises:
        Hangs, Trouble: it does not answer.
    """
    containers = list(_inspected(host, runtime, "container", ["ps", "--all", "--no-trunc"]))
    volumes = list(_inspected(host, runtime, "volume", ["volume", "ls"]))
    seen = tuple(_container(runtime, told) for told in containers)
    used = {mount.name for one in seen for mount in one.mounts if mount.kind == "volume"}
    unused = (_volume(runtime, told) for told in volumes if str(told.get("Name")) not in used)
    storage = _storage(host, runtime)
    return Containers(
        seen=seen,
        unused=tuple(unused),
        podman=storage if runtime == "podman" else (),
        docker=storage if runtime == "docker" else (),
    )


def _storage(host: Limited, runtime: Runtime) -> tuple[Path, ...]:
    """Ask where a runtime keeps what it has; the usual place where it does not tell."""
    told = host.run(Call(argv=[runtime, "info", f"--format={STORAGES[runtime][0]}"]))
    where = told.output.strip() if told.status == 0 else ""
    return (Path(where if where.startswith("/") else STORAGES[runtime][1]),)


def _inspected(
    host: Limited, runtime: Runtime, kind: str, listing: Sequence[str]
) -> Iterator[Mapping[str, Any]]:
    """List things and inspect them; what vanishes in between is left out.

    Raises:
        Trouble: the runtime does not answer, or not in JSON.
    """
    listed = host.run(Call(argv=[runtime, *listing, "--quiet"]))
    _require(runtime, listed)
    names = listed.output.split("\n")
    if names := [name.strip() for name in names if name.strip()]:
        told = host.run(Call(argv=[runtime, kind, "inspect", *names]))
        if took_too_long(told):
            _require(runtime, told)
        try:
            entries = json.loads(told.output or "[]")
        except ValueError:
            raise Trouble(f"{runtime} {kind} inspect did not answer in JSON") from None
        yield from (entry for entry in entries if isinstance(entry, dict))


def _require(runtime: Runtime, done: Finished) -> None:
    """Go on only with an answer.

    Raises:
        Hangs, Trouble: there is none.
    """
    if took_too_long(done):
        raise Hangs(f"{runtime} did not answer within {ANSWERS_WITHIN_SECONDS} s")
    if is_missing(done):
        raise Trouble(f"{runtime} is not installed")
    if done.status != 0:
        raise Trouble(f"{runtime} said: {done.last_words}")


def _alarm(runtime: Runtime, trouble: str) -> Alarm:
    return Alarm(
        kind="unreadable",
        subject=runtime,
        sentence=f"The containers of {runtime} could not be looked at ({trouble}), so volumes and "
        "databases of theirs may be missing from this audit. Make it answer, and audit again.",
    )


def _container(runtime: Runtime, told: Mapping[str, Any]) -> ContainerSeen:
    config = _mapping(told.get("Config"))
    labels = _mapping(config.get("Labels"))
    given = (str(entry).partition("=") for entry in config.get("Env") or ())
    variables = {name: value for name, _, value in given}
    return ContainerSeen(
        runtime=runtime,
        id=str(told.get("Id", "")),
        name=str(told.get("Name", "")).removeprefix("/"),
        image=str(told.get("ImageName") or config.get("Image") or told.get("Rootfs") or ""),
        is_running=bool(_mapping(told.get("State")).get("Running")),
        project=_first(labels, PROJECT_LABELS),
        service=_first(labels, SERVICE_LABELS),
        mounts=tuple(_mounts(told.get("Mounts") or ())),
        variables=tuple(sorted(name for name, value in variables.items() if value)),
        account=_first(variables, ACCOUNT_VARIABLES),
    )


def _mounts(told: Iterable[object]) -> Iterator[ContainerMount]:
    """Yield what can hold state: a mount of memory, or of a pipe, cannot."""
    for mount in map(_mapping, told):
        kind = mount.get("Type")
        if kind in ("volume", "bind"):
            yield ContainerMount(
                kind="volume" if kind == "volume" else "bind",
                name=str(mount.get("Name") or ""),
                source=str(mount.get("Source") or ""),
                target=str(mount.get("Destination") or ""),
                is_writable=bool(mount.get("RW", True)),
            )


def _volume(runtime: Runtime, told: Mapping[str, Any]) -> VolumeSeen:
    """Read a volume; one that is only a name for a folder elsewhere lies there."""
    options = _mapping(told.get("Options"))
    bound = "bind" in str(options.get("o", "")).split(",")
    return VolumeSeen(
        runtime=runtime,
        name=str(told.get("Name", "")),
        path=str((options.get("device") if bound else None) or told.get("Mountpoint") or ""),
        project=_first(_mapping(told.get("Labels")), PROJECT_LABELS),
    )


def _mapping(value: object) -> Mapping[str, Any]:
    return value if isinstance(value, dict) else {}


def _first(values: Mapping[str, Any], names: Sequence[str]) -> str:
    return next((str(values[name]) for name in names if values.get(name)), "")
