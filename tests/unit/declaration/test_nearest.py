"""Most unknown names are typing errors, and the right one is offered."""

from __future__ import annotations

import pytest

from plugins.module_utils.declaration.nearest import nearest, nearest_hint

KEYS = ("profile", "host", "drill_host", "objectives", "objectives.rpo", "objectives.rto", "path")


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("profil", "profile"),
        ("Host", "host"),
        ("drill-host", "drill_host"),
        ("drillhost", "drill_host"),
        ("rpo", "objectives.rpo"),
        ("objective.rto", "objectives.rto"),
        ("colour", ""),
    ],
)
def test_the_key_that_was_meant_is_found(written: str, meant: str) -> None:
    assert nearest(written, KEYS) == meant


def test_without_a_likely_key_the_valid_ones_are_listed() -> None:
    hint = nearest_hint("colour", KEYS)
    assert hint == "valid: drill_host, host, objectives, path, profile"


def test_a_long_list_of_valid_names_is_cut() -> None:
    hint = nearest_hint("zzz", [f"host-{number}" for number in range(500)], "host")
    assert hint.endswith(", ...")
    assert len(hint) < 300
