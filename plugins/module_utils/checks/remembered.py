# Copyright: (c) The Probealarm contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A rule about what may never change from one snapshot to the next."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from .evidence import Answer, Asking, Evidence, Finding, Json
from .words import not_so_for, parts

MOST_KEYS = 5_000
"""A fact stands in a line of the ledger; more is a table, which is measured anyway."""


@dataclass(frozen=True, kw_only=True)
class Unchanged(Asking):
    """What the last proven snapshot answered still holds.

    With two columns or more the first is a key: what stood beside a known key must still stand
    there, and new keys are welcome. A single column must be the same as a whole, in any order.
    """

    unit: str

    def find(self, evidence: Evidence) -> Finding:
        """See :meth:`Check.find`."""
        answer = self.answer(evidence)
        before = evidence.before.get(self.name)
        if not answer:
            if before:
                return self.objection("the query answers nothing now, and did", fact={})
            return replace(self.nothing_to_compare(evidence, self.unit), fact={})
        if all(len(row) == 1 for row in answer):
            return self._as_a_whole(answer, before)
        return self._by_key(answer, before)

    def _as_a_whole(self, answer: Answer, before: Json) -> Finding:
        fact = _digest(self.name, sorted(json.dumps(row) for row in answer))
        if before is not None and not isinstance(before, str):
            return self._of_another_form(fact)
        if before is not None and before != fact:
            return self.objection("the answer is not that of the last proven snapshot", fact=fact)
        return Finding(fact=fact)

    def _of_another_form(self, fact: Json) -> Finding:
        note = f"{self.title}: the query was changed, so this snapshot is the new measure"
        return Finding(fact=fact, note=note)

    def _by_key(self, answer: Answer, before: Json) -> Finding:
        rests: dict[str, list[str]] = {}
        for row in answer:
            rests.setdefault(_digest(self.name, [json.dumps(row[0])]), []).append(
                json.dumps(row[1:])
            )
        if len(rests) > MOST_KEYS:
            return self.objection(
                f"more than {MOST_KEYS:,} {self.unit} cannot be remembered; ask for those that "
                "matter"
            )
        fact = {key: _digest(self.name, sorted(rest)) for key, rest in rests.items()}
        if before is not None and not isinstance(before, Mapping):
            return self._of_another_form(fact)
        if before is None:
            return Finding(fact=fact)
        gone = sum(key not in fact for key in before)
        changed = sum(key in fact and fact[key] != rest for key, rest in before.items())
        if not gone + changed:
            return Finding(fact=fact)
        details = parts([(gone, "gone"), (changed, "changed")])
        return self.objection(
            not_so_for(gone + changed, len(before), self.unit, [details])
            + " known from the last proven snapshot",
            fact=fact,
        )


def _digest(salt: str, texts: Iterable[str]) -> str:
    """Shorten texts to what can be compared and not read.

    The ledger is root's alone; this keeps names and addresses from standing in it.
    """
    return hashlib.sha256("\n".join([salt, *texts]).encode("utf-8", "surrogateescape")).hexdigest()[
        :16
    ]
