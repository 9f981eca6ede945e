"""The part that runs on nick: data is made and changed, and both tools save it, measured."""

from __future__ import annotations

import json
import os
import secrets
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import asdict, replace
from datetime import UTC, datetime
from pathlib import Path
from shutil import rmtree
from typing import Any

from benchmarks.snapshots import data
from benchmarks.snapshots.measuring import host_cpu, measure
from plugins.module_utils.host import Host, LocalHost
from plugins.module_utils.settings import SnapshotSettings, read_settings
from plugins.module_utils.snapshot.attempt import attempt
from plugins.module_utils.snapshot.databases import dump
from plugins.module_utils.stores import DatabaseStore
from plugins.module_utils.tools.mariadb import MariaDb
from plugins.module_utils.tools.postgresql import PostgreSql

HERE = Path(__file__).parents[2]
WORK = Path("/var/lib/probealarm/benchmark")
STORE_PORT = 8001
BORG_STORE = f"/var/lib/probealarm/{data.NAME}/borg/store"
SETTINGS = "/etc/probealarm/snapshots.json"
AS_POSTGRES = "runuser -u postgres --"


def main() -> None:
    """Do what the command line names and print one line of JSON."""
    verb, told = sys.argv[1], json.loads(sys.argv[2])
    verbs: dict[str, Callable[..., object]] = {
        "make": lambda **sizes: data.make(LocalHost(), data.Sizes(**sizes)),
        "live": lambda night, **sizes: data.live_a_day(LocalHost(), data.Sizes(**sizes), night),
        "remove": remove,
        "sizes": sizes_of_databases,
        "key": key,
        "forget": forget,
        "ours": ours,
        "take": take_one,
        "borgmatic": borgmatic,
        "dumps": dumps,
    }
    sys.stdout.write(json.dumps(verbs[verb](**told)) + "\n")


def settings() -> SnapshotSettings:
    """Give this host's settings, but for another store and another staging folder."""
    usual = read_settings(SnapshotSettings, SETTINGS, "snapshots")
    head, _, path = usual.repository.rpartition(":")
    here = path[path.index("/") :]
    return replace(
        usual,
        repository=f"{head}:{STORE_PORT}{here}",
        staging_directory=str(WORK / "staging"),
        ledger=str(WORK / "ledger.jsonl"),
    )


def key() -> str:
    """Make borg's ssh key and its passphrase and tell the key's public half."""
    WORK.mkdir(parents=True, exist_ok=True, mode=0o700)
    rmtree(WORK / "ssh", ignore_errors=True)
    (WORK / "ssh").mkdir(mode=0o700)
    argv = ["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", str(WORK / "ssh" / "key")]
    subprocess.run(argv, check=True)
    (WORK / "passphrase").write_text(secrets.token_urlsafe(32), encoding="utf-8")
    (WORK / "borgmatic.yaml").write_text(json.dumps(configuration()), encoding="utf-8")
    return (WORK / "ssh" / "key.pub").read_text(encoding="utf-8")


def configuration() -> dict[str, Any]:
    """Configure borgmatic as its manual does, and leave everything else at its default."""
    ssh = f"ssh -i {WORK}/ssh/key -o StrictHostKeyChecking=accept-new"
    return {
        "source_directories": [data.FOLDER],
        "repositories": [{"path": f"ssh://borg@judy{BORG_STORE}", "label": "judy"}],
        "encryption_passcommand": f"cat {WORK}/passphrase",
        "ssh_command": f"{ssh} -o UserKnownHostsFile={WORK}/ssh/known_hosts",
        "mariadb_databases": [{"name": data.NAME}],
        "postgresql_databases": [
            {
                "name": data.NAME,
                "port": data.POSTGRESQL_PORT,
                "username": "postgres",
                "pg_dump_command": f"{AS_POSTGRES} pg_dump",
                "psql_command": f"{AS_POSTGRES} psql",
            }
        ],
    }


