"""What an audit reports beside what is forgotten: how it comes, and which alarms it must raise.

What is declared differs from what the newest snapshots hold, and a few seeds lie beside it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

from .declarations import declared, loaded, of_files_alone
from .seeds import MARIADB, Seed, folder

Contracts = list[dict[str, Any]]

RESULT = "/var/lib/probealarm/audit/newest.json"
EXPIRED, LOOKED_AT = "2020-01-31", date(2020, 1, 2)
WHY = {"reason": "Nobody writes there any longer", "owner": "Ada Example"}

SHORTER = f"""cp -p {RESULT} /run/kept.json && python3 -c "
import json, pathlib
file = pathlib.Path('{RESULT}')
told = json.loads(file.read_text())
newsletter = told['figures']['newsletter']
newsletter['snapshot'] = 'before'
newsletter['files'] *= 3
newsletter['rows']['database'] *= 3
file.write_text(json.dumps(told))\""""

DEEP = "/srv/" + "/".join(["d" * 200] * 21)
TOO_DEEP = Seed(
    "a folder whose path is too long for the kernel",
    'cd /srv && python3 -c "import os; '
    "[(os.mkdir('d' * 200), os.chdir('d' * 200)) for _ in range(21)]\"",
    f"rm -r /srv/{'d' * 200}",
    DEEP,
)
PRIVATE = Seed(
    "a mount that keeps even root out",
    """mkdir /srv/private && systemd-run --quiet --unit=private-share python3 -c "
import ctypes, os, time
asked = os.open('/dev/fuse', os.O_RDWR)
options = f'fd={asked},rootmode=40000,user_id=1,group_id=1'.encode()
ctypes.CDLL(None).mount(b'private', b'/srv/private', b'fuse', 6, options)
time.sleep(900)" && sleep 0.7 && grep -q /srv/private /proc/self/mounts""",
    "systemctl stop private-share; umount --lazy /srv/private; rmdir /srv/private",
    "/srv/private",
)
PASSING = Seed(
    "a file that is gone as soon as its folder was listed, long before it is looked at",
    """mkdir /srv/passing && cd /srv/passing && seq --equal-width 20000 | xargs touch &&
systemd-run --quiet --unit=passing python3 -c "
import ctypes, os
libc = ctypes.CDLL(None)
told, closed_after_reading = libc.inotify_init(), 0x10
libc.inotify_add_watch(told, b'/srv/passing', closed_after_reading)
os.read(told, 4096)
os.unlink('/srv/passing/20000')" && sleep 0.5""",
    "systemctl stop passing 2>/dev/null; rm -r /srv/passing",
    "/srv/passing",
)


def database(name: str) -> Seed:
    """A database of MariaDB with one table."""
    made = f"CREATE DATABASE {name}; CREATE TABLE {name}.a (b INT)"
    return Seed("", f"{MARIADB} '{made}'", f"{MARIADB} 'DROP DATABASE {name}'", "")


@dataclass(frozen=True)
class Reported:
    """One thing that an audit reports.

    Attributes:
        alarms: all that are raised, by kind and subject, with words of their sentences.
        contracts: of the declaration as it is then; those of the lab when nothing is said.
        unclaimed: what is forgotten beside it.
    """

    name: str
    alarms: Mapping[tuple[str, str], tuple[str, ...]]
    contracts: Callable[[Path], Contracts] | None = None
    seeds: tuple[Seed, ...] = ()
    unclaimed: tuple[str, ...] = field(default=())


def _younger_than_the_snapshot(folder: Path) -> Contracts:
    letters = {"kind": "mariadb", "database": "letters", "irreplaceable": ["*"]}
    stores = {"letters": letters, "files": {"paths": ["/srv/letters"]}}
    return loaded(declared(stores=stores), folder)


