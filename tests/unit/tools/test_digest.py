"""A table's digest is read from one row of numbers, and only like is compared with like."""

from __future__ import annotations

import pytest

from plugins.module_utils.manifest import Table
from plugins.module_utils.tools.digest import table_of


@pytest.mark.parametrize(
    ("answer", "table"),
    [
        (["7"], Table(rows=7)),
        (["2", "255"], Table(rows=2, digest="2:ff")),
        (["2", "-255", "16"], Table(rows=2, digest="2:-ff,10")),
        (["0", "0", "0"], Table(rows=0, digest="2:0,0")),
    ],
)
def test_an_answer_becomes_a_table(answer: list[str], table: Table) -> None:
    assert table_of(answer) == table


@pytest.mark.parametrize("answer", [[], [""], ["1", "NULL"], ["1", "1.5"]])
def test_an_answer_that_is_none_is_refused(answer: list[str]) -> None:
    with pytest.raises(ValueError, match=r"not enough values|invalid literal"):
        table_of(answer)


@pytest.mark.parametrize(
    ("source", "copy", "is_other"),
    [
        ("2:ff", "2:ff", False),
        ("2:ff", "2:fe", True),
        ("2:ff,1", "2:ff", True),
        ("ff-1", "fe-1", True),
        ("2:ff", None, True),
        (None, "2:ff", False),
        (None, None, False),
        ("ff-1", "2:ff", False),
        ("2:ff", "ff-1", False),
    ],
)
def test_a_copy_is_held_to_what_was_measured_in_the_same_way(
    source: str | None, copy: str | None, *, is_other: bool
) -> None:
    assert Table(3, source).has_other_content(Table(3, copy)) is is_other
