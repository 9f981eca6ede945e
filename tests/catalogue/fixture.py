"""Read tests/catalogue/<profile>.yml strictly: what is not understood is refused, with its key."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import yaml

from plugins.module_utils.checks.probes import ProbeAnswer

ENGINES = ("mariadb", "postgresql")
USUAL_AGE = timedelta(hours=3)
"""How much older than the snapshot a file is that does not say when it was written."""

Engine = str | None
"""The engine a profile is tried on; ``None`` where it has no choice."""


class FixtureError(ValueError):
    """A fixture cannot be read; says in which file, at which key, and what is wrong."""


@dataclass(frozen=True)
class PlannedFile:
    """A file or a folder (``content`` is ``None``) of the good or of a damaged state."""

    content: bytes | None
    mtime: datetime


@dataclass(frozen=True)
class Damage:
    """One way to break one rule.

    Attributes:
        statements: by store; what a store does not name stays whole.
        files: by absolute path; ``None`` removes the file, or a folder with all below it.
        also: other rules that object too.
    """

    sentence: str
    statements: Mapping[str, Mapping[Engine, str]]
    files: Mapping[str, PlannedFile | None]
    also: tuple[str, ...]

    def applies_to(self, engine: Engine) -> bool:
        """Tell whether there is anything to do on an engine."""
        return bool(self.files) or any(
            text_for(texts, engine) for texts in self.statements.values()
        )


@dataclass(frozen=True)
class ProbeAnswers:
    """Answers to one probe: the good one, and some that a broken copy gives."""

    good: ProbeAnswer
    bad: tuple[ProbeAnswer, ...]


@dataclass(frozen=True)
class Fixture:
    """The good state of a profile's service, and all ways to break it."""

    name: str
    taken_at: datetime
    service: Mapping[str, Any] = field(default_factory=dict)
    stores: Mapping[str, Mapping[Engine, str]] = field(default_factory=dict)
    files: Mapping[str, PlannedFile] = field(default_factory=dict)
    broken: Mapping[str, tuple[Damage, ...]] = field(default_factory=dict)
    answers: Mapping[str, ProbeAnswers] = field(default_factory=dict)


def text_for(texts: Mapping[Engine, str], engine: Engine) -> str | None:
    """Choose the text of an engine, or the one that suits all."""
    return texts.get(engine, texts.get(None))


def read_fixture(path: Path) -> Fixture:
    """Read one fixture.

    Raises:
        FixtureError: something in it is not understood.
    """
    try:
        document = yaml.load(path.read_text(encoding="utf-8"), _Loader)  # noqa: S506 (a SafeLoader)
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        raise FixtureError(f"{path.name}: {error}") from None
    except FileNotFoundError:
        raise FixtureError(
            f"{path.name}: there is no such fixture; conftest.py tells what it holds"
        ) from None
    return _Reader(path).fixture(document)


class _Loader(yaml.SafeLoader):
    """Refuses a key that stands twice in one mapping."""


def _mapping_without_doubles(loader: _Loader, node: yaml.MappingNode) -> dict[Any, Any]:
    seen: set[Any] = set()
    for key_node, _ in node.value:
        key = loader.construct_object(key_node)
        if key in seen:
            raise yaml.constructor.ConstructorError(
                None, None, f"the key {key} stands here twice", key_node.start_mark
            )
        seen.add(key)
    return dict(loader.construct_mapping(node, deep=True))


_Loader.add_constructor(yaml.resolver.BaseResolver.DEFAULT_MAPPING_TAG, _mapping_without_doubles)


