"""The part that runs on judy: a store for each tool, apart from the real one, to be weighed."""

from __future__ import annotations

import json
import os
import pwd
import subprocess
import sys
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from shutil import rmtree

WORK = Path("/var/lib/probealarm/benchmark")
RESTIC, BORG = WORK / "restic", WORK / "borg" / "store"
UNIT = "probealarm-benchmark-store"
STORE_USER, BORG_USER = "probealarm-store", "borg"
SETTINGS = "/etc/probealarm/store"
STORE_PORT = 8001


def main() -> None:
    """Do what the command line names and print one line of JSON."""
    verb, told = sys.argv[1], json.loads(sys.argv[2])
    verbs: dict[str, Callable[..., object]] = {
        "serve": serve,
        "empty": empty,
        "stored": stored,
        "remove": remove,
    }
    sys.stdout.write(json.dumps(verbs[verb](**told)) + "\n")


def serve(key: str) -> None:
    """Start a second REST server like the first, and let borg in by its key."""
    empty()
    subprocess.run(
        [
            *("systemd-run", "--quiet", "--collect", f"--unit={UNIT}"),
            *(f"--property=User={STORE_USER}", "restic-rest-server", f"--path={RESTIC}"),
            *(f"--listen=:{STORE_PORT}", "--append-only", "--private-repos"),
            *(f"--htpasswd-file={SETTINGS}/htpasswd", "--tls"),
            *(f"--tls-cert={SETTINGS}/certificate.pem", f"--tls-key={SETTINGS}/key.pem"),
        ],
        check=True,
    )
    home = WORK / "borg"
    if subprocess.run(["id", BORG_USER], capture_output=True, check=False).returncode != 0:
        argv = ["useradd", "--system", "--home-dir", str(home), "--shell", "/bin/sh", BORG_USER]
        subprocess.run(argv, check=True)
    (home / ".ssh").mkdir(exist_ok=True, mode=0o700)
    only = f'command="borg serve --restrict-to-path {BORG}",restrict'
    (home / ".ssh" / "authorized_keys").write_text(f"{only} {key}", encoding="utf-8")
    subprocess.run(["chown", "-R", f"{BORG_USER}:", str(home)], check=True)


def empty() -> None:
    """Make both stores as on the first day."""
    owner = pwd.getpwnam(STORE_USER)
    rmtree(RESTIC, ignore_errors=True)
    rmtree(BORG, ignore_errors=True)
    WORK.mkdir(parents=True, exist_ok=True, mode=0o755)
    (WORK / "borg").mkdir(exist_ok=True)
    RESTIC.mkdir(mode=0o700)
    os.chown(RESTIC, owner.pw_uid, owner.pw_gid)


def stored() -> dict[str, int]:
    """Weigh both stores."""
    return {"ours": _weigh(RESTIC), "borgmatic": _weigh(BORG)}


def _weigh(folder: Path) -> int:
    return sum(file.stat().st_size for file in folder.rglob("*") if file.is_file())


def remove() -> None:
    """Take away what the measurement made."""
    subprocess.run(["systemctl", "stop", UNIT], capture_output=True, check=False)
    with suppress(KeyError):
        pwd.getpwnam(BORG_USER)
        subprocess.run(["userdel", BORG_USER], check=True)
    rmtree(WORK, ignore_errors=True)


if __name__ == "__main__":
    main()
