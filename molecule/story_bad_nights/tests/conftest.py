"""One filled service for all tests."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from tests import night


@pytest.fixture(scope="session", name="contract")
def _contract() -> dict[str, Any]:
    return night.set_up()


@pytest.fixture(name="nothing_is_lost")
def _nothing_is_lost() -> Iterator[None]:
    """Whatever happens: earlier snapshots stay, and the next backup succeeds unaided."""
    before = night.saved()
    yield
    assert night.saved()[: len(before)] == before
    number = len(night.saved())
    assert night.back_up().status == 0
    assert len(night.saved()) == number + 1
