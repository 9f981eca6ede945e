"""Sections of a profile and a service: laid over one another, filled in, refused when unsound."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from plugins.module_utils.declaration import queries
from plugins.module_utils.tools import redis
from tests.unit.declaration.conftest import Declare, Refusals

PROFILE = """\
title: A wiki on either engine
sources: [example/wiki 4.2, docs/backup.md]
traps:
  cache: Its cache looks like data
settings:
  path:
    type: path
    help: where the wiki lies
  database.engine:
    type: engine
    default: mariadb
    help: the engine
  database.name:
    type: database
    default: wiki
    help: the database
  database.prefix:
    type: prefix
    default: ""
    help: what tables start with
  database.socket:
    type: path
    default: {mariadb: /run/mysqld/mysqld.sock, postgresql: /var/run/postgresql}
    help: the socket
  database.port:
    type: port
    default: {postgresql: 5432}
    help: the port
stores:
  database:
    kind: "{database.engine}"
    database: "{database.name}"
    socket: "{database.socket}"
    port: {postgresql: "{database.port}"}
    prefix: "{database.prefix}"
    irreplaceable: [page]
  files:
    kind: files
    paths: ["{path}"]
    regenerable:
      - path: "{path}/cache"
        reason: The wiki builds it again
secrets:
  key:
    title: the key of the sessions
    lost_without: everybody has to log in again
    file: "{path}/config.ini"
    pattern: ^key = ([0-9a-f]{2,64})$
quiesce:
  reason: Pages are written in two steps
  hold: [{run: [wiki, hold]}]
  resume: [{run: [wiki, go], user: www-data}]
  at_most: 10m
checks:
  pages:
    kind: number
    title: there are pages
    store: database
    query: SELECT COUNT(*) FROM {database.prefix}page
    unit: pages
    at_least: 1
  pictures:
    kind: rows_have_files
    title: every picture has its file
    store: database
    query:
      mariadb: SELECT name, size FROM {database.prefix}image
      postgresql: SELECT "name", "size" FROM {database.prefix}image
    columns: [path, bytes]
    below: "{path}/images"
    unit: pictures
  fresh:
    kind: freshness
    title: somebody wrote a page
    store: database
    query: SELECT MAX(touched) FROM {database.prefix}page
    at_most_behind: 30d
  only_there:
    postgresql:
      kind: no_rows
      title: no broken page
      store: database
      query: SELECT id FROM page WHERE broken
      unit: pages
probes:
  start:
    title: the start page shows a page
    request: {path: /api}
    expect: {json: ["pages > `0`"], lacks: [installer]}
side_effects:
  mails:
    does: sends mails about new pages
    block:
      - environment: {WIKI_MAIL: "off"}
      - statement: {store: database, sql: "DELETE FROM mail_queue"}
exports:
  pages:
    holds: what was written
    store: database
    query: SELECT id, title FROM page
    key: [id]
    columns: {id: number of the page, title: its title}
after_restore:
  index:
    run: [wiki, rebuild]
    reason: The search index is not saved
    when: restore
rhythm: {L4: 1d}
"""

SERVICE = """\
plugin: probealarm.recovery.services
drill_host: judy
services:
  wiki:
    profile: wiki
    host: nick
    objectives: {rpo: 24h, rto: 30m}
    path: /srv/wiki
