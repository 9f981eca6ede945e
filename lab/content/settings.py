"""Where each service lives on nick, as the roles have set it up."""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeVar

from .errors import FillError

Place = TypeVar("Place")


@dataclass(frozen=True)
class NewsletterPlace:
    """Mautic's database and folder."""

    path: str
    database: str
    socket: str
    user: str
    password: str = field(repr=False)


@dataclass(frozen=True)
class WebsitePlace:
    """WordPress; ``host`` is the name under which it answers."""

    host: str
    wordpress: str


@dataclass(frozen=True)
class VotingPlace:
    """Plenum's checkout and database; ``port`` belongs to the cluster inside the checkout."""

    path: str
    database: str
    port: int
    owner: str
    password: str = field(repr=False)


@dataclass(frozen=True)
class MailPlace:
    """The mailboxes' full addresses, and the folder below which each has its Maildir."""

    mailboxes: tuple[str, ...]
    folder: str

    def maildir(self, mailbox: str) -> Path:
        """Say where the letters of a mailbox lie."""
        user, _, domain = mailbox.partition("@")
        return Path(self.folder) / domain / user / "Maildir"


@dataclass(frozen=True)
class Settings:
    """The places of all services."""

    newsletter: NewsletterPlace
    website: WebsitePlace
    voting: VotingPlace
    mail: MailPlace

    @classmethod
    def load(cls, file: Path) -> Settings:
        """Read the settings from a file.

        Raises:
            FillError: there is no such file, it is no JSON, or it is not what ``read`` wants.
        """
        try:
            given = json.loads(file.read_text(encoding="utf-8"))
        except (OSError, ValueError) as error:
            raise FillError(f"{file} cannot be read: {error}. lab/fill.yml writes it.") from error
        return cls.read(given)

    @classmethod
    def read(cls, given: Mapping[str, Any]) -> Settings:
        """Take the settings out of parsed JSON.

        Raises:
            FillError: a service or one of its settings is missing, or is not known.
        """
        return cls(
            newsletter=_place(NewsletterPlace, given, "newsletter"),
            website=_place(WebsitePlace, given, "website"),
            voting=_place(VotingPlace, given, "voting"),
            mail=_place(MailPlace, given, "mail"),
        )


def _place(kind: type[Place], given: Mapping[str, Any], service: str) -> Place:
    seen = {
        name: tuple(value) if isinstance(value, list) else value
        for name, value in given.get(service, {}).items()
    }
    wanted = {each.name for each in dataclasses.fields(kind)}  # type: ignore[arg-type]  # all are dataclasses
    if wrong := sorted(wanted ^ set(seen)):
        raise FillError(
            f"{service}: the settings name {sorted(seen)} and should name {sorted(wanted)}; "
            f"put right in lab/fill.yml: {', '.join(wrong)}."
        )
    return kind(**seen)
