"""Throw-away servers on a host of the lab: real ones, with nothing in them, for a few minutes.

Each is one transient unit that makes its own folder in /run (memory), fills it, serves on a unix
socket alone, and takes the folder away when it ends. It ends with the tests, or by itself when
nobody is left to end it. Units and folders carry the process id: runs side by side never meet.
"""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from plugins.module_utils.drill.throw_away import LIMITS, SANDBOX
from plugins.module_utils.host import Call, Host
from plugins.module_utils.tools import systemd
from plugins.module_utils.tools.systemd import Unit

LONGEST_LIFE = "1h"
KINDS = ("mariadb", "postgresql", "redis")
POSTGRESQL_BINARIES = Path("/usr/lib/postgresql/17/bin")
PORT = 5432


@dataclass(frozen=True)
class Servers:
    """The servers of one run.

    Attributes:
        owner: tells this run from others.
    """

    host: Host
    owner: str

    def folder(self, kind: str) -> Path:
        """Where a server has its data and its socket; for SQLite, where the files lie."""
        return Path("/run") / self._unit(kind)

    def socket(self, kind: str) -> str:
        """Return what the library calls the socket: a file, or PostgreSQL's folder."""
        return str(self.folder(kind) if kind == "postgresql" else self.folder(kind) / "socket")

    @contextmanager
    def running(self) -> Iterator[Servers]:
        """Start all of them side by side, and stop all of them whatever happens."""
        try:
            with ThreadPoolExecutor() as several:
                list(several.map(self._start, KINDS))
            yield self
        finally:
            units = [self._unit(kind) for kind in KINDS]
            self.host.run(Call(argv=["systemctl", "stop", *units]))

    def _unit(self, kind: str) -> str:
        return f"probealarm-catalogue-{self.owner}-{kind}"

    def _start(self, kind: str) -> None:
        folder = self.folder(kind)
        preparation, argv, extra = {
            "mariadb": _mariadb,
            "postgresql": _postgresql,
            "redis": _redis,
        }[kind](folder)
        sandbox = [entry for entry in SANDBOX if not entry.startswith("Type=")]
        systemd.start(
            self.host,
            Unit(
                name=self._unit(kind),
                argv=argv,
                properties=[
                    f"Description=Throw-away {kind} of the tests of the catalogue",
                    *("Type=notify", "NotifyAccess=all", "TimeoutStartSec=60"),
                    *(f"RuntimeDirectory={folder.name}", f"RuntimeMaxSec={LONGEST_LIFE}"),
                    *([f"ExecStartPre={preparation}"] if preparation else []),
                    *(*sandbox, *LIMITS, *extra),
                ],
            ),
        )


def _mariadb(folder: Path) -> tuple[str, list[str], list[str]]:
    preparation = (
        f"mariadb-install-db --no-defaults --datadir={folder}/data --user=root --skip-test-db "
        f"--auth-root-authentication-method=socket --tmpdir={folder}"
    )
    argv = [
        *("mariadbd", "--no-defaults", f"--datadir={folder}/data", f"--socket={folder}/socket"),
        *("--user=root", "--skip-networking", "--skip-log-bin", "--event-scheduler=OFF"),
        *("--innodb-buffer-pool-size=64M", "--innodb-log-file-size=16M"),
        *("--innodb-flush-log-at-trx-commit=0", "--innodb-doublewrite=OFF"),
        *("--innodb-flush-method=nosync", "--max-allowed-packet=64M", f"--tmpdir={folder}"),
        *("--innodb-stats-persistent=OFF", "--character-set-server=utf8mb4"),
        f"--log-error={folder}/error.log",
    ]
    return preparation, argv, []


def _postgresql(folder: Path) -> tuple[str, list[str], list[str]]:
    preparation = (
        f"{POSTGRESQL_BINARIES}/initdb --pgdata={folder}/data --no-sync --username=root "
        "--auth=trust --locale=C.UTF-8 --encoding=UTF8 --no-instructions"
    )
    options = {
        "listen_addresses": "",
        "unix_socket_directories": str(folder),
        "fsync": "off",
        "full_page_writes": "off",
        "synchronous_commit": "off",
        "wal_level": "minimal",
        "max_wal_senders": "0",
        "autovacuum": "off",
    }
    argv = [str(POSTGRESQL_BINARIES / "postgres"), "-D", f"{folder}/data"]
    argv += [part for name, value in options.items() for part in ("-c", f"{name}={value}")]
    return preparation, argv, ["User=postgres"]


def _redis(folder: Path) -> tuple[str, list[str], list[str]]:
    argv = [
        *("redis-server", "--port", "0", "--unixsocket", f"{folder}/socket"),
        *("--save", "", "--appendonly", "no", "--dir", str(folder), "--supervised", "systemd"),
    ]
    return "", argv, []