"""


@pytest.fixture
def catalogue(tmp_path: Path) -> Path:
    """A catalogue of one profile."""
    folder = tmp_path / "catalogue"
    folder.mkdir()
    (folder / "wiki.yml").write_text(PROFILE)
    return folder


@pytest.fixture
def contract(declare: Declare, catalogue: Path) -> Any:
    """Return the contract of the wiki with some more lines."""

    def of(more: str = "") -> dict[str, Any]:
        (service,) = declare(SERVICE + more, catalogue)
        return service.contract()

    return of


@pytest.fixture
def errors(refusals: Refusals, catalogue: Path) -> Any:
    """Return what is said of the wiki with some more lines."""

    def of(more: str) -> list[str]:
        return refusals(SERVICE + more, catalogue)

    return of


def named(entries: list[dict[str, Any]]) -> dict[str, dict[str, Any]]:
    return {entry["name"]: entry for entry in entries}


def test_a_contract_holds_every_section_in_plain_values(contract: Any) -> None:
    merged = contract("    database: {prefix: w_}\n")
    checks = named(merged["checks"])
    assert checks["pages"]["query"] == "SELECT COUNT(*) FROM w_page"
    assert checks["pictures"]["below"] == "/srv/wiki/images"
    assert checks["pictures"]["type"] == "file"
    assert checks["fresh"]["at_most_behind_seconds"] == 30 * 86_400
    assert merged["secrets"][0]["file"] == "/srv/wiki/config.ini"
    assert merged["quiesce"]["at_most_seconds"] == 600
    assert merged["quiesce"]["resume"] == [{"run": ["wiki", "go"], "user": "www-data"}]
    assert merged["probes"][0]["expect"]["json"] == ["pages > `0`"]
    assert merged["side_effects"][0]["block"][0] == {"environment": {"WIKI_MAIL": "off"}}
    assert merged["exports"][0]["columns"] == {"id": "number of the page", "title": "its title"}
    assert merged["after_restore"][0]["when"] == "restore"
    assert (merged["rhythm"]["L4_seconds"], merged["rhythm"]["L5_seconds"]) == (86_400, 2_592_000)


def test_braces_of_a_regular_expression_are_no_placeholder(contract: Any) -> None:
    assert contract()["secrets"][0]["pattern"] == "^key = ([0-9a-f]{2,64})$"


def test_the_engine_decides_what_else_is_said(contract: Any) -> None:
    maria = contract()
    postgres = contract("    database: {engine: postgresql, port: 5433}\n")
    assert maria["stores"][0]["kind"] == "mariadb"
    assert maria["stores"][0]["socket"] == "/run/mysqld/mysqld.sock"
    assert "port" not in maria["stores"][0]
    assert postgres["stores"][0]["kind"] == "postgresql"
    assert postgres["stores"][0]["socket"] == "/var/run/postgresql"
    assert postgres["stores"][0]["port"] == 5433
    assert '"name"' in named(postgres["checks"])["pictures"]["query"]
    assert "only_there" in named(postgres["checks"])
    assert "only_there" not in named(maria["checks"])


def test_a_setting_that_means_nothing_with_this_engine_is_refused(errors: Any) -> None:
    (error,) = errors("    database: {port: 5433}\n")
    assert "database.port" in error
    assert "means nothing with database engine mariadb" in error


def test_a_service_refines_a_check_and_adds_another(contract: Any) -> None:
    merged = contract("""\
    checks:
      pages: {at_least: 50}
      links:
        kind: no_rows
        title: no link leads nowhere
        store: database
        query: SELECT id FROM link WHERE target IS NULL
        unit: links