def forget() -> None:
    """Begin as on the first day: what either tool remembers is gone, and both stores are made."""
    rmtree(WORK / "staging", ignore_errors=True)
    rmtree(WORK / "home", ignore_errors=True)
    (WORK / "home").mkdir(parents=True)
    usual = settings()
    env = {**os.environ, **usual.store().environment()}
    subprocess.run(["restic", "--no-cache", "--quiet", "init"], env=env, check=True)
    subprocess.run(
        [*peer_argv(), "repo-create", "--encryption", "repokey"], env=peer_environment(), check=True
    )


def ours() -> dict[str, Any]:
    """Take a snapshot with our library, measured."""
    argv = [sys.executable, "-m", "benchmarks.snapshots.on_nick", "take", "{}"]
    cost, printed = measure(argv, os.environ)
    return {**asdict(cost), **json.loads(printed)}


def take_one() -> dict[str, Any]:
    """Take a snapshot and tell how long its steps took."""
    taken = attempt(LocalHost(), data.contract(), settings(), clock=lambda: datetime.now(UTC))
    return {"steps": dict(taken.seconds), "rows": sum(_rows(taken.manifest.databases))}


def _rows(databases: Any) -> list[int]:
    return [database.measure.rows for database in databases]


def peer_argv() -> list[str]:
    """Build the beginning of every call of borgmatic."""
    program = "import sys; from borgmatic.commands.borgmatic import main; sys.exit(main())"
    return [sys.executable, "-c", program, "--config", f"{WORK}/borgmatic.yaml"]


def peer_environment() -> dict[str, str]:
    """Let borgmatic be found, and borg keep its caches where they can be removed."""
    return {**os.environ, "PYTHONPATH": str(HERE / "borgmatic"), "HOME": str(WORK / "home")}


def borgmatic() -> dict[str, Any]:
    """Let borgmatic make an archive, measured."""
    cost, _ = measure([*peer_argv(), "create"], peer_environment())
    return asdict(cost)


def dumps() -> dict[str, dict[str, float]]:
    """Dump both databases with our commands and nothing else, and then measured, as backups do."""
    folder = WORK / "dumps"
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    spent = {}
    for name, run in (("alone", _dump_alone), ("measured", dump)):
        cpu, began = host_cpu(), time.monotonic()
        for store in data.contract().databases:
            run(LocalHost(), store, folder)
        wall = time.monotonic() - began
        spent[name] = {
            "wall_seconds": round(wall, 3),
            "host_cpu_seconds": round(host_cpu() - cpu, 3),
        }
    rmtree(folder)
    return spent


def _dump_alone(host: Host, store: DatabaseStore, folder: Path) -> None:
    file = folder / f"{store.name}.alone"
    if store.engine == "mariadb":
        dumping = MariaDb(host, store.socket).dump_into(store.database, file)
    else:
        server = PostgreSql(host, store.socket, store.port, "postgres")
        dumping = server.dump_into(store.database, file)
    if dumping.wait().status != 0:
        sys.exit(f"the dump of {store.name} failed")


def sizes_of_databases() -> dict[str, int]:
    """Ask how many bytes the databases take, indexes included."""
    host = LocalHost()
    with MariaDb(host, data.MARIADB_SOCKET).session() as session:
        mariadb = session.ask(
            "SELECT SUM(data_length + index_length) FROM information_schema.tables "
            f"WHERE table_schema = '{data.NAME}'"
        )[0][0]
    server = PostgreSql(host, data.POSTGRESQL_SOCKET, data.POSTGRESQL_PORT, "postgres")
    with server.session(data.NAME) as session:
        postgresql = session.ask(f"SELECT pg_database_size('{data.NAME}')")[0][0]
    return {"mariadb_bytes": int(mariadb), "postgresql_bytes": int(postgresql)}


def remove() -> None:
    """Take away what the measurement made."""
    data.remove(LocalHost())
    rmtree(WORK, ignore_errors=True)


if __name__ == "__main__":
    main()
