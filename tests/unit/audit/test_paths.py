"""Every path is saved, exempt, of a package, or claimed by nobody."""

from __future__ import annotations

import io
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from plugins.module_utils.audit.claims import Claims, PathClaim
from plugins.module_utils.audit.facts import Entry
from plugins.module_utils.audit.path_rules import Judged, Rules
from plugins.module_utils.audit.paths import PathJudge
from plugins.module_utils.audit.saved import Paths
from plugins.module_utils.audit.walk import order
from tests.unit.audit.declared import TAKEN, claims, entry, exemption, files, merged


@dataclass
class Packages:
    owners: dict[str, str] = field(default_factory=dict)
    changes: dict[str, str] = field(default_factory=dict)

    def owner(self, path: str) -> str:
        return self.owners.get(path, "")

    def change(self, entry: Entry) -> str:
        return self.changes.get(entry.path, "")


def paths_of(*paths: str) -> Paths:
    return Paths(io.StringIO("".join(f"{path}\n" for path in paths)), {})


def judged(
    declared: Claims,
    entries: Iterable[Entry | str],
    saved: Mapping[str, Paths] | None = None,
    **more: Any,
) -> Judged:
    rules = Rules(
        claims=declared,
        data_directories=more.get("data_directories", {}),
        sqlite=more.get("sqlite", {}),
        taken_at=dict.fromkeys(saved or {}, TAKEN),
        made_ns=more.get("made_ns", {}),
        overdue=more.get("overdue", {}),
    )
    judge = PathJudge(
        rules,
        saved or {},
        more.get("packages", Packages()),
        boundaries=(),
        notice=more.get("notice", lambda entry: None),
    )
    made = [one if isinstance(one, Entry) else entry(one) for one in entries]
    for one in sorted(made, key=lambda one: order(one.path)):
        judge.take(one)
    return judge.finish()


def unclaimed(found: Judged) -> list[str]:
    return [group.path for group in found.groups]


NEWSLETTER = merged(files("/srv/newsletter", regenerable=["/srv/newsletter/cache"]))


def test_what_the_newest_snapshot_holds_and_the_declaration_names_is_saved() -> None:
    found = judged(
        claims(NEWSLETTER),
        ["/srv/newsletter/a", "/srv/newsletter/b/c"],
        {"newsletter": paths_of("/srv", "/srv/newsletter/a", "/srv/newsletter/b/c")},
    )
    assert unclaimed(found) == []
    (sums,) = found.saved.values()
    assert sums.files == 2


def test_what_nobody_declares_is_unclaimed() -> None:
    found = judged(claims(NEWSLETTER), ["/srv/forum/a"], {"newsletter": paths_of()})
    assert unclaimed(found) == ["/srv/forum"]


def test_what_is_declared_no_longer_is_unclaimed_although_a_snapshot_still_holds_it() -> None:
    other = claims(merged(files("/srv/other")))
    found = judged(other, ["/srv/newsletter/a"], {"newsletter": paths_of("/srv/newsletter/a")})
    assert unclaimed(found) == ["/srv/newsletter"]
    assert "the next snapshot will lack it" in found.groups[0].note


def test_what_came_after_the_snapshot_waits_for_the_next() -> None:
    young = entry("/srv/newsletter/new", changed=TAKEN + timedelta(minutes=5))
    found = judged(claims(NEWSLETTER), [young], {"newsletter": paths_of()})
    assert unclaimed(found) == []
    assert found.waiting["newsletter"].sums.files == 1


def test_what_is_older_than_the_snapshot_and_not_in_it_is_lacking() -> None:
    found = judged(claims(NEWSLETTER), ["/srv/newsletter/old"], {"newsletter": paths_of()})
    (lacking,) = found.lacking.values()
    assert lacking.samples == ("/srv/newsletter/old",)


def test_regenerable_is_exempt_with_its_reason() -> None:
    found = judged(claims(NEWSLETTER), ["/srv/newsletter/cache/x"], {"newsletter": paths_of()})
    assert unclaimed(found) == []
    (rule,) = found.exempt
    assert (rule.origin, rule.reason) == ("newsletter/files", "made anew")


def test_what_one_store_leaves_out_another_service_may_save() -> None:
    inner = merged(files("/srv/newsletter/cache/kept"), name="kept")
    path = "/srv/newsletter/cache/kept/x"
    found = judged(
        claims(NEWSLETTER, inner), [path], {"newsletter": paths_of(), "kept": paths_of(path)}
    )
    assert [claim.label for claim in found.saved] == ["kept/files"]


