"""Merged contracts, as the inventory plugin emits them, for a newsletter and a machine."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, date, datetime
from typing import Any

from plugins.module_utils.audit.claims import Claims
from plugins.module_utils.audit.facts import Entry
from plugins.module_utils.audit.saved import Held
from plugins.module_utils.manifest import DatabaseManifest, DumpFile, Manifest
from plugins.module_utils.tools.restic import Snapshot
from tests.unit.fakes import measure

NOW = datetime(2026, 11, 22, 3, 45, tzinfo=UTC)
TAKEN = datetime(2026, 11, 22, 2, 30, tzinfo=UTC)
TODAY = date(2026, 11, 22)
DUMP = DumpFile("/var/lib/probealarm/staging/newsletter/database.sql", 10, "0" * 64)


def files(
    *paths: str, regenerable: Iterable[str] = (), name: str = "files", required: Iterable[str] = ()
) -> dict[str, Any]:
    return {
        "name": name,
        "kind": "files",
        "paths": list(paths),
        "regenerable": [{"path": path, "reason": "made anew"} for path in regenerable],
        "required": list(required),
        "largest_loss_percent": 20,
    }


def database(name: str = "mautic", kind: str = "mariadb", **more: Any) -> dict[str, Any]:
    sockets = {"mariadb": "/run/mysqld/mysqld.sock", "postgresql": "/var/run/postgresql"}
    return {
        "name": "database",
        "kind": kind,
        "database": name,
        "socket": sockets[kind],
        "port": 5432,
        "irreplaceable": ["*"],
        "largest_loss_percent": 20,
        **more,
    }


def merged(*stores: dict[str, Any], name: str = "newsletter", **more: Any) -> dict[str, Any]:
    return {
        "name": name,
        "profile": "mautic",
        "host": "nick",
        "drill_host": "judy",
        "objectives": {"rpo_seconds": 86_400, "rto_seconds": 1_800},
        "rhythm": {"L4_seconds": 604_800},
        "stores": list(stores),
        **more,
    }


def exemption(**what: str) -> dict[str, str]:
    told = {"reason": "nobody misses it", "owner": "Ada Example", "expires": "2027-01-31"}
    return {**told, **what}


def claims(*contracts: dict[str, Any], shipped: dict[str, str] | None = None) -> Claims:
    return Claims.of(contracts, (shipped or {}).items(), today=TODAY)


def held(
    service: str = "newsletter",
    *roots: str,
    databases: Iterable[DatabaseManifest] = (),
    taken_at: datetime = TAKEN,
) -> Held:
    staging = f"/var/lib/probealarm/staging/{service}"
    snapshot = Snapshot("8c8f89d9" * 8, service, taken_at, 1000, (staging, *roots))
    manifest = Manifest(
        service=service,
        host="nick",
        measured_at=taken_at,
        databases=tuple(databases),
        file_count=10,
        file_bytes=100,
        files_sha256="0" * 64,
    )
    return Held(snapshot, manifest)


def base(database: str = "mautic", engine: str = "mariadb", **rows: int) -> DatabaseManifest:
    return DatabaseManifest("database", engine, database, measure(**(rows or {"leads": 5})), DUMP)


def nanoseconds(moment: datetime) -> int:
    return int(moment.timestamp()) * 1_000_000_000


def entry(path: str, size: int = 10, changed: datetime | None = None, **more: Any) -> Entry:
    when = nanoseconds(changed or datetime(2026, 11, 1, tzinfo=UTC))
    return Entry(path, more.pop("type", "file"), size, when, when, more.pop("uid", 0))
