"""Generated documents are up to date, and show what a profile says."""

from __future__ import annotations

from pathlib import Path

import pytest

from docs.generate import catalogue
from docs.generate.documents import DOCUMENTS, ROOT
from docs.generate.markdown import code, prose
from plugins.module_utils.declaration.catalogue import Catalogue
from plugins.module_utils.declaration.faults import DeclarationError, Reading

PROFILE = """\
title: A board on either engine
sources: ["example/board 2.1, docs/backup.md"]
traps: {small_letters: "It writes names in small_letters, and *_names are lost"}
settings:
  path: {type: path, help: where it lies}
  database.engine: {type: engine, default: mariadb, help: the engine}
  database.port: {type: port, default: {postgresql: 5432}, help: the port}
stores:
  database:
    kind: "{database.engine}"
    database: board
    port: {postgresql: "{database.port}"}
    irreplaceable: [posts, {postgresql: members}]
    largest_loss_percent: 5
  files:
    kind: files
    paths: ["{path}"]
    regenerable: [{path: "{path}/cache", reason: The board fills it again}]
    required: ["{path}/board.ini"]
secrets:
  key: {title: the key, lost_without: all sessions, file: "{path}/board.ini", pattern: "k=(.*)"}
quiesce:
  reason: It writes all day
  hold: [{run: [board, hold, "for a while"], user: www-data}]
  resume: [{run: [board, go]}]
  at_most: 10m
checks:
  members:
    kind: number
    title: There are members
    store: database
    query: SELECT count(*) FROM members
    at_least: 2
    at_most: 9000
    unit: members
  orphans:
    kind: no_rows
    title: Every post has its author
    store: database
    query: SELECT 1
    unit: posts
  pictures:
    kind: rows_have_files
    title: Every picture is there
    store: database
    query: SELECT 1
    columns: [path]
    below: "{path}/pictures"
    unit: pictures
    tolerance_percent: 2
  newest:
    kind: freshness
    title: Somebody wrote
    store: database
    query: SELECT 1
    at_most_behind: {mariadb: 7d, postgresql: 8d}
probes:
  login:
    title: It shows its login
    request: {path: /login}
    expect: {contains: ["<form a|b"], json: [ready == `true`]}
side_effects:
  mail:
    does: It mails
    block:
      - environment: {MAIL: "off"}
      - statement: {store: database, sql: DELETE FROM queue}
      - file: {path: "{path}/mail.ini", content: none}
      - not_started: [board-mail.timer]
exports:
  members:
    holds: Everybody
    store: database
    query: SELECT name FROM members
    key: [name]
    columns: {name: what people call them}
    person: name
after_restore:
  index: {run: [board, index], reason: The index is not saved, when: restore}
rhythm: {L3: 1d}
"""


@pytest.fixture(name="text", scope="module")
def _text(tmp_path_factory: pytest.TempPathFactory) -> str:
    folder = tmp_path_factory.mktemp("catalogue")
    (folder / "board.yml").write_text(PROFILE, encoding="utf-8")
    return catalogue.document(folder)


@pytest.mark.parametrize("name", DOCUMENTS)
def test_generated_documents_are_up_to_date(name: str) -> None:
    file = ROOT / name
    written = file.read_text(encoding="utf-8") if file.is_file() else ""
    is_up_to_date = written == DOCUMENTS[name]()  # compared here: a difference would fill screens
    assert is_up_to_date, f"{name} is not up to date: run make docs"


def test_every_profile_and_all_its_rules_are_shown() -> None:
    text = catalogue.document(ROOT / "catalogue")
    known = Catalogue(ROOT / "catalogue")
    for name in known.names():
        profile = known.profile(name, Reading(""))
        assert profile is not None
        chapter = text.split(f"\n## `{name}`\n")[1].split("\n## ")[0]
        for section in ("secrets", "checks", "probes", "side_effects", "exports", "after_restore"):
            node = profile.sections.get(section)
            for entry in getattr(node, "entries", {}):
                assert f"`{entry}`" in chapter, f"{section} {entry} of {name} is not shown"


@pytest.mark.parametrize(
    "line",
    [
        "| [`board`](#board) | A board on either engine | mariadb or postgresql, files | 4 |",
        "| `path` | **required** | where it lies |",
        "| `database.port` | `5432` (PostgreSQL) | the port |",
        "- port: `{database.port}` (PostgreSQL)",
        "- irreplaceable: `posts`, `members` (PostgreSQL)",
        "- at most 5 % may be gone since the last proven snapshot",
        "| `{path}/cache` | The board fills it again |",
        "- in every snapshot: `{path}/board.ini`",
        r"- It writes names in small_letters, and \*\_names are lost",
        "| `key` | the key | `{path}/board.ini` | all sessions |",
        "It writes all day. At most 10m.",
        "- hold: `board hold 'for a while'` as `www-data`",
        (
            "| `members` | There are members | `number` | store `database` "
            "| at least 2 and at most 9000 members |"
        ),
        "| `orphans` | Every post has its author | `no_rows` | store `database` | no posts |",
        (
            "| `pictures` | Every picture is there | `rows_have_files` "
            "| store `database`, `{path}/pictures` | all pictures, 2 % may be wrong |"
        ),
        (
            "| `newest` | Somebody wrote | `freshness` | store `database` "
            "| at most 7d (MariaDB), 8d (PostgreSQL) older than the snapshot |"
        ),
        (
            r"| `login` | It shows its login | `GET /login` "
            r"| true of the JSON: `` ready == `true` ``; holds: `<form a\|b` |"
        ),
        (
            "| `mail` | It mails | started with `MAIL=off`; "
            "`DELETE FROM queue` in store `database`; "
            "its own `{path}/mail.ini`; not started: `board-mail.timer` |"
        ),
        "**`members`**: Everybody. Key `name`, a person is known by `name`.",
        "| `name` | what people call them |",
        "| `index` | after a real restore | `board index` | The index is not saved |",
        "- L3 every 1d",
        "- example/board 2.1, docs/backup.md",
    ],
)
def test_a_profile_is_shown_whole(text: str, line: str) -> None:
    assert line in text.splitlines()


def test_queries_and_patterns_of_secrets_are_left_to_the_profile(text: str) -> None:
    assert "SELECT" not in text
    assert "k=(" not in text


def test_a_profile_with_errors_is_not_shown_in_part(tmp_path: Path) -> None:
    (tmp_path / "board.yml").write_text(PROFILE.replace("kind: number", "kind: numbr"))
    with pytest.raises(DeclarationError):
        catalogue.document(tmp_path)


def test_nothing_that_a_profile_says_becomes_markdown() -> None:
    assert code("a `b` | c") == r"``a `b` \| c``"
    assert code("`b`") == "`` `b` ``"
    assert prose("see [a](b) and <c>\n | d") == r"see \[a\](b) and \<c\> \| d"
