# Copyright: (c) The Probealarm contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""How database clients write the rows of an answer, and how those are read back."""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

from ..errors import Trouble, Unproven
from ..host import Call, Finished, Host

ESCAPED = re.compile(r"\\(.)", re.DOTALL)
MEANT = {"0": "\0", "b": "\b", "f": "\f", "n": "\n", "r": "\r", "t": "\t", "v": "\v"}
"""MariaDB manual, "mariadb Command-Line Client", ``--batch``: tab, newline, NUL and backslash are
escaped. PostgreSQL manual, "COPY", Text Format: the same in the same way, and a few more."""

LONGEST_SECONDS = 300
"""A question that takes longer is refused: a drill must end."""


class Refused(Trouble):
    """A server did not answer a question; the text is what it said, without values of rows."""


GAVE_UP = re.compile(
    r"ERROR (1969|2002|2006|2013) |statement timeout|server closed the connection|"
    r"terminating connection|connection to server .* failed"
)
"""A server that took too long or died in between has said nothing about the copy."""


def refusal(query: str, complaint: str, told: str) -> Trouble:
    """Tell a server that refuses a query from one that could not answer it.

    Args:
        query: what was asked.
        complaint: all that the client said.
        told: what of it may stand in a report.

    Returns:
        Refused, or Unproven when a drill that asks again may well come to an answer.
    """
    if GAVE_UP.search(complaint) is None:
        return Refused(told)
    begins = " ".join(query.split())[:80]
    return Unproven(
        f"the throw-away server gave no answer to a check's query within {LONGEST_SECONDS} s, or "
        f"died of it ({begins} ...). Drill again; if it stays so, make the query of the check "
        "cheaper."
    )


def rows_of(output: bytes, null: str) -> list[list[str | None]]:
    """Read rows with a tab between columns; ``null`` is how the client writes NULL."""
    text = output.decode("utf-8", "surrogateescape")
    lines = text.split("\n")[:-1]
    return [
        [None if field == null else _unescaped(field) for field in line.split("\t")]
        for line in lines
    ]


def run_for_answer(
    host: Host, argv: Sequence[str], folder: Path, env: dict[str, str] | None = None
) -> tuple[Finished, bytes]:
    """Run a client and return its output byte for byte.

    Rows may be people's data, so they stay in ``folder``, which is the drill's own, and not for
    longer than it takes to read them.
    """
    with TemporaryDirectory(dir=folder) as private:
        output = Path(private) / "answer"
        done = host.run(Call(argv=argv, env=env, output_file=output))
        return done, output.read_bytes()


def _unescaped(field: str) -> str:
    return (
        ESCAPED.sub(lambda found: MEANT.get(found[1], found[1]), field) if "\\" in field else field
    )
