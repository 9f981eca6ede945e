# Copyright: (c) The Probealarm contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The lines to add to services.probealarm.yml, for each kind of thing that nobody claims.

A hint is YAML with ``services`` at its top: laid over the declaration, it loads. Names that a
declaration cannot hold get a comment that says so, which loads as well.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from .asking import password_variable
from .claims import Claims, is_within
from .facts import DatabaseSeen, ServerSeen
from .grouping import CONTAINERS
from .hint_lines import comment, yaml

LOOK_AGAIN_AFTER = timedelta(days=90)
OBJECTIVES = {"rpo": "24h", "rto": "4h"}
OF_THE_MACHINE = ("/etc", "/home", "/root", "/usr/local", "/var/spool/cron")
_NO_PATH = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029\\{}$\ud800-\udfff]")
_GLOB = re.compile(r"[*?\[]")
_DATABASE = re.compile(r"[A-Za-z_][A-Za-z0-9_]{0,62}")
_TAKEN = ("all", "ungrouped", "services", "protected", "fallback", "localhost")


@dataclass(frozen=True)
class Service:
    """What a hint must know of a service: name, profile, what it saves, its store of files."""

    name: str
    profile: str
    paths: tuple[str, ...]
    file_store: str


@dataclass(frozen=True)
class Hints:
    """Makes hints for one host.

    Attributes:
        today: exemptions expire some time after it.
        names: that no new service may have: of services, hosts and groups.
    """

    host: str
    services: tuple[Service, ...]
    names: frozenset[str]
    today: date

    @classmethod
    def of(
        cls, host: str, claims: Claims, merged: Iterable[Mapping[str, Any]], today: date
    ) -> Hints:
        """Learn what is declared."""
        services = []
        names = {host, *_TAKEN}
        for one in merged:
            paths = [claim.path for claim in claims.paths if claim.service == one["name"]]
            stores = [store["name"] for store in one["stores"] if store["kind"] == "files"]
            services.append(
                Service(one["name"], one.get("profile", ""), tuple(paths), (stores or [""])[0])
            )
            names |= {one["name"], one["host"], one["drill_host"]}
        return cls(host, tuple(services), frozenset(names), today)

    def for_path(self, path: str, title: str = "") -> str:
        """Say how a directory or file is claimed: by the service beside it, or by a new one.

        Args:
            path: what is to be saved.
            title: what a new service may be called after; the path by default.
        """
        return self.for_paths([path], title)

    def for_paths(self, paths: Iterable[str], title: str = "") -> str:
        """Say how some paths are claimed together."""
        wanted = list(paths)
        good = [path for path in wanted if is_sayable(path)]
        if not good:
            return "".join(self._unsayable(path) for path in wanted[:1])
        if (near := self.nearest(good[0])) and near.file_store:
            return yaml({near.name: {"stores": {near.file_store: {"paths": good}}}})
        if self._is_of_the_machine(good[0]):
            if machine := self._machine():
                return yaml({machine.name: {"stores": {machine.file_store: {"paths": good}}}})
            return yaml({self._free("machine"): self._new("debian_host")})
        extra = {"stores": {"files": {"paths": good[1:]}}} if good[1:] else {}
        name = self._free(title or good[0].rpartition("/")[2])
        return yaml({name: {**self._new("files"), "path": good[0], **extra}})

    def for_sqlite(self, path: str) -> str:
        """Say how one database of SQLite is claimed."""
        if not is_sayable(path):
            return self._unsayable(path)
        name = self._free(path.rpartition("/")[2].partition(".")[0])
        return yaml({name: {**self._new("sqlite"), "path": path}})

    def for_database(self, seen: DatabaseSeen) -> str:
        """Say how a database of a server is claimed; or exempted, where we cannot dump it."""
        server = seen.server
        if server.engine not in {"mariadb", "postgresql", "redis"} or seen.refused:
            return self.for_exemption(seen.name or server.engine, server.data_directory)
        if server.engine == "redis":
            return self._for_redis(seen)
        if not _DATABASE.fullmatch(seen.name):
            return comment(
                f"A declaration takes names of letters, digits and _, and not {seen.name!r}: rename"
                " the database, or dump it into a declared folder."
            )
        where: dict[str, Any] = {"name": seen.name}
        stores: dict[str, Any] = {}
        if server.container is not None:
            stores = {"stores": {"database": _entrance(server)}}
            if server.engine == "mariadb" and server.socket:
                where["socket"] = server.socket
            elif server.port not in {0, 5432}:
                where["port"] = server.port
        elif server.engine == "postgresql" and server.port not in {0, 5432}:
            where["port"] = server.port
        elif server.engine == "mariadb" and server.socket.removeprefix("/var") not in {
            "",
            "/run/mysqld/mysqld.sock",
        }:
            where["socket"] = server.socket
        name = self._free(seen.name)
        return yaml({name: {**self._new(server.engine), "database": where, **stores}})

    def for_exemption(self, what: str, path: str = "") -> str:
        """Say how something is exempted, with the places that only a person can fill in."""
        exemption: dict[str, Any] = {}
        if path and pattern_of(path):
            exemption["path"] = pattern_of(path)
        elif _DATABASE.fullmatch(what):
            exemption["database"] = what
        else:
            return comment(f"{what} has a name that no exemption can hold: rename it.")
        exemption |= {
            "reason": "Say here why nobody misses it",
            "owner": "Say here who answers for that",
            "expires": (self.today + LOOK_AGAIN_AFTER).isoformat(),
        }
        service = self.nearest(path) or self._machine() or next(iter(self.services), None)
        if service is None:
            return comment("Declare a service first; an exemption stands in one.")
        return yaml({service.name: {"exemptions": [exemption]}})

    def nearest(self, path: str) -> Service | None:
        """Find the service whose paths lie beside a path, in a directory that is no system's."""
        best, depth = None, 0
        for service in self.services:
            if service.profile == "debian_host":
                continue
            for saved in service.paths:
                common = _common(path, saved)
                if common not in CONTAINERS and common.count("/") > depth:
                    best, depth = service, common.count("/")
        return best

    def _for_redis(self, seen: DatabaseSeen) -> str:
        server = seen.server
        store: dict[str, Any] = {"kind": "redis", "database": int(seen.name or 0)}
        if server.container is not None:
            store |= _entrance(server)
        elif server.socket:
            store["socket"] = server.socket
        if server.port not in {0, 6379}:
            store["port"] = server.port
        store["irreplaceable"] = ["*"]
        known = [one for one in self.services if one.profile != "debian_host"]
        service = self.nearest(server.data_directory) or next(iter(known), None)
        if service is None:
            return comment("Declare the service whose keys these are; then give it this store:")
        said = comment(f"Or of another service than {service.name}: the one whose keys these are.")
        return said + yaml({service.name: {"stores": {f"redis-{seen.name}": store}}})

    def _new(self, profile: str) -> dict[str, Any]:
        drill = {"drill_host": "judy"} if not self.services else {}
        return {"profile": profile, "host": self.host, **drill, "objectives": OBJECTIVES}

    def _machine(self) -> Service | None:
        return next((one for one in self.services if one.profile == "debian_host"), None)

    def _is_of_the_machine(self, path: str) -> bool:
        if any(is_within(path, root) for root in OF_THE_MACHINE):
            return True
        return self._machine() is not None and path.startswith(("/usr/", "/boot/", "/var/spool/"))

    def _free(self, wanted: str) -> str:
        """Make a name of a service that is not taken."""
        plain = re.sub(r"[^a-z0-9]+", "-", wanted.lower()).strip("-")[:40].rstrip("-")
        plain = plain if plain and plain[0].isalpha() else f"files-{plain}".rstrip("-")
        name, number = plain, 2
        while name in self.names:
            name, number = f"{plain}-{number}", number + 1
        return name

    def _unsayable(self, path: str) -> str:
        said = comment(
            "Its name holds signs that a declaration does not take: rename it, or exempt it with ? "
            "for each of them:"
        )
        return said + self.for_exemption("this", path)


def is_sayable(path: str) -> bool:
    """Tell whether a path can stand in a declaration as one place."""
    return not (_NO_PATH.search(path) or _GLOB.search(path) or len(path) > 4000)


def pattern_of(path: str) -> str:
    """Write a path as a pattern, with ``?`` for what a declaration does not take."""
    return _NO_PATH.sub("?", _GLOB.sub("?", path))


def _entrance(server: ServerSeen) -> dict[str, Any]:
    """Say how the server in a container is entered."""
    container = server.container
    if container is None:
        return {}
    where = {"runtime": container.runtime, "name": container.name}
    if container.project and container.service:
        where = {
            "runtime": container.runtime,
            "project": container.project,
            "service": container.service,
        }
    user = {"user": container.account} if container.account else {}
    variable = password_variable(server)
    return {
        "container": where,
        **(user if server.engine == "postgresql" else {}),
        **({"password_variable": variable} if variable else {}),
    }


def _common(one: str, other: str) -> str:
    parts = []
    for mine, theirs in zip(one.split("/"), other.split("/"), strict=False):
        if mine != theirs:
            break
        parts.append(mine)
    return "/".join(parts)
