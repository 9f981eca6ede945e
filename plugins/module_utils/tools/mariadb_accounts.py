# Copyright: (c) The Probealarm contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Who may do what in a database of MariaDB, as statements that make it so again.

The statements hold the hashes of passwords. They go into a file of the snapshot, which is
encrypted, and nowhere else; the manifest has digests of them.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from fnmatch import fnmatchcase

from ..host import Session
from .answers import ESCAPED, MEANT

OWN = ("root", "mysql", "mariadb.sys", "healthcheck", "debian-sys-maint")
"""Accounts that a server makes for itself, and a new one does again."""

ACCOUNTS = """
SELECT User, Host FROM mysql.db WHERE {schema} LIKE Db
UNION SELECT User, Host FROM mysql.tables_priv WHERE Db = {schema}
UNION SELECT User, Host FROM mysql.columns_priv WHERE Db = {schema}
UNION SELECT User, Host FROM mysql.procs_priv WHERE Db = {schema}
UNION SELECT User, Host FROM mysql.global_priv WHERE JSON_VALUE(Priv, '$.access') > 0"""
MEMBERS = "SELECT User, Host, Role FROM mysql.roles_mapping"
EVERYBODY = "PUBLIC"

NAME = r"`(?:[^`]|``)*`"
GRANT_ON = re.compile(
    rf"^GRANT .*? ON (?:(?:FUNCTION|PROCEDURE|PACKAGE BODY|PACKAGE) )?"
    rf"(?P<target>(?P<database>\*|{NAME})\.(?:\*|{NAME})) TO "
)
ROLE_IN = re.compile(rf"^(?:GRANT|SET DEFAULT ROLE) (?P<role>{NAME}) (?:TO|FOR) ")


@dataclass(frozen=True, order=True)
class Account:
    """A user, or a role, which has no host."""

    user: str
    host: str

    @property
    def quoted(self) -> str:
        """The name as statements want it."""
        user = _quoted(self.user)
        return f"{user}@{_quoted(self.host)}" if self.host else user


@dataclass(frozen=True)
class Statement:
    """A statement, and what it brings about in words of its own that hold no secret."""

    outcome: str
    text: str


def statements(session: Session, database: str, schema: str) -> tuple[Statement, ...]:
    """Ask for everything that makes the accounts of a database; ``schema`` is its name, quoted.

    Raises:
        Trouble: the accounts cannot be read.
    """
    accounts = _accounts(session, schema)
    roles = {account.quoted for account in accounts if not account.host}
    made: list[Statement] = []
    granted: list[Statement] = []
    for account in accounts:
        made += _made(session, account)
        for (text,) in _unescaped(session.ask(f"SHOW GRANTS FOR {account.quoted}")):
            if outcome := _outcome(text, account, database, roles):
                granted.append(Statement(outcome, text))
    return tuple(made + granted)


def script(wanted: Iterable[Statement]) -> str:
    """Write the statements as a file for a client."""
    return "".join(f"{statement.text};\n" for statement in wanted)


def objects(wanted: Iterable[Statement]) -> dict[str, str]:
    """Give each outcome with a digest, for a manifest; grants on one thing count as one."""
    texts: dict[str, list[str]] = {}
    for statement in wanted:
        texts.setdefault(statement.outcome, []).append(statement.text)
    return {
        outcome: hashlib.sha256("\n".join(sorted(lines)).encode("utf-8", "replace")).hexdigest()[
            :32
        ]
        for outcome, lines in texts.items()
    }


def _accounts(session: Session, schema: str) -> list[Account]:
    """Accounts with rights on the database, and those that have them by a role."""
    asked = session.ask(ACCOUNTS.format(schema=schema))
    found = {Account(user, host) for user, host in _unescaped(asked)}
    members = [tuple(row) for row in _unescaped(session.ask(MEMBERS))]
    while (
        more := {Account(user, host) for user, host, role in members if Account(role, "") in found}
        - found
    ):
        found |= more
    return sorted(account for account in found if account.user not in OWN)


def _made(session: Session, account: Account) -> Iterator[Statement]:
    if account == Account(EVERYBODY, ""):
        return
    if not account.host:
        yield Statement(f"role {account.user}", f"CREATE ROLE IF NOT EXISTS {account.quoted}")
        return
    for (text,) in _unescaped(session.ask(f"SHOW CREATE USER {account.quoted}")):
        yield Statement(
            f"account {account.user}@{account.host}",
            text.replace("CREATE USER ", "CREATE USER IF NOT EXISTS ", 1),
        )


def _outcome(text: str, account: Account, database: str, roles: set[str]) -> str:
    """Name what a grant brings about; nothing when it is about something else."""
    who = f"{account.user}@{account.host}" if account.host else account.user
    if found := GRANT_ON.match(text):
        is_empty = text.startswith("GRANT USAGE ON *.*")
        if is_empty or not _concerns(found["database"], database):
            return ""
        return f"grant to {who} on {found['target']}"
    if (found := ROLE_IN.match(text)) and found["role"] in roles:
        is_default = text.startswith("SET DEFAULT ROLE")
        return f"{'default role' if is_default else 'role'} of {who}: {found['role']}"
    return ""


def _concerns(granted: str, database: str) -> bool:
    """Compare a database with the one in a grant, in which ``_`` and ``%`` are wildcards."""
    if granted == "*":
        return True
    name = granted[1:-1].replace("``", "`")
    if name == database:
        return True
    parts = re.findall(r"\\.|.", name, re.DOTALL)
    wanted = {"%": "*", "_": "?", "*": "[*]", "?": "[?]", "[": "[[]"}
    pattern = "".join(part[1:] if len(part) == 2 else wanted.get(part, part) for part in parts)
    return fnmatchcase(database, pattern)


def _quoted(name: str) -> str:
    return "`" + name.replace("`", "``") + "`"


def _unescaped(rows: list[list[str]]) -> list[list[str]]:
    """Undo what the client escapes in its rows, the backslash above all."""
    return [
        [ESCAPED.sub(lambda found: MEANT.get(found[1], found[1]), field) for field in row]
        for row in rows
    ]