class _Reader:
    """Reads the parts of one file; ``at`` is the key a complaint names."""

    def __init__(self, path: Path) -> None:
        self._name = path.name
        self._profile = path.stem
        self._taken_at = datetime.min.replace(tzinfo=UTC)

    def fixture(self, document: object) -> Fixture:
        known = ("service", "taken_at", "stores", "files", "broken", "answers")
        keys = self._mapping(document, "the file", known, required=("taken_at",))
        self._taken_at = self._time(keys["taken_at"], "taken_at")
        return Fixture(
            name=self._profile,
            taken_at=self._taken_at,
            service=self._mapping(keys.get("service", {}), "service"),
            stores=self._each(keys.get("stores", {}), "stores", self._by_engine),
            files=self._each(keys.get("files", {}), "files", self._file),
            broken=self._each(keys.get("broken", {}), "broken", self._damages),
            answers=self._each(keys.get("answers", {}), "answers", self._probe_answers),
        )

    def _damages(self, value: object, at: str) -> tuple[Damage, ...]:
        found = [self._damage(item, f"{at}[{n}]") for n, item in enumerate(self._list(value, at))]
        sentences = [damage.sentence for damage in found]
        if len(set(sentences)) != len(sentences):
            raise self._error(at, "tells two damages in the same words")
        return tuple(found)

    def _damage(self, value: object, at: str) -> Damage:
        known = ("damage", "stores", "files", "also")
        keys = self._mapping(value, at, known, required=("damage",))
        if not (keys.get("stores") or keys.get("files")):
            raise self._error(at, "damages nothing: write stores: or files:")
        also = self._list(keys["also"], f"{at}.also") if "also" in keys else []
        return Damage(
            sentence=self._text(keys["damage"], f"{at}.damage"),
            statements=self._each(keys.get("stores", {}), f"{at}.stores", self._by_engine),
            files=self._each(keys.get("files", {}), f"{at}.files", self._file_or_none),
            also=tuple(self._text(rule, f"{at}.also") for rule in also),
        )

    def _by_engine(self, value: object, at: str) -> dict[Engine, str]:
        if isinstance(value, str):
            return {None: self._text(value, at)}
        keys = self._mapping(value, at, ENGINES)
        return {engine: self._text(text, f"{at}.{engine}") for engine, text in keys.items()}

    def _file_or_none(self, value: object, at: str) -> PlannedFile | None:
        return None if value is None else self._file(value, at)

    def _file(self, value: object, at: str) -> PlannedFile:
        if "files./" not in at:
            raise self._error(at, "is no absolute path")
        if isinstance(value, str):
            return PlannedFile(value.encode(), self._taken_at - USUAL_AGE)
        keys = self._mapping(value, at, ("text", "base64", "folder", "mtime"))
        if len(keys.keys() & {"text", "base64", "folder"}) != 1:
            raise self._error(at, "needs exactly one of text, base64, folder")
        written = self._taken_at - USUAL_AGE
        if "mtime" in keys:
            written = self._time(keys["mtime"], f"{at}.mtime")
        return PlannedFile(self._content(keys, at), written)

    def _content(self, keys: Mapping[str, Any], at: str) -> bytes | None:
        if "text" in keys:
            if not isinstance(keys["text"], str):
                raise self._error(f"{at}.text", "is no text: put it in quotes")
            return keys["text"].encode()
        if "base64" in keys:
            try:
                return base64.b64decode("".join(str(keys["base64"]).split()), validate=True)
            except binascii.Error as error:
                raise self._error(f"{at}.base64", f"is not base64 ({error})") from None
        if keys["folder"] is not True:
            raise self._error(f"{at}.folder", "can only be true")
        return None

    def _probe_answers(self, value: object, at: str) -> ProbeAnswers:
        keys = self._mapping(value, at, ("good", "bad"), required=("good", "bad"))
        bad = self._list(keys["bad"], f"{at}.bad")
        return ProbeAnswers(
            good=self._answer(keys["good"], f"{at}.good"),
            bad=tuple(self._answer(item, f"{at}.bad[{n}]") for n, item in enumerate(bad)),
        )

    def _answer(self, value: object, at: str) -> ProbeAnswer:
        keys = self._mapping(value, at, ("status", "body", "exit", "output"))
        if keys.keys() not in ({"status", "body"}, {"exit", "output"}):
            raise self._error(at, "needs status and body (a request) or exit and output (run)")
        number = keys.get("status", keys.get("exit"))
        text = keys.get("body", keys.get("output"))
        if isinstance(number, bool) or not isinstance(number, int):
            raise self._error(at, "has a status that is no whole number")
        if not isinstance(text, str):
            raise self._error(at, "has an answer that is no text: put it in quotes")
        return ProbeAnswer(number, text)

    def _each(self, value: object, at: str, read: Callable[[object, str], Any]) -> dict[str, Any]:
        found = self._mapping(value, at)
        return {name: read(item, f"{at}.{name}") for name, item in found.items()}

    def _mapping(
        self,
        value: object,
        at: str,
        known: Sequence[str] | None = None,
        required: Sequence[str] = (),
    ) -> dict[str, Any]:
        if not isinstance(value, dict) or not all(isinstance(key, str) for key in value):
            raise self._error(at, "must be a mapping whose keys are text")
        for key in value:
            if known is not None and key not in known:
                raise self._error(at, f"has the unknown key {key}; known are {', '.join(known)}")
        for key in required:
            if key not in value:
                raise self._error(at, f"lacks the key {key}")
        return value

    def _list(self, value: object, at: str) -> list[Any]:
        if not isinstance(value, list) or not value:
            raise self._error(at, "must be a list with at least one entry")
        return value

    def _text(self, value: object, at: str) -> str:
        if not isinstance(value, str) or not value.strip():
            raise self._error(at, "must be a text that says something")
        return value

    def _time(self, value: object, at: str) -> datetime:
        if not isinstance(value, datetime) or value.tzinfo is None:
            raise self._error(at, "must be a time in UTC, like 2026-03-01T02:00:00Z")
        return value

    def _error(self, at: str, wrong: str) -> FixtureError:
        return FixtureError(f"{self._name}: {at} {wrong}")
