"""A secret that is gone, empty or another one is noticed, and never written down."""

from __future__ import annotations

import json

import pytest

from plugins.module_utils.checks.evidence import Check
from tests.unit.checks.samples import QUERY, Content, PaperFiles, evidence, objection, one, secret

FILE = "/srv/a/config.php"
WHOLE = secret(file=FILE)
CUT_OUT = secret(file=FILE, pattern="^secret = '(.*)'$")
IN_DATABASE = secret(store="database", query=QUERY)
LOST = "Lost without it: every password."


@pytest.mark.parametrize(
    ("rule", "content", "said"),
    [
        (WHOLE, b"abc", ""),
        (WHOLE, b" \n", f"it is empty. {LOST}"),
        (CUT_OUT, b"x\nsecret = 'abc'\n", ""),
        (CUT_OUT, b"secret = ''\n", f"it is empty. {LOST}"),
        (CUT_OUT, b"other = 'abc'\n", f"its file does not hold it. {LOST}"),
    ],
)
def test_a_secret_in_a_file_is_there_and_not_empty(rule: Check, content: bytes, said: str) -> None:
    found = objection(rule.judge(evidence(files={FILE: content})))
    assert found == (f"the key: {said}" if said else "")


def test_a_secret_whose_file_is_missing_or_unreadable_is_an_objection() -> None:
    assert objection(WHOLE.judge(evidence())) == f"the key: it is not in the copy. {LOST}"
    assert objection(WHOLE.judge(evidence(files={FILE: None})))
    broken = PaperFiles({FILE: b"abc"}, unreadable=True)
    assert "cannot be read" in objection(WHOLE.judge(evidence(files=broken)))


def test_a_secret_in_a_database_is_there_and_not_empty() -> None:
    assert IN_DATABASE.judge(evidence(one("abc"))).objections == ()
    for answer in (one(None), one(""), []):
        assert LOST in objection(IN_DATABASE.judge(evidence(answer)))
    assert "refused" in objection(IN_DATABASE.judge(evidence(refused="no such table")))


def test_the_same_secret_as_last_time_is_well_and_a_new_one_is_an_objection() -> None:
    before = WHOLE.judge(evidence(files={FILE: b"abc"})).fact
    assert WHOLE.judge(evidence(files={FILE: b"abc"}, before=before)).objections == ()
    assert objection(WHOLE.judge(evidence(files={FILE: b"abd"}, before=before))) == (
        f"the key: it is another one than in the last proven snapshot. {LOST}"
    )


def test_of_several_secrets_every_known_one_must_still_be_there() -> None:
    keys = secret(file="/srv/keys/*")
    two: dict[str, Content] = {"/srv/keys/a": b"1", "/srv/keys/b": b"2"}
    before = keys.judge(evidence(files=two)).fact
    more = evidence(files={**two, "/srv/keys/c": b"3"}, before=before)
    assert keys.judge(more).objections == ()
    fewer = evidence(files={"/srv/keys/a": b"1"}, before=before)
    assert "1 of 2 are other ones" in objection(keys.judge(fewer))
    assert "1 of 2 are empty" in objection(keys.judge(evidence(files={**two, "/srv/keys/b": b""})))


def test_a_fingerprint_is_short_unreadable_and_of_its_service() -> None:
    fact = WHOLE.judge(evidence(files={FILE: b"abc"})).fact
    assert isinstance(fact, list)
    assert [len(fingerprint) for fingerprint in fact] == [16]
    assert "abc" not in json.dumps(fact)
    assert fact == IN_DATABASE.judge(evidence(one("abc"))).fact  # same service, same name
    other = secret(name="other", file=FILE)
    assert other.judge(evidence(files={FILE: b"abc"})).fact != fact
