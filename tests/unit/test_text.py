"""Durations, sizes and numbers are read and written in one way."""

from __future__ import annotations

import pytest

from plugins.module_utils.text import (
    count,
    parse_duration,
    show_bytes,
    show_duration,
)


@pytest.mark.parametrize(
    ("written", "seconds"),
    [
        ("90s", 90),
        ("30m", 1_800),
        ("24h", 86_400),
        ("7d", 604_800),
        ("2w", 1_209_600),
        ("007d", 604_800),
    ],
)
def test_a_duration_is_a_whole_number_and_a_unit(written: str, seconds: int) -> None:
    assert parse_duration(written) == seconds


@pytest.mark.parametrize(
    "written",
    [
        "",
        "30",
        "h",
        "1h30",
        "1h30m",
        "1.5h",
        "-1h",
        "+1h",
        " 1h",
        "1h\n",
        "1 h",
        "1H",
        "1y",
        "1min",
        "0s",
        "0d",
        "٣h",
        "9999999d",
    ],
)
def test_anything_else_is_refused_with_an_example(written: str) -> None:
    with pytest.raises(ValueError, match="for example 30m"):
        parse_duration(written)


@pytest.mark.parametrize(
    ("seconds", "shown"),
    [
        (0, "0 s"),
        (0.04, "0 s"),
        (0.42, "0.4 s"),
        (9.949, "9.9 s"),
        (9.96, "10 s"),
        (12, "12 s"),
        (59.4, "59 s"),
        (59.7, "1 min"),
        (60, "1 min"),
        (303, "5 min 3 s"),
        (3_599.6, "1 h"),
        (7_500, "2 h 5 min"),
        (7_200, "2 h"),
        (86_399, "1 d"),
        (86_400, "1 d"),
        (93_600, "1 d 2 h"),
        (604_800, "7 d"),
        (-90, "-1 min 30 s"),
    ],
)
def test_a_duration_shows_its_two_largest_units(seconds: float, shown: str) -> None:
    assert show_duration(seconds) == shown


@pytest.mark.parametrize(
    ("size", "shown"),
    [
        (0, "0 bytes"),
        (1, "1 byte"),
        (1_023, "1,023 bytes"),
        (1_024, "1.0 KiB"),
        (1_536, "1.5 KiB"),
        (1024**2 - 1, "1.0 MiB"),
        (1_288_490_189, "1.2 GiB"),
        (5 * 1024**6, "5.0 EiB"),
        (5000 * 1024**6, "5,000.0 EiB"),
        (-2_048, "-2.0 KiB"),
    ],
)
def test_a_size_shows_one_decimal_in_binary_units(size: int, shown: str) -> None:
    assert show_bytes(size) == shown


@pytest.mark.parametrize(
    ("number", "noun", "shown"),
    [
        (50_000, "", "50,000"),
        (-1_234, "", "-1,234"),
        (1, "row", "1 row"),
        (0, "row", "0 rows"),
        (50_000, "row", "50,000 rows"),
        (2, "copy", "2 copies"),
        (2, "day", "2 days"),
    ],
)
def test_a_count_has_thousands_separators_and_agrees_with_its_noun(
    number: int, noun: str, shown: str
) -> None:
    assert count(number, noun) == shown
