"""Mautic's files: settings, what people can download, pictures, a theme, a plugin, a cache."""

from __future__ import annotations

import hashlib
import json
import random
import secrets
import shutil
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from .. import php
from ..documents import pdf
from ..pictures import png
from ..plan import Plan
from ..settings import NewsletterPlace
from ..tables import Table, table
from ..words import headline, paragraph

OWNER = "www-data"
ASSETS, IMAGES = 14, 10
MIME_TYPES = {"pdf": "application/pdf", "png": "image/png"}


@dataclass(frozen=True)
class Asset:
    """One file that people can download, and its row."""

    id: int
    title: str
    original_name: str
    content: bytes

    @property
    def extension(self) -> str:
        """The end of its name."""
        return self.original_name.rpartition(".")[2]

    @property
    def path(self) -> str:
        """Its name below media/files, made from the content as Mautic makes it."""
        digest = hashlib.sha1(self.content, usedforsecurity=False).hexdigest()
        return f"{digest}.{self.extension}"


def assets(chance: random.Random) -> list[Asset]:
    """Make the files that people can download."""
    made = []
    for number in range(1, ASSETS + 1):
        title = headline(chance)
        if number % 3:
            text = [title, *(paragraph(chance) for _ in range(4))]
            made.append(Asset(number, title, f"Flugblatt für alle {number}.pdf", pdf(text)))
        else:
            made.append(Asset(number, title, f"Plakat {number}.png", png(chance, 320, 200)))
    return made


def asset_table(chance: random.Random, made: Sequence[Asset], added: datetime) -> Table:
    """Write the rows of ``assets``."""
    return table(
        "assets",
        "id category_id is_published date_added title alias storage_location path "
        "original_file_name lang download_count unique_download_count revision extension mime size "
        "disallow",
        [
            (each.id, 1 + each.id % 6, 1, added, each.title, f"anhang-{each.id}", "local",
             each.path, each.original_name, "de", chance.randint(20, 900), chance.randint(5, 20), 1,
             each.extension, MIME_TYPES[each.extension], len(each.content), 1)
            for each in made
        ],
    )  # fmt: skip


def write(plan: Plan, place: NewsletterPlace) -> int:
    """Write all files below ``place.path``, replacing Mautic's, and return how many there are.

    The secret key is real randomness: it is the one thing that must not come from a seed.
    """
    root = Path(place.path)
    for folder in ("config", "media", "themes", "plugins", "var"):
        shutil.rmtree(root / folder, ignore_errors=True)
    write_local_php(place, secrets.token_hex(32))
    count = 1
    for count, (name, content) in enumerate(_files(plan), start=2):  # noqa: B007 it is the answer
        _write(root / name, content)
    return count


def write_local_php(place: NewsletterPlace, secret_key: str) -> None:
    """Write the settings, without which Mautic takes itself for not installed."""
    _write(Path(place.path) / "config/local.php", local_php(place, secret_key).encode(), mode=0o640)


def _write(file: Path, content: bytes, *, mode: int = 0o644) -> None:
    missing = [folder for folder in file.parents if not folder.exists()]
    for folder in reversed(missing):
        folder.mkdir()
        shutil.chown(folder, OWNER, OWNER)
    file.touch(mode=mode)
    file.write_bytes(content)
    file.chmod(mode)
    shutil.chown(file, OWNER, OWNER)


def _files(plan: Plan) -> Iterator[tuple[str, bytes]]:
    for asset in assets(plan.chance("assets")):
        yield f"media/files/{asset.path}", asset.content
    chance = plan.chance("images")
    for number in range(1, IMAGES + 1):
        yield f"media/images/kopf-{number}.png", png(chance, 480, 160)
    theme = {"name": "Beispielverein", "author": "Zoë Lindström", "features": ["email", "page"]}
    yield "themes/beispielverein/config.json", _json(theme)
    letter = "{% extends '@themes/beispielverein/html/base.html.twig' %}\n<h1>Liebe*r 🌻</h1>\n"
    yield "themes/beispielverein/html/email.html.twig", letter.encode()
    base = "<!DOCTYPE html>\n<body>{% block content %}{% endblock %}</body>\n"
    yield "themes/beispielverein/html/base.html.twig", base.encode()
    plugin = {"name": "Example Donations", "version": "1.4", "author": "Zoë Lindström"}
    source = f"<?php\n\nreturn {php.exported(plugin)};\n"
    yield "plugins/ExampleDonationsBundle/Config/config.php", source.encode()
    chance = plan.chance("cache")
    for number in range(40):
        compiled = f"<?php // compiled {chance.getrandbits(64):016x}\n{paragraph(chance)}\n"
        yield f"var/cache/prod/twig/{number:02x}/{number:04x}.php", compiled.encode()
    log = f"[{plan.now.isoformat()}] mautic.NOTICE: {paragraph(chance, 'en')}\n" * 20
    yield f"var/logs/mautic_prod-{plan.now:%Y-%m-%d}.php", log.encode()


def _json(value: object) -> bytes:
    return (json.dumps(value, ensure_ascii=False, indent=2) + "\n").encode()


def local_php(place: NewsletterPlace, secret_key: str) -> str:
    """Write ``config/local.php``, by which Mautic knows that it is installed."""
    parameters: dict[str, php.Plain] = {
        "db_driver": "pdo_mysql",
        "db_host": "localhost",
        "db_port": "3306",
        "db_name": place.database,
        "db_user": place.user,
        "db_password": place.password,
        "db_table_prefix": None,
        "db_backup_tables": True,
        "db_backup_prefix": "bak_",
        "site_url": "https://newsletter.example.org",
        "mailer_from_name": "Beispielverein",
        "mailer_from_email": "info@example.org",
        "mailer_dsn": "smtp://localhost:25",
        "upload_dir": f"{place.path}/media/files",
        "secret_key": secret_key,
    }
    return f"<?php\n$parameters = {php.exported(parameters)};\n"
