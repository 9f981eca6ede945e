# Copyright: (c) The Probealarm contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What an audit sees on the live host, before anybody judges it: plain values, no judgement.

Paths are absolute and as the host itself names them; bytes that are not UTF-8 are kept as
surrogates. Moments are aware, in UTC. Sizes are bytes.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal, NamedTuple

EntryType = Literal["file", "folder", "link", "other"]
ServerEngine = Literal[
    "mariadb", "postgresql", "redis", "mongodb", "couchdb", "elasticsearch", "openldap", "etcd"
]


class Entry(NamedTuple):
    """One name met by the walk; a tuple, because there are a million of them.

    Attributes:
        changed_ns: the later of the times of content and of metadata, in nanoseconds since 1970.
        mode: its permissions, without its type.
    """

    path: str
    type: EntryType
    bytes: int
    mtime_ns: int
    changed_ns: int
    uid: int
    mode: int = 0


@dataclass(frozen=True)
class Place:
    """One mounted file system.

    Attributes:
        root: what of the file system is mounted there; ``/`` for all of it.
        skipped: why it is not walked; empty when it is.
        is_state: whether what is skipped could hold state that somebody misses (a network mount
            that hangs could, ``/proc`` could not).
    """

    path: str
    source: str
    type: str
    root: str = "/"
    skipped: str = ""
    is_state: bool = True


@dataclass(frozen=True)
class Unread:
    """A place that should have been walked, or a file that should have been read, and why not."""

    path: str
    reason: str


@dataclass(frozen=True)
class ContainerMount:
    """A volume or a bind mount of a container: ``source`` is a path of the host."""

    kind: Literal["volume", "bind"]
    name: str
    source: str
    target: str
    is_writable: bool


@dataclass(frozen=True)
class ContainerSeen:
    """One container, running or not.

    Attributes:
        image: its name; the folder of one that runs without; empty where nobody could be asked.
        owner: whose it is, where it is not root's: root's podman does not know it.
        variables: names of the variables in its environment that are not empty; never their values.
        account: the role that an image of PostgreSQL was told to make; empty where it was not.
        password_variable: which variable holds the password, where the declaration tells.
        answers_to_docker: podman runs it, and on this host the command ``docker`` is podman.
    """

    runtime: Literal["podman", "docker"]
    id: str
    name: str
    image: str
    is_running: bool
    project: str = ""
    service: str = ""
    mounts: tuple[ContainerMount, ...] = ()
    owner: str = ""
    variables: tuple[str, ...] = ()
    account: str = ""
    password_variable: str = ""
    answers_to_docker: bool = False


@dataclass(frozen=True)
class VolumeSeen:
    """A named volume that no container uses, running or not.

    Attributes:
        path: where its content lies on the host.
        project: of the compose file that made it; empty when none did.
    """

    runtime: Literal["podman", "docker"]
    name: str
    path: str
    project: str = ""


@dataclass(frozen=True)
class ServerSeen:
    """One database server, found by its process.

    Attributes:
        socket: its unix socket, as the server names it (in a container: a path in there); for
            PostgreSQL the directory. Empty where there is none.
        data_directory: as the host names it; empty when it could not be told.
        is_apart: it is in no container that we know, and yet no program of the host reaches it
            where it listens: in systemd-nspawn, LXC or a chroot.
        made_ns: when the file was last written by which such a data directory is known,
            in nanoseconds since 1970; 0 where it is not there.
    """

    engine: ServerEngine
    pid: int
    program: str
    socket: str = ""
    port: int = 0
    data_directory: str = ""
    container: ContainerSeen | None = None
    unit: str = ""
    user: str = ""
    is_apart: bool = False
    made_ns: int = 0


@dataclass(frozen=True)
class TableSeen:
    """One table: ``schema`` is empty where the engine has none."""

    schema: str
    name: str
    engine: str
    bytes: int
    rows: int
    changed: datetime | None


@dataclass(frozen=True)
class DatabaseSeen:
    """One database of a server, or the sentence why it could not be looked into.

    Attributes:
        name: of Redis the number; empty when this stands for all that the server holds.
        bytes: of everything in it, with indexes.
        refused: why the server did not tell, as it goes on after "did not tell what it holds:" and
            without a full stop; empty when it did.
        cannot_dump: a sentence, for an engine that is only recognised; empty for the others.
    """

    server: ServerSeen
    name: str
    bytes: int
    changed: datetime | None = None
    tables: tuple[TableSeen, ...] = ()
    refused: str = ""
    cannot_dump: str = ""


@dataclass(frozen=True)
class OpenFile:
    """A regular file that a process holds open for writing."""

    path: str
    program: str
    unit: str
    container: str = ""


@dataclass(frozen=True)
class Recognised:
    """A place whose form says what it is, saved or not.

    Attributes:
        form: ``sqlite``, or the engine of a data directory, or ``git checkout``.
        detail: in words: number of tables, version, ignored paths.
    """

    path: str
    form: str
    detail: str
    bytes: int
    changed: datetime | None
    parts: tuple[str, ...] = ()
