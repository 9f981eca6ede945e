"""What the database names, the disk has, and the other way round."""

from __future__ import annotations

import hashlib

import pytest

from plugins.module_utils.checks.evidence import Answer
from tests.unit.checks.samples import (
    OTHER_QUERY,
    QUERY,
    Content,
    PaperFiles,
    check,
    evidence,
    objection,
)

TITLE = "all is well"
COLUMNS = ["path", "bytes", "sha256", "id"]
PICTURE = b"a picture"
DIGEST = hashlib.sha256(PICTURE).hexdigest()
ATTACHMENTS = check(
    "rows_have_files", columns=COLUMNS, below="/srv/files", unit="attachments", type="file"
)
HELD: dict[str, Content] = {"/srv/files/2026/a.png": PICTURE, "/srv/files/folder": None}


def test_rows_whose_files_are_there_in_their_size_are_well() -> None:
    rows: Answer = [
        ["2026/a.png", "9", DIGEST.upper(), "1"],
        ["/srv/files/2026/a.png", None, None, "2"],
        ["2026//./a.png", "", "", None],
    ]
    assert ATTACHMENTS.judge(evidence(rows, files=HELD)).objections == ()


@pytest.mark.parametrize(
    ("row", "said"),
    [
        (["2026/b.png", "9", DIGEST, "12"], "1 missing; id 12"),
        (["2026/a.png", "10", DIGEST, "12"], "1 of another size; id 12"),
        (["2026/a.png", "nine", None, "12"], "1 of another size; id 12"),
        (["2026/a.png", "9", "0" * 64, "12"], "1 of other content; id 12"),
        (["folder", None, None, "12"], "1 of another type; id 12"),
        ([None, "9", DIGEST, "12"], "1 without a path; id 12"),
        (["", "9", DIGEST, "12"], "1 without a path; id 12"),
        (["2026/b.png", "9", DIGEST, None], "1 missing"),
        (["../secret/b.png", "9", DIGEST, "kim"], "1 missing"),
    ],
)
def test_a_row_without_its_file_is_counted_by_its_fault(row: list[str | None], said: str) -> None:
    rows = [["2026/a.png", "9", DIGEST, "1"], row]
    found = ATTACHMENTS.judge(evidence(rows, files=HELD))
    assert objection(found) == f"{TITLE}: not so for 1 of 2 attachments ({said})"


def test_many_faults_are_told_in_one_sentence() -> None:
    rows: Answer = [["2026/a.png", "9", DIGEST, str(number)] for number in range(1_197)]
    rows += [["x", "9", DIGEST, "12"], ["y", "9", DIGEST, "40"], ["2026/a.png", "8", None, "77"]]
    assert objection(ATTACHMENTS.judge(evidence(rows, files=HELD))) == (
        f"{TITLE}: not so for 3 of 1,200 attachments (2 missing, 1 of another size; ids 12, 40, 77)"
    )


def test_a_tolerance_is_a_share_of_the_rows() -> None:
    lenient = check(
        "rows_have_files", columns=["path"], below="/srv/files", unit="files", tolerance_percent=50
    )
    half: Answer = [["2026/a.png"], ["x"]]
    assert lenient.judge(evidence(half, files=HELD)).objections == ()
    assert "2 of 3 files" in objection(lenient.judge(evidence([*half, ["y"]], files=HELD)))


def test_no_rows_at_all_are_well_and_said_in_a_note() -> None:
    found = ATTACHMENTS.judge(evidence([], files=HELD))
    assert (found.objections, found.note) == ((), f"{TITLE}: there was nothing to compare")


def test_a_query_with_other_columns_than_the_rule_says_is_an_objection() -> None:
    assert objection(ATTACHMENTS.judge(evidence([["2026/a.png", "9"]], files=HELD))) == (
        f"{TITLE}: the query answers with 2 columns, the rule names 4"
    )


def test_rows_may_lead_to_folders() -> None:
    mailboxes = check(
        "rows_have_files", columns=["path"], below="/srv/files", unit="mailboxes", type="folder"
    )
    assert mailboxes.judge(evidence([["folder"]], files=HELD)).objections == ()
    assert "of another type" in objection(mailboxes.judge(evidence([["2026/a.png"]], files=HELD)))