""")
    checks = named(merged["checks"])
    assert (checks["pages"]["at_least"], checks["pages"]["unit"]) == (50, "pages")
    assert checks["links"]["at_most"] == 0
    assert list(checks) == ["pages", "pictures", "fresh", "links"]


def test_another_way_to_hold_still_is_said_whole(contract: Any) -> None:
    other = "{reason: In a container, hold: [{run: [stop]}], resume: [{run: [go]}], at_most: 1m}"
    assert contract(f"    quiesce: {other}\n")["quiesce"]["hold"] == [{"run": ["stop"]}]


def test_one_level_of_the_rhythm_is_replaced_and_the_others_stay(contract: Any) -> None:
    rhythm = contract("    rhythm: {L5: 14d}\n")["rhythm"]
    assert (rhythm["L4_seconds"], rhythm["L5_seconds"]) == (86_400, 14 * 86_400)


def test_a_database_in_a_container_is_named_whole(contract: Any, errors: Any) -> None:
    in_project = "{runtime: docker, project: wiki, service: db}"
    merged = contract(f"    stores: {{database: {{container: {in_project}}}}}\n")
    assert merged["stores"][0]["container"] == {
        "runtime": "docker",
        "project": "wiki",
        "service": "db",
    }
    (error,) = errors("    stores: {database: {container: {runtime: docker, project: wiki}}}\n")
    assert "must say exactly one: name; or project with service" in error


@pytest.mark.parametrize(
    ("more", "said"),
    [
        # Kinds of stores.
        ("stores: {cache: {kind: redis, irreplaceable: [a b]}}", "is not a key of Redis"),
        ("stores: {small: {kind: sqlite, irreplaceable: [x]}}", "add the database's file"),
        ("stores: {database: {container: {runtime: lxc, name: x}}}", "container runtime"),
        ("stores: {files: {for_reference: 1}}", "is not true or false"),
        # Checks.
        ("checks: {new: {title: a title}}", "is no check of profile wiki"),
        ("checks: {pages: {kind: no_rows}}", "differs from profile wiki"),
        ("checks: {pages: {at_laest: 5}}", "the nearest valid key is at_least"),
        ("checks: {pages: {at_most: 0}}", "is less than at_least, which is 1"),
        ("checks: {pages: {query: DELETE FROM page}}", "is no query (seen: 'DELETE')"),
        ("checks: {pages: {query: SELECT 1; SELECT 2}}", "no ; in it"),
        ("checks: {pages: {store: databse}}", "the nearest valid store is database"),
        ("checks: {pages: {store: files}}", "which answers no query"),
        ("checks: {pages: {unit: ''}}", "is not what is counted"),
        ("checks: {fresh: {at_most_behind: soon}}", "is not a duration"),
        ("checks: {pictures: {columns: [bytes]}}", "is listed twice"),
        ("checks: {pictures: {below: images}}", "is not an absolute path"),
        ("checks: {pictures: {below: /srv/other}}", "that no store of this service saves"),
        ("checks: {pictures: {below: /srv/wiki/cache/x}}", "left out by the regenerable path"),
        ("checks: {Pages: {at_least: 5}}", "is not a name"),
        ("checks: [pages]", "is not a mapping of checks"),
        ("checks: {pages: 5}", "is not a check"),
        ("checks: {pages: {title: 'there are {{ pages }}'}}", "the beginning of a template"),
        ("checks: {pages: {query: \"SELECT '{% x %}'\"}}", "the beginning of a template"),
        # Secrets.
        ("secrets: {key: {pattern: '^key'}}", "has 0 groups and must have one"),
        ("secrets: {key: {pattern: '(key'}}", "is no regular expression"),
        ("secrets: {key: {store: database}}", "must say exactly one: file; or store with query"),
        # Quiesce.
        ("quiesce: {at_most: 5}", "quiesce.at_most"),
        ("quiesce: {hold: [wiki hold]}", "is not a step"),
        ("quiesce: {hold: [{run: []}]}", "must name at least one"),
        # Probes: never a bare 200.
        (
            "probes: {up: {title: it is up, request: {path: /}, expect: {status: 200}}}",
            "must say at least one of: contains, json",
        ),
        ("probes: {start: {request: {path: api}}}", "starting with /"),
        ("probes: {start: {run: [wiki]}}", "must say exactly one: request; or run"),
        # Side effects.
        ("side_effects: {mails: {block: [{}]}}", "must say exactly one: environment"),
        (
            "side_effects: {mails: {block: [{statement: {store: database, sql: SELECT 1}}]}}",
            "is no statement that changes a database",
        ),
        ("side_effects: {mails: {block: [{environment: {A=B: x}}]}}", "environment variable"),
        # Exports.
        ("exports: {pages: {key: [nr]}}", "names a column that the export has not"),
        ("exports: {pages: {columns: {'id; DROP': x y z}}}", "the name of a column"),
        # Rhythm.
        ("rhythm: {L9: 1d}", "this key does not exist in the rhythm"),
        ("rhythm: {L4: daily}", "is not a duration"),
        ("stores: {database: {password_variable: SECRET}}", "goes with a container"),
        # Afterwards.
        ("after_restore: {new: {run: [wiki]}}", "reason is missing"),
        ("after_restore: {index: {when: Sunday}}", "a known occasion"),
    ],
)
def test_what_is_unsound_in_a_section_is_refused(errors: Any, more: str, said: str) -> None:
    found = "\n".join(errors(f"    {more}\n"))
    assert "services.probealarm.yml:9: service wiki, key " in found
    assert said.replace("reason is missing", "reason: is missing") in found


EXEMPTION = "    exemptions:\n      - {path: /srv/wiki/tmp, reason: Nothing lasts there"


@pytest.mark.parametrize(
    ("exemption", "said"),
    [
        ("{owner: Ada, expires: 2999-01-01, path: /srv/tmp}", "reason: is missing"),
        ("{reason: it is old, expires: 2999-01-01, path: /srv/tmp}", "owner: is missing"),
        ("{reason: it is old, owner: Ada, path: /srv/tmp}", "expires: is missing"),
        ("{reason: it is old, owner: Ada, expires: soon, path: /srv/tmp}", "a date such as"),
        (
            "{reason: it is old, owner: Ada, expires: 2020-01-31, path: /srv/tmp}",
            "has expired (seen: 2020-01-31)",
        ),
        ("{reason: it is old, owner: Ada, expires: 2999-01-01}", "says none of these"),
        (
            "{reason: it is old, owner: Ada, expires: 2999-01-01, path: tmp}",
            "is not an absolute path",
        ),
        (
            "{reason: it is old, owner: Ada, expires: 2999-01-01, check: fersh}",
            "the nearest valid check is fresh",
        ),
        (
            "{reason: it is old, owner: Ada, expires: 2999-01-01, path: /a/b, database: c}",
            "says path and database of these",
        ),
    ],
)
def test_an_exemption_has_a_reason_an_owner_and_a_day(
    errors: Any, exemption: str, said: str
) -> None:
    found = "\n".join(errors(f"    exemptions:\n      - {exemption}\n"))
    assert "services.probealarm.yml:10: service wiki, key exemptions" in found
    assert said in found


def test_a_sound_exemption_stands_in_the_contract(contract: Any) -> None:
    exemption = "{check: fresh, reason: The wiki is closed, owner: Ada, expires: 2999-01-31}"
    assert contract(f"    exemptions: [{exemption}]\n")["exemptions"] == [
        {
            "check": "fresh",
            "reason": "The wiki is closed",
            "owner": "Ada",
            "expires": "2999-01-31",
        }
    ]


@pytest.mark.parametrize(
    ("damage", "said"),
    [
        (("    type: engine\n", "    type: name\n"), "go together"),
        (("  database.engine:", "  database.motor:"), "depends on the engine"),
        (("store: database\n    query: SELECT MAX", "store: db\n    query: SELECT MAX"), "a store"),
        (("{database.prefix}page\n    unit", "{prefix}page\n    unit"), "names no setting"),
        (("  path:\n    type: path", "  stores:\n    type: path"), "something else in a service"),
        (("      postgresql: SELECT", "      oracle: SELECT"), "query"),
        (("rhythm: {L4: 1d}", "exemptions: []"), "does not exist in a profile"),
        (("traps:\n  cache: Its", "traps:\n  cache: [Its"), "not YAML"),
    ],
)
def test_an_unsound_profile_is_refused(
    refusals: Refusals, catalogue: Path, damage: tuple[str, str], said: str
) -> None:
    text = PROFILE.replace(*damage)
    assert text != PROFILE
    if "  stores:\n    type: path" in text:
        text = text.replace("{path}", "{stores}")
    (catalogue / "wiki.yml").write_text(text)
    found = "\n".join(refusals(SERVICE, catalogue))
    assert "wiki.yml:" in found
    assert said in found


MACHINE = """\
plugin: probealarm.recovery.services
drill_host: judy
services:
  machine:
    profile: files
    host: nick
    objectives: {rpo: 24h, rto: 30m}
    path: /etc
    stores: {files: {for_reference: %s}}
  mail:
    profile: files
    host: nick
    objectives: {rpo: 24h, rto: 30m}
    path: /etc/postfix
