# Copyright: (c) The Probealarm contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Whether files that pg_dump and pg_dumpall wrote are whole: an exit status of 0 is not enough.

pg_dump's custom form has no mark at its end, so pg_restore reads it through; it needs no server.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from pathlib import Path

from ..host import Call, Host

ROLES_END = b"PostgreSQL database cluster dump complete"
TAIL_BYTES = 256
MAGIC = b"PGDMP"
GRANTOR = re.compile(rb'^(GRANT .+) GRANTED BY (?:"(?:[^"\n]|"")+"|[^\s";]+);$', re.MULTILINE)


def fault_of_dump(host: Host, file: Path, tables: Iterable[str]) -> str:
    """Say what is wrong with a dump in custom form; nothing when it is whole.

    Args:
        host: where pg_restore is.
        file: the dump.
        tables: as ``schema.name``, which it must define.
    """
    listed = host.run(Call(argv=["pg_restore", "--list"], input_file=file))
    if listed.status != 0:
        return f"pg_restore cannot read it ({listed.last_words})"
    missing = [name for name in sorted(tables) if f" TABLE {_entry(name)} " not in listed.output]
    if missing:
        return f"table {missing[0]} is not in it" + (
            f", nor are {len(missing) - 1} more" if missing[1:] else ""
        )
    through = host.run(Call(argv=["pg_restore", "--file=/dev/null"], input_file=file))
    return f"it ends too early ({through.last_words})" if through.status != 0 else ""


def begins_as_one(file: Path) -> bool:
    """Tell whether a file begins as a dump in custom form does; an empty one does not."""
    with file.open("rb") as dump:
        return dump.read(len(MAGIC)) == MAGIC


def roles_are_whole(file: Path) -> bool:
    """Tell whether pg_dumpall wrote its last line."""
    with file.open("rb") as script:
        script.seek(max(0, file.stat().st_size - TAIL_BYTES))
        return ROLES_END in script.read()


def without_grantors(roles: bytes) -> bytes:
    """Let memberships be granted by whoever loads the roles.

    Since version 16 a cluster takes a membership only from its own first superuser, or from who may
    pass it on (manual: "GRANT"), and another cluster's first superuser may have another name.
    """
    return GRANTOR.sub(rb"\1;", roles)


def _entry(table: str) -> str:
    """Write a table as a list of contents does, which puts a blank for each line's end."""
    schema, _, name = table.partition(".")
    return f"{schema} {name}".replace("\n", " ").replace("\r", " ")
