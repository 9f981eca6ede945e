# Copyright: (c) The Probealarm contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The words of a declaration: names, paths and patterns that are safe wherever they end up.

Each ends up in a path, in a program's argument list or in SQL. Narrow rules here mean that
nothing further down has to think about quoting.
"""

from __future__ import annotations

import re

from .scalars import OneOf, Text, WholeNumber

_GLOB = "*?["
_KERNEL_TREES = ("/proc", "/sys", "/dev")
_SYSTEM_DATABASES = frozenset(
    {"information_schema", "mysql", "performance_schema", "sys", "template0", "template1"}
)


def _path_objection(path: str) -> str:
    if "//" in path or path.endswith("/") or {".", ".."} & set(path.split("/")):
        return "is not written plainly; leave out //, /./, /../ and a / at the end"
    if path in _KERNEL_TREES or path.startswith(tuple(f"{tree}/" for tree in _KERNEL_TREES)):
        return "lies in a tree that the kernel invents; nothing there can be saved"
    return ""


def _plain_path_objection(path: str) -> str:
    if any(sign in path for sign in _GLOB):
        return "has a wildcard; here stands one place, name each of them"
    return _path_objection(path)


def _database_objection(name: str) -> str:
    if name.lower() in _SYSTEM_DATABASES:
        return "is a database of the server itself; name the application's own"
    return ""


def _expression_objection(expression: str) -> str:
    try:
        re.compile(expression, re.MULTILINE)
    except re.error as error:
        return f"is no regular expression ({error})"
    return ""


# No control characters, no backslash (escapes in patterns), no braces (placeholders), no $.
_PATH = re.compile(r"/[^\x00-\x1f\x7f-\x9f\u2028\u2029\\{}$]{1,4095}")

SERVICE_NAME = Text(
    "a service name (small letters, digits and -, starting with a letter, at most 63)",
    re.compile(r"[a-z][a-z0-9-]{0,62}"),
)
STORE_NAME = Text(
    "a store name (small letters, digits and -, starting with a letter, at most 63)",
    re.compile(r"[a-z][a-z0-9-]{0,62}"),
)
DATABASE_NAME = Text(
    "a database name (letters, digits and _, not starting with a digit, at most 63)",
    re.compile(r"[A-Za-z_][A-Za-z0-9_]{0,62}"),
    _database_objection,
)
FOUND_DATABASE = Text(
    "a database name, or a database as the audit names it, as in mariadb/wiki in container chat",
    re.compile(
        r"[A-Za-z_][A-Za-z0-9_]{0,62}|(mariadb|postgresql|redis|mongodb|couchdb|elasticsearch|"
        r"openldap|etcd)[/ ][^\x00-\x1f\x7f-\x9f\u2028\u2029\\{}$]{1,4095}"
    ),
    _database_objection,
)
TABLE_PREFIX = Text(
    "a table prefix (letters, digits and _, or '' for none)",
    re.compile(r"[A-Za-z0-9_]{0,32}"),
)
TABLE_PATTERN = Text(
    "a table name (letters, digits, _ and $; * stands for any text, ? for one character)",
    re.compile(r"[A-Za-z0-9_$*?]{1,128}"),
)
TABLE_OF_STORE = Text(
    "a store and a table of it, as in database.orders (* stands for any text)",
    re.compile(r"[a-z][a-z0-9-]{0,62}\.[A-Za-z0-9_$.*?]{1,128}"),
)
PLAIN_PATH = Text(
    "an absolute path, starting with / and longer than that", _PATH, _plain_path_objection
)
PATH_PATTERN = Text(
    "an absolute path (* stands for any text, also across /; ? for one character)",
    _PATH,
    _path_objection,
)
SENTENCE = Text(
    "a sentence (3 to 500 characters, on one line)", re.compile(r"(?=.*\w)[^\x00-\x1f\x7f]{3,500}")
)
PORT = WholeNumber(1, 65_535)
PERCENT = WholeNumber(0, 100)
TOLERANCE_PERCENT = WholeNumber(0, 50)
LEVELS = ("L1", "L2", "L3", "L4", "L5", "L6")
ENGINES = ("mariadb", "postgresql")
ENGINE = OneOf("database engine", ENGINES)
RULE_NAME = Text(
    "a name (small letters, digits and _, starting with a letter, at most 63)",
    re.compile(r"[a-z][a-z0-9_]{0,62}"),
)
WORDS = Text("a text (1 to 1,000 characters, on one line)", re.compile(r"[^\x00-\x1f\x7f]{1,1000}"))
LINES = Text(
    "a text (at most 10,000 characters)",
    re.compile(r"[^\x00-\x08\x0b-\x1f\x7f]{0,10000}"),
)
UNIT = Text("what is counted, for example contacts", re.compile(r"[A-Za-z][A-Za-z0-9 -]{0,39}"))
QUERY = Text(
    "one statement that reads (at most 10,000 characters, no ; in it)",
    re.compile(r"[^\x00-\x08\x0b-\x1f\x7f;]{3,10000}"),
)
EXPRESSION = Text(
    "a regular expression (1 to 1,000 characters, on one line)",
    re.compile(r"[^\x00-\x1f\x7f]{1,1000}"),
    _expression_objection,
)
PROGRAM_ARGUMENT = Text(
    "an argument of a program (1 to 4,000 characters)",
    re.compile(r"[^\x00-\x08\x0b-\x1f\x7f]{1,4000}"),
)
CONTAINER_NAME = Text(
    "a container or compose name (letters, digits, _, . and -, at most 128)",
    re.compile(r"[A-Za-z0-9][A-Za-z0-9_.-]{0,127}"),
)
USER_NAME = Text(
    "the name of an account (small letters, digits, _ and -, at most 32)",
    re.compile(r"[a-z_][a-z0-9_-]{0,31}"),
)
VARIABLE_NAME = Text(
    "the name of an environment variable", re.compile(r"[A-Za-z_][A-Za-z0-9_]{0,127}")
)
COLUMN_NAME = Text(
    "the name of a column (letters, digits and _)", re.compile(r"[A-Za-z_][A-Za-z0-9_]{0,62}")
)
KEY_PATTERN = Text(
    "a key of Redis (* stands for any text, ? for one character)",
    re.compile(r"[^\x00-\x20\x7f]{1,200}"),
)
URL_PATH = Text(
    "what stands after the host in an address, starting with /",
    re.compile(r"/[^\x00-\x20\x7f]{0,999}"),
)
COUNT = WholeNumber(0, 10**15)
