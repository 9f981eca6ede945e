"""Forgotten state, one kind each: how it comes, how it goes, and what the audit must call it.

``seed`` and ``clean`` are lines of shell that run on nick, as root. Each seed is there alone.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Seed:
    """One kind of forgotten state.

    Attributes:
        subject: what the audit must call it.
        kind: of the finding.
        says: words that stand in its detail, writer or parts.
        is_of_the_machine: saved by the profile debian_host, so forgotten where nobody declares it.
    """

    name: str
    seed: str
    clean: str
    subject: str
    kind: str = "directory"
    says: str = ""
    is_of_the_machine: bool = False


def folder(name: str, path: str, **more: Any) -> Seed:
    """A directory with one file in it."""
    seed = f"mkdir -p {path} && echo state > {path}/state"
    return Seed(name, seed, f"rm -r {path}", path, **more)


def file(name: str, path: str, **more: Any) -> Seed:
    """A file by itself, in a directory that is there."""
    return Seed(name, f"echo state > {path}", f"rm {path}", path, **{"kind": "file", **more})


def form(name: str, path: str, made: str, kind: str, says: str) -> Seed:
    """Files of a server that does not run, in a directory of their own."""
    return Seed(name, f"mkdir -p {path} && cd {path} && {made}", f"rm -r {path}", path, kind, says)


MARIADB = "mariadb --execute"
VOTING = "runuser -u postgres -- psql --port 5433 --no-psqlrc --quiet"
ANOTHER_MARIADB = (
    "install --directory --owner=mysql /srv/{0} && mariadb-install-db --no-defaults --user=mysql "
    "--datadir=/srv/{0} --auth-root-authentication-method=normal >/dev/null && "
    "systemd-run --quiet --unit={0} --property=User=mysql --property=RuntimeDirectory={0} "
    "mariadbd --no-defaults --datadir=/srv/{0} --skip-networking --socket=/run/{0}/sock && "
    "for i in $(seq 100); do [ -S /run/{0}/sock ] && break; sleep 0.1; done && "
    "mariadb --socket=/run/{0}/sock --execute "
)

FILES = (
    folder("an application in /srv", "/srv/forum"),
    file("a file in /srv", "/srv/notes.txt"),
    folder("an application in /opt", "/opt/tickets"),
    folder("a directory at the root", "/data"),
    file("a file at the root", "/members.csv"),
    folder("a hidden directory", "/srv/.hidden"),
    folder("a directory in /var/lib", "/var/lib/wekan"),
    folder("a website", "/var/www/campaign"),
    folder("a mailbox of the old kind", "/var/mail/kim"),
    folder("a queue", "/var/spool/outbox"),
    file("a dump that somebody left", "/var/backups/before-the-update.sql"),
    folder("pictures on another disk's mount point", "/mnt/pictures"),
    folder("a directory in /media", "/media/scans"),
    folder("a home at another place", "/srv/people"),
    folder("sources of an own program", "/usr/src/own-program"),
    folder("an own theme among a package's files", "/usr/share/wordpress/wp-content/themes/own"),
    folder("logs that are evidence", "/var/log/votes"),
    folder("certificates of an own authority", "/var/lib/authority"),
    Seed(
        "a volume of podman",
        "mkdir -p /var/lib/containers/storage/volumes/wiki_data/_data && "
        "echo state > /var/lib/containers/storage/volumes/wiki_data/_data/state",
        "rm -r /var/lib/containers",
        "/var/lib/containers/storage/volumes/wiki_data",
        "volume",
    ),
    Seed(
        "a volume of Docker",
        "mkdir -p /var/lib/docker/volumes/chat_data/_data && "
        "echo state > /var/lib/docker/volumes/chat_data/_data/state",
        "rm -r /var/lib/docker",
        "/var/lib/docker/volumes/chat_data",
        "volume",
    ),
    folder("a name that is not UTF-8", "/srv/$(printf 'b\\344cker')"),
    folder("a name of 255 bytes", "/srv/" + "n" * 255),
    folder("a name with a line end", "'/srv/two\nlines'"),
    Seed(
        "many files beside what is saved",
        "mkdir -p /var/lib/wordpress/more && cd /var/lib/wordpress/more && seq 500 | xargs touch",
        "rm -r /var/lib/wordpress/more",
        "/var/lib/wordpress/more",
        says="500 files",
    ),
    Seed(
        "a changed file of a package",
        "cp -p /usr/share/wordpress/index.php /tmp/kept && echo '// changed' >> "
        "/usr/share/wordpress/index.php",
        "cp -p /tmp/kept /usr/share/wordpress/index.php && rm /tmp/kept",
        "/usr/share/wordpress/index.php",
        "changed package file",
        "package wordpress",
    ),
    Seed(
        "a sparse file",
        "truncate --size=1G /srv/disk.img && echo state >> /srv/disk.img",
        "rm /srv/disk.img",
        "/srv/disk.img",
        "file",
    ),
    Seed(
        "a file that a service holds open",
        "mkdir /srv/live && systemd-run --quiet --unit=live-writer sh -c "
        "'exec 3>/srv/live/log; echo state >&3; sleep 900' && sleep 0.5",
        "systemctl stop live-writer; rm -r /srv/live",
        "/srv/live",
        says="unit live-writer.service",
    ),
    Seed(
        "the state directory of a unit",
        "printf '[Service]\\nStateDirectory=counter\\nExecStart=/bin/true\\n' > "
        "/run/counter.service; cp /run/counter.service /usr/local/lib/systemd/system/ 2>/dev/null "
        "|| install -D /run/counter.service /usr/local/lib/systemd/system/counter.service; "
        "mkdir /var/lib/counter && echo 1 > /var/lib/counter/number",
        "rm -r /run/counter.service /usr/local/lib/systemd /var/lib/counter",
        "/var/lib/counter",
        says="unit counter.service",
    ),
    Seed(
        "what a git checkout ignores",
        "git init --quiet /srv/poll && cd /srv/poll && echo code > app.py && echo data > "
        ".gitignore && git add . && git -c user.name=K -c user.email=k@example.org commit -qm x "
        "&& mkdir data && echo state > data/answers",
        "rm -r /srv/poll",
        "/srv/poll",
        says="git checkout",
    ),
    Seed(
        "a file system of its own",
        "mkdir /srv/mounted && mount -t tmpfs none /srv/mounted && echo state > /srv/mounted/state",
        "umount /srv/mounted && rmdir /srv/mounted",
        "/srv/mounted",
    ),
    Seed(
        "a bind mount that shows itself again and again",
        "mkdir -p /srv/loop/inner && echo state > /srv/loop/state && "
        "mount --bind /srv/loop /srv/loop/inner",
        "umount /srv/loop/inner && rm -r /srv/loop",
        "/srv/loop",
    ),
)

FORMS = (
    Seed(
        "a database of SQLite",
        "sqlite3 /srv/board.db 'CREATE TABLE a (b); INSERT INTO a VALUES (1)'",
        "rm /srv/board.db",
        "/srv/board.db",
        "sqlite",
    ),
    Seed(
        "a database of SQLite with another ending",
        "mkdir /var/lib/signal && sqlite3 /var/lib/signal/store 'CREATE TABLE a (b)'",
        "rm -r /var/lib/signal",
        "/var/lib/signal",
        says="sqlite",
    ),
    Seed(
        "a database of SQLite with a write-ahead log",
        "mkdir /srv/cards && sqlite3 /srv/cards/cards.db "
        "'PRAGMA journal_mode = WAL; CREATE TABLE a (b)' >/dev/null && "
        'systemd-run --quiet --unit=cards python3 -c "import sqlite3, time; '
        "base = sqlite3.connect('/srv/cards/cards.db', isolation_level=None); "
        "base.execute('INSERT INTO a VALUES (1)'); time.sleep(900)\" && sleep 0.7",
        "systemctl stop cards; rm -r /srv/cards",
        "/srv/cards",
        says="in the -wal beside it",
    ),
    form(
        "data of PostgreSQL that no server runs on",
        "/srv/old-cluster",
        "echo 15 > PG_VERSION && mkdir global base && echo x > global/pg_control",
        "data directory",
        "PostgreSQL 15",
    ),
    form(
        "data of MariaDB that no server runs on",
        "/srv/old-mariadb",
        "echo x > ibdata1 && echo x > aria_log_control && mkdir wiki && echo x > wiki/db.opt",
        "data directory",
        "wiki",
    ),
    form("data of Redis", "/srv/queue", "printf 'REDIS0011x' > dump.rdb", "directory", "Redis"),
    form(
        "data of MongoDB",
        "/srv/boards",
        "printf 'WiredTiger\\nWiredTiger 11\\n' > WiredTiger && echo x > collection-0.wt",
        "data directory",
        "MongoDB",
    ),
    form("data of CouchDB", "/srv/collector", "echo x > _dbs.couch", "data directory", "CouchDB"),
    form(
        "data of Elasticsearch",
        "/srv/search",
        "mkdir _state indices && echo x > node.lock && echo x > _state/x",
        "data directory",
        "Elasticsearch",
    ),
    form("data of OpenLDAP", "/srv/people-ldap", "echo x > data.mdb", "data directory", "OpenLDAP"),
    form(
        "data of etcd",
        "/srv/cluster-etcd",
        "mkdir -p member/snap && echo x > member/snap/db",
        "data directory",
        "etcd",
    ),
)

SERVERS = (
    Seed(
        "a database of MariaDB",
        f"{MARIADB} 'CREATE DATABASE wiki; CREATE TABLE wiki.page (id INT)'",
        f"{MARIADB} 'DROP DATABASE wiki'",
        "mariadb/wiki",
        "database",
        "unit mariadb.service",
    ),
    Seed(
        "a database of MariaDB with MyISAM in it",
        f"{MARIADB} 'CREATE DATABASE polls; CREATE TABLE polls.a (id INT) ENGINE=MyISAM'",
        f"{MARIADB} 'DROP DATABASE polls'",
        "mariadb/polls",
        "database",
        "MyISAM",
    ),
    Seed(
        "a database of PostgreSQL",
        f"{VOTING} --command 'CREATE DATABASE archive' && "
        f"{VOTING} --dbname archive --command 'CREATE TABLE a (b int)'",
        f"{VOTING} --command 'DROP DATABASE archive'",
        "postgresql/archive at port 5433",
        "database",
    ),
    Seed(
        "a schema of its own in PostgreSQL",
        f"{VOTING} --command 'CREATE DATABASE chat' && {VOTING} --dbname chat --command "
        "'CREATE SCHEMA plugins; CREATE TABLE plugins.a (b int)'",
        f"{VOTING} --command 'DROP DATABASE chat'",
        "postgresql/chat at port 5433",
        "database",
        "plugins",
    ),
    Seed(
        "keys of Redis",
        "systemctl start redis-server && redis-cli -n 3 SET member 1 >/dev/null",
        "redis-cli -n 3 DEL member >/dev/null; systemctl stop redis-server; "
        "rm -f /var/lib/redis/dump.rdb",
        "redis/3 at port 6379",
        "database",
        "1 key",
    ),
    Seed(
        "a dump among the files of a running server",
        "echo x > /var/lib/mysql/rescue.sql",
        "rm /var/lib/mysql/rescue.sql",
        "/var/lib/mysql/rescue.sql",
        "file",
    ),
    Seed(
        "a second server of MariaDB",
        ANOTHER_MARIADB.format("second-mariadb")
        + "'CREATE DATABASE crm; CREATE TABLE crm.people (id INT)'",
        "systemctl stop second-mariadb; rm -r /srv/second-mariadb",
        "mariadb/crm at /run/second-mariadb/sock",
        "database",
        "unit second-mariadb.service",
    ),
    Seed(
        "a server that refuses the login",
        ANOTHER_MARIADB.format("refusing-mariadb")
        + "\"ALTER USER root@localhost IDENTIFIED BY 'nobody-knows'\"",
        "systemctl stop refusing-mariadb; rm -r /srv/refusing-mariadb",
        "mariadb at /run/refusing-mariadb/sock",
        "server",
        "nobody could look into it",
    ),
)

# What the profile debian_host saves, on a host where nobody declared it.
MACHINES: dict[str, Any] = {"is_of_the_machine": True}
MACHINE = (
    file("jobs of a person", "/var/spool/cron/crontabs/kim", kind="crontab", **MACHINES),
    file("a job of the machine", "/etc/cron.d/nightly", kind="crontab", **MACHINES),
    file("a timer", "/etc/systemd/system/own.timer", kind="timer", **MACHINES),
    folder("a home", "/home/kim", kind="home", **MACHINES),
    file("a secret in /etc", "/etc/signing.key", kind="secret", **MACHINES),
    file("a program of one's own", "/usr/local/bin/nightly", **MACHINES),
    file("a list in root's home", "/root/members.csv", **MACHINES),
)

SEEDS = (*FILES, *FORMS, *SERVERS, *MACHINE)

HANGING = Seed(
    "a network mount whose server does not answer",
    """mkdir /srv/share && systemd-run --quiet --unit=silent-share python3 -c "
import ctypes, os, time
asked = os.open('/dev/fuse', os.O_RDWR)
options = f'fd={asked},rootmode=40000,user_id=0,group_id=0'.encode()
ctypes.CDLL(None).mount(b'server:/share', b'/srv/share', b'fuse.sshfs', 6, options)
time.sleep(900)" && sleep 0.7 && grep -q /srv/share /proc/self/mounts""",
    "systemctl stop silent-share; umount --lazy /srv/share; rmdir /srv/share",
    "/srv/share",
    "mount",
)
