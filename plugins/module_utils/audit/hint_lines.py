# Copyright: (c) The Probealarm contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""YAML as it stands in services.probealarm.yml, written without a library for it."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from typing import Any


def comment(text: str) -> str:
    """Write a sentence as a comment."""
    return f"# {text}\n"


def yaml(services: Mapping[str, Any]) -> str:
    """Write services as they stand in a declaration."""
    return "\n".join(["services:", *_lines(services, "  ")]) + "\n"


def _lines(value: Mapping[str, Any], indent: str) -> Iterator[str]:
    for key, inner in value.items():
        if (
            isinstance(inner, Mapping)
            and all(_is_plain(one) for one in inner.values())
            and (key in {"objectives", "database", "container"})
        ):
            flow = ", ".join(f"{name}: {_scalar(one)}" for name, one in inner.items())
            yield f"{indent}{key}: {{{flow}}}"
        elif isinstance(inner, Mapping):
            yield f"{indent}{key}:"
            yield from _lines(inner, indent + "  ")
        elif isinstance(inner, list):
            yield f"{indent}{key}:"
            for item in inner:
                if isinstance(item, Mapping):
                    first, *rest = _lines(item, indent + "    ")
                    yield f"{indent}  - {first.lstrip()}"
                    yield from rest
                else:
                    yield f"{indent}  - {_scalar(item)}"
        else:
            yield f"{indent}{key}: {_scalar(inner)}"


def _is_plain(value: object) -> bool:
    return isinstance(value, str | int)


def _scalar(value: object) -> str:
    if isinstance(value, int):
        return str(value)
    text = str(value)
    is_simple = re.fullmatch(r"[A-Za-z/_][A-Za-z0-9/_. -]*|\d+[smhdw]|\d{4}-\d\d-\d\d", text)
    is_word = text.lower() in {"null", "true", "false", "yes", "no", "on", "off", "y", "n"}
    if is_simple and not is_word and text == text.strip():
        return text
    return json.dumps(text, ensure_ascii=False)