def test_a_path_that_its_own_service_swallows_is_lacking_and_not_exempt() -> None:
    media = files("/srv/newsletter/cache/media", name="media")
    outer = files("/srv/newsletter", regenerable=["/srv/newsletter/cache"])
    found = judged(
        claims(merged(outer, media)),
        ["/srv/newsletter/cache/media/x", "/srv/newsletter/cache/y"],
        {"newsletter": paths_of("/srv/newsletter")},
    )
    assert [claim.label for claim in found.lacking] == ["newsletter/media"]


def test_two_services_that_save_one_path_for_reference_are_each_asked() -> None:
    machine = merged(files("/etc"), name="machine")
    mail = merged(files("/etc/postfix"), name="mail")
    found = judged(
        claims(machine, mail),
        ["/etc/postfix/main.cf"],
        {"machine": paths_of("/etc/postfix/main.cf"), "mail": paths_of()},
    )
    assert [claim.label for claim in found.saved] == ["machine/files"]


def test_a_single_file_can_be_declared() -> None:
    found = judged(
        claims(merged(files("/var/lib/dpkg/status"))),
        ["/var/lib/dpkg/status", "/var/lib/dpkg/other"],
        {"newsletter": paths_of("/var/lib/dpkg/status")},
    )
    assert unclaimed(found) == ["/var/lib/dpkg/other"]


def test_an_exemption_holds_for_all_below_it_and_is_noted_as_used() -> None:
    declared = claims(
        merged(
            files("/srv/newsletter"),
            exemptions=[exemption(path="/srv/old"), exemption(path="/srv/*.log")],
        )
    )
    found = judged(declared, ["/srv/old/a/b", "/srv/x/y.log", "/srv/x/y"])
    assert unclaimed(found) == ["/srv/x/y"]
    assert {rule.pattern for rule in found.exempt} == {"/srv/old", "/srv/*.log"}


def test_an_exemption_that_ran_out_exempts_nothing() -> None:
    old = exemption(path="/srv/old", expires="2026-11-21")
    declared = claims(merged(files("/srv/newsletter"), exemptions=[old]))
    assert unclaimed(judged(declared, ["/srv/old/a"])) == ["/srv/old"]
    assert [one.reason for one in declared.expired] == ["nobody misses it"]


def test_what_is_shipped_as_exempt_needs_no_look_unless_something_below_is_declared() -> None:
    declared = claims(
        merged(files("/var/cache/kept")), shipped={"/var/cache": "A cache", "/tmp": "Scratch"}
    )
    judge = PathJudge(
        Rules(declared, {}, {}, {}), {}, Packages(), boundaries=(), notice=lambda entry: None
    )
    assert judge.is_settled("/tmp")
    assert not judge.is_settled("/var/cache")
    assert not judge.is_settled("/srv")


def test_files_of_packages_are_no_state_until_somebody_changes_them() -> None:
    packages = Packages(
        {"/usr/share/a/x": "a", "/usr/share/a/y": "a"}, {"/usr/share/a/y": "other content"}
    )
    found = judged(claims(NEWSLETTER), ["/usr/share/a/x", "/usr/share/a/y"], packages=packages)
    assert unclaimed(found) == []
    assert [(one.path, package) for one, package, _ in found.changed] == [("/usr/share/a/y", "a")]
    assert found.of_packages == 1


def test_files_of_a_running_server_are_left_to_its_databases_but_a_dump_among_them_is_not() -> None:
    found = judged(
        claims(NEWSLETTER),
        ["/var/lib/mysql/ibdata1", "/var/lib/mysql/before-the-update.sql"],
        data_directories={"/var/lib/mysql": "asked"},
    )
    assert unclaimed(found) == ["/var/lib/mysql/before-the-update.sql"]


def test_keys_configuration_and_hidden_folders_in_a_data_directory_are_nobodys_data() -> None:
    mysql, cluster = "/var/lib/mysql", "/var/lib/postgresql/17/main"
    made = 1_800_000_000_000_000_000
    own: list[Entry | str] = [
        *(f"{mysql}/{name}" for name in ("ibdata1", "mysql/slow_log.CSV", "app/rows.ibd")),
        entry(f"{cluster}/postgresql.auto.conf", size=88),
        entry(f"{cluster}/pg_hba.conf")._replace(mtime_ns=made + 30 * 10**9),
    ]
    foreign = [
        *(f"{mysql}/{name}" for name in ("keys/tde.key", "ca.pem", "dump.sql.gpg", "x.age")),
        *(f"{mysql}/{name}" for name in (".ssh/id", "app/export.csv", "my.conf", "x.sql_old")),
    ]
    data = {mysql: "asked", cluster: "asked"}
    known = {mysql: made, cluster: made}
    assert judged(claims(NEWSLETTER), own, data_directories=data, made_ns=known).groups == []
    found = judged(claims(NEWSLETTER), foreign, data_directories=data, made_ns=known)
    assert sum(group.sums.files for group in found.groups) == len(foreign)
    changed = [
        entry(f"{cluster}/postgresql.auto.conf", size=120),
        entry(f"{cluster}/pg_hba.conf")._replace(mtime_ns=made + 300 * 10**9),
    ]
    for one in changed:
        found = judged(claims(NEWSLETTER), [one], data_directories=data, made_ns=known)
        assert [group.sums.files for group in found.groups] == [1]


