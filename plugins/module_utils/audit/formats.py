# Copyright: (c) The Probealarm contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Recognise servers' data by the files that only they make, whoever runs them and wherever it lies.

Sources: MariaDB's and MySQL's manuals ("InnoDB system tablespace", "Aria storage engine");
PostgreSQL 17's manual ("Database File Layout"); redis.io ("Redis persistence"); WiredTiger's
"WiredTiger files"; CouchDB's manual ("Configuring: database_dir"); Elasticsearch's guide
("path.data", ``node.lock``); OpenLDAP's slapd-mdb(5); etcd's "Data directory layout".
"""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass

from ..text import count
from .facts import Entry, Recognised
from .git_checkouts import checkout_at
from .reading import first_bytes, measured, moment

REDIS = re.compile(rb"(?:REDIS|VALKEY)(\d{3,4})")
HEADER_BYTES = 64


@dataclass(frozen=True)
class Found:
    """A data directory: its engine, where it is, and what can be said of it in words."""

    form: str
    path: str
    detail: str
    parts: tuple[str, ...] = ()


def recognise(entry: Entry) -> Recognised | None:
    """Look at one name of the walk; for all but a few in a million that is a look-up.

    A data directory is recognised at one file in it, so each is told once.

    Raises:
        OSError: its form could not be told because something in it cannot be read.
    """
    name = _name(entry)
    if entry.type == "folder" and name == ".git":
        return checkout_at(_above(entry.path))
    finder = _finder(entry.type, name)
    found = finder(entry.path) if finder else None
    if found is None:
        return None
    size, newest = measured(found.path)
    return Recognised(found.path, found.form, found.detail, size, moment(newest), found.parts)


def may_have_form(entry: Entry) -> bool:
    """Tell by its name alone whether it is worth looking into."""
    name = _name(entry)
    return name == ".git" or _finder(entry.type, name) is not None


def _finder(type_: str, name: str) -> Finder | None:
    if type_ == "folder":
        return FOLDERS.get(name)
    if type_ == "file":
        return FILES.get(name) or ENDINGS.get(name[name.rfind(".") :])
    return None


def _name(entry: Entry) -> str:
    return entry.path[entry.path.rfind("/") + 1 :]


def _mariadb(path: str) -> Found | None:
    """Recognise it at ``ibdata1``, or at ``aria_log_control`` where InnoDB is off."""
    folder = _above(path)
    if path.endswith("/aria_log_control") and os.path.exists(f"{folder}/ibdata1"):  # noqa: PTH110 (names may not be UTF-8)
        return None
    is_mariadb = os.path.exists(f"{folder}/aria_log_control")  # noqa: PTH110 (names may not be UTF-8)
    version = _version(f"{folder}/mariadb_upgrade_info") or _version(f"{folder}/mysql_upgrade_info")
    own = {"mysql", "performance_schema", "sys"}
    names = tuple(
        name
        for name in _folders(folder)
        if name not in own and not name.startswith(("#", ".")) and _holds_tables(f"{folder}/{name}")
    )
    engine = "MariaDB" if is_mariadb else "MySQL"
    said = f"a data directory of {engine}{version} with {count(len(names), 'database')}"
    return Found("mariadb", folder, _listed(said, names), names)


def _postgresql(path: str) -> Found | None:
    folder = _above(_above(path))
    version = _version(f"{folder}/PG_VERSION")
    if not path.endswith("/global/pg_control") or not version:
        return None
    number = len([name for name in _folders(f"{folder}/base") if name.isdigit()])
    others = max(0, number - 3)  # template0, template1 and postgres come with it
    said = f"a data directory of PostgreSQL{version} with {count(others, 'database')} of its users"
    return Found("postgresql", folder, said)


def _redis(path: str) -> Found | None:
    header = REDIS.match(first_bytes(path, HEADER_BYTES))
    if not header:
        return None
    return Found("redis", path, f"data of Redis or Valkey, format {int(header[1])}")


def _redis_log(path: str) -> Found | None:
    if not path.endswith("/appendonlydir"):
        return Found("redis", path, "the log of commands of Redis, from which it loads its data")
    if not any(name.endswith(".manifest") for name in _names(path)):
        return None
    return Found("redis", path, "the logs of commands of Redis or Valkey, which hold all its data")


def _mongodb(path: str) -> Found | None:
    folder = _above(path)
    engine = first_bytes(path, HEADER_BYTES).decode("utf-8", "replace").splitlines()
    if not engine or not engine[0].startswith("WiredTiger"):
        return None
    number = len([name for name in _names(folder) if name.startswith("collection-")])
    said = f"a data directory of MongoDB with {count(number, 'collection')}"
    return Found("mongodb", folder, said)


def _couchdb(path: str) -> Found | None:
    """Recognise it at its list of databases; a lone ``.couch`` file by itself."""
    folder = _above(path)
    if path.endswith("/_dbs.couch"):
        return Found("couchdb", folder, "a data directory of CouchDB")
    inside = f"{folder}/".partition("/shards/")[0]
    if os.path.exists(f"{inside}/_dbs.couch") or os.path.exists(f"{folder}/_dbs.couch"):  # noqa: PTH110 (names may not be UTF-8)
        return None
    return Found("couchdb", path, "one database of CouchDB")


def _elasticsearch(path: str) -> Found | None:
    folder = _above(path)
    names = set(_names(folder))
    if not {"_state", "indices"} & names:
        return None
    number = len(_folders(f"{folder}/indices"))
    said = f"a data directory of Elasticsearch or OpenSearch with {count(number, 'index')}"
    return Found("elasticsearch", folder, said.replace("indexs", "indices"))


def _openldap(path: str) -> Found | None:
    folder = _above(path)
    has_lock = os.path.exists(f"{folder}/lock.mdb")  # noqa: PTH110 (names may not be UTF-8)
    said = "a database in OpenLDAP's format (LMDB)" + ("" if has_lock else ", not opened for long")
    return Found("openldap", folder, said)


def _etcd(path: str) -> Found | None:
    if not path.endswith("/member/snap/db"):
        return None
    folder = _above(_above(_above(path)))
    return Found("etcd", folder, "a data directory of etcd")


Finder = Callable[[str], Found | None]

FILES: Mapping[str, Finder] = {
    "ibdata1": _mariadb,
    "aria_log_control": _mariadb,
    "pg_control": _postgresql,
    "appendonly.aof": _redis_log,
    "WiredTiger": _mongodb,
    "node.lock": _elasticsearch,
    "data.mdb": _openldap,
    "db": _etcd,
}
FOLDERS: Mapping[str, Finder] = {"appendonlydir": _redis_log}
ENDINGS: Mapping[str, Finder] = {".rdb": _redis, ".couch": _couchdb}


def _above(path: str) -> str:
    return path.rpartition("/")[0]


def _names(folder: str) -> list[str]:
    with suppress(OSError):  # it vanished, or the walk tells that it cannot be read
        return sorted(os.listdir(folder))  # noqa: PTH208 (names may not be UTF-8)
    return []


def _folders(folder: str) -> list[str]:
    return [name for name in _names(folder) if os.path.isdir(f"{folder}/{name}")]  # noqa: PTH112 (names may not be UTF-8)


def _holds_tables(folder: str) -> bool:
    """Tell a database from another folder: MariaDB writes db.opt, both write a file a table."""
    return any(name == "db.opt" or name.endswith((".frm", ".ibd")) for name in _names(folder))


def _version(file: str) -> str:
    """Read a version's first line as `` 17``; empty when there is none."""
    with suppress(OSError):
        text = first_bytes(file, HEADER_BYTES).decode("utf-8", "replace").strip("\0 \n")
        return f" {text.splitlines()[0]}" if text else ""
    return ""


def _listed(said: str, names: tuple[str, ...]) -> str:
    return f"{said}: {', '.join(names)}" if 0 < len(names) <= 5 else said
