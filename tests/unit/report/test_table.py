"""The table on the terminal tells the truth and hides no reason."""

from __future__ import annotations

import pytest

from plugins.module_utils.report.table import WIDTH, text_table
from tests.unit.report.samples import HOSTILE, NEVER_DRILLED, page, record


def test_one_row_a_service_says_everything_the_operator_asks_for() -> None:
    headings, _, row = text_table([record()]).splitlines()[:3]
    assert headings.split("  ")[0].strip() == "service"
    assert row.split(maxsplit=3)[:3] == ["newsletter", "L4", "proven"]
    assert "38 / 412,345" in row
    assert "120 / 1.2 MiB" in row
    assert " 12 " in row
    assert "1 h (1 d)" in row
    assert "41 s (30 min)" in row


def test_columns_stand_under_their_headings() -> None:
    lines = text_table([record(), NEVER_DRILLED]).splitlines()
    headings, first, second = lines[0], lines[2], lines[3]
    start = headings.index("verdict")
    assert first[start:].startswith("proven ")
    assert second[start:].startswith("UNPROVEN ")


def test_a_proven_service_needs_no_words() -> None:
    assert "newsletter is" not in text_table([record()])


def test_every_reason_stands_under_the_table_as_it_was_recorded() -> None:
    command = "ansible-playbook playbooks/back_up.yml --limit newsletter"
    shown = text_table([record(verdict="broken", reasons=["leads is gone", f"run {command}"])])
    assert f"newsletter is broken:\n  - leads is gone\n  - run {command}\n" in shown


def test_a_never_drilled_service_shows_no_invented_number() -> None:
    row = text_table([NEVER_DRILLED]).splitlines()[2]
    assert " ".join(row.split()) == "mail - UNPROVEN - / - - / - - - (1 d) - (30 min)"


def test_a_service_without_objectives_is_still_shown() -> None:
    assert "1 h (-)" in text_table([record(rpo_seconds=None)])


@pytest.mark.parametrize(
    ("records", "said"),
    [
        ([], "No service is declared, so nothing is protected."),
        ([record()], "The only service is proven and within the objectives."),
        ([record(), record()], "All 2 services are proven and within the objectives."),
        (
            [record(), record(service="voting", age_seconds=90_000)],
            "All 2 services are proven, but voting misses an objective.",
        ),
        (
            [record(verdict="broken"), NEVER_DRILLED, record(service="a"), record(service="b")],
            "2 of 4 services are proven. newsletter is broken. mail is unproven.",
        ),
        (
            [NEVER_DRILLED, record(restore_seconds=1801)],
            "1 of 2 services is proven. mail is unproven. newsletter misses an objective.",
        ),
        ([NEVER_DRILLED], "mail is unproven."),
    ],
)
def test_the_first_sentence_is_true(records: list[dict[str, object]], said: str) -> None:
    assert text_table(records).splitlines()[-1] == said
    assert f"<h1>{said}</h1>" in page(*records)


def test_a_proven_service_beyond_its_objective_says_so() -> None:
    late = record(age_seconds=100_000, restore_seconds=2000)
    shown = text_table([late])
    assert "the snapshot is 1 d 4 h old, the objective is 1 d" in shown
    assert "restoring took 33 min 20 s, the objective is 30 min" in shown
    assert "too old" in page(late)
    assert "too slow" in page(late)


def test_a_verdict_without_a_reason_is_itself_reported() -> None:
    assert "recorded no reason for unproven" in text_table([record(verdict="unproven")])


def test_the_table_fits_the_terminal() -> None:
    huge = record(
        service="the-" + "very-" * 20 + "long-one",
        verdict="unproven",
        rows_compared=9_999_999_999,
        tables_compared=9_999,
        files_compared=9_999_999,
        bytes_compared=9 * 1024**4,
        age_seconds=99 * 86_400 - 3600,
        restore_seconds=86_400 - 60,
        reasons=["x" * 300, "a word " * 60],
    )
    lines = text_table([huge, record()]).splitlines()
    assert max(len(line) for line in lines) <= WIDTH
    assert "..." in lines[2]


def test_a_flood_of_reasons_is_counted_not_swallowed() -> None:
    flooded = record(verdict="broken", reasons=[f"table_{number} is gone" for number in range(130)])
    assert "and 120 further reasons" in text_table([flooded])
    assert "table_129 is gone" in page(flooded)


def test_names_from_a_backup_cannot_command_the_terminal() -> None:
    shown = text_table([record(verdict="broken", reasons=[HOSTILE])])
    assert "\x1b" not in shown
    assert "\\x1b[2J\\n\\udcff" in shown
