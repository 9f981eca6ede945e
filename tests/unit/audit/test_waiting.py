"""Nothing waits for ever: what waited for one snapshot belongs into the next."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import timedelta

import pytest

from plugins.module_utils.audit.judge_databases import DatabasesJudged
from plugins.module_utils.audit.judge_stores import waited
from plugins.module_utils.audit.path_rules import Judged, Waiting
from plugins.module_utils.audit.result import Result
from plugins.module_utils.audit.waiting import MOST_KEPT, Waited, overdue_now, waited_in
from plugins.module_utils.errors import Trouble
from tests.unit.audit.declared import NOW, TAKEN, claims, entry, files, held, merged

HELD = {"newsletter": held("newsletter", "/srv/newsletter")}
NEXT = replace(HELD["newsletter"].snapshot, taken_at=TAKEN + timedelta(days=1))
LATER = {"newsletter": replace(HELD["newsletter"], snapshot=NEXT)}
CLAIM = claims(merged(files("/srv/newsletter"))).paths[0]


def waiting(*paths: str) -> Waiting:
    made = Waiting()
    for path in paths:
        made.take(entry(path))
    return made


def test_what_waits_and_what_is_overdue_is_noted_for_the_next_audit() -> None:
    paths = Judged(
        waiting={"newsletter": waiting("/srv/newsletter/a\udce4")},
        lacking={CLAIM: waiting("/srv/newsletter/b")},
    )
    databases = DatabasesJudged(
        newer={"newsletter": ["mariadb/mautic.new"]}, overdue={"newsletter": ["mariadb/mautic.old"]}
    )
    noted = waited(HELD, paths, databases)
    assert noted == {
        "newsletter": Waited(
            TAKEN,
            ("/srv/newsletter/a\\xe4", "mariadb/mautic.new"),
            ("/srv/newsletter/b", "mariadb/mautic.old"),
        )
    }
    assert waited(HELD, Judged(), DatabasesJudged()) == {}


def test_it_is_overdue_with_a_later_snapshot_and_stays_so_with_the_same_one() -> None:
    before = {"newsletter": Waited(TAKEN, ("/srv/a",), ("/srv/b",)), "gone": Waited(TAKEN)}
    assert overdue_now(before, HELD) == {"newsletter": frozenset({"/srv/b"})}
    assert overdue_now(before, LATER) == {"newsletter": frozenset({"/srv/a", "/srv/b"})}


def test_no_more_is_kept_than_a_result_can_carry() -> None:
    many = waiting(*(f"/srv/newsletter/{number}" for number in range(MOST_KEPT + 5)))
    noted = waited(HELD, Judged(waiting={"newsletter": many}), DatabasesJudged())
    assert len(noted["newsletter"].subjects) == MOST_KEPT
    assert many.sums.files == MOST_KEPT + 5


def test_it_comes_back_with_the_result_and_an_older_result_has_none() -> None:
    result = Result("nick", NOW, (), (), waiting={"newsletter": Waited(TAKEN, ("/a",), ("/b",))})
    assert Result.parse(json.dumps(result.as_json())) == result
    assert waited_in({}) == {}


@pytest.mark.parametrize("waiting", [[], {"a": 1}, {"a": {"taken_at": 5}}, {"a": {}}])
def test_what_cannot_be_read_is_no_result(waiting: object) -> None:
    content = {**Result("nick", NOW, (), ()).as_json(), "waiting": waiting}
    with pytest.raises(Trouble, match="cannot be read"):
        Result.parse(json.dumps(content))
