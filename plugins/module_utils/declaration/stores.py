# Copyright: (c) The Probealarm contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The kinds of places where a service keeps state, and what a contract says about each."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from .scalars import OneOf, TruthValue, WholeNumber
from .schema import Key, ListOf, MapOf, Record, Variants
from .vocabulary import (
    CONTAINER_NAME,
    DATABASE_NAME,
    KEY_PATTERN,
    PATH_PATTERN,
    PERCENT,
    PLAIN_PATH,
    PORT,
    SENTENCE,
    STORE_NAME,
    TABLE_PATTERN,
    TABLE_PREFIX,
    USER_NAME,
    VARIABLE_NAME,
)

SQL_KINDS = ("mariadb", "postgresql", "sqlite")

_LARGEST_LOSS = Key(
    PERCENT,
    "how many percent of the rows, keys or files may be gone since the last proven snapshot",
    default=20,
)
_DATABASE = Key(DATABASE_NAME, "the name of the database", required=True)
_PREFIX = Key(TABLE_PREFIX, "what every table name starts with", default="")
_IRREPLACEABLE = Key(
    ListOf(TABLE_PATTERN, at_least=1),
    "tables that nothing can bring back, without the prefix",
    required=True,
)
_USER = Key(USER_NAME, "the account that logs in to the server in the container")
_PASSWORD_VARIABLE = Key(
    VARIABLE_NAME,
    "the variable in the container's own environment that holds the password; never the password",
)
_CONTAINER = Key(
    Record(
        "a container",
        {
            "runtime": Key(
                OneOf("container runtime", ("podman", "docker")),
                "runtime: podman or docker",
                required=True,
            ),
            "name": Key(CONTAINER_NAME, "the name of the container"),
            "project": Key(CONTAINER_NAME, "the compose project"),
            "service": Key(CONTAINER_NAME, "the service in the compose project"),
        },
        one_of=(("name",), ("project", "service")),
    ),
    "the container that the server runs in; its socket is then a path in there",
)

STORE_KINDS: dict[str, Record] = {
    "mariadb": Record(
        "a store of kind mariadb",
        {
            "database": _DATABASE,
            "socket": Key(
                PLAIN_PATH, "the socket of the server", default="/run/mysqld/mysqld.sock"
            ),
            "container": _CONTAINER,
            "user": _USER,
            "password_variable": _PASSWORD_VARIABLE,
            "prefix": _PREFIX,
            "irreplaceable": _IRREPLACEABLE,
            "largest_loss_percent": _LARGEST_LOSS,
        },
    ),
    "postgresql": Record(
        "a store of kind postgresql",
        {
            "database": _DATABASE,
            "socket": Key(
                PLAIN_PATH, "the directory of the server's socket", default="/var/run/postgresql"
            ),
            "port": Key(PORT, "the port, which is part of the socket's name", default=5432),
            "container": _CONTAINER,
            "user": _USER,
            "password_variable": _PASSWORD_VARIABLE,
            "prefix": _PREFIX,
            "irreplaceable": _IRREPLACEABLE,
            "largest_loss_percent": _LARGEST_LOSS,
        },
    ),
    "sqlite": Record(
        "a store of kind sqlite",
        {
            "path": Key(
                PLAIN_PATH, "the database's file; its -wal file belongs to it", required=True
            ),
            "irreplaceable": _IRREPLACEABLE,
            "largest_loss_percent": _LARGEST_LOSS,
        },
    ),
    "redis": Record(
        "a store of kind redis",
        {
            "socket": Key(PLAIN_PATH, "the socket of the server, where it has one"),
            "port": Key(PORT, "the port of the server on its own loopback", default=6379),
            "database": Key(WholeNumber(0, 1000), "the number of the database", default=0),
            "container": _CONTAINER,
            "password_variable": _PASSWORD_VARIABLE,
            "irreplaceable": Key(
                ListOf(KEY_PATTERN, at_least=1), "keys that nothing can bring back", required=True
            ),
            "largest_loss_percent": _LARGEST_LOSS,
        },
    ),
    "files": Record(
        "a store of kind files",
        {
            "paths": Key(
                ListOf(PLAIN_PATH, at_least=1), "the directories and files to save", required=True
            ),
            "regenerable": Key(
                ListOf(
                    Record(
                        "a regenerable path",
                        {
                            "path": Key(PLAIN_PATH, "what is left out", required=True),
                            "reason": Key(SENTENCE, "why losing it costs nothing", required=True),
                        },
                    )
                ),
                "what is left out of the snapshot, and why that loses nothing",
                default=(),
            ),
            "required": Key(ListOf(PATH_PATTERN), "what every snapshot must contain", default=()),
            "for_reference": Key(
                TruthValue(),
                "true: saved for a person to look things up in, never written back as a whole, and "
                "so it may overlap what others save",
                default=False,
            ),
            "largest_loss_percent": _LARGEST_LOSS,
        },
    ),
}
STORES = MapOf("a mapping of stores", STORE_NAME, Variants("store", STORE_KINDS))


def contract_store(name: str, values: dict[str, Any]) -> dict[str, Any]:
    """Return a validated store as it stands in a contract: plain JSON types, prefix applied."""
    plain = {
        key: list(value) if isinstance(value, tuple) else value for key, value in values.items()
    }
    prefix = plain.pop("prefix", "")
    if prefix:
        plain["irreplaceable"] = [prefix + pattern for pattern in plain["irreplaceable"]]
    if "paths" in plain:
        plain["paths"] = list(_outermost(plain["paths"]))
    return {"name": name, **plain}


def _outermost(paths: list[str]) -> Iterator[str]:
    """Yield the paths that lie in no other one, so that nothing is saved twice."""
    for path in paths:
        if not any(path != other and is_within(path, other) for other in paths):
            yield path


def file_objections(store: dict[str, Any]) -> Iterator[tuple[str, str, str]]:
    """Yield (key, value, problem) for what a file store says against itself.

    A path that is left out by mistake, or asked for where nothing is saved, is a silent hole.
    """
    paths: list[str] = store["paths"]
    left_out = [str(entry["path"]) for entry in store["regenerable"]]
    for path in left_out:
        swallowed = [saved for saved in paths if is_within(saved, path)]
        if swallowed:
            yield "regenerable", path, f"would leave out {swallowed[0]}, which this store saves"
        elif not any(is_within(path, saved) for saved in paths):
            yield "regenerable", path, f"lies in none of this store's paths ({', '.join(paths)})"
    for pattern in store["required"]:
        fixed = fixed_part(pattern)
        if not any(is_within(fixed, saved) for saved in paths):
            yield "required", pattern, f"lies in none of this store's paths ({', '.join(paths)})"
        for path in left_out:
            if is_within(fixed, path):
                yield "required", pattern, f"is left out by the regenerable path {path}"


def fixed_part(pattern: str) -> str:
    """Return the directory of a pattern above its first wildcard, or a plain path as it is."""
    for position, sign in enumerate(pattern):
        if sign in "*?[":
            return pattern[:position].rpartition("/")[0] or "/"
    return pattern


def is_within(path: str, directory: str) -> bool:
    """Tell whether ``path`` is ``directory`` or lies in it."""
    return directory in ("/", path) or path.startswith(directory + "/")
