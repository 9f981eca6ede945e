"""What the owner of a store does with restic, and how restic 0.18 answered it."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from plugins.module_utils.errors import Trouble, Unproven
from plugins.module_utils.host import Call, Finished
from plugins.module_utils.tools.repository import Repository
from plugins.module_utils.tools.restic import Restic, Snapshot
from plugins.module_utils.tools.store_keeper import PATIENCE, StoreKeeper
from tests.unit.fakes import NOW, FakeHost

STORE = Repository("/store/nick", "/passwords/nick.password")
OLD = Snapshot("8c8f89d9" * 8, "newsletter", NOW, 1)

# Captured after one byte of a pack was changed.
DAMAGED = Finished(
    1,
    '{"message_type":"summary","num_errors":1,"broken_packs":["82eafe32"],'
    '"suggest_repair_index":false,"suggest_prune":false}\n',
    '{"message_type":"error","message":"pack 82eafe32 contains 2 errors: [blob 7f0b629c: decrypting'
    ' blob \\u003cdata/7f0b629c\\u003e from 82eafe32 failed: ciphertext verification failed]\\n"}\n'
    '{"message_type":"error","message":"\\nThe repository contains damaged pack files.\\n\\n"}\n'
    '{"message_type":"error","message":"restic repair packs 82eafe32\\nrestic repair snapshots"}\n'
    '{"message_type":"error","message":"Damaged pack files can be caused by backend problems\\n"}\n'
    '{"message_type":"exit_error","code":1,"message":"Fatal: repository contains errors"}\n',
)
WRONG_PASSWORD = Finished(
    12,
    '{"message_type":"summary","num_errors":1,"broken_packs":null}\n',
    '{"message_type":"exit_error","code":12,"message":"Fatal: wrong password or no key found"}\n',
)
LOCKED = Finished(11, "", "unable to create lock in backend: repository is already locked")


@dataclass
class PatientHost(FakeHost):
    """Answers a verb with one answer after the other, the last one for ever."""

    turns: dict[str, list[Finished]] = field(default_factory=dict)

    def run(self, call: Call) -> Finished:
        self.calls.append(call)
        for verb, answers in self.turns.items():
            if verb in call.argv:
                return answers.pop(0) if len(answers) > 1 else answers[0]
        return Finished(0, "", "")


def test_what_changes_the_store_runs_as_its_owner_with_the_password_by_pipe() -> None:
    host = FakeHost()
    StoreKeeper(host, STORE, "probealarm-store").forget([OLD])
    as_owner = ["runuser", "--user", "probealarm-store", "--", "env", "--chdir=/", "restic"]
    assert all(list(call.argv[:7]) == as_owner for call in host.calls)
    assert all(call.input_file == Path(STORE.password_file) for call in host.calls)
    assert all(call.env == {"RESTIC_REPOSITORY": "/store/nick"} for call in host.calls)
    assert [list(call.argv[8:]) for call in host.calls] == [
        ["unlock"],
        ["forget", "--retry-lock", PATIENCE, "--quiet", OLD.id],
        ["unlock"],
        ["prune", "--retry-lock", PATIENCE, "--quiet"],
    ]


def test_no_lock_is_ever_removed_by_force() -> None:
    host = PatientHost(turns={"forget": [LOCKED]})
    with pytest.raises(Trouble, match="locked by another run"):
        StoreKeeper(host, STORE, "probealarm-store").forget([OLD])
    assert not any("--remove-all" in call.argv for call in host.calls)
    assert not any("prune" in call.argv for call in host.calls)


def test_a_lock_that_became_stale_meanwhile_is_out_of_the_way_at_the_second_attempt() -> None:
    host = PatientHost(turns={"forget": [LOCKED, Finished(0, "", "")]})
    StoreKeeper(host, STORE, "probealarm-store").forget([OLD])
    assert [call.argv[8] for call in host.calls][:4] == ["unlock", "forget", "unlock", "forget"]


def test_a_damaged_pack_is_named_without_the_advice_around_it() -> None:
    (said,) = StoreKeeper(FakeHost({"check": DAMAGED}), STORE).check(3, 28)
    assert said.startswith("pack 82eafe32 contains 2 errors")


def test_a_check_reads_its_part_and_takes_no_lock() -> None:
    host = FakeHost()
    assert StoreKeeper(host, STORE).check(3, 28) == ()
    assert list(host.calls[0].argv)[2:] == [
        *("check", "--no-lock", "--json", "--read-data-subset=3/28")
    ]


def test_a_repository_that_does_not_open_is_no_damage() -> None:
    with pytest.raises(Unproven, match="does not open"):
        StoreKeeper(FakeHost({"check": WRONG_PASSWORD}), STORE).check(1, 28)


def test_a_copy_tells_neither_key_nor_credentials_in_its_arguments(tmp_path: Path) -> None:
    environment = tmp_path / "elsewhere.environment.json"
    environment.write_text(json.dumps({"AWS_SECRET_ACCESS_KEY": "very-secret"}), encoding="utf-8")
    away = Repository("s3:https://example.net/a", "/key", environment_file=str(environment))
    host = FakeHost()
    StoreKeeper(host, away).copy_from(Restic(host, STORE), ["a1", "b2"])
    (call,) = host.calls
    assert list(call.argv) == [
        *("restic", "--no-cache", "copy", "--no-lock", "--quiet", "a1", "b2")
    ]
    assert call.env == {
        "RESTIC_REPOSITORY": "s3:https://example.net/a",
        "RESTIC_PASSWORD_FILE": "/key",
        "AWS_SECRET_ACCESS_KEY": "very-secret",
        "RESTIC_FROM_REPOSITORY": "/store/nick",
        "RESTIC_FROM_PASSWORD_FILE": "/passwords/nick.password",
    }


def test_a_copied_snapshot_is_known_by_the_id_it_had() -> None:
    listed = Finished(0, '[{"id":"b","original":"a"},{"id":"c"}]', "")
    assert StoreKeeper(FakeHost({"snapshots": listed}), STORE).originals() == {"b": "a", "c": "c"}


@pytest.mark.parametrize(("status", "there"), [(0, True), (10, False)])
def test_a_missing_repository_is_told_from_one_that_is_there(status: int, there: bool) -> None:
    host = FakeHost({"cat": Finished(status, "", "")})
    assert StoreKeeper(host, STORE).has_repository() is there


def test_a_repository_that_cannot_be_reached_is_not_taken_for_missing() -> None:
    host = FakeHost({"cat": Finished(1, "", "dial tcp: connection refused")})
    with pytest.raises(Unproven, match="connection refused"):
        StoreKeeper(host, STORE).has_repository()
