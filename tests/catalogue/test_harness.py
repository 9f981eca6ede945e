"""The tests of the catalogue cannot be silent: each thing they promise to find is planted here."""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path

import pytest

from plugins.module_utils.host import Call
from tests.catalogue.absences import (
    files_nobody_misses,
    objections_to_files,
    objections_to_tables,
    tables_nobody_misses,
)
from tests.catalogue.bench import Bench
from tests.catalogue.faults import (
    failing_export,
    failing_side_effects,
    misjudged_answers,
    superfluous_files,
    superfluous_tables,
    unanswered_probes,
    unbroken_rules,
)
from tests.catalogue.fixture import ENGINES, FixtureError
from tests.catalogue.profiles import fixtures_without_a_profile, trials
from tests.catalogue.servers import KINDS, Servers
from tests.catalogue.ssh_host import SshHost

Promise = Callable[[Bench], Iterator[str]]
SetUp = Callable[..., AbstractContextManager[Bench]]

PROFILE = r"""
title: A wiki on either engine, with a cache and an index
sources: ["invented for this test"]
traps: {none: A wiki that nobody runs has none.}
settings:
  path: {type: path, help: where the wiki lies}
  database.engine: {type: engine, default: mariadb, help: the engine}
stores:
  database:
    kind: {mariadb: mariadb, postgresql: postgresql}
    database: wiki
    irreplaceable: [page, author]
  cache: {kind: redis, irreplaceable: [session]}
  index: {kind: sqlite, path: "{path}.sqlite3", irreplaceable: [word]}
  files: {kind: files, paths: ["{path}"], required: ["{path}/config.php"]}
checks:
  pages:
    kind: number
    title: There are pages
    store: database
    query: SELECT COUNT(*) FROM page
    at_least: 2
    unit: pages
  newest:
    kind: freshness
    title: Somebody wrote lately
    store: database
    query: SELECT MAX(written_at) FROM page
    at_most_behind: 2d
  sessions:
    kind: number
    title: Somebody is logged in
    store: cache
    query: HLEN session
    at_least: 1
    unit: sessions
  words:
    kind: number
    title: There are words
    store: index
    query: SELECT count(*) FROM word
    at_least: 1
    unit: words
secrets:
  key: {title: the key, lost_without: the drafts, file: "{path}/config.php", pattern: "key=(.*)"}
probes:
  start:
    title: The first page is shown
    request: {path: /}
    expect: {json: ["title == 'Wiki'"]}
side_effects:
  mail:
    does: It sends mail
    block:
      - statement: {store: database, sql: "UPDATE author SET id = 2"}
exports:
  pages:
    holds: every page
    store: database
    query: SELECT id, written_at FROM page
    key: [id]
    columns: {id: the number, written_at: when it was written}
"""

FIXTURE = """
service: {path: /srv/wiki}
taken_at: 2026-03-01T02:00:00Z
stores:
  database: |
    CREATE TABLE page (id INT PRIMARY KEY, written_at TIMESTAMP NULL);
    CREATE TABLE author (id INT PRIMARY KEY);
    INSERT INTO page (id, written_at) VALUES (1, '2026-02-20 21:00:00'), (2, '2026-02-28 21:00:00');
    INSERT INTO author VALUES (1);
  cache: HSET session maria 1
  index: CREATE TABLE word (id INTEGER); INSERT INTO word VALUES (1);
files:
  /srv/wiki/config.php: |
    key=abc
broken:
  pages:
    - {damage: one is deleted, stores: {database: DELETE FROM page WHERE id = 1}}
  newest:
    - damage: the column has another name
      stores: {database: ALTER TABLE page RENAME COLUMN written_at TO writ}
    - damage: the newest is lost
      stores: {database: "UPDATE page SET written_at = '2026-02-20 21:00:00'"}
  sessions:
    - {damage: all are lost, stores: {cache: DEL session}}
  words:
    - {damage: all are lost, stores: {index: DELETE FROM word}}
    - {damage: the index is gone, files: {/srv/wiki.sqlite3: null}}
  secret key:
    - {damage: it is another one, files: {/srv/wiki/config.php: key=xyz}}
answers:
  start:
    good: {status: 200, body: '{"title": "Wiki"}'}
    bad: [{status: 200, body: '{"title": "Installer"}'}]
"""


@contextmanager
def wiki(folder: Path, servers: Servers, engine: str, *mistake: str) -> Iterator[Bench]:
    """Set the wiki up; a mistake replaces a right text by a wrong one, in profile or fixture."""
    right, wrong = mistake or ("", "")
    assert not mistake or right in PROFILE + FIXTURE
    for name, text in (("profiles", PROFILE), ("fixtures", FIXTURE)):
        (folder / name).mkdir()
        (folder / name / "wiki.yml").write_text(text.replace(right, wrong, 1))
    (trial,) = [t for t in trials(folder / "profiles", folder / "fixtures") if t.engine == engine]
    with Bench(trial, servers, folder / "bench").set_up() as bench:
        yield bench


