"""A record is read strictly: a report that guesses is worse than no report."""

from __future__ import annotations

import pytest

from plugins.module_utils.report.standing import Standing
from plugins.module_utils.report.table import text_table
from tests.unit.report.samples import record


def test_exactly_the_objective_is_kept() -> None:
    exact = Standing.of(record(age_seconds=86_400, restore_seconds=1800))
    assert not exact.needs_somebody


@pytest.mark.parametrize(
    ("changes", "complaint"),
    [
        ({"verdict": "ok"}, "has verdict 'ok', which is not proven, unproven or broken"),
        ({"verdict": None}, "a standing has no verdict"),
        ({"service": None}, "a standing has no service"),
        ({"rows_compared": "38"}, "has rows_compared '38', which is not a whole number"),
        ({"rows_compared": True}, "which is not a whole number"),
        ({"age_seconds": "1h"}, "which is not a number"),
        ({"reasons": "all of it"}, "which is not a list"),
        ({"taken_at": "yesterday"}, "which is not a time like"),
        ({"taken_at": "2026-11-22T02:30:05"}, "which is not a time with its zone"),
        ({"steps": ["load"]}, "which is not a list of steps"),
        ({"steps": [{"name": "load"}]}, "which is not a number"),
    ],
)
def test_a_wrong_record_is_refused_by_name(changes: dict[str, object], complaint: str) -> None:
    with pytest.raises(ValueError, match="standing") as refusal:
        text_table([record(**changes)])
    assert complaint in str(refusal.value)
