"""Which documents are made, and from what. A further one is a further line of DOCUMENTS."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from pathlib import Path

from docs.generate import catalogue
from plugins.module_utils.declaration.catalogue import Catalogue
from plugins.module_utils.declaration.published import declaration_schema, profile_schema

ROOT = Path(__file__).resolve().parents[2]
COMMAND = "python3 -m docs.generate"


def as_json(value: object) -> str:
    """Write it as a person would read it, always the same."""
    return json.dumps(value, indent=2, ensure_ascii=False) + "\n"


def services_schema() -> str:
    """The JSON Schema of services.probealarm.yml."""
    return as_json(declaration_schema(Catalogue(ROOT / "catalogue")))


def catalogue_schema() -> str:
    """The JSON Schema of a file in catalogue/."""
    return as_json(profile_schema())


def catalogue_document() -> str:
    """What the profiles say, for people."""
    return catalogue.document(ROOT / "catalogue")


DOCUMENTS: Mapping[str, Callable[[], str]] = {
    "docs/schema/services.schema.json": services_schema,
    "docs/schema/profile.schema.json": catalogue_schema,
    "docs/catalogue.md": catalogue_document,
}
