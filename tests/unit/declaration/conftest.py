"""Declarations are written into a file and read against nick, judy and the shipped catalogue."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from plugins.module_utils.declaration.contract import Service
from plugins.module_utils.declaration.faults import DeclarationError
from plugins.module_utils.declaration.load import Inventory, load_services

CATALOGUE = Path(__file__).parents[3] / "catalogue"
HOSTS = ("judy", "nick")
GROUPS = ("all", "fallback", "protected", "services", "ungrouped")

Declare = Callable[..., list[Service]]
Refusals = Callable[..., list[str]]


@pytest.fixture
def declare(tmp_path: Path) -> Declare:
    """Read the text or bytes of a declaration."""

    def read(content: str | bytes, catalogue: Path = CATALOGUE) -> list[Service]:
        file = tmp_path / "services.probealarm.yml"
        file.write_bytes(content if isinstance(content, bytes) else content.encode())
        return load_services(file, catalogue, Inventory(HOSTS, GROUPS))

    return read


@pytest.fixture
def refusals(declare: Declare, tmp_path: Path) -> Refusals:
    """Return the errors of a declaration, one sentence each, without the temporary directory."""

    def read(content: str | bytes, catalogue: Path = CATALOGUE) -> list[str]:
        with pytest.raises(DeclarationError) as refused:
            declare(content, catalogue)
        return [str(fault).removeprefix(f"{tmp_path}/") for fault in refused.value.faults]

    return read
