"""A fixture that is not understood is refused, and the refusal names file and key."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from tests.catalogue.fixture import FixtureError, read_fixture

SOUND = """\
service: {path: /srv/wiki}
taken_at: 2026-03-01T02:00:00Z
stores:
  database: {mariadb: SELECT 1, postgresql: SELECT 2}
files:
  /srv/wiki/a: text
  /srv/wiki/b: {base64: AAE=, mtime: 2026-02-27T00:00:00Z}
  /srv/wiki/c: {folder: true}
broken:
  pages:
    - damage: all are deleted
      stores: {database: {mariadb: DELETE FROM page}}
      also: [words]
    - damage: the file is gone
      files: {/srv/wiki/a: null}
answers:
  start:
    good: {status: 200, body: Welcome}
    bad: [{status: 200, body: Installer}]
  users:
    good: {exit: 0, output: 2 users}
    bad: [{exit: 1, output: ""}]
"""


def test_all_that_can_be_said_is_read(tmp_path: Path) -> None:
    file = tmp_path / "wiki.yml"
    file.write_text(SOUND)
    fixture = read_fixture(file)
    assert fixture.files["/srv/wiki/a"].content == b"text"
    assert fixture.files["/srv/wiki/a"].mtime == datetime(2026, 2, 28, 23, tzinfo=UTC)
    assert fixture.files["/srv/wiki/b"].content == b"\x00\x01"
    assert fixture.files["/srv/wiki/b"].mtime == datetime(2026, 2, 27, tzinfo=UTC)
    assert fixture.files["/srv/wiki/c"].content is None
    deleted, gone = fixture.broken["pages"]
    assert deleted.also == ("words",)
    assert (deleted.applies_to("mariadb"), deleted.applies_to("postgresql")) == (True, False)
    assert gone.files == {"/srv/wiki/a": None}
    assert gone.applies_to("postgresql")
    assert fixture.answers["users"].bad[0].status == 1


@pytest.mark.parametrize(
    ("right", "wrong", "said"),
    [
        ("service:", "servcie:", "wiki.yml: the file has the unknown key servcie"),
        ("taken_at: 2026-03-01T02:00:00Z\n", "", "the file lacks the key taken_at"),
        ("02:00:00Z\nstores", "02:00:00\nstores", "taken_at must be a time in UTC"),
        ("mariadb: SELECT 1", "mysql: SELECT 1", "stores.database has the unknown key mysql"),
        ("SELECT 2", '""', "stores.database.postgresql must be a text that says something"),
        ("  /srv/wiki/a: text", "  srv/wiki/a: text", "files.srv/wiki/a is no absolute path"),
        ("base64: AAE=", "base64: A", "files./srv/wiki/b.base64 is not base64"),
        ("base64: AAE=", "b64: AAE=", "files./srv/wiki/b has the unknown key b64"),
        ("folder: true", "folder: false", "files./srv/wiki/c.folder can only be true"),
        ("folder: true", "folder: true, text: a", "needs exactly one of text, base64, folder"),
        ("damage: all are", "damages: all are", "broken.pages[0] has the unknown key damages"),
        ("all are deleted", "the file is gone", "broken.pages tells two damages in the same"),
        ("\n      files: {/srv/wiki/a: null}", "", "broken.pages[1] damages nothing"),
        ("[words]", "words", "broken.pages[0].also must be a list"),
        ("status: 200, body: Welcome", "status: 200", "answers.start.good needs status and body"),
        ("exit: 0, output: 2 users", "exit: 0, output: 2", "an answer that is no text"),
        ("exit: 0", "exit: ok", "answers.users.good has a status that is no whole number"),
        ('[{exit: 1, output: ""}]', "[]", "answers.users.bad must be a list with at least one"),
        ("  users:", "  start:", "the key start stands here twice"),
        ("service: {", "service: {{", "wiki.yml: "),
    ],
)
def test_what_is_not_understood_is_refused(
    tmp_path: Path, right: str, wrong: str, said: str
) -> None:
    assert right in SOUND
    file = tmp_path / "wiki.yml"
    file.write_text(SOUND.replace(right, wrong, 1))
    with pytest.raises(FixtureError) as refused:
        read_fixture(file)
    assert str(refused.value).startswith("wiki.yml: ")
    assert said in str(refused.value)


def test_a_fixture_that_is_missing_is_told(tmp_path: Path) -> None:
    with pytest.raises(FixtureError, match="there is no such fixture"):
        read_fixture(tmp_path / "wiki.yml")
