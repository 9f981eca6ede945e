"""Before anything is looked at, it is said what would keep us from seeing all of it."""

from __future__ import annotations

import os

import pytest

from plugins.module_utils.audit.entering import enter
from plugins.module_utils.discovery.survey import survey
from plugins.module_utils.errors import Trouble
from plugins.module_utils.host import LocalHost
from tests.unit.discovery.worlds import SIGNATURES


def test_somebody_who_is_not_root_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "geteuid", lambda: 1000)
    with pytest.raises(Trouble, match=r"Only root sees every file .* give --become"):
        survey(SIGNATURES, LocalHost(), enter)


def test_looking_for_nothing_is_refused() -> None:
    with pytest.raises(Trouble, match="No application to look for was given"):
        survey([], LocalHost(), enter)
