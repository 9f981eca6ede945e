# Copyright: (c) The Probealarm contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What an application is asked and kept from when it runs on a copy, and what is done around it."""

from __future__ import annotations

import shlex
from collections.abc import Iterator, Mapping
from typing import Any

from docs.generate.markdown import bullets, code, codes, prose, table
from docs.generate.values import ByEngine, each, entries, shown

Keys = Mapping[str, Any]


def command(run: Any) -> str:
    """Show a program with its arguments as one would type it."""
    if isinstance(run, ByEngine):
        return shown(ByEngine({name: _line(argv) for name, argv in run.values.items()}), code)
    return code(_line(run))


def _line(argv: Any) -> str:
    words = [shown(argument, str) for argument in each(argv)]
    return " ".join(word if _is_plain(word) else shlex.quote(word) for word in words)


def _is_plain(word: str) -> bool:
    return "{" in word and " " not in word  # a placeholder needs no quotes for a reader


def step(keys: Keys) -> str:
    """Show one program and the account it runs as."""
    user = f" as {shown(keys['user'], code)}" if "user" in keys else ""
    return command(keys["run"]) + user


def probes(section: Mapping[str, Any]) -> Iterator[str]:
    """Yield the table of probes."""
    rows = []
    for name, keys, engine in entries(section):
        title = prose(shown(keys["title"], str)) + (f" (with {engine})" if engine else "")
        asked = _request(keys["request"]) if "request" in keys else step(keys)
        rows.append((code(name), title, asked, "; ".join(_expected(keys["expect"]))))
    yield from table(("probe", "what the application shows", "asked", "expected"), rows)


def _request(keys: Keys) -> str:
    return code(f"{shown(keys.get('method', 'GET'), str)} {shown(keys['path'], str)}")


def _expected(expect: Keys) -> Iterator[str]:
    if "status" in expect:
        yield f"status {shown(expect['status'], str)}"
    for key, words in (("json", "true of the JSON"), ("contains", "holds"), ("lacks", "lacks")):
        texts = [shown(item, str) for item in each(expect.get(key, ()))]
        if texts:
            yield f"{words}: {codes(texts)}"


def side_effects(section: Mapping[str, Any]) -> Iterator[str]:
    """Yield the table of side effects."""
    rows = []
    for name, keys, engine in entries(section):
        does = prose(shown(keys["does"], str)) + (f" (with {engine})" if engine else "")
        blocks = "; ".join(words for block in each(keys["block"]) for words in _blocked(block))
        rows.append((code(name), does, blocks))
    yield from table(("side effect", "what a living copy would do", "kept from it by"), rows)


def _blocked(block: Any) -> Iterator[str]:
    if isinstance(block, ByEngine):
        for engine, one in block.values.items():
            yield from (shown(ByEngine({engine: words}), str) for words in _blocked(one))
        return
    if "environment" in block:
        pairs = (f"{name}={shown(value, str)}" for name, value in block["environment"].items())
        yield f"started with {codes(pairs)}"
    if "statement" in block:
        statement = block["statement"]
        sql = " ".join(shown(statement["sql"], str).split())
        yield f"{code(sql)} in store {shown(statement['store'], code)}"
    if "file" in block:
        yield f"its own {shown(block['file']['path'], code)}"
    if "not_started" in block:
        yield f"not started: {codes(shown(text, str) for text in each(block['not_started']))}"


def quiesce(keys: Keys) -> Iterator[str]:
    """Yield how the service is held still."""
    yield f"{shown(keys['reason'], prose)}. At most {shown(keys['at_most'], str)}."
    yield ""
    held = (f"hold: {step(one)}" for one in each(keys["hold"]))
    resumed = (f"resume: {step(one)}" for one in each(keys["resume"]))
    yield from bullets((*held, *resumed))


OCCASIONS = {"restore": "after a real restore", "drill": "on a copy", "both": "both times"}


def after_restore(section: Mapping[str, Any]) -> Iterator[str]:
    """Yield the table of what is done once the data is back."""
    rows = []
    for name, keys, engine in entries(section):
        when = OCCASIONS.get(shown(keys.get("when", "both"), str), "")
        reason = prose(shown(keys["reason"], str)) + (f" (with {engine})" if engine else "")
        rows.append((code(name), when, step(keys), reason))
    yield from table(("step", "when", "what", "what for"), rows)
