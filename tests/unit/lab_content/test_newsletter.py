from __future__ import annotations

import re
from collections import Counter

import pytest

from lab.content.newsletter import content, evidence, fields, files, incident, schema

from .builders import NOW, SMALL, Read, small_plan


@pytest.fixture(scope="module")
def newsletter() -> Read:
    return Read(content.tables(small_plan()))


def test_the_same_seed_invents_the_same_newsletter(newsletter: Read) -> None:
    assert Read(content.tables(small_plan())).rows == newsletter.rows


def test_another_seed_invents_other_people(newsletter: Read) -> None:
    other = Read(content.tables(small_plan(seed=2)))
    assert other.column("leads", "email") != newsletter.column("leads", "email")


def test_sizes_are_kept(newsletter: Read) -> None:
    assert len(newsletter.rows["leads"]) == SMALL.contacts
    assert len(newsletter.rows["email_stats"]) == SMALL.deliveries


def test_every_row_has_a_value_for_every_column() -> None:
    for table in content.tables(small_plan()):
        assert {len(row) for row in table.rows} <= {len(table.columns)}, table.name


def test_every_table_of_mautic_gets_rows(newsletter: Read) -> None:
    dynamic = {form.results_table for form in evidence.FORMS}
    assert set(newsletter.rows) == set(schema.names()) | dynamic
    assert [name for name, rows in newsletter.rows.items() if not rows] == []


def test_every_column_that_is_filled_is_declared() -> None:
    statements = schema.tables() + "".join(form.create_statement() for form in evidence.FORMS)
    for table in content.tables(small_plan()):
        for _ in table.rows:
            pass
        declared = re.search(rf"CREATE TABLE {table.name} \((.*?)\n\) ENGINE", statements, re.S)
        assert declared, table.name
        missing = [name for name in table.columns
                   if not re.search(rf"(^|\s){name} [A-Z]", declared[1], re.M)]  # fmt: skip
        assert missing == [], table.name


@pytest.mark.parametrize(
    ("table", "column", "target"),
    [
        ("lead_lists_leads", "lead_id", "leads"),
        ("lead_lists_leads", "leadlist_id", "lead_lists"),
        ("lead_donotcontact", "lead_id", "leads"),
        ("lead_categories", "lead_id", "leads"),
        ("lead_categories", "category_id", "categories"),
        ("lead_frequencyrules", "lead_id", "leads"),
        ("lead_tags_xref", "tag_id", "lead_tags"),
        ("lead_ips_xref", "ip_id", "ip_addresses"),
        ("companies_leads", "company_id", "companies"),
        ("campaign_leads", "campaign_id", "campaigns"),
        ("campaign_lead_event_log", "event_id", "campaign_events"),
        ("form_submissions", "lead_id", "leads"),
        ("form_submissions", "form_id", "forms"),
        ("form_submissions", "ip_id", "ip_addresses"),
        ("form_fields", "form_id", "forms"),
        ("email_stats", "email_id", "emails"),
        ("email_stats", "lead_id", "leads"),
        ("email_stats", "list_id", "lead_lists"),
        ("email_stats", "copy_id", "email_copies"),
        ("leads", "owner_id", "users"),
        ("leads", "stage_id", "stages"),
        ("users", "role_id", "roles"),
        ("emails", "category_id", "categories"),
    ],
)
def test_whoever_is_referred_to_exists(
    newsletter: Read, table: str, column: str, target: str
) -> None:
    assert set(newsletter.column(table, column)) <= set(newsletter.column(target, "id"))


def test_no_letter_went_to_somebody_before_they_came_or_after_they_objected(
    newsletter: Read,
) -> None:
    objected = set(newsletter.column("lead_donotcontact", "lead_id"))
    assert objected
    assert not objected & set(newsletter.column("email_stats", "lead_id"))


def test_every_submission_has_its_row_in_the_table_of_its_form(newsletter: Read) -> None:
    submitted = Counter(newsletter.column("form_submissions", "form_id"))
    for form in evidence.FORMS:
        assert len(newsletter.rows[form.results_table]) == submitted[form.id]


def test_every_custom_field_is_a_column_of_contacts(newsletter: Read) -> None:
    ours = zip(
        newsletter.column("lead_fields", "object"),
        newsletter.column("lead_fields", "alias"),
        strict=True,
    )
    aliases = [alias for kind, alias in ours if kind == "lead"]
    leads = schema.tables().partition("CREATE TABLE leads (")[2].partition("ENGINE")[0]
    assert [alias for alias in aliases if not re.search(rf"^\s+{alias} ", leads, re.M)] == []
    assert {"membership", "donor", "volunteer_hours", "birthday", "interests"} <= set(aliases)


def test_names_have_umlauts_and_emoji(newsletter: Read) -> None:
    names = "".join(map(str, newsletter.column("leads", "firstname")))
    names += "".join(map(str, newsletter.column("leads", "lastname")))
    assert re.search("[äöüß]", names)
    assert any(ord(letter) > 0xFFFF for letter in names)


def test_addresses_are_unique_and_belong_to_nobody(newsletter: Read) -> None:
    addresses = [str(email) for email in newsletter.column("leads", "email")]
    assert len(set(addresses)) == len(addresses)
    domains = set(re.findall(r"[\w.+-]+@([\w.-]+\w)", repr(newsletter.rows)))
    assert all(domain.endswith(("example.org", "example.net")) for domain in domains)


@pytest.mark.parametrize(
    ("table", "column"),
    [
        ("leads", "date_added"),
        ("email_stats", "date_sent"),
        ("audit_log", "date_added"),
        ("form_submissions", "date_submitted"),
    ],
)
def test_the_newest_record_is_minutes_old_and_nothing_is_of_tomorrow(
    newsletter: Read, table: str, column: str
) -> None:
    newest = max(newsletter.column(table, column))  # type: ignore[type-var]  # all are moments
    assert 0 <= (NOW - newest).total_seconds() < 3600  # type: ignore[operator]  # as above


def test_assets_have_files_of_their_size(newsletter: Read) -> None:
    made = {each.path: len(each.content) for each in files.assets(small_plan().chance("assets"))}
    rows = zip(
        newsletter.column("assets", "path"), newsletter.column("assets", "size"), strict=True
    )
    assert dict(rows) == made


def test_consent_stays_with_the_reasons_that_mautic_knows(newsletter: Read) -> None:
    assert set(newsletter.column("lead_donotcontact", "reason")) <= {1, 2, 3}


def test_after_the_incident_only_the_core_is_there() -> None:
    fresh = Read(incident.fresh_rows(NOW))
    assert set(fresh.rows) == {"roles", "users", "lead_fields"}
    assert len(fresh.rows["users"]) == 1
    assert "membership" not in schema.tables(fields.CORE_FIELDS)
    assert "membership" in schema.tables()


def test_a_later_day_adds_contacts_after_those_that_are_there() -> None:
    later = Read(content.later(small_plan(seed=99), 601, days=1))
    assert later.column("leads", "id") == list(range(601, 601 + SMALL.contacts))
    assert set(later.column("lead_lists_leads", "lead_id")) <= set(later.column("leads", "id"))
