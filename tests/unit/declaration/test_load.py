"""A sound declaration becomes contracts, with the profile's knowledge merged in."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from plugins.module_utils.contract import Contract
from plugins.module_utils.declaration.load import Inventory, load_services
from tests.unit.declaration.conftest import CATALOGUE, GROUPS, HOSTS, Declare

ROOT = Path(__file__).parents[3]

NEWSLETTER = """\
plugin: probealarm.recovery.services
drill_host: judy
services:
  newsletter:
    profile: mautic
    host: nick
    objectives: {rpo: 24h, rto: 30m}
    database: {name: mautic, prefix: mtc_}
    path: /srv/newsletter
"""


def test_five_lines_of_a_known_application_are_enough(declare: Declare) -> None:
    (service,) = declare(NEWSLETTER)
    contract = service.contract()
    database, files = contract["stores"]
    assert {
        "name": "newsletter",
        "profile": "mautic",
        "host": "nick",
        "drill_host": "judy",
        "objectives": {"rpo_seconds": 86_400, "rto_seconds": 1_800},
    }.items() <= contract.items()
    assert contract["rhythm"]["L6_seconds"] == 90 * 86_400
    assert {"mtc_leads", "mtc_lead_donotcontact", "mtc_form_results_*"} <= set(
        database.pop("irreplaceable")
    )
    assert database == {
        "name": "database",
        "kind": "mariadb",
        "database": "mautic",
        "socket": "/run/mysqld/mysqld.sock",
        "largest_loss_percent": 20,
    }
    assert files["paths"] == ["/srv/newsletter"]
    assert files["required"] == ["/srv/newsletter/config/local.php"]
    assert {"path": "/srv/newsletter/var/cache"}.items() <= files["regenerable"][0].items()


def test_a_contract_is_plain_json(declare: Declare) -> None:
    contract = declare(NEWSLETTER)[0].contract()
    assert json.loads(json.dumps(contract)) == contract


def test_lists_of_a_store_are_added_to_the_profile_s_and_single_values_replace_them(
    declare: Declare,
) -> None:
    stores = """\
    stores:
      files:
        required: [/srv/newsletter/media/logo.svg]
        largest_loss_percent: 5
"""
    files = declare(NEWSLETTER + stores)[0].contract()["stores"][1]
    assert files["required"] == [
        "/srv/newsletter/config/local.php",
        "/srv/newsletter/media/logo.svg",
    ]
    assert files["largest_loss_percent"] == 5
    assert len(files["regenerable"]) == 4


def test_a_further_store_follows_the_profile_s_and_may_use_its_settings(declare: Declare) -> None:
    stores = """\
    stores:
      plugin-archive:
        kind: files
        paths: ["{path}-archive"]
"""
    names = [store["name"] for store in declare(NEWSLETTER + stores)[0].contract()["stores"]]
    assert names == ["database", "files", "plugin-archive"]
    archive = declare(NEWSLETTER + stores)[0].contract()["stores"][2]
    assert archive["paths"] == ["/srv/newsletter-archive"]
    assert archive["regenerable"] == archive["required"] == []


def test_a_service_s_own_drill_host_wins_over_the_file_s(declare: Declare) -> None:
    text = NEWSLETTER.replace("drill_host: judy", "drill_host: nick") + "    drill_host: judy\n"
    assert declare(text)[0].drill_host == "judy"


def test_a_path_may_lie_in_one_that_leaves_it_out(declare: Declare) -> None:
    other = """\
  archive:
    profile: files
    host: nick
    objectives: {rpo: 7d, rto: 7d}
    path: /srv/newsletter/var/cache/archive
"""
    assert len(declare(NEWSLETTER + other)) == 2


def test_the_same_database_name_on_two_servers_is_two_databases(declare: Declare) -> None:
    text = """\
plugin: probealarm.recovery.services
drill_host: judy
services:
"""
    for port in (5432, 5433):
        text += f"""\
  shop-{port}:
    profile: postgresql
    host: nick
    objectives: {{rpo: 7d, rto: 7d}}
    database: {{name: shop, port: {port}}}
"""
    assert len(declare(text)) == 2


def test_the_lab_s_services_make_contracts_that_the_modules_can_read() -> None:
    file = ROOT / "inventories/lab/services.probealarm.yml"
    services = load_services(file, CATALOGUE, Inventory(HOSTS, GROUPS))
    contracts = {service.name: Contract.of(service.contract()) for service in services}
    assert list(contracts) == ["website", "newsletter", "voting", "mail", "machine"]
    assert contracts["voting"].databases[0].port == 5433
    assert contracts["voting"].files[0].regenerable[0] == "/srv/voting/data/db"
    assert contracts["website"].databases[0].is_irreplaceable("wp_posts")
    assert contracts["mail"].databases == ()


def test_five_hundred_services_load_at_once(declare: Declare) -> None:
    """How fast is measured in benchmarks/declaration."""
    service = NEWSLETTER.split("services:\n")[1]
    text = NEWSLETTER.split("  newsletter:", maxsplit=1)[0]
    for number in range(500):
        text += service.replace("newsletter", f"newsletter-{number}").replace(
            "name: mautic", f"name: mautic_{number}"
        )
    names = {store["database"] for read in declare(text) for store in read.contract()["stores"][:1]}
    assert len(names) == 500


@pytest.mark.parametrize("mark", ["", "\ufeff", "---\n", "# a comment\n"])
@pytest.mark.parametrize("line_end", ["\n", "\r\n"])
def test_the_usual_ways_to_save_a_file_make_no_difference(
    declare: Declare, mark: str, line_end: str
) -> None:
    assert len(declare((mark + NEWSLETTER).replace("\n", line_end))) == 1
