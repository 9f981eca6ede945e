"""The key ``recognise`` of a profile is read as strictly as the rest of it."""

from __future__ import annotations

from pathlib import Path

import pytest

from plugins.module_utils.declaration.catalogue import Catalogue
from plugins.module_utils.declaration.faults import DeclarationError, Reading
from plugins.module_utils.discovery.deriving import signatures_of
from plugins.module_utils.discovery.drafting import Surroundings, drafted
from plugins.module_utils.discovery.looking import look
from tests.unit.discovery.worlds import SQLITE, FakeFiles

PROFILE = """\
title: A wiki on MariaDB
settings:
  path: {type: path, help: where the wiki lies}
  database.name: {type: database, default: wiki, help: the name of the database}
stores:
  database: {kind: mariadb, database: "{database.name}", irreplaceable: [page, revision, log_*]}
  files: {kind: files, paths: ["{path}"], required: ["{path}/conf/wiki.php", "{path}/a/*"]}
"""


def refusals(folder: Path, recognise: str) -> list[str]:
    (folder / "wiki.yml").write_text(PROFILE + recognise, encoding="utf-8")
    reading = Reading("")
    Catalogue(folder).profile("wiki", reading)
    return [str(fault) for fault in reading.faults]


def test_without_it_tables_and_required_files_tell(tmp_path: Path) -> None:
    assert refusals(tmp_path, "") == []
    (signature,) = signatures_of(tmp_path)
    assert signature.databases[0].tables == ("page", "revision")
    (tree,) = signature.trees
    assert tree.files == ("conf/wiki.php",)
    assert tree.settings == {"path": "{found}"}


def test_with_it_the_profile_says_more(tmp_path: Path) -> None:
    said = """\
recognise:
  trees:
    - files: [index.php, conf]
      settings: {path: "{found}"}
  read:
    database.name: {file: "{path}/conf/wiki.php", pattern: 'name = (\\w+)'}
"""
    assert refusals(tmp_path, said) == []
    (signature,) = signatures_of(tmp_path)
    assert [tree.files for tree in signature.trees] == [("index.php", "conf")]
    assert signature.reads[0].pattern == "name = (\\w+)"


@pytest.mark.parametrize(
    ("recognise", "complaint"),
    [
        ("{tree: []}", "this key does not exist in what it is recognised by"),
        ("{trees: [{settings: {}}]}", "files: is missing"),
        ("{trees: [{files: []}]}", "must name at least one"),
        ("{trees: [{files: [/etc/wiki]}]}", "is not a path below the directory"),
        ("{trees: [{files: ['a/../b']}]}", "is not written plainly"),
        ("{trees: [{files: ['a/*']}]}", "is not a path below the directory"),
        ("{trees: [{files: [a], settings: {paht: '{found}'}}]}", "the nearest valid setting is"),
        ("{trees: [{files: [a], settings: {path: '{fuond}'}}]}", "names no setting"),
        ("{trees: [{files: [a], settings: {path: here}}]}", "is not a path that starts with"),
        ("{read: {database.name: {file: /a}}}", "pattern: is missing"),
        ("{read: {database.name: {file: /a, pattern: 'name'}}}", "has 0 groups"),
        ("{read: {database.name: {file: /a, pattern: '(a)(b)'}}}", "has 2 groups"),
        ("{read: {database.name: {file: /a, pattern: '(a'}}}", "is no regular expression"),
        ("{read: {database.nam: {file: /a, pattern: '(a)'}}}", "nearest valid setting is"),
        ("{read: {path: {file: '{found}/a', pattern: '(a)'}}}", "names no setting"),
        ("[a]", "is not what it is recognised by"),
    ],
)
def test_a_mistake_in_it_is_one_sentence(tmp_path: Path, recognise: str, complaint: str) -> None:
    (said,) = refusals(tmp_path, f"recognise: {recognise}\n")
    assert complaint in said


def test_a_setting_that_only_recognising_uses_is_refused(tmp_path: Path) -> None:
    extra = "  other: {type: path, default: /a, help: nobody uses it}\n"
    profile = PROFILE.replace("stores:\n", extra + "stores:\n").replace(
        "stores:\n", 'recognise: {read: {path: {file: "{other}", pattern: "(a)"}}}\nstores:\n'
    )
    (tmp_path / "wiki.yml").write_text(profile, encoding="utf-8")
    reading = Reading("")
    Catalogue(tmp_path).profile("wiki", reading)
    assert ["is used by no placeholder" in str(fault) for fault in reading.faults] == [True]


def test_an_empty_catalogue_is_a_sentence(tmp_path: Path) -> None:
    with pytest.raises(DeclarationError, match="has no profile"):
        signatures_of(tmp_path)


ON_SQLITE = """\
title: A forge on SQLite
settings:
  path: {type: path, default: /var/lib/forge, help: where the forge lies}
stores:
  database: {kind: sqlite, path: "{path}/forge.db", irreplaceable: [repository]}
  files:
    kind: files
    paths: ["{path}", /etc/forge]
    regenerable:
      - {path: "{path}/forge.db", reason: It is saved as a database}
      - {path: "{path}/forge.db-wal", reason: It is saved as a database}
      - {path: "{path}/forge.db-shm", reason: It is saved as a database}
      - {path: "{path}/forge.db-journal", reason: It is saved as a database}
    required: [/etc/forge/app.ini]
"""


def test_an_application_on_sqlite_has_its_database(tmp_path: Path) -> None:
    (tmp_path / "forge.yml").write_text(ON_SQLITE, encoding="utf-8")
    signatures = signatures_of(tmp_path)
    files = FakeFiles({"/etc/forge/app.ini": "x", "/var/lib/forge/forge.db": SQLITE})
    around = Surroundings(tmp_path, ("nick", "judy"), ())
    made = drafted({"nick": look(signatures, files, ())}, signatures, around)
    (forge,) = made.proposals
    assert (forge.candidate.profile, forge.candidate.questions) == ("forge", ())
    assert "SQLite database" not in made.text