"""


def test_what_is_only_looked_up_may_overlap_what_others_save(
    declare: Declare, refusals: Refusals
) -> None:
    assert len(declare(MACHINE % "true")) == 2
    (error,) = refusals(MACHINE % "false")
    assert "lies in /etc, which is saved by store files of service machine" in error


CONTAINER = "container: {runtime: docker, name: c}"

TWO = """\
plugin: probealarm.recovery.services
drill_host: judy
services:
  one: &
    profile: files
    host: nick
    objectives: {rpo: 24h, rto: 30m}
    path: /srv/one
    stores: {more: STORE}
  two:
    profile: files
    host: nick
    objectives: {rpo: 24h, rto: 30m}
    path: /srv/two
    stores: {more: STORE}
""".replace(" &", "")


@pytest.mark.parametrize(
    ("store", "other"),
    [
        ("{kind: sqlite, path: /srv/a.db, irreplaceable: [a]}", "/srv/b.db"),
        ("{kind: redis, port: 6379, irreplaceable: [a]}", "port: 6380"),
        ("{kind: mariadb, database: a, irreplaceable: [a], " + CONTAINER + "}", "name: d"),
    ],
)
def test_a_database_of_any_kind_belongs_to_one_service(
    declare: Declare, refusals: Refusals, store: str, other: str
) -> None:
    (error,) = refusals(TWO.replace("STORE", store))
    assert "is already claimed by store more of service one" in error
    before = {"/srv/b.db": "/srv/a.db", "port: 6380": "port: 6379", "name: d": "name: c"}[other]
    first, second = TWO.replace("STORE", store).split("  two:")
    assert len(declare(f"{first}  two:{second.replace(before, other)}")) == 2


def test_settings_that_lead_into_one_another_are_saved_once(
    declare: Declare, refusals: Refusals
) -> None:
    blog = """\