def test_of_redis_only_its_own_files_directly_in_its_folder_are_its_data() -> None:
    data = {
        f"/var/lib/redis/{name}": "asked" for name in ("dump.rdb", "temp-*.rdb", "appendonlydir")
    }
    own = ["dump.rdb", "temp-12.rdb", "appendonlydir/appendonly.aof.1.base.rdb"]
    foreign = ["old/dump.rdb", "temp-x/y.rdb", "before-the-move.rdb"]
    for names, number in ((own, 0), (foreign, 3)):
        paths = [f"/var/lib/redis/{name}" for name in names]
        found = judged(claims(NEWSLETTER), paths, data_directories=data)
        assert sum(group.sums.files for group in found.groups) == number


def test_what_waited_for_an_earlier_snapshot_is_lacking_however_young_it_looks() -> None:
    path = "/srv/newsletter/never.db"
    touched = [entry(path, changed=TAKEN + timedelta(hours=1)), entry("/srv/newsletter/2099")]
    future = touched[1]._replace(changed_ns=4_070_908_800_000_000_000)
    overdue = {"newsletter": frozenset({path, "/srv/newsletter/2099"})}
    for one in (touched[0], future):
        saved = {"newsletter": paths_of("/srv/newsletter")}
        assert judged(claims(NEWSLETTER), [one], saved).lacking == {}
        saved = {"newsletter": paths_of("/srv/newsletter")}
        found = judged(claims(NEWSLETTER), [one], saved, overdue=overdue)
        (lacking,) = found.lacking.values()
        assert (lacking.samples, found.waiting) == ((one.path,), {})


def test_what_changed_since_the_snapshot_is_counted() -> None:
    young = entry("/srv/newsletter/a", changed=TAKEN + timedelta(minutes=5))
    paths = ("/srv/newsletter/a", "/srv/newsletter/b")
    found = judged(
        claims(NEWSLETTER), [young, "/srv/newsletter/b"], {"newsletter": paths_of(*paths)}
    )
    assert found.changed_since == {"newsletter": 1}


def test_a_store_of_sqlite_is_saved_by_the_manifest_with_what_belongs_to_it() -> None:
    claim = PathClaim("/srv/cards/cards.db", "cards", "database")
    sqlite = {"/srv/cards/cards.db": (claim, True), "/srv/cards/cards.db-wal": (claim, True)}
    found = judged(
        claims(NEWSLETTER), ["/srv/cards/cards.db", "/srv/cards/cards.db-wal"], sqlite=sqlite
    )
    assert unclaimed(found) == []
    assert found.saved[claim].files == 2


def test_folders_links_and_pipes_hold_nothing_by_themselves() -> None:
    entries = [entry("/srv/a", type="folder"), entry("/srv/b", type="link")]
    assert unclaimed(judged(claims(NEWSLETTER), [*entries, entry("/srv/c", type="other")])) == []


def test_only_what_nobody_claims_is_looked_into() -> None:
    seen: list[str] = []
    judged(
        claims(merged(files("/srv/newsletter"), exemptions=[exemption(path="/srv/old")])),
        ["/srv/newsletter/a", "/srv/old/a", "/srv/new/a"],
        {"newsletter": paths_of("/srv/newsletter/a")},
        notice=lambda one: seen.append(one.path),
    )
    assert seen == ["/srv/new/a"]


def test_what_is_never_state_on_this_very_host_can_be_added_later() -> None:
    layer = "/srv/containers/overlay/base"
    declared = claims(shipped={"/var/cache": "A cache."}).with_shipped([(layer, "Of an image.")])
    found = judged(declared, [f"{layer}/diff/a", "/var/cache/b", "/srv/containers/overlay/own/c"])
    assert {one.pattern for one in found.exempt} == {layer, "/var/cache"}
    assert [one.path for one in found.groups] == ["/srv/containers/overlay/own"]


def test_what_is_shipped_excuses_nothing_that_is_declared() -> None:
    shipped = {"/var/log/nginx": "Logs", "/var/log/nginx/*.log": "Logs", "*/x.log": "Logs"}
    declared = claims(merged(files("/var/log/nginx", "/srv/x.log")), shipped=shipped)
    found = judged(declared, ["/var/log/nginx/a.log", "/srv/x.log"], {"newsletter": paths_of()})
    assert [one.sums.files for one in found.lacking.values()] == [1, 1]
    assert not found.exempt
