"""Mautic's fields: each row of ``lead_fields`` is a real column of ``leads`` or ``companies``."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from ..php import Plain, serialised
from ..tables import Row

COLUMN_TYPES = {
    "boolean": "TINYINT(1)",
    "country": "VARCHAR(191)",
    "date": "DATE",
    "datetime": "DATETIME",
    "email": "VARCHAR(191)",
    "locale": "VARCHAR(191)",
    "lookup": "VARCHAR(191)",
    "multiselect": "LONGTEXT",
    "number": "DOUBLE",
    "region": "VARCHAR(191)",
    "select": "VARCHAR(191)",
    "tel": "VARCHAR(191)",
    "text": "VARCHAR(191)",
    "textarea": "LONGTEXT",
    "timezone": "VARCHAR(191)",
    "url": "LONGTEXT",
}
"""Mautic's field types and the columns it makes for them."""

FIXED_COLUMNS = frozenset({"points", "last_active"})
"""Fields whose columns belong to the entity itself."""

MEMBERSHIPS = ("none", "supporter", "member", "founding_member")
INTERESTS = ("umwelt", "verkehr", "bildung", "europa", "transparenz", "vielfalt")


@dataclass(frozen=True)
class ContactField:
    """One row of ``lead_fields``."""

    alias: str
    label: str
    type: str = "text"
    group: str = "core"
    object: str = "lead"
    is_custom: bool = False
    properties: Mapping[str, Plain] = field(default_factory=dict)

    @property
    def column(self) -> str:
        """Write the column's definition."""
        return f"{self.alias} {COLUMN_TYPES[self.type]}"


def _core(names: str, *, group: str = "core", of: str = "lead") -> tuple[ContactField, ...]:
    pairs = (name.partition(":")[::2] for name in names.split())
    return tuple(
        ContactField(alias, alias.replace("_", " ").title(), kind or "text", group, of)
        for alias, kind in pairs
    )


def _choices(*values: str) -> Mapping[str, Plain]:
    return {"list": [{"label": value.title(), "value": value} for value in values]}


CONTACT_FIELDS = (
    *_core(
        "title:lookup firstname lastname company:lookup position email:email mobile:tel phone:tel "
        "points:number fax:tel address1 address2 city state:region zipcode country:country "
        "preferred_locale:locale timezone:timezone last_active:datetime attribution_date:datetime "
        "attribution:number website:url"
    ),
    *_core("facebook foursquare instagram linkedin skype twitter", group="social"),
    ContactField("membership", "Mitgliedschaft", "select", is_custom=True,
                 properties=_choices(*MEMBERSHIPS)),
    ContactField("regional_group", "Ortsgruppe", is_custom=True),
    ContactField("donor", "Spender*in", "boolean", is_custom=True,
                 properties={"no": "Nein", "yes": "Ja"}),
    ContactField("volunteer_hours", "Stunden im Ehrenamt", "number", is_custom=True,
                 properties={"roundmode": 4, "scale": 1}),
    ContactField("birthday", "Geburtstag", "date", group="personal", is_custom=True),
    ContactField("last_donation", "Letzte Spende", "datetime", is_custom=True),
    ContactField("interests", "Themen", "multiselect", is_custom=True,
                 properties=_choices(*INTERESTS)),
)  # fmt: skip

CORE_FIELDS = tuple(each for each in CONTACT_FIELDS if not each.is_custom)
"""What a freshly installed Mautic has."""

COMPANY_FIELDS = _core(
    "companyemail:email companyaddress1 companyaddress2 companyphone:tel companycity "
    "companystate:region companyzipcode companycountry:country companyname companywebsite:url "
    "companynumber_of_employees:number companyfax:tel companyannual_revenue:number "
    "companyindustry:select companydescription:textarea",
    of="company",
)


def columns(fields: Sequence[ContactField]) -> str:
    """Write the columns that ``fields`` ask for, for a ``CREATE TABLE``."""
    return ",\n  ".join(each.column for each in fields if each.alias not in FIXED_COLUMNS)


FIELD_COLUMNS = (
    "is_published label alias type field_group is_required is_fixed is_visible is_short_visible "
    "is_listable is_publicly_updatable is_unique_identifer field_order object properties "
    "column_is_not_created original_is_published_value"
)


def rows(contact_fields: Sequence[ContactField] = CONTACT_FIELDS) -> Iterator[Row]:
    """Yield the rows of ``lead_fields``, in the order of ``FIELD_COLUMNS``."""
    for fields in (contact_fields, COMPANY_FIELDS):
        for order, each in enumerate(fields, start=1):
            known_by = each.alias == "email"
            yield (
                1, each.label, each.alias, each.type, each.group, known_by, not each.is_custom, 1,
                known_by, 1, each.is_custom, known_by, order, each.object,
                serialised(each.properties), 0, 1,
            )  # fmt: skip