@pytest.fixture
def set_up(tmp_path: Path, servers: Servers) -> SetUp:
    """Give a test :func:`wiki` with everything but engine and mistake."""
    return functools.partial(wiki, tmp_path, servers)


def objections(bench: Bench) -> Iterator[str]:
    yield from bench.objections()
    yield from objections_to_tables(bench)
    yield from objections_to_files(bench)


def gaps(bench: Bench) -> Iterator[str]:
    yield from unbroken_rules(bench.rules, bench.fixture, "mariadb")
    yield from unanswered_probes(bench.contract, bench.fixture)


def damages(bench: Bench) -> Iterator[str]:
    for rule, several in bench.fixture.broken.items():
        for damage in several:
            yield from bench.faults_of(rule, damage)


def unmissed(bench: Bench) -> Iterator[str]:
    yield from tables_nobody_misses(bench)
    yield from files_nobody_misses(bench)


def superfluous(bench: Bench) -> Iterator[str]:
    yield from [*superfluous_tables(bench), *superfluous_files(bench)]


def exports(bench: Bench) -> Iterator[str]:
    for export in bench.contract["exports"]:
        yield from failing_export(bench, export)


def probes(bench: Bench) -> Iterator[str]:
    for probe in bench.contract["probes"]:
        yield from misjudged_answers(probe, bench.fixture)


PROMISES = (objections, gaps, damages, unmissed, superfluous, failing_side_effects, exports, probes)


@pytest.mark.parametrize("engine", ENGINES)
def test_a_sound_profile_has_no_faults_also_when_all_is_tried_twice(
    set_up: SetUp, engine: str
) -> None:
    with set_up(engine) as bench:
        for promise in (*PROMISES, *PROMISES):
            assert list(promise(bench)) == [], promise.__name__


WORDS_DAMAGED = (
    "  words:\n"
    "    - {damage: all are lost, stores: {index: DELETE FROM word}}\n"
    "    - {damage: the index is gone, files: {/srv/wiki.sqlite3: null}}\n"
)
KEY_DAMAGED = (
    "  secret key:\n    - {damage: it is another one, files: {/srv/wiki/config.php: key=xyz}}\n"
)
ONE_DELETED = "{damage: one is deleted,"
EXPORT = "SELECT id, written_at FROM page\n"


@pytest.mark.parametrize(
    ("promise", "right", "wrong", "said"),
    [
        # Rules without damage, damages without effect.
        (gaps, WORDS_DAMAGED, "", "no damage in broken: breaks the rule words"),
        (gaps, KEY_DAMAGED, "", "no damage in broken: breaks the rule secret key"),
        (
            *(gaps, "  sessions:\n    - {damage", "  session:\n    - {damage"),
            "broken: names session, and the profile has no such rule",
        ),
        (
            *(gaps, ONE_DELETED, f"{ONE_DELETED} also: [older],"),
            "broken.pages: also names older, and the profile has no such rule",
        ),
        (
            *(damages, "FROM page WHERE id = 1", "FROM page WHERE id = 7"),
            "pages does not object when one is deleted",
        ),
        (
            *(damages, "FROM page WHERE id = 1", "FROM page WHERE id = 2"),
            "newest objects as well when one is deleted",
        ),
        (
            *(damages, ONE_DELETED, f"{ONE_DELETED} also: [newest],"),
            "newest is named in also: and does not object when one is deleted",
        ),
        # The good state is not good, or holds too little or too much.
        (
            *(objections, "(2, '2026-02-28 21:00:00')", "(2, '2026-02-21 21:00:00')"),
            "newest: Somebody wrote lately",
        ),
        (
            *(objections, "[page, author]", "[page, author, reader]"),
            "the contract names reader as irreplaceable",
        ),
        (
            *(objections, 'required: ["{path}/config.php"]', 'required: ["{path}/config.ini"]'),
            "the contract requires /srv/wiki/config.ini",
        ),
        (unmissed, "[page, author]", "[page, author, reader]", "reader can go unnoticed"),
        (
            *(unmissed, 'required: ["{path}/config.php"]', 'required: ["{path}/*.ini"]'),
            "/srv/wiki/*.ini can go unnoticed",
        ),
        (
            *(superfluous, "CREATE TABLE author", "CREATE TABLE reader (id INT);\n    {0}"),
            "database: no rule names the table reader",
        ),
        (
            *(superfluous, "CREATE TABLE page (", "CREATE TABLE page (language INT, "),
            "database: no rule names the column page.language",
        ),
        (
            *(superfluous, "  /srv/wiki/config.php: |", "  /srv/wiki/read.me: hello\n{0}"),
            "no rule has the file /srv/wiki/read.me in view",
        ),
        # Side effects, exports, probes.
        (
            *(failing_side_effects, "SET id = 2", "SET name = 2"),
            "mail: store database refuses a statement",
        ),
        (
            *(exports, EXPORT, "SELECT id, written_at AS at FROM page\n"),
            "the query gives the columns ['id', 'at'], declared are ['id', 'written_at']",
        ),
        (exports, EXPORT, "SELECT 1 AS id, written_at FROM page\n", "two rows have the same key"),
        (exports, EXPORT, "SELECT NULL AS id, written_at FROM page\n", "a row has no key"),
        (
            *(exports, EXPORT, "SELECT id, written_at FROM page WHERE id = 7\n"),
            "the good state has no row for it",
        ),
        (exports, EXPORT, "SELECT id, written_at FROM pages\n", "the query is refused: "),
        (gaps, "answers:\n  start:", "answers:\n  begin:", "answers: has none for the probe start"),
        (
            *(gaps, "answers:\n  start:", "answers:\n  begin:"),
            "answers: names begin, and the profile has no such probe",
        ),
        (
            *(probes, "good: {status: 200", "good: {status: 302"),
            "the good answer is refused: the answer has HTTP status 302, expected is 200",
        ),
        (probes, '"Installer"', '"Wiki"', "bad[0] is taken for a good answer"),
        (probes, "title == 'W", "title = 'W", "title = 'Wiki' is no JMESPath expression"),
    ],
)
def test_the_mistake_is_found(
    set_up: SetUp, promise: Promise, right: str, wrong: str, said: str
) -> None:
    with set_up("mariadb", right, wrong.replace("{0}", right)) as bench:
        assert said in " ".join(promise(bench))


