"""What the tests declare: the lab's services, changed as somebody would change them."""

from __future__ import annotations

import shutil
from datetime import date
from pathlib import Path
from typing import Any

import yaml

from plugins.module_utils.declaration.load import Inventory, load_services
from tests.operator import LAB_INVENTORY, ROOT

DECLARATION = LAB_INVENTORY / "services.probealarm.yml"


def loaded(
    declaration: dict[str, Any], folder: Path, *, today: date | None = None
) -> list[dict[str, Any]]:
    """Give the contracts of a declaration, which must load."""
    file = folder / DECLARATION.name
    file.write_text(yaml.safe_dump(declaration, allow_unicode=True), encoding="utf-8")
    inventory = Inventory(("judy", "nick"), ("all", "services", "protected", "fallback"))
    services = load_services(file, ROOT / "catalogue", inventory, today=today)
    return [one.contract() for one in services]


def declared(**newsletter: Any) -> dict[str, Any]:
    """Give the lab's declaration, and more of its newsletter."""
    told: dict[str, Any] = yaml.safe_load(DECLARATION.read_text(encoding="utf-8"))
    told["services"]["newsletter"] |= newsletter
    return told


def without_machine() -> dict[str, Any]:
    """Give a declaration that forgot the machine itself."""
    told = declared()
    del told["services"]["machine"]
    return told


def of_files_alone(*more: str, **newsletter: Any) -> dict[str, Any]:
    """Give a declaration in which somebody made the newsletter simpler, and lost its database."""
    told = declared()
    told["services"]["newsletter"] = {
        "profile": "files",
        "host": "nick",
        "objectives": {"rpo": "24h", "rto": "30m"},
        "path": "/srv/newsletter",
        "stores": {"files": {"paths": [*more]}},
        **newsletter,
    }
    return told


def laid_over(below: Any, above: Any) -> Any:
    """Add a hint to a declaration, as a person would."""
    if isinstance(below, dict) and isinstance(above, dict):
        both = {key: laid_over(below[key], above[key]) for key in below.keys() & above.keys()}
        return {**below, **above, **both}
    if isinstance(below, list) and isinstance(above, list):
        return [*below, *above]
    return above


def inventory_with(declaration: dict[str, Any], site: Path) -> Path:
    """Copy the lab's inventory, with another declaration in it."""
    inventory = site / "inventories" / "lab"
    shutil.copytree(LAB_INVENTORY, inventory)
    (site / ".lab").symlink_to(ROOT / ".lab")
    file = inventory / DECLARATION.name
    file.write_text(yaml.safe_dump(declaration, allow_unicode=True), encoding="utf-8")
    return inventory
