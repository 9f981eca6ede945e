"""The statements that make Mautic's tables, with the fields' columns in their places."""

from __future__ import annotations

import re
from collections.abc import Sequence
from importlib.resources import files
from string import Template

from . import fields

LIKE = "ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_ci ROW_FORMAT=DYNAMIC"
TRACKED = """
  is_published TINYINT(1) NOT NULL,
  date_added DATETIME,
  created_by INT,
  created_by_user VARCHAR(191),
  date_modified DATETIME,
  modified_by INT,
  modified_by_user VARCHAR(191),
  checked_out DATETIME,
  checked_out_by INT,
  checked_out_by_user VARCHAR(191)"""


def sql(name: str) -> str:
    """Read one of the SQL files beside this module, also out of an archive."""
    return files(__package__).joinpath(f"{name}.sql").read_text(encoding="utf-8")


def tables(contact_fields: Sequence[fields.ContactField] = fields.CONTACT_FIELDS) -> str:
    """Write the statements for all tables but the dynamic ones of the forms."""
    return Template(sql("schema")).substitute(
        like=LIKE,
        tracked=TRACKED,
        contact_fields=fields.columns(contact_fields),
        company_fields=fields.columns(fields.COMPANY_FIELDS),
    )


def names() -> list[str]:
    """Name all tables but the dynamic ones of the forms."""
    return re.findall(r"^CREATE TABLE (\w+)", sql("schema"), re.MULTILINE)


def form_results(form_id: int, alias: str, columns: dict[str, str]) -> str:
    """Write the statement for the table that Mautic makes for one form's results."""
    own = "".join(f"  {name} {kind},\n" for name, kind in columns.items())
    return (
        f"CREATE TABLE form_results_{form_id}_{alias} (\n"
        "  submission_id BIGINT UNSIGNED NOT NULL,\n  form_id INT UNSIGNED NOT NULL,\n"
        f"{own}  PRIMARY KEY (submission_id),\n"
        f"  UNIQUE KEY {form_id}_{alias}_form_index (form_id, submission_id)\n) {LIKE};\n"
    )
