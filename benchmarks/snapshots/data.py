"""The data both tools save: a file tree and two databases, from a seed, and what a day changes.

One per cent of the rows and of the files change in a night, half of them new:

- people (``contact``) change wherever they stand in their table;
- consents are evidence: they only come;
- logs (``sent``) come at the end, and the oldest go;
- contributions and votes change among the newest tenth, where the debate is;
- files are rewritten anywhere.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from random import Random
from shutil import rmtree

from plugins.module_utils.contract import Contract
from plugins.module_utils.host import Host
from plugins.module_utils.stores import DatabaseStore, Engine, FileStore
from plugins.module_utils.tools.mariadb import MariaDb
from plugins.module_utils.tools.postgresql import PostgreSql

NAME = "benchmark"
FOLDER = f"/srv/{NAME}"
MARIADB_SOCKET = "/run/mysqld/mysqld.sock"
POSTGRESQL_SOCKET, POSTGRESQL_PORT = "/run/postgresql", 5433
SEED = 4
FILES_IN_A_FOLDER = 100
CHANGED = 0.01
DAY_SECONDS = 86_400
TEXT = """
Antrag Verein Mitglied Satzung Sitzung Protokoll Kasse Beitrag Stimme Wahl Liste Gruppe Region
Treffen Bericht Frage Antwort Vorschlag Haushalt Spende Aufruf Termin Raum Brief und oder nicht auch
noch schon sehr mehr wieder heute morgen gemeinsam offen neu alt gut
"""
WORDS = tuple(TEXT.split())


@dataclass(frozen=True)
class Sizes:
    """How much there is.

    Attributes:
        file_bytes: of all files together.
        contacts: people in MariaDB; each has five log rows and one consent.
        posts: contributions in PostgreSQL; each has four votes.
    """

    files: int
    file_bytes: int
    contacts: int
    posts: int


def contract() -> Contract:
    """Declare both databases and the files as one service; logs are replaceable, people are not."""
    return Contract(
        name=NAME,
        host="nick",
        drill_host="judy",
        rpo_seconds=DAY_SECONDS,
        rto_seconds=DAY_SECONDS,
        databases=(
            _database("mariadb", MARIADB_SOCKET, 0, ("contact", "consent")),
            _database("postgresql", POSTGRESQL_SOCKET, POSTGRESQL_PORT, ("post", "vote")),
        ),
        files=(FileStore("files", (FOLDER,), (), (), 100),),
    )


def _database(engine: Engine, socket: str, port: int, tables: tuple[str, ...]) -> DatabaseStore:
    return DatabaseStore(engine, engine, NAME, socket, port, tables, 100)


def make(host: Host, sizes: Sizes) -> None:
    """Make everything anew; files first, so that they have settled when the first backup comes."""
    rmtree(FOLDER, ignore_errors=True)
    chance = Random(SEED)  # noqa: S311 (repeatable, no secret)
    for number in range(sizes.files):
        _write(number, sizes, chance)
    _in_mariadb(host, "mysql", [f"DROP DATABASE IF EXISTS {NAME}", f"CREATE DATABASE {NAME}"])
    _in_mariadb(host, NAME, [*_of_mariadb(), *_more_contacts(1, sizes.contacts)])
    _in_postgresql(host, "postgres", [f"DROP DATABASE IF EXISTS {NAME}", f"CREATE DATABASE {NAME}"])
    made = [*_of_postgresql(), *_more_posts(1, sizes.posts), *_INDEXES]
    _in_postgresql(host, NAME, made)
    _in_postgresql(host, NAME, ["VACUUM ANALYZE"])


def live_a_day(host: Host, sizes: Sizes, night: int) -> None:
    """Change one per cent of the rows and of the files."""
    chance = Random(SEED * 1000 + night)  # noqa: S311 (repeatable, no secret)
    files = max(1, round(sizes.files * CHANGED / 2))
    for number in range(files):
        _write(sizes.files + night * files + number, sizes, chance)
    for number in chance.sample(range(sizes.files), files):
        _write(number, sizes, chance)
    contacts, posts = (max(1, round(n * CHANGED / 2)) for n in (sizes.contacts, sizes.posts))
    first, spread = sizes.contacts + (night - 1) * contacts + 1, round(2 / CHANGED)
    changed = f"MOD(CRC32(CONCAT(id, '-{night}')), {spread}) = 0"
    gone = 5 * contacts
    _in_mariadb(
        host,
        NAME,
        [
            *_more_contacts(first, contacts),
            f"UPDATE contact SET points = points + 1, active = NOW() WHERE {changed}",
            f"DELETE FROM sent ORDER BY id LIMIT {gone}",
        ],
    )
    first = sizes.posts + (night - 1) * posts + 1
    changed = (
        f"abs(hashint8(id + {night} * 1000003::bigint)) % {max(1, spread // 10)} = 0 "
        "AND id > {newest}"
    )
    _in_postgresql(
        host,
        NAME,
        [
            *_more_posts(first, posts),
            f"UPDATE post SET body = body || ' {WORDS[night % len(WORDS)]}' WHERE "
            + changed.format(newest=round(0.9 * sizes.posts)),
            "UPDATE vote SET weight = weight + 1 WHERE "
            + changed.format(newest=round(3.6 * sizes.posts)),
        ],
    )


def remove(host: Host) -> None:
    """Take everything away."""
    rmtree(FOLDER, ignore_errors=True)
    _in_mariadb(host, "mysql", [f"DROP DATABASE IF EXISTS {NAME}"])
    _in_postgresql(host, "postgres", [f"DROP DATABASE IF EXISTS {NAME}"])


def _write(number: int, sizes: Sizes, chance: Random) -> None:
    """Write a file: two of three are pictures, which nothing compresses, the others are texts."""
    folder = Path(FOLDER) / f"{number // FILES_IN_A_FOLDER:04}"
    folder.mkdir(parents=True, exist_ok=True)
    size = round(sizes.file_bytes / sizes.files * chance.expovariate(1.0)) + 1
    if number % 3:
        content = chance.randbytes(size)
    else:
        content = " ".join(chance.choices(WORDS, k=size // 6)).encode()
    file = folder / f"{number}.{'jpg' if number % 3 else 'txt'}"
    file.write_bytes(content)
    os.chown(file, 33, 33)


def _in_mariadb(host: Host, database: str, statements: Iterable[str]) -> None:
    with MariaDb(host, MARIADB_SOCKET).session() as session:
        session.ask(f"USE {database}")
        for statement in statements:
            session.ask(statement)


def _in_postgresql(host: Host, database: str, statements: Iterable[str]) -> None:
    with PostgreSql(host, POSTGRESQL_SOCKET, POSTGRESQL_PORT, "postgres").session(
        database
    ) as session:
        session.ask("SET search_path = public")
        for statement in statements:
            session.ask(statement)


def _of_mariadb() -> Iterator[str]:
    yield (
        "CREATE TABLE contact (id INT AUTO_INCREMENT PRIMARY KEY, email VARCHAR(120) NOT NULL, "
        "first_name VARCHAR(60), last_name VARCHAR(60), city VARCHAR(60), points INT NOT NULL, "
        "added DATETIME NOT NULL, active DATETIME, token CHAR(32) NOT NULL, note TEXT, "
        "UNIQUE KEY (email), KEY (last_name, first_name), KEY (city), KEY (active), KEY (points))"
    )
    yield (
        "CREATE TABLE consent (id INT PRIMARY KEY, contact INT NOT NULL, given DATETIME, "
        "source VARCHAR(60), address VARCHAR(45), KEY (contact), KEY (given))"
    )
    yield (
        "CREATE TABLE sent (id BIGINT AUTO_INCREMENT PRIMARY KEY, contact INT NOT NULL, "
        "mailing INT NOT NULL, sent DATETIME NOT NULL, is_read TINYINT NOT NULL, "
        "hash CHAR(24) NOT NULL, KEY (contact), KEY (mailing, is_read), KEY (sent), KEY (hash))"
    )


def _more_contacts(first: int, number: int) -> Iterator[str]:
    """Add contacts, their consents and what was sent to them."""
    last = first + number - 1
    yield (
        "INSERT INTO contact (email, first_name, last_name, city, points, added, active, token, "
        f"note) SELECT CONCAT(LOWER({_word('f')}), '.', seq, '@example.org'), {_word('f')}, "
        f"{_word('l')}, {_word('c')}, MOD(CRC32(seq), 500), "
        "'2020-01-01' + INTERVAL seq * 7 MINUTE, '2025-01-01' + INTERVAL MOD(CRC32(-seq), 1000000) "
        f"SECOND, MD5(seq), CONCAT_WS(' ', {', '.join(_word(f'n{n}') for n in range(12))}) "
        f"FROM seq_{first}_to_{last}"
    )
    yield (
        "INSERT INTO consent SELECT seq, seq, '2020-01-01' + INTERVAL seq * 7 MINUTE, "
        f"CONCAT('form ', MOD(CRC32(seq), 20)), CONCAT('192.0.2.', MOD(seq, 256)) "
        f"FROM seq_{first}_to_{last}"
    )
    yield (
        "INSERT INTO sent (contact, mailing, sent, is_read, hash) "
        f"SELECT 1 + MOD(CRC32(seq), {last}), seq DIV 20000, '2023-01-01' + INTERVAL seq SECOND, "
        f"MOD(CRC32(-seq), 3) = 0, LEFT(MD5(-seq), 24) FROM seq_{5 * first - 4}_to_{5 * last}"
    )


def _word(salt: str) -> str:
    """Choose a word by the number of the row."""
    words = ", ".join(f"'{word}'" for word in WORDS)
    return f"ELT(1 + MOD(CRC32(CONCAT(seq, '{salt}')), {len(WORDS)}), {words})"


def _of_postgresql() -> Iterator[str]:
    yield (
        "CREATE TABLE post (id BIGINT PRIMARY KEY, author INT NOT NULL, title TEXT NOT NULL, "
        "body TEXT NOT NULL, made TIMESTAMPTZ NOT NULL)"
    )
    yield (
        "CREATE TABLE vote (id BIGINT PRIMARY KEY, post BIGINT NOT NULL, member INT NOT NULL, "
        "weight INT NOT NULL, cast_at TIMESTAMPTZ NOT NULL)"
    )


_INDEXES = (
    "CREATE INDEX ON post USING gin (to_tsvector('german', body))",
    "CREATE INDEX ON post (author, made)",
    "CREATE INDEX ON vote (post)",
    "CREATE INDEX ON vote (member)",
)


def _more_posts(first: int, number: int) -> Iterator[str]:
    """Add contributions and their votes."""
    last = first + number - 1
    words = "ARRAY[" + ", ".join(f"'{word}'" for word in WORDS) + "]"
    word = f"({words})[1 + abs(hashint8(n * 100 + w)) % {len(WORDS)}]"
    yield (
        f"INSERT INTO post SELECT n, abs(hashint8(n)) % 5000, 'Antrag ' || n, "
        f"(SELECT string_agg({word}, ' ') FROM generate_series(1, 60) AS w), "
        "timestamptz '2022-01-01' + n * interval '5 minutes' "
        f"FROM generate_series({first}::bigint, {last}) AS n"
    )
    yield (
        "INSERT INTO vote SELECT n, n / 4 + 1, abs(hashint8(n)) % 5000, 1, "
        "timestamptz '2022-01-01' + n * interval '1 minute' "
        f"FROM generate_series({4 * first - 3}::bigint, {4 * last}) AS n"
    )
