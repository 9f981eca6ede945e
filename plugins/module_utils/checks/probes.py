# Copyright: (c) The Probealarm contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Judge what a copy answered when it was asked as its users ask: a page, or a program's words.

A status alone proves nothing: an installer, an error page and a login page all answer 200. So every
probe says what its answer holds. JMESPath is searched by a function that comes in as an argument,
because this library uses the standard library only.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

SUCCESS = 200
SUCCESSFUL_EXIT = 0

Search = Callable[[str, Any], Any]
"""Evaluates a JMESPath expression on a document; raises ValueError where it cannot."""


@dataclass(frozen=True)
class ProbeAnswer:
    """What came back.

    Attributes:
        status: of a request, the HTTP status; of a program, its exit status.
        text: the body, or what the program printed.
    """

    status: int
    text: str


@dataclass(frozen=True)
class Expectation:
    """What a good answer is known by.

    Attributes:
        is_request: an answer over HTTP, as opposed to that of a program.
        json: expressions of which each must be exactly true.
    """

    is_request: bool
    status: int
    contains: tuple[str, ...] = ()
    lacks: tuple[str, ...] = ()
    json: tuple[str, ...] = ()

    @classmethod
    def of(cls, probe: Mapping[str, Any]) -> Expectation:
        """Read a probe as it stands in the contract; a program must always end with status 0."""
        expect = probe["expect"]
        is_request = "request" in probe
        return cls(
            is_request=is_request,
            status=int(expect.get("status", SUCCESS)) if is_request else SUCCESSFUL_EXIT,
            contains=tuple(expect.get("contains", ())),
            lacks=tuple(expect.get("lacks", ())),
            json=tuple(expect.get("json", ())),
        )

    def objections(self, answer: ProbeAnswer, search: Search) -> Iterator[str]:
        """Yield every reason why an answer is not the expected one.

        The reasons repeat what the probe expects and never the answer, which may be personal.
        """
        if answer.status != self.status:
            kind = "HTTP status" if self.is_request else "exit status"
            yield f"the answer has {kind} {answer.status}, expected is {self.status}"
        for text in self.contains:
            if text not in answer.text:
                yield f"the answer lacks {text!r}"
        for text in self.lacks:
            if text in answer.text:
                yield f"the answer holds {text!r}, which it must not"
        if self.json:
            yield from self._about_json(answer.text, search)

    def _about_json(self, text: str, search: Search) -> Iterator[str]:
        try:
            document = json.loads(text)
        except ValueError:
            yield "the answer is not JSON"
            return
        for expression in self.json:
            try:
                found = search(expression, document)
            except ValueError:
                yield f"the answer has another shape than {expression} reads"
                continue
            if found is not True:
                yield f"{expression} is not true of the answer"
