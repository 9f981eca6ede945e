"""A service on nick whose backup a test can disturb at a moment of its choice."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from zipfile import ZIP_DEFLATED, ZipFile

from tests.operator import LAB_INVENTORY, ROOT, SSH, Played, folded, host

DECLARATION = """\
plugin: probealarm.recovery.services
drill_host: judy
services:
  night:
    profile: files
    host: nick
    objectives: {rpo: 24h, rto: 30m}
    path: /srv/night
    stores:
      shop: {kind: mariadb, database: mautic, irreplaceable: ["*"]}
      votes: {kind: postgresql, database: voty, port: 5433, irreplaceable: ["*"]}
"""
SESSIONS = "SELECT count(*) FROM information_schema.processlist WHERE user = 'root'"
BACKENDS = "SELECT count(*) FROM pg_stat_activity WHERE datname = 'voty'"
PSQL = "setpriv --reuid=postgres --regid=postgres --init-groups psql --port=5433"
FILL = f"""\
[ -e /srv/night ] && exit
mkdir /srv/night
for number in 1 2 3; do head -c 2M /dev/urandom > /srv/night/$number; done
mariadb mautic --execute "
  CREATE TABLE letters (id INT PRIMARY KEY, body TEXT) ENGINE=InnoDB;
  INSERT INTO letters SELECT seq, REPEAT(MD5(seq), 20) FROM seq_1_to_20000"
{PSQL} --quiet voty --command "
  CREATE TABLE ballots AS
  SELECT id, repeat(md5(id::text), 20) AS body FROM generate_series(1, 20000) AS id"
"""
STORE = "/var/lib/probealarm/store/nick"
STAGING = "/var/lib/probealarm/staging"
PROGRAM, CONTRACT, SAID = "/root/night.pyz", "/root/night.json", "/root/night.said"
RUN = f"/usr/bin/python3 {PROGRAM} {CONTRACT}"
RESTIC = "/usr/local/sbin/restic"


@dataclass(frozen=True)
class Killed:
    """A backup that was killed.

    Attributes:
        had_ended: it was over before that.
        lasted: seconds from its beginning to then.
        at_work: names of the programs that it had started.
        left: those of them that go on without it.
    """

    had_ended: bool
    lasted: float
    at_work: list[str]
    left: list[str]


def set_up() -> dict[str, Any]:
    """Fill the service, bring the library to nick, and give the contract."""
    host("nick").check_output("sh -e -c %s", FILL)
    with tempfile.TemporaryDirectory() as folder:
        contract = contract_of(inventory(Path(folder), DECLARATION), "night")
        program = Path(folder) / "night.pyz"
        with ZipFile(program, "w", ZIP_DEFLATED) as packed:
            packed.write(ROOT / "tests" / "night_run.py", "__main__.py")
            library = ROOT / "plugins" / "module_utils"
            # Python finds a package without __init__.py in an archive by the entry of its folder.
            folders = [path for path in library.iterdir() if path.is_dir()]
            for path in [library.parent, library, *folders, *library.rglob("*.py")]:
                packed.write(path, path.relative_to(ROOT))
        copy = ["scp", "-q", "-F", str(SSH), str(program), f"nick:{PROGRAM}"]
        subprocess.run(copy, check=True)
    declare(contract)
    return contract


def inventory(folder: Path, declaration: str) -> Path:
    """Make the lab's inventory with other services, in a folder of its own."""
    made = folder / "inventories" / "lab"
    shutil.copytree(LAB_INVENTORY, made)
    (folder / ".lab").symlink_to(ROOT / ".lab")
    (made / "services.probealarm.yml").write_text(declaration, encoding="utf-8")
    return made


def contract_of(inventory: Path, service: str) -> dict[str, Any]:
    """Ask an inventory for the contract of a service."""
    told = subprocess.run(
        ["ansible-inventory", "--inventory", str(inventory), "--host", service],
        cwd=ROOT,
        env={**os.environ, "ANSIBLE_CONFIG": str(ROOT / "ansible.cfg")},
        stdout=subprocess.PIPE,
        text=True,
        check=True,
    )
    contract: dict[str, Any] = json.loads(told.stdout)["service_contract"]
    return contract


