"""The page is safe to open, readable by everyone, and green only when it may be."""

from __future__ import annotations

from html.parser import HTMLParser

import pytest

from plugins.module_utils.report.page_style import STYLE
from tests.unit.report.samples import HOSTILE, NEVER_DRILLED, page, record


class Seen(HTMLParser):
    """What a browser would make of the page: its tags, its text, whether all of it closes."""

    VOID = frozenset({"meta", "br"})

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.attributes: list[tuple[str, str | None]] = []
        self.open: list[str] = []
        self.text = ""
        self.feed(text)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.attributes += attrs
        if tag not in self.VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.text += data


@pytest.mark.parametrize(
    ("changes", "colour"),
    [
        ({}, "proven"),
        ({"age_seconds": 90_000}, "late"),
        ({"restore_seconds": 3600}, "late"),
        ({"verdict": "unproven"}, "unproven"),
        ({"verdict": "broken"}, "broken"),
    ],
)
def test_the_page_is_green_only_when_all_is_proven_in_time(
    changes: dict[str, object], colour: str
) -> None:
    assert f'<header class="{colour}">' in page(record(service="website"), record(**changes))


def test_no_services_is_no_green_page() -> None:
    assert '<header class="broken">' in page()


def test_names_from_a_backup_cannot_change_the_page() -> None:
    text = page(
        record(
            service=HOSTILE,
            verdict="broken",
            level=HOSTILE,
            snapshot=HOSTILE,
            reasons=[HOSTILE],
            notes=[HOSTILE],
            steps=[{"name": HOSTILE, "seconds": 1}],
        )
    )
    seen = Seen(text)
    assert "script" not in seen.tags
    assert seen.open == []
    text.encode("utf-8")


def test_the_page_needs_nothing_beside_itself() -> None:
    text = page(record(), NEVER_DRILLED)
    seen = Seen(text)
    assert seen.open == []
    assert not {"script", "link", "img", "iframe"} & set(seen.tags)
    assert not {"src", "href"} & {name for name, _ in seen.attributes}
    assert "url(" not in STYLE
    assert "@import" not in STYLE


def test_a_reader_of_screens_hears_language_headings_and_table() -> None:
    seen = Seen(page(record(), NEVER_DRILLED))
    assert ("lang", "en") in seen.attributes
    assert seen.tags.count("h1") == 1
    assert ("scope", "col") in seen.attributes
    assert ("scope", "row") in seen.attributes
    assert ("aria-labelledby", "services") in seen.attributes


def test_the_page_says_how_many_checks_were_judged_where_there_were_any() -> None:
    assert "412,345 rows<br>120 files, 1.2 MiB<br>12 checks" in page(record())
    assert "check" not in page(record(checks_judged=0))


def test_the_page_shows_where_the_time_went() -> None:
    text = page(record())
    assert 'style="width:25.0%"' in text
    assert 'style="width:100.0%"' in text


def test_a_drill_that_took_no_time_has_bars_of_no_length() -> None:
    assert "width:0.0%" in page(record(steps=[{"name": "nothing", "seconds": 0}]))


def test_text_and_background_reach_the_contrast_that_eyes_need() -> None:
    themes = STYLE.split("prefers-color-scheme: dark")
    for theme in themes:
        colours = dict(
            declaration.strip()[2:].split(": ")
            for declaration in theme.split("}")[0].split("{")[-1].strip().rstrip(";").split(";")
        )
        for verdict in ("proven", "unproven", "broken"):
            assert contrast(colours[verdict], colours[f"{verdict}-soft"]) >= 4.5
            assert contrast(colours["quiet"], colours[f"{verdict}-soft"]) >= 4.5
            assert contrast(colours["ink"], colours[f"{verdict}-soft"]) >= 4.5
        for paper in ("paper", "card"):
            for ink in ("ink", "quiet", "broken"):
                assert contrast(colours[ink], colours[paper]) >= 4.5


def contrast(one: str, other: str) -> float:
    """Return the contrast ratio of two colours as WCAG 2.2 defines it."""
    darker, lighter = sorted((luminance(one), luminance(other)))
    return (lighter + 0.05) / (darker + 0.05)


def luminance(colour: str) -> float:
    channels = [int(colour[start : start + 2], 16) / 255 for start in (1, 3, 5)]
    red, green, blue = (
        channel / 12.92 if channel <= 0.04045 else ((channel + 0.055) / 1.055) ** 2.4
        for channel in channels
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def test_times_are_shown_in_one_zone() -> None:
    assert "22 November 2026, 01:30 UTC" in page(record(taken_at="2026-11-22T02:30:05+01:00"))