# What MediaWiki's tables say of an empty text or file.
def test_mediawiki_hashes_in_base_36() -> None:
    pictures = check(
        "rows_have_files", columns=["path", "sha1_base36"], below="/srv/files", unit="pictures"
    )
    empty = evidence([["e", "phoiac9h4m842xq45sp7s6u21eteeq1"]], files={"/srv/files/e": b""})
    assert pictures.judge(empty).objections == ()
    other = evidence([["e", "phoiac9h4m842xq45sp7s6u21eteeq2"]], files={"/srv/files/e": b""})
    assert "1 of other content" in objection(pictures.judge(other))
    null = evidence([["e", None]], files={"/srv/files/e": b""})
    assert pictures.judge(null).objections == ()
    broken = evidence(
        [["e", "phoiac9h4m842xq45sp7s6u21eteeq1"]],
        files=PaperFiles({"/srv/files/e": b""}, unreadable=True),
    )
    assert "cannot be read" in objection(pictures.judge(broken))


ORPHANS = check(
    "files_have_rows",
    files=["/srv/files/*"],
    without=["*.tmp", "*/index.html"],
    below="/srv/files",
    unit="files",
)


def test_files_that_have_rows_are_well_and_some_need_none() -> None:
    files = {**HELD, "/srv/files/x.tmp": b"", "/srv/files/2026/index.html": b""}
    assert ORPHANS.judge(evidence([["2026/a.png"], [None]], files=files)).objections == ()


def test_files_without_rows_are_counted() -> None:
    files: dict[str, Content] = {**HELD, "/srv/files/2026/kim-roth.pdf": b"x"}
    assert objection(ORPHANS.judge(evidence([["2026/a.png"]], files=files))) == (
        f"{TITLE}: not so for 1 of 2 files"
    )
    assert "2 of 2 files" in objection(ORPHANS.judge(evidence([], files=files)))


def test_no_files_at_all_leave_nothing_to_compare() -> None:
    found = ORPHANS.judge(evidence([["2026/a.png"]]))
    assert (found.objections, found.note) == ((), f"{TITLE}: there was nothing to compare")


USERS = "/etc/dovecot/users"
MAILBOXES = check(
    "lines_have_files",
    asks=False,
    lines={"file": USERS, "pattern": "^([^:#@]+)@([^:]+):", "path": r"\2/\1/Maildir"},
    below="/var/vmail",
    type="folder",
    unit="mailboxes",
)


def test_every_line_that_names_a_folder_has_it() -> None:
    files = {USERS: b"# users\nkim@example.org:x:1\n", "/var/vmail/example.org/kim/Maildir": None}
    assert MAILBOXES.judge(evidence(files=files)).objections == ()


@pytest.mark.parametrize(
    ("files", "said"),
    [
        ({USERS: b"kim@example.org:x:1\n"}, "not so for 1 of 1 mailbox (1 missing)"),
        (
            {
                USERS: b"kim@example.org:\nal@example.org:\n",
                "/var/vmail/example.org/kim/Maildir": b"",
            },
            "not so for 2 of 2 mailboxes (1 missing, 1 of another type)",
        ),
        ({USERS: b"# nobody\n"}, "no line names one"),
        ({}, "the file with the list is not in the copy"),
        ({USERS: None}, "the file with the list is not in the copy"),
    ],
)
def test_a_line_without_its_folder_is_an_objection(files: dict[str, Content], said: str) -> None:
    assert objection(MAILBOXES.judge(evidence(files=files))) == f"{TITLE}: {said}"


def test_a_path_with_a_group_that_is_not_there_is_an_objection() -> None:
    wrong = check(
        "lines_have_files",
        asks=False,
        lines={"file": USERS, "pattern": "^a", "path": r"\3"},
        below="/",
        unit="files",
    )
    assert "names a group" in objection(wrong.judge(evidence(files={USERS: b"a\n"})))


def test_other_queries_are_asked_of_other_stores() -> None:
    rule = check("rows_match", other_store="lists", other_query=OTHER_QUERY, unit="members")
    asked = [(question.store, question.query) for question in rule.questions()]
    assert asked == [("database", QUERY), ("lists", OTHER_QUERY)]
