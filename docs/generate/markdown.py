# Copyright: (c) The Probealarm contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Small pieces of Markdown, safe for whatever a profile says."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence


def code(text: str) -> str:
    """Show a text as it is written; within a table too, where ``|`` would end the cell."""
    if not text:
        return '`""`'
    fence = "`" * (1 + max((len(run) for run in re.findall(r"`+", text)), default=0))
    space = " " if text.startswith("`") or text.endswith("`") else ""
    return f"{fence}{space}{text}{space}{fence}".replace("|", r"\|")


def prose(text: str) -> str:
    """Show a sentence; what Markdown would take for its own signs stays as it is written.

    Within a word ``_`` is no sign of Markdown's.
    """
    return re.sub(r"([\\*<>|`\[\]]|(?<!\w)_|_(?!\w))", r"\\\1", " ".join(text.split()))


def codes(texts: Iterable[str]) -> str:
    """Show several texts in a row."""
    return ", ".join(code(text) for text in texts)


def table(heads: Sequence[str], rows: Iterable[Sequence[str]]) -> Iterator[str]:
    """Yield the lines of a table and an empty one; nothing at all without rows."""
    lines = [f"| {' | '.join(row)} |" for row in rows]
    if lines:
        yield f"| {' | '.join(heads)} |"
        yield f"|{'---|' * len(heads)}"
        yield from lines
        yield ""


def bullets(texts: Iterable[str]) -> Iterator[str]:
    """Yield the lines of a list and an empty one; nothing at all without entries."""
    lines = [f"- {text}" for text in texts]
    if lines:
        yield from lines
        yield ""
