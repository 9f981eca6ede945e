# Copyright: (c) The Probealarm contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What can be wrong with a file before it is a tree: no text, or no YAML."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from .blocks import Block
from .faults import KeyPath, Place, Reading

LARGEST_FILE_BYTES = 5_000_000


def text_of(file: Path, reading: Reading) -> str | None:
    """Return the text of a file; None, with a fault in ``reading``, where there is none."""
    top = Place(reading.file, 1)
    try:
        with file.open("rb") as stream:
            content = stream.read(LARGEST_FILE_BYTES + 1)
    except OSError as error:
        reading.object_to(top, (), f"cannot be read: {error.strerror}")
        return None
    if len(content) > LARGEST_FILE_BYTES:
        largest = f"{LARGEST_FILE_BYTES // 1_000_000} MB"
        reading.object_to(top, (), f"is larger than {largest}; no person wrote such a file")
        return None
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        seen = f"byte 0x{content[error.start]:02x}"
        hint = "save the file as UTF-8"
        reading.object_to(Place(reading.file, line), (), "is not UTF-8", seen=seen, hint=hint)
        return None
    if text.startswith("$ANSIBLE_VAULT;"):
        hint = "keep this file readable and encrypt single values: ansible-vault encrypt_string"
        reading.object_to(top, (), "is encrypted as a whole", hint=hint)
        return None
    return text


def object_to_syntax(
    text: str, error: Exception, reading: Reading, block: Block | None = None
) -> None:
    """Say why text is no YAML; ``error`` is what PyYAML raised, and carries its marks.

    Every tab is named at once: they are the most frequent reason, and come in numbers.
    """
    above = block.start if block else 0
    path: KeyPath = ("services", block.service) if block else ()
    tabbed = list(_lines_indented_with_tabs(text))
    for line in tabbed:
        hint = "indent with spaces"
        place = Place(reading.file, above + line)
        reading.object_to(place, path, "is indented with a tab", hint=hint)
    mark = getattr(error, "problem_mark", None)
    if mark is not None:
        line = mark.line + 1
    else:
        line = text.count("\n", 0, getattr(error, "position", 0)) + 1
    if line not in tabbed:
        said = getattr(error, "problem", None) or getattr(error, "reason", None) or "unreadable"
        start = getattr(error, "context_mark", None)
        if start is not None and start.line + 1 != line:
            context = getattr(error, "context", "")
            said = f"{said} {context} that starts on line {above + start.line + 1}"
        hint = "look at this line and the one above: colon, indentation, quotes, brackets"
        place = Place(reading.file, above + line)
        reading.object_to(place, path, f"is not YAML: {said}", hint=hint)


def _lines_indented_with_tabs(text: str) -> Iterator[int]:
    for number, line in enumerate(text.split("\n"), start=1):
        content = line.lstrip()
        if content and "\t" in line[: len(line) - len(content)]:
            yield number
