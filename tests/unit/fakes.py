"""A host on which nothing runs: programs answer from a script, and every call is remembered."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime

from plugins.module_utils.contract import Contract
from plugins.module_utils.host import Call, Finished, Running, Session
from plugins.module_utils.manifest import Measure, Table
from plugins.module_utils.stores import DatabaseStore, FileStore

NOW = datetime(2026, 11, 22, 3, 0, tzinfo=UTC)


@dataclass
class FakeHost:
    """Answers each call by the first word that fits, in the order of its script."""

    script: dict[str, Finished] = field(default_factory=dict)
    calls: list[Call] = field(default_factory=list)

    def run(self, call: Call) -> Finished:
        self.calls.append(call)
        for word, answer in self.script.items():
            if word in call.argv:
                return answer
        return Finished(0, "", "")

    def start(self, call: Call) -> Running:
        raise AssertionError(f"nothing was to be started, and {call.argv} was")

    def open_session(self, argv: Sequence[str], mark: Callable[[str], str]) -> Session:
        raise AssertionError(f"no client was to be opened, and {argv} was")


def database_store(*irreplaceable: str, engine: str = "mariadb") -> DatabaseStore:
    return DatabaseStore(
        name="database",
        engine="mariadb" if engine == "mariadb" else "postgresql",
        database="mautic",
        socket="/run/mysqld/mysqld.sock",
        port=0,
        irreplaceable=irreplaceable or ("leads",),
        largest_loss_percent=20,
    )


def contract(*, databases: Sequence[DatabaseStore] = (), required: Sequence[str] = ()) -> Contract:
    return Contract(
        name="newsletter",
        host="nick",
        drill_host="judy",
        rpo_seconds=86_400,
        rto_seconds=1_800,
        databases=tuple(databases),
        files=(FileStore("files", ("/srv/newsletter",), (), tuple(required), 20),),
    )


def measure(**rows: int) -> Measure:
    return Measure(
        server_version="11.8.6-MariaDB",
        creation={"character_set": "utf8mb4", "collation": "utf8mb4_general_ci"},
        tables={name: Table(rows=number, digest=f"{number:x}-0") for name, number in rows.items()},
        objects={f"table {name}": "0" * 32 for name in rows},
    )
