"""Make a small image of the database servers that this very host has, because none can be pulled.

It holds the programs named below with the libraries that they need, as ``localhost/servers``.
"""

from __future__ import annotations

import subprocess
import tarfile
from collections.abc import Iterator
from pathlib import Path
from tempfile import NamedTemporaryFile

POSTGRESQL = Path("/usr/lib/postgresql/17/bin")
PROGRAMS = [
    *(Path("/usr/bin") / name for name in ("cat", "dash", "head", "setpriv", "sleep", "tail")),
    *(Path("/usr/bin") / name for name in ("mariadb", "mariadb-dump", "redis-cli", "redis-server")),
    *(POSTGRESQL / name for name in ("pg_dump", "pg_dumpall", "postgres", "psql")),
    Path("/usr/sbin/mariadbd"),
]
TREES = ["/usr/share/mariadb", "/usr/share/postgresql", "/usr/lib/postgresql/17/lib"]
TREES += ["/usr/share/zoneinfo/Etc", "/usr/share/zoneinfo/UTC", "/usr/lib/locale/C.utf8"]
FILES = ["/etc/group", "/etc/passwd"]
LINKS = {"bin": "usr/bin", "lib": "usr/lib", "lib64": "usr/lib64", "sbin": "usr/sbin"}
LINKS |= {"usr/bin/sh": "dash", "var/run": "/run"}
LINKS |= {f"usr/bin/{name}": str(POSTGRESQL / name) for name in ("pg_dump", "pg_dumpall", "psql")}
FOLDERS = ["data", "mnt", "proc", "run", "sys", "tmp", "dev", "var/lib/mysql", "var/lib/postgresql"]


def libraries(program: Path) -> Iterator[str]:
    """Yield the libraries of a program, by the paths under which it asks for them."""
    listed = subprocess.run(["ldd", program], check=True, capture_output=True, text=True).stdout
    for line in listed.splitlines():
        words = line.replace("=>", " ").split()
        yield from (word for word in words if word.startswith("/"))


def main() -> None:
    """Write a tar archive and import it."""
    wanted = {library for program in PROGRAMS for library in libraries(program)}
    with NamedTemporaryFile(dir="/srv", suffix=".tar") as archive:
        with tarfile.open(fileobj=archive, mode="w", dereference=True) as image:
            for folder in FOLDERS:
                entry = tarfile.TarInfo(folder)
                entry.type, entry.mode = tarfile.DIRTYPE, 0o1777 if folder == "tmp" else 0o755
                image.addfile(entry)
            for name, target in LINKS.items():
                entry = tarfile.TarInfo(name)
                entry.type, entry.linkname = tarfile.SYMTYPE, target
                image.addfile(entry)
            for library in sorted(wanted):
                image.add(library, f"usr{library}" if library.startswith("/lib") else library)
            for path in [*PROGRAMS, *TREES, *FILES]:
                image.add(path, str(path))
        archive.flush()
        command = ["podman", "import", "--quiet", archive.name, "localhost/servers"]
        subprocess.run(command, check=True)


if __name__ == "__main__":
    main()