def _swallowing(folder: Path) -> Contracts:
    """What the declaration refuses, as it may stand in contracts that were made before it did."""
    contracts = loaded(declared(), folder)
    (newsletter,) = [one for one in contracts if one["name"] == "newsletter"]
    (files,) = [one for one in newsletter["stores"] if one["name"] == "files"]
    media = {"name": "media", "paths": ["/srv/newsletter/media/files"], "regenerable": []}
    newsletter["stores"].append({**files, **media, "required": []})
    for path in ("/srv/newsletter/media", "/srv/newsletter/config"):
        files["regenerable"].append({"path": path, "reason": "The installer makes it anew"})
    return contracts


def _overlooked(folder: Path) -> Contracts:
    exemptions = [
        {"path": "/srv/forum", "expires": EXPIRED, **WHY},
        {"database": "wiki", "expires": EXPIRED, **WHY},
        {"path": "/srv/forum-of-old/*", "expires": "2099-12-31", **WHY},
        {"database": "wiki_of_old", "expires": "2099-12-31", **WHY},
    ]
    return loaded(declared(exemptions=exemptions), folder, today=LOOKED_AT)


def _torn(folder: Path) -> Contracts:
    return loaded(of_files_alone("/var/lib/mysql"), folder)


REPORTED = (
    Reported(
        "stores that the newest snapshot lacks",
        {
            ("store missing", "newsletter/letters"): ("newsletter declares letters as store",),
            ("store missing", "newsletter/files"): ("newsletter declares /srv/letters as store",),
        },
        _younger_than_the_snapshot,
        (folder("", "/srv/letters"), database("letters")),
        ("mariadb/letters",),
    ),
    Reported(
        "excludes that swallow what is declared",
        {
            ("store swallowed", "newsletter/media"): (
                "newsletter leaves /srv/newsletter/media out as regenerable",
                "with it /srv/newsletter/media/files, which store media wants saved",
            ),
            ("store swallowed", "newsletter/files"): (
                "newsletter leaves /srv/newsletter/config out as regenerable",
                "with it /srv/newsletter/config/local.php, which store files wants saved",
            ),
        },
        _swallowing,
    ),
    Reported(
        "exemptions past their day, and some that match nothing",
        {
            ("expired exemption", "/srv/forum"): (
                f"the exemption of /srv/forum in newsletter ran out on {EXPIRED}",
                "Ada Example",
            ),
            ("expired exemption", "database wiki"): (
                f"the exemption of database wiki in newsletter ran out on {EXPIRED}",
            ),
            ("idle exemption", "/srv/forum-of-old/*"): ("of /srv/forum-of-old/* in newsletter",),
            ("idle exemption", "database wiki_of_old"): ("of database wiki_of_old in newsletter",),
        },
        _overlooked,
        (folder("", "/srv/forum"), database("wiki")),
        ("/srv/forum", "mariadb/wiki"),
    ),
    Reported(
        "the files of a running database, saved without it",
        {
            ("files of a running database", "/var/lib/mysql"): (
                "newsletter saves /var/lib/mysql as files, while a mariadb server writes to them",
                "Of mariadb/mautic there is nothing else.",
            ),
            ("store missing", "newsletter/files"): ("newsletter declares /var/lib/mysql as store",),
        },
        _torn,
        unclaimed=(
            "mariadb/mautic",
            "/srv/newsletter",
        ),  # the latter: its caches are no longer left out
    ),
    Reported(
        "a store that shrank since the last audit",
        {
            ("store shrank", "newsletter"): (
                "newsletter: its files fell from",
                "newsletter: store database fell from",
                "in snapshot before to",
            ),
        },
        seeds=(Seed("", SHORTER, f"mv /run/kept.json {RESULT}", ""),),
    ),
    Reported(
        "places that nobody can look into, and a file that vanishes meanwhile",
        {
            ("unreadable", DEEP): (f"{DEEP} could not be looked at: File name too long",),
            ("skipped", "/srv/private"): (
                "/srv/private (fuse from private) was not looked at",
                "it cannot be read (Permission denied)",
            ),
        },
        seeds=(TOO_DEEP, PRIVATE, PASSING),
        unclaimed=("/srv/passing",),
    ),
)
