"""What the newest snapshots hold is asked of the store, and merged with the walk as it comes."""

from __future__ import annotations

import io
import json
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import pytest

from plugins.module_utils.audit.saved import Paths, hold_newest, reading
from plugins.module_utils.errors import Unproven
from plugins.module_utils.host import Call, Finished, LocalHost
from plugins.module_utils.manifest import Manifest
from plugins.module_utils.tools.restic import Repository
from plugins.module_utils.tools.restic_contents import Contents, path_in
from tests.unit.audit.declared import claims, files, held, merged
from tests.unit.fakes import FakeHost

LISTED = [
    b'{"time":"2026-11-22T02:30:00Z","paths":["/srv"],"struct_type":"snapshot"}\n',
    b'{"name":"srv","type":"dir","path":"/srv","uid":0,"struct_type":"node"}\n',
    b'{"name":"a","type":"dir","path":"/srv/a","uid":0,"struct_type":"node"}\n',
    b'{"name":"x","type":"file","path":"/srv/a/x","uid":0,"size":3,"struct_type":"node"}\n',
    b'{"name":"a \\"b\\"","type":"file","path":"/srv/a \\"b\\"","uid":0,"struct_type":"node"}\n',
    b'{"name":"a-b","type":"file","path":"/srv/a-b","uid":0,"struct_type":"node"}\n',
    '{"name":"b\ufffd","type":"file","path":"/srv/b\ufffd","struct_type":"node"}\n'.encode(),
    b'{"name":"c\\nd","type":"file","path":"/srv/c\\nd","struct_type":"node"}\n',
    '{"name":"z\u00e4","type":"file","path":"/srv/z\u00e4"}\n'.encode(),
]


@dataclass
class Store(FakeHost):
    """Answers for restic, with one snapshot of the newsletter."""

    manifest: str = ""
    status: int = 0

    def run(self, call: Call) -> Finished:
        self.calls.append(call)
        if "snapshots" in call.argv:
            host = call.argv[call.argv.index("--host") + 1]
            one = {
                "id": "8c8f89d9" * 8,
                "hostname": "newsletter",
                "time": "2026-11-22T02:30:00Z",
                "paths": ["/srv", "/var/lib/probealarm/staging/newsletter"],
            }
            return Finished(0, json.dumps([one] if host == "newsletter" else []), "")
        if "ls" in call.argv:
            assert call.each_line is not None
            for line in LISTED:
                call.each_line(line)
            return Finished(self.status, "", "it broke" if self.status else "")
        if "backup" in call.argv:
            return Finished(0, "", "")
        return Finished(0 if self.manifest else 1, self.manifest, "no such file")


def contents(store: Store, tmp_path: Path) -> Contents:
    (tmp_path / "password").write_text("secret")
    return Contents(store, Repository("/store", str(tmp_path / "password")))


def manifest_text(tmp_path: Path) -> str:
    one = held().manifest
    assert one is not None
    one.write(tmp_path / "manifest.json")
    return (tmp_path / "manifest.json").read_text()


CONTRACTS = claims(merged(files("/srv")), merged(files("/opt/never"), name="never")).contracts


def test_each_path_of_the_snapshot_is_found_in_the_order_of_the_walk(tmp_path: Path) -> None:
    store = Store(manifest=manifest_text(tmp_path))
    found = hold_newest(contents(store, tmp_path), CONTRACTS, tmp_path)
    assert {*found} == {"newsletter"}
    assert found["newsletter"].manifest == Manifest.parse(store.manifest)
    with reading(found) as opened:
        paths = opened["newsletter"]
        walked = ["/opt/x", "/srv", "/srv/a", "/srv/a/w", "/srv/a/x", '/srv/a "b"', "/srv/a-b"]
        walked += ["/srv/b\udce4", "/srv/c\nd", "/srv/y", "/srv/z\u00e4", "/var"]
        assert [path for path in walked if not paths.hold(path)] == [
            *("/opt/x", "/srv/a/w", "/srv/y", "/var"),
        ]
    assert not [*tmp_path.glob("*.paths")]


def test_a_snapshot_without_a_readable_manifest_is_held_with_a_complaint(tmp_path: Path) -> None:
    found = hold_newest(contents(Store(), tmp_path), CONTRACTS, tmp_path)
    assert found["newsletter"].manifest is None
    assert "holds no manifest" in found["newsletter"].complaint


def test_a_snapshot_that_cannot_be_listed_to_its_end_says_nothing(tmp_path: Path) -> None:
    with pytest.raises(Unproven, match="it broke"):
        hold_newest(contents(Store(status=1), tmp_path), CONTRACTS, tmp_path)


@pytest.mark.parametrize(
    ("line", "path"),
    [
        (LISTED[0], ""),
        (LISTED[3], "/srv/a/x"),
        (LISTED[4], '/srv/a "b"'),
        (b'{"name":"\\u003c","path":"/srv/\\u003c","type":"file"}\n', "/srv/<"),
        (b'{"name":"\\"path\\":\\"x","path":"/srv/\\"path\\":\\"x"}\n', '/srv/"path":"x'),
    ],
)
def test_paths_are_read_without_reading_the_rest_of_a_line(line: bytes, path: str) -> None:
    assert path_in(line) == path


def test_asking_twice_for_one_path_gives_one_answer() -> None:
    paths = Paths(io.StringIO("/srv/a\n/srv/b\n"), {})
    assert [paths.hold("/srv/a"), paths.hold("/srv/a"), paths.hold("/srv/b")] == [True] * 3
    assert not paths.hold("/srv/c")


def test_of_names_that_restic_shows_alike_each_held_one_answers_for_one() -> None:
    paths = Paths(io.StringIO(""), {"/srv/Entw\ufffdrfe": 1})
    held_ones = [paths.hold("/srv/Entw\udce4rfe"), paths.hold("/srv/Entw\udce4rfe")]
    assert held_ones == [True, True]
    assert not paths.hold("/srv/Entw\udcfcrfe")


def test_a_new_name_that_is_not_utf8_does_not_spoil_the_merge() -> None:
    paths = Paths(io.StringIO("/srv\n/srv/a\u00e9\n/srv/b\n"), {})
    asked = ["/srv/a\udc80", "/srv/a\u00e9", "/srv/a\nb", "/srv/b"]
    assert [paths.hold(path) for path in asked] == [False, True, False, True]


def test_output_is_handed_on_line_by_line_and_complaints_are_kept() -> None:
    seen: list[bytes] = []
    script = "echo one; echo trouble >&2; echo two; exit 3"
    done = LocalHost().run(Call(["sh", "-c", script], each_line=seen.append))
    assert (seen, done) == ([b"one\n", b"two\n"], Finished(3, "", "trouble\n"))


def test_a_note_is_a_snapshot_that_no_service_counts(tmp_path: Path) -> None:
    store = Store()
    note = contents(store, tmp_path)
    files = ["/var/lib/probealarm/audit/newest.json", "/var/lib/probealarm/ledger.jsonl"]
    note.leave_note("nick", "audit", *map(Path, files))
    argv = [*store.calls[-1].argv]
    assert argv[argv.index("--tag") + 1] == "audit"
    assert argv[argv.index("--host") + 1] == "nick"
    assert argv[argv.index("--") + 1 :] == files
    assert note.notes("nick", "audit") == []


def test_the_snapshot_was_taken_when_restic_says() -> None:
    assert held().snapshot.taken_at == datetime(2026, 11, 22, 2, 30, tzinfo=UTC)
