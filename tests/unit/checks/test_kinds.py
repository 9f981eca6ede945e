"""A contract becomes checks, or is refused with a sentence; no evidence makes one fall over."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest

from plugins.module_utils.checks.evidence import Answer, Check, Evidence
from plugins.module_utils.checks.kinds import KINDS, checks_of
from plugins.module_utils.declaration.rules import CHECK_KINDS
from plugins.module_utils.errors import Trouble
from tests.unit.checks.samples import (
    CONTRACT,
    OTHER_QUERY,
    QUERY,
    TAKEN_AT,
    Content,
    PaperFiles,
    check,
    secret,
)

NUMBER = {
    "name": "contacts",
    "kind": "number",
    "title": "there are contacts",
    "store": "database",
    "query": QUERY,
    "unit": "contacts",
    "at_least": 1,
}


def made(*entries: Mapping[str, Any], **sections: Any) -> tuple[Check, ...]:
    return checks_of({**CONTRACT, "checks": list(entries), **sections})


def test_a_contract_without_checks_and_secrets_has_none() -> None:
    assert checks_of({"name": "newsletter", "stores": []}) == ()


def test_checks_come_in_order_and_secrets_after_them() -> None:
    entry = {"name": "key", "title": "the key", "lost_without": "all", "file": "/a"}
    names = [each.name for each in made(NUMBER, secrets=[entry])]
    assert names == ["contacts", "secret key"]


def test_keys_that_are_not_said_may_be_none() -> None:
    assert made({**NUMBER, "at_most": None}) == made(NUMBER)


def without(key: str) -> dict[str, Any]:
    return {name: value for name, value in NUMBER.items() if name != key}


@pytest.mark.parametrize(
    ("entry", "said"),
    [
        ({**NUMBER, "kind": "numbre"}, "check contacts cannot be read: the kind numbre is unknown"),
        (without("kind"), "the kind None is unknown"),
        (without("query"), "check contacts cannot be read: the key query is missing"),
        ({**NUMBER, "at_moost": 3}, "the key at_moost is unknown"),
        ({**NUMBER, "at_least": "3"}, "the key at_least is not a number"),
        ({**NUMBER, "unit": 3}, "the key unit is not a text"),
        (
            {**without("unit"), "kind": "freshness", "at_most_behind_seconds": 1, "reads": "unix"},
            "the key at_least is unknown",
        ),
        (
            {"name": "a", "kind": "freshness", "title": "t", "store": "database", "query": QUERY}
            | {"at_most_behind_seconds": 1, "reads": "unix"},
            "the key reads is not one of utc, epoch_seconds, epoch_milliseconds",
        ),
        (
            {"name": "a", "kind": "file_holds", "title": "t", "file": "/a", "pattern": "("},
            "the key pattern is not a regular expression",
        ),
        (
            {"name": "a", "kind": "file_number", "title": "t", "files": "/a", "unit": "u"},
            "the key files is not a list of texts",
        ),
        (
            {"name": "a", "kind": "tables_exist", "title": "t", "store": "cache", "query": "KEYS *"}
            | {"unit": "tables"},
            "a store of kind redis has no tables",
        ),
        (
            {"name": "a", "kind": "lines_have_files", "title": "t", "lines": "x", "below": "/"}
            | {"unit": "files"},
            "the key lines is not a mapping",
        ),
        (
            {"name": "a", "kind": "lines_have_files", "title": "t", "below": "/", "unit": "files"}
            | {"lines": {"file": "/a", "pattern": "a"}},
            "check a, key lines, cannot be read: the key path is missing",
        ),
        (
            {"name": "a", "kind": "rows_have_files", "title": "t", "store": "database"}
            | {"query": QUERY, "below": "/", "unit": "files", "columns": ["id", "path"]},
            "the key columns is not path and some of bytes",
        ),
        (
            {"name": "a", "kind": "rows_have_files", "title": "t", "store": "database"}
            | {"query": QUERY, "below": "/", "unit": "files", "columns": ["path"], "type": "link"},
            "the key type is not one of file, folder",
        ),
    ],
)
def test_what_this_version_cannot_judge_is_refused(entry: dict[str, Any], said: str) -> None:
    with pytest.raises(Trouble, match="same version of the collection") as refused:
        made(entry)
    assert said in str(refused.value)


@pytest.mark.parametrize(
    ("keys", "said"),
    [
        ({"lost_without": None, "file": "/a"}, "the key lost_without is missing"),
        ({}, "neither a file, nor a store with a query"),
        ({"store": "database"}, "neither a file, nor a store with a query"),
        ({"file": "/a", "store": "database", "query": QUERY}, "neither a file, nor a store"),
        ({"file": "/a", "pattern": "abc"}, "its pattern has 0 groups and needs one"),
        ({"file": "/a", "pattern": "(a)(b)"}, "its pattern has 2 groups and needs one"),
    ],
)
def test_a_secret_that_cannot_be_judged_is_refused(keys: dict[str, Any], said: str) -> None:
    with pytest.raises(Trouble) as refused:
        secret(**keys)
    assert said in str(refused.value)


def test_the_declaration_and_the_judge_know_the_same_kinds() -> None:
    assert set(KINDS) == set(CHECK_KINDS)


@pytest.mark.parametrize("kind", sorted(KINDS))
def test_the_declaration_and_the_judge_know_the_same_keys(kind: str) -> None:
    known = set(KINDS[kind].__dataclass_fields__) - {"name", "engine"}
    declared = {
        f"{name}_seconds" if name == "at_most_behind" else name for name in CHECK_KINDS[kind].keys
    }
    assert known == declared - {"kind"}


FILES: dict[str, Content] = {
    "/srv/personal-name/letter-to-kim.txt": b"kim@example.org owes 4711",
    "/srv/personal-name/mail.private": b"-----BEGIN PRIVATE KEY-----\nkim\n-----END",
    "/srv/personal-name/mail.txt": b'"p=a2lt"',
    "/srv/personal-name/cur/kim,S=3": b"kim@example.org",
}
EVERY_KIND = (
    check("number", unit="things", at_least=10**9),
    check("no_rows", unit="things"),
    check("freshness", at_most_behind_seconds=1),
    check("files_fresh", asks=False, files=["/srv/*"], at_most_behind_seconds=1),
    check("rows_have_files", columns=["path", "bytes"], below="/srv", unit="things"),
    check("rows_have_files", columns=["path", "sha1_base36"], below="/srv", unit="things"),
    check("files_have_rows", files=["/srv/*"], below="/srv", unit="things"),
    check(
        "lines_have_files",
        asks=False,
        lines={"file": "/srv/*.txt", "pattern": "(.+)", "path": r"\1"},
        below="/srv",
        unit="things",
    ),
    check("tables_exist", unit="things"),
    check("rows_match", other_store="lists", other_query=OTHER_QUERY, unit="things"),
    check("unchanged", unit="things"),
    check("never_falls", unit="things"),
    check("file_number", asks=False, files=["/srv/*"], at_least=100, unit="things"),
    check("file_holds", asks=False, file="/srv/*", pattern="nowhere"),
    check("file_lacks", asks=False, file="/srv/*", pattern="kim"),
    check("maildir", asks=False, below="/srv", unit="things"),
    check("dkim_keys", asks=False, keys="/srv/*.private"),
    secret(file="/srv/personal-name/letter-to-kim.txt", pattern="(nowhere)"),
    secret(store="database", query=QUERY),
)
ANSWERS: tuple[Answer, ...] = (
    [],
    [[None]],
    [[""]],
    [["kim@example.org"]],
    [["kim@example.org", "4711"], ["/srv/personal-name/letter-to-kim.txt", "9"]],
    [["kim@example.org", None], [None, "kim roth"]],
    [["\udcff", "\0"]],
    [["0600 123456"], ["kim"]],
)
PASTS: tuple[Any, ...] = (None, 10**12, "kim", ["kim"], {"kim": "roth"}, True, [[1]])


def test_every_kind_is_tried_below() -> None:
    assert {type(each) for each in EVERY_KIND} >= set(KINDS.values())


@pytest.mark.parametrize("rule", EVERY_KIND, ids=lambda rule: type(rule).__name__)
@pytest.mark.parametrize("past", PASTS, ids=repr)
def test_whatever_the_evidence_no_value_and_no_path_gets_into_words(rule: Check, past: Any) -> None:
    told = []
    for answer in ANSWERS:
        for files in (PaperFiles(FILES), PaperFiles(FILES, unreadable=True), PaperFiles()):
            shown = Evidence(
                answers=dict.fromkeys(rule.questions(), answer),
                refusals={},
                files=files,
                taken_at=TAKEN_AT,
                before={} if past is None else {rule.name: past},
            )
            found = rule.judge(shown)
            told += [*found.objections, found.note, str(found.fact)]
            assert all(said.startswith(rule.title) for said in found.objections)
    for secret_word in ("kim", "roth", "example.org", "4711", "personal-name", "letter", "123456"):
        assert not any(secret_word in said for said in told)