def test_a_rule_that_only_the_other_engine_breaks_is_found(set_up: SetUp) -> None:
    everywhere = "stores: {database: DELETE FROM page WHERE id = 1}"
    on_one = "stores: {database: {postgresql: DELETE FROM page WHERE id = 1}}"
    with set_up("mariadb", everywhere, on_one) as bench:
        found = list(unbroken_rules(bench.rules, bench.fixture, "mariadb"))
        assert found == ["no damage in broken: breaks the rule pages"]
        assert list(unbroken_rules(bench.rules, bench.fixture, "postgresql")) == []


@pytest.mark.parametrize(
    ("right", "wrong", "said"),
    [
        ("CREATE TABLE page (", "CREATE TABEL page (", "store database refuses the good state"),
        ("HSET session maria 1", "HSET session", "store cache refuses the good state"),
        ("CREATE TABLE word", "CREATE TABEL word", "store index refuses the good state"),
        ("  cache: HSET", "  cash: HSET", "stores: of the fixture and of the profile differ in ca"),
    ],
)
def test_a_good_state_that_cannot_be_made_is_told(
    set_up: SetUp, right: str, wrong: str, said: str
) -> None:
    with (
        pytest.raises(AssertionError, match=said),
        set_up("postgresql", right, wrong),
    ):
        pass


@pytest.mark.parametrize(
    ("right", "wrong", "said"),
    [
        ("DELETE FROM page WHERE", "DELETE FROM pages WHERE", "database refuses a statement"),
        ("DEL session", "DEL", "cache refuses a statement"),
        ("DELETE FROM word", "DELETE FROM words", "index refuses a statement"),
        ("config.php: key=xyz", "config.ini: null", "config.ini is to be removed and is not in"),
        ("{cache: DEL", "{cash: DEL", "the damage names store cash, which is not there"),
    ],
)
def test_a_damage_that_cannot_be_done_is_told(
    set_up: SetUp, right: str, wrong: str, said: str
) -> None:
    with (
        set_up("mariadb", right, wrong) as bench,
        pytest.raises(AssertionError, match=said),
    ):
        list(damages(bench))


def test_a_fixture_of_no_profile_is_found(tmp_path: Path) -> None:
    (tmp_path / "wiki.yml").write_text(FIXTURE)
    assert fixtures_without_a_profile(tmp_path / "profiles", tmp_path) == ["wiki"]


def test_a_profile_without_a_fixture_is_tried_and_fails(tmp_path: Path) -> None:
    (tmp_path / "wiki.yml").write_text(PROFILE)
    found = list(trials(tmp_path, tmp_path / "fixtures"))
    assert [str(trial) for trial in found] == ["wiki-mariadb", "wiki-postgresql"]
    with pytest.raises(FixtureError, match="there is no such fixture"):
        found[0].contract()


def test_servers_of_two_runs_never_meet_and_leave_nothing(judy: SshHost, servers: Servers) -> None:
    other = Servers(judy, f"{servers.owner}-other")
    folders = [str(other.folder(kind)) for kind in KINDS]
    with other.running():
        assert judy.run(Call(argv=["ls", *folders])).status == 0
        assert not {*folders} & {str(servers.folder(kind)) for kind in KINDS}
    assert judy.run(Call(argv=["ls", *folders])).output == ""
    still_there = judy.run(Call(argv=["redis-cli", "-s", servers.socket("redis"), "PING"]))
    assert still_there.output == "PONG\n"


def test_servers_end_also_when_the_tests_break_off(judy: SshHost, servers: Servers) -> None:
    other = Servers(judy, f"{servers.owner}-broken-off")
    with pytest.raises(KeyboardInterrupt), other.running():
        raise KeyboardInterrupt
    folders = [str(other.folder(kind)) for kind in KINDS]
    assert judy.run(Call(argv=["ls", *folders])).output == ""
