"""Six nights of one service in judy's store, one real snapshot of another, and a copy of all."""

import json
import time
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from testinfra.host import Host

from plugins.module_utils.ledger import Ledger
from tests.operator import host as look_at
from tests.operator import play

LEDGER = "/var/lib/probealarm/ledger.jsonl"
STORE = "/var/lib/probealarm/store/nick"
READ = (
    f"restic --no-cache --no-lock --repo {STORE} "
    "--password-file /etc/probealarm/store/passwords/nick.password"
)
CLIENT = (
    'RESTIC_REST_USERNAME=nick RESTIC_REST_PASSWORD="$(cat /etc/probealarm/store.password)" '
    "restic --no-cache --cacert /etc/probealarm/store.pem --repo rest:https://judy:8000/nick/ "
    "--password-file /etc/probealarm/repository.password"
)
PUSH = f"{CLIENT} --quiet backup --json --host newsletter --tag probealarm"
DAYS_AGO = (400, 20, 3, 2, 1, 0)
"""Of these nights, the first one is older than anything that is kept."""


@dataclass(frozen=True)
class Store:
    """judy's store of nick's snapshots, as the tests push to it and read it."""

    judy: Host
    nick: Host
    scratch: Path
    folder: str = STORE
    push_command: str = PUSH
    client_command: str = CLIENT

    def push(self, days_ago: int) -> tuple[str, datetime]:
        """Push a small snapshot of a night; return its id and its time."""
        taken = datetime.now(UTC) - timedelta(days=days_ago)
        said = self.nick.check_output(f"{PUSH} --time '{taken:%Y-%m-%d %H:%M:%S}' /etc/hostname")
        return json.loads(said.splitlines()[-1])["snapshot_id"], taken.replace(microsecond=0)

    def record(self, *drills: tuple[tuple[str, datetime], int], **changes: object) -> None:
        """Add proven drills with these rows to judy's ledger."""
        local = self.scratch / "ledger.jsonl"
        local.write_text(self.judy.file(LEDGER).content_string, encoding="utf-8")
        for (snapshot, taken), rows in drills:
            Ledger(local).append(
                {
                    "kind": "drill",
                    "service": "newsletter",
                    "verdict": "proven",
                    "level": "L4",
                    "reasons": [],
                    "snapshot": snapshot[:8],
                    "taken_at": taken.isoformat(),
                    "drilled_at": datetime.now(UTC).isoformat(),
                    "of_newest_snapshot": True,
                    "tables": {"database.leads": rows},
                    "files": 1,
                    **changes,
                }
            )
        self.judy.check_output(f"printf %s %s > {LEDGER}", "%s", local.read_text(encoding="utf-8"))

    def records(self, **wanted: object) -> list[dict[str, Any]]:
        """What judy wrote down, of one kind for example, oldest first."""
        lines = self.judy.file(LEDGER).content_string.splitlines()
        return [
            record
            for record in map(json.loads, lines)
            if all(record.get(key) == value for key, value in wanted.items())
        ]

    def snapshots(self, service: str = "newsletter") -> set[str]:
        """The ids of a service's snapshots."""
        listed = self.judy.check_output(f"{READ} snapshots --json --host {service}")
        return {entry["id"] for entry in json.loads(listed)}

    def wait_until(self, command: str) -> None:
        """Wait until a command succeeds on judy, for at most a minute."""
        for _ in range(120):
            if self.judy.run(command).rc == 0:
                return
            time.sleep(0.5)
        raise AssertionError(f"this never came true: {command}")


@pytest.fixture(scope="session")
def store(tmp_path_factory: pytest.TempPathFactory) -> Store:
    """The store of this site."""
    return Store(look_at("judy"), look_at("nick"), tmp_path_factory.mktemp("store"))


@pytest.fixture(scope="session")
def nights(store: Store) -> list[str]:
    """Six nights of one service, all of them proven, in the order of DAYS_AGO."""
    pushed = [store.push(days_ago) for days_ago in DAYS_AGO]
    store.record(*((one, 100) for one in pushed))
    return [snapshot for snapshot, _ in pushed]


@pytest.fixture(scope="session")
def copied(store: Store, nights: list[str]) -> str:
    """A real backup of the machine beside the nights, and the first copy; what that one said."""
    assert nights
    store.nick.check_output("mkdir -p /var/spool/cron")
    saved = play("playbooks/back_up.yml", "--limit", "machine")
    assert saved.status == 0, saved.output
    done = play("playbooks/copy_off_site.yml")
    assert done.status == 0, done.output
    return done.output