plugin: probealarm.recovery.services
drill_host: judy
services:
  blog:
    profile: wordpress
    host: nick
    objectives: {rpo: 24h, rto: 30m}
    path: /srv/blog
    configuration_path: /srv/blog/configuration
"""
    assert "/srv/blog/configuration" not in declare(blog)[0].contract()["stores"][1]["paths"]
    (error,) = refusals(f"{blog}    stores: {{files: {{paths: [/srv/blog/uploads]}}}}\n")
    assert "lies in /srv/blog, which is saved by" in error


SQLITE = """\
plugin: probealarm.recovery.services
drill_host: judy
services:
  board:
    profile: files
    host: nick
    objectives: {rpo: 24h, rto: 30m}
    path: /srv/board
    stores:
      database: {kind: sqlite, path: /srv/board/db/board.db, irreplaceable: [posts]}
      files: {regenerable: [OUT]}
"""


def _leaving_out(*paths: str) -> str:
    entries = (f"{{path: {path}, reason: the store named database has it}}" for path in paths)
    return SQLITE.replace("OUT", ", ".join(entries))


FILE, WAL, SHM, JOURNAL = (
    f"/srv/board/db/board.db{end}" for end in ("", "-wal", "-shm", "-journal")
)


@pytest.mark.parametrize(
    ("left_out", "missing"),
    [
        ((), (FILE, WAL, SHM, JOURNAL)),
        ((FILE,), (WAL, SHM, JOURNAL)),
        ((FILE, WAL, SHM), (JOURNAL,)),
        ((WAL, SHM, JOURNAL), (FILE,)),
    ],
)
def test_nothing_of_a_sqlite_database_comes_back_beside_it(
    refusals: Refusals, left_out: tuple[str, ...], missing: tuple[str, ...]
) -> None:
    (error,) = refusals(_leaving_out(*left_out))
    assert "saves files of a SQLite database that would turn a restored one back" in error
    assert error.endswith(f"leave out as regenerable: {', '.join(missing)}")


@pytest.mark.parametrize("left_out", [(FILE, WAL, SHM, JOURNAL), ("/srv/board/db",)])
def test_files_around_a_sqlite_database_may_leave_it_out(
    declare: Declare, left_out: tuple[str, ...]
) -> None:
    assert len(declare(_leaving_out(*left_out))) == 1


def test_a_sqlite_database_is_not_saved_as_a_file_too(refusals: Refusals) -> None:
    (error,) = refusals(
        _leaving_out()
        .replace("regenerable: []", f"paths: [{FILE}]")
        .replace("/srv/board\n", "/srv/b\n")
    )
    assert "saves a database as a plain file" in error
    assert error.endswith("take it out of paths")


def test_files_beside_a_sqlite_database_and_for_reference_may_be_saved(declare: Declare) -> None:
    aside = _leaving_out().replace("/srv/board/db/", "/srv/board-db/")
    assert len(declare(aside)) == 1
    assert len(declare(_leaving_out().replace("regenerable: []", "for_reference: true"))) == 1


def test_a_database_of_sqlite_is_not_saved_as_a_file_by_another_service(
    declare: Declare, refusals: Refusals
) -> None:
    inside = TWO.replace("stores: {more: STORE}", "", 1).replace(
        "STORE", "{kind: sqlite, path: /srv/one/a.db, irreplaceable: [a]}"
    )
    (error,) = refusals(inside)
    assert "key stores.more.path: lies in /srv/one, which is saved by store files" in error
    outside = inside.replace("/srv/one/a.db", "/srv/elsewhere/a.db")
    assert len(declare(outside)) == 2


ALL_THERE = "title: all there, below: /srv/wiki, unit: files"
WRONG_GROUP = r"{file: /srv/wiki/a, pattern: '(a)', path: '\2'}"


@pytest.mark.parametrize(
    ("more", "said"),
    [
        ("checks: {pages: {at_least: 0}}", "could never find anything wrong"),
        ("checks: {pictures: {tolerance_percent: 100}}", "a whole number from 0 to 50"),
        (
            "checks: {new: {kind: file_holds, title: there, file: /srv/wiki/a, pattern: 'x*'}}",
            "an empty file holds it",
        ),
        (
            f"checks: {{new: {{kind: lines_have_files, {ALL_THERE}, lines: {WRONG_GROUP}}}}}",
            "names a group that the pattern has not; it has 1",
        ),
        (
            "side_effects: {mails: {block: [{file: {path: /nowhere, content: x}}]}}",
            "looks at files that no store of this service saves",
        ),
        ("stores: {extra: {mariadb: {kind: mariadb, database: shop}}}", "a further one needs a"),
        ("checks: {pages: {query: {mariadb: SELECT 1}}}", "is not one statement that reads"),
    ],
)
def test_what_would_lull_anybody_is_refused(errors: Any, more: str, said: str) -> None:
    assert said in "\n".join(errors(f"    {more}\n"))


def test_what_a_probe_expects_is_added_to(contract: Any) -> None:
    expect = contract("    probes: {start: {expect: {contains: [Welcome]}}}\n")["probes"][0][
        "expect"
    ]
    assert (expect["contains"], expect["lacks"]) == (["Welcome"], ["installer"])


def test_the_commands_that_a_query_may_use_are_those_that_the_tool_sends() -> None:
    assert queries.REDIS_COMMANDS == redis.READING