def declare(contract: dict[str, Any]) -> None:
    """Lay a contract down on nick."""
    host("nick").check_output(
        "sh -c %s sh %s", f'printf %s "$1" > {CONTRACT}', json.dumps(contract)
    )


@contextmanager
def held(contract: dict[str, Any], *, at_most_seconds: int) -> Iterator[None]:
    """Let the service be held still by steps that do nothing, for a while."""
    step = {"run": ["true"], "user": None}
    quiesce = {"reason": "One moment", "hold": [step], "resume": [step]}
    declare({**contract, "quiesce": {**quiesce, "at_most_seconds": at_most_seconds}})
    try:
        yield
    finally:
        declare(contract)


def back_up(*options: str) -> Played:
    """Run a backup to its end."""
    done = host("nick").run(f"{RUN} {' '.join(options)}")
    return Played(done.rc, folded(done.stdout + done.stderr))


def killed_after(seconds: float) -> Killed:
    """Run a backup that is killed so long after it has begun."""
    return Killed(**json.loads(host("nick").check_output(f"{RUN} --kill-after={seconds:.3f}")))


def back_up_while(condition: str, then: str) -> Played:
    """Run a backup, and something else once a condition holds; both are lines of shell for nick."""
    script = f"""{RUN} >{SAID} 2>&1 & run=$!
until {condition}; do kill -0 $run 2>/dev/null || exit 99; sleep 0.01; done
{{ {then} ; }} >/dev/null
wait $run; status=$?; cat {SAID}; exit $status"""
    done = host("nick").run("sh -c %s", script)
    assert done.rc != 99, f"it ended before: {host('nick').check_output(f'cat {SAID}')}"
    return Played(done.rc, folded(done.stdout + done.stderr))


def has_bytes(name: str, size: int) -> str:
    """Say, for :func:`back_up_while`, that a dump has so many bytes."""
    return f'[ "$(stat --format=%s {STAGING}/night/{name} 2>/dev/null || echo 0)" -gt {size} ]'


def fails(played: Played) -> str:
    """See that a backup failed and left its sentence in nick's ledger; give what it said."""
    assert played.status == 1, played.output
    last = ledger()[-1]
    assert last["verdict"] == "failed"
    assert folded(last["reason"]) in played.output
    assert not host("nick").file(f"{STAGING}/{last['service']}").exists
    return played.output


def saved() -> list[str]:
    """Name the snapshots in judy's store, of whichever service, in their order of arrival."""
    listed = host("judy").check_output("ls --sort=time --reverse %s/snapshots", STORE)
    return listed.split()


def ledger() -> list[dict[str, Any]]:
    """Read nick's ledger."""
    text = host("nick").check_output("cat /var/lib/probealarm/ledger.jsonl")
    return [json.loads(line) for line in text.splitlines()]


def clients() -> tuple[int, int]:
    """Count who is connected to MariaDB and to PostgreSQL, beside whoever asks."""
    nick = host("nick")
    sessions = nick.check_output(f'mariadb --batch --skip-column-names -e "{SESSIONS}"')
    backends = nick.check_output(f'{PSQL} --no-align --tuples-only postgres -c "{BACKENDS}"')
    return int(sessions) - 1, int(backends)


def is_whole(snapshot: str) -> bool:
    """Tell whether a snapshot has its manifest, which is written when all else is there."""
    listed = host("judy").check_output(
        "restic --no-lock --repo %s --password-file /etc/probealarm/store/passwords/nick.password "
        "ls %s",
        STORE,
        snapshot,
    )
    return re.search(r"/staging/night/manifest\.json$", listed, re.MULTILINE) is not None


@contextmanager
def other_restic(script: str) -> Iterator[None]:
    """Put another restic before the real one on nick for a while."""
    nick = host("nick")
    lines = f"#!/bin/sh\n{script}\n"
    nick.check_output("sh -c %s sh %s", f'printf %s "$1" >{RESTIC}; chmod 755 {RESTIC}', lines)
    try:
        yield
    finally:
        nick.check_output("rm %s", RESTIC)
