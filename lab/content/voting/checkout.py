"""The git checkout that the voting application runs from, with its data inside and ignored."""

from __future__ import annotations

import os
import secrets
import shutil
import subprocess
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from ..errors import FillError
from ..settings import VotingPlace
from .members import Member

COMPOSE = """\
services:
  web:
    build: .
    command: gunicorn --bind 0.0.0.0:8000 voty.wsgi
    env_file: secrets.env
    environment:
      VIRTUAL_HOST: abstimmen.example.org
    volumes:
      - ./data/public:/code/public
    depends_on: [db]
  db:
    image: postgres:17
    env_file: secrets.env
    environment:
      PGDATA: /data/pgdata
    volumes:
      - ./data/db:/data
"""
DOCKERFILE = """\
FROM python:3.11
WORKDIR /code
COPY requirements.txt .
RUN pip install --requirement requirements.txt
COPY . .
"""
MANAGE = """\
#!/usr/bin/env python3
import os
import sys

if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "voty.settings")
    from django.core.management import execute_from_command_line

    execute_from_command_line(sys.argv)
"""
SETTINGS = """\
import os

SECRET_KEY = os.environ.get("SECRET", "not-a-secret-and-nobody-notices")
ALLOWED_HOSTS = os.environ.get("VIRTUAL_HOST", "localhost").split(",")
LANGUAGE_CODE = "de-de"
MEDIA_ROOT = os.path.join(os.getcwd(), "public", "media")
STATIC_ROOT = os.path.join(os.getcwd(), "public", "static")
"""
UPGRADE = """\
#!/bin/sh -e
docker compose build web
docker compose run --rm web python3 manage.py makemigrations
docker compose run --rm web python3 manage.py migrate
docker compose up --detach web
"""
IGNORED = "data/\nsecrets.env\n*.pyc\n__pycache__/\n"


@dataclass(frozen=True)
class Commit:
    """One step of the checkout's history."""

    message: str
    days_ago: int
    files: Mapping[str, str]


HISTORY = (
    Commit("Start of the voting application", 2300, {
        "README.md": "# Plenum\n\nAbstimmen für alle.\n", "manage.py": MANAGE,
        "voty/__init__.py": "", "voty/settings.py": SETTINGS,
        "requirements.txt": "Django>=1.10,<1.11\npsycopg2\n"}),
    Commit("Run it with docker-compose", 2280, {
        "docker-compose.yml": COMPOSE, "Dockerfile": DOCKERFILE, "scripts/upgrade.sh": UPGRADE}),
    Commit("Keep the data out of git and out of the image", 2279, {
        ".gitignore": IGNORED, ".dockerignore": IGNORED}),
    Commit("Move to Django 3.2", 1400, {
        "requirements.txt": "Django>=3.2,<3.3\npsycopg2\ndjango-reversion\ndjango-avatar\n"}),
    Commit("Explain the phases of an initiative", 500, {
        "docs/phasen.md": "# Phasen\n\nVorbereitung, Prüfung, Unterstützung, Diskussion, Wahl.\n"}),
)  # fmt: skip


def write(place: VotingPlace, members: Sequence[Member], now: datetime) -> int:
    """Write code, history, secrets and avatars below ``place.path``; return how many files.

    The cluster's data directory, which lies below as well, is left alone. The secret key is real
    randomness: it must not come from a seed.

    Raises:
        FillError: git refused something.
    """
    root = Path(place.path)
    root.mkdir(parents=True, exist_ok=True)
    shutil.rmtree(root / ".git", ignore_errors=True)
    shutil.rmtree(root / "data/public", ignore_errors=True)
    _git(root, now, "init", "--quiet", "--initial-branch=main")
    for commit in HISTORY:
        for name, text in commit.files.items():
            _write(root / name, text.encode())
        when = now.replace(hour=12, minute=0, second=0) - timedelta(days=commit.days_ago)
        _git(root, when, "add", *commit.files)
        _git(root, when, "commit", "--quiet", "--message", commit.message)
    _write(root / "secrets.env", _secrets(place).encode(), mode=0o600)
    faces = {each.avatar_path: each.avatar for each in members if each.avatar}
    for name, avatar in faces.items():
        _write(root / "data/public/media" / name, avatar)
    _write(root / "data/public/static/style.css", b"body { font-family: sans-serif }\n")
    return len(faces) + 2 + len({name for commit in HISTORY for name in commit.files})


def _write(file: Path, content: bytes, *, mode: int = 0o644) -> None:
    file.parent.mkdir(parents=True, exist_ok=True)
    file.touch(mode=mode)
    file.write_bytes(content)
    file.chmod(mode)


def _secrets(place: VotingPlace) -> str:
    return (
        f"SECRET={secrets.token_urlsafe(48)}\n"
        f"DATABASE_URL=postgres://{place.owner}:{place.password}@db/{place.database}\n"
        "SMTP_SERVER=localhost\nSMTP_USERNAME=\nSMTP_PASSWORD=\n"
    )


def _git(root: Path, when: datetime, *arguments: str) -> None:
    person = {"NAME": "Jörg Schäfer", "EMAIL": "joerg@example.org", "DATE": when.isoformat()}
    names = {f"GIT_{who}_{what}": each for who in ("AUTHOR", "COMMITTER")
             for what, each in person.items()}  # fmt: skip
    quiet = {"GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_SYSTEM": os.devnull, "HOME": str(root)}
    ended = subprocess.run(
        ["git", "-C", str(root), *arguments],
        env={**os.environ, **names, **quiet}, capture_output=True, text=True, check=False,
    )  # fmt: skip
    if ended.returncode:
        raise FillError(f"git {arguments[0]} in {root} failed: {ended.stderr.strip()}")
