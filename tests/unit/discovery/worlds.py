"""Servers as they are met: files with their content, and database servers with their tables."""

from __future__ import annotations

import fnmatch
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

from plugins.module_utils.audit.facts import (
    ContainerSeen,
    DatabaseSeen,
    Entry,
    EntryType,
    ServerSeen,
    TableSeen,
)
from plugins.module_utils.discovery.candidates import Candidate
from plugins.module_utils.discovery.deriving import signatures_of
from plugins.module_utils.discovery.drafting import Drafted, Surroundings, drafted
from plugins.module_utils.discovery.facts import Facts
from plugins.module_utils.discovery.files import is_left_out
from plugins.module_utils.discovery.looking import look
from plugins.module_utils.discovery.signatures import Signature

CATALOGUE = Path(__file__).parents[3] / "catalogue"
SIGNATURES = signatures_of(CATALOGUE)

MARIADB = ServerSeen("mariadb", 1, "mariadbd", socket="/run/mysqld/mysqld.sock", port=3306)
POSTGRESQL = ServerSeen("postgresql", 2, "postgres", socket="/var/run/postgresql", port=5432)
SQLITE = "SQLite format 3\0" + "x" * 496

DEBIAN = dict.fromkeys(
    (
        *("/etc/apt/sources.list", "/etc/fstab", "/etc/group", "/etc/hostname", "/etc/passwd"),
        *("/etc/shadow", "/etc/ssh/sshd_config", "/var/lib/apt/extended_states"),
        *("/usr/share/keyrings/a", "/var/lib/dpkg/diversions", "/var/lib/dpkg/statoverride"),
        *("/var/lib/dpkg/status", "/root/.profile", "/usr/local/bin/a", "/home/kim/a"),
        "/var/spool/cron/crontabs/root",
    ),
    "x",
)
MAIL = dict.fromkeys(
    (
        *("/etc/aliases", "/etc/dovecot/dovecot.conf", "/etc/dovecot/users"),
        *("/etc/postfix/main.cf", "/etc/postfix/master.cf", "/etc/postfix/recipients"),
        *("/etc/opendkim/mail.private", "/etc/opendkim/mail.txt", "/etc/opendkim.conf"),
        "/var/vmail/example.org/kim/Maildir/cur/1",
    ),
    "x",
)


class FakeFiles:
    """Files by their paths; folders are those that files lie in."""

    def __init__(self, files: Mapping[str, str], packages: Mapping[str, str] = {}) -> None:
        self._files = files
        self._packages = packages
        above = {str(folder) for path in files for folder in Path(path).parents}
        self._names = {*files, *above} - {"/"}

    def entries(self) -> Iterator[Entry]:
        for path in sorted(self._names):
            if any(is_left_out(str(folder)) for folder in Path(path).parents):
                continue
            text = self._files.get(path)
            kind: EntryType = "folder" if text is None else "file"
            yield Entry(path, kind, len(text or ""), 0, 0, 0)

    def exists(self, pattern: str) -> bool:
        return any(fnmatch.fnmatchcase(name, pattern) for name in self._names)

    def read(self, pattern: str) -> list[str]:
        return [text for path, text in self._files.items() if fnmatch.fnmatchcase(path, pattern)]

    def is_sqlite(self, path: str) -> bool:
        return self._files[path].startswith("SQLite format 3")

    def package_of(self, path: str) -> str:
        return self._packages.get(path, "")


def signature(profile: str, engine: str = "") -> Signature:
    (found,) = (each for each in SIGNATURES if (each.profile, each.engine) == (profile, engine))
    return found


def tables(profile: str, engine: str = "", prefix: str = "") -> list[str]:
    """All tables by which an application is known."""
    return [prefix + name for name in signature(profile, engine).databases[0].tables]


def database(server: ServerSeen, name: str, names: Iterable[str] = ()) -> DatabaseSeen:
    schema = "public" if server.engine == "postgresql" else ""
    seen = tuple(TableSeen(schema, each, "", 1, 1, None) for each in names)
    return DatabaseSeen(server, name, 1, tables=seen)


def refused(server: ServerSeen, sentence: str) -> DatabaseSeen:
    return DatabaseSeen(server, "", 1, refused=sentence)


def in_container(service: str, project: str = "", name: str = "box-1") -> ServerSeen:
    box = ContainerSeen(
        runtime="docker",
        id="0123",
        name=name,
        image="example.org/image",
        is_running=True,
        project=project,
        service=service,
        variables=("MYSQL_ROOT_PASSWORD",),
    )
    return ServerSeen(
        "mariadb", 3, "mariadbd", socket="/run/mysqld/mysqld.sock", port=3306, container=box
    )


def facts(
    files: Mapping[str, str],
    databases: Iterable[DatabaseSeen] = (),
    packages: Mapping[str, str] = {},
) -> Facts:
    return look(SIGNATURES, FakeFiles(files, packages), databases)


def draft_of(*servers: Facts, drill_host: str = "") -> Drafted:
    """Make a draft for nick, and further servers, with judy as the host that drills."""
    names = ("nick", "sam")[: len(servers)]
    around = Surroundings(CATALOGUE, (*names, "judy"), ("all", "fallback"), drill_host)
    return drafted(dict(zip(names, servers, strict=True)), SIGNATURES, around)


def candidates(
    files: Mapping[str, str],
    databases: Iterable[DatabaseSeen] = (),
    packages: Mapping[str, str] = {},
) -> dict[str, Candidate]:
    """Return what a draft proposes, by the names of the services."""
    made = draft_of(facts(files, databases, packages))
    return {proposal.name: proposal.candidate for proposal in made.proposals}
